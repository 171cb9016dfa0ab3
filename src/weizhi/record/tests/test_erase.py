from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from weizhi.people.models import Holding
from weizhi.record import verify_record
from weizhi.record.actions.erase import GROUNDS, ErasureRefused, erase
from weizhi.record.actions.found_community import found_community
from weizhi.record.actions.publish_root import publish_root, root_file
from weizhi.record.actions.seal import seal
from weizhi.record.export import Exported
from weizhi.record.files import keep, path_of
from weizhi.record.models import Entry, Leaf, Payload
from weizhi.record.opening import ERASE_VERB
from weizhi.record.photos import take
from weizhi.record.tests.ground import Ground, make_ground
from weizhi.record.tests.test_export import lift_triggers, raw, sql
from weizhi.record.tests.test_photos import picture, written


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


def parts(entry: Entry, *names: str) -> list[Payload]:
    rows = Payload.objects.filter(entry=entry)
    return list(rows.filter(part__in=names) if names else rows)


def erase_all(here: Ground, rows: list[Payload], **other: Any) -> Entry:
    given = {"by": here.wang, "second": here.zhou, "ground": "consent-withdrawn", **other}
    return erase(here.community, rows, **given)


def report(ground: Ground, *roots: dict[str, Any], grade: int = 2) -> dict[str, Any]:
    lines = (line.decode() for line in Exported(ground.community, grade).lines())
    return verify_record.check(lines, list(roots))


def kept_root(ground: Ground) -> dict[str, Any]:
    root = publish_root(ground.community)
    assert root is not None
    return root_file(root)


def test_the_record_verifies_after_erasing(ground: Ground) -> None:
    entry = ground.say("我家住 3-2-301，电话 13812345678")
    ground.say("谢谢")
    before = kept_root(ground)
    made = erase_all(ground, parts(entry), reason="本人要求")
    assert made.verb == ERASE_VERB
    assert not parts(entry)
    after = kept_root(ground)
    found = report(ground, before, after)
    assert found["ok"], found["findings"]
    assert found["parts_erased"] == 3  # words, the sensitive part, and by whom
    assert "13812345678" not in str(list(Exported(ground.community, 2).lines()))


def test_nobody_can_tell_who_it_was(ground: Ground) -> None:
    """The salt goes with the part: guessing who or what leads nowhere, also with the commitment in hand."""
    entry = ground.say("灯坏了")
    seal()
    salts = [bytes(row.salt).hex() for row in parts(entry)]
    erase_all(ground, parts(entry))
    told = b"".join(Exported(ground.community, 2).lines()).decode()
    lines = [line for line in told.split('{"index"') if '"erased":true' in line]
    assert len(lines) == 1
    assert str(ground.lin.pk) not in lines[0]
    assert not any(salt in told for salt in salts)


def test_what_is_not_yet_sealed_is_sealed_first(ground: Ground) -> None:
    entry = ground.say("灯坏了")
    assert not Leaf.objects.filter(entry=entry).exists()
    erase_all(ground, parts(entry, "words"))
    assert Leaf.objects.filter(entry=entry).exists()
    assert report(ground, kept_root(ground))["ok"]


def test_erasing_part_after_part(ground: Ground) -> None:
    entry = ground.say("灯坏了")
    kept = kept_root(ground)
    for name in ("words", "health", "actor"):
        erase_all(ground, parts(entry, name))
        assert report(ground, kept, kept_root(ground))["ok"], name


def test_photos_go_too_unless_another_entry_has_the_same(
    ground: Ground, django_capture_on_commit_callbacks: Any
) -> None:
    photo = keep(take(written(picture((300, 200)))))
    first = ground.say("灯坏了", 0, **{"file:1": photo})
    second = ground.say("还是坏的", 1, **{"file:1": photo})
    for entry, stays in ((first, True), (second, False)):
        seal()
        with django_capture_on_commit_callbacks(execute=True):
            erase_all(ground, parts(entry))
        assert path_of(photo["hash"]).exists() is stays
        assert path_of(photo["thumb"]).exists() is stays
    assert report(ground, kept_root(ground))["ok"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"second": "wang"}, "两个人"),
        ({"ground": "we want to"}, "法律依据"),
        ({"second": "lin"}, "在任"),
        ({"by": "guo"}, "在任"),
    ],
)
def test_one_person_without_a_ground_cannot(ground: Ground, wrong: dict[str, str], words: str) -> None:
    entry = ground.say("灯坏了")
    seal()
    other = {key: value if key == "ground" else getattr(ground, value) for key, value in wrong.items()}
    with pytest.raises(ErasureRefused, match=words):
        erase_all(ground, parts(entry), **other)
    assert len(parts(entry)) == 3
    assert not Entry.objects.filter(verb=ERASE_VERB).exists()


def test_a_term_that_ended_counts_no_more(ground: Ground) -> None:
    entry = ground.say("灯坏了")
    Holding.objects.filter(person=ground.zhou).update(until=timezone.now() - timedelta(days=1))
    with pytest.raises(ErasureRefused, match="在任"):
        erase_all(ground, parts(entry))


def test_the_proof_of_erasing_stays(ground: Ground) -> None:
    made = erase_all(ground, parts(ground.say("灯坏了")))
    seal()
    with pytest.raises(ErasureRefused, match="凭据"):
        erase_all(ground, parts(made))


def test_another_communitys_words_are_out_of_reach(ground: Ground) -> None:
    other = found_community("other", "另一个社区")
    rows = parts(ground.say("灯坏了"))
    with pytest.raises(ErasureRefused, match="在任"):
        erase(other, rows, by=ground.wang, second=ground.zhou, ground="required")
    Holding.objects.update(community=other)
    with pytest.raises(ErasureRefused, match="不属于"):
        erase(other, rows, by=ground.wang, second=ground.zhou, ground="required")


def test_what_is_gone_is_said_to_be_gone(ground: Ground) -> None:
    rows = parts(ground.say("灯坏了"), "words")
    erase_all(ground, rows)
    with pytest.raises(ErasureRefused, match="已经删除"):
        erase_all(ground, rows)
    with pytest.raises(ErasureRefused, match="没有选"):
        erase_all(ground, [])


def test_words_that_were_tampered_with_are_evidence(ground: Ground) -> None:
    entry = ground.say("灯坏了")
    seal()
    lift_triggers()
    sql("UPDATE record_payload SET body = %s WHERE entry_id = %s AND part = 'words'", '"灯没坏"', raw(entry.pk))
    with pytest.raises(ErasureRefused, match="被改过"), transaction.atomic():
        erase_all(ground, parts(entry, "words"))
    assert parts(entry, "words")


def test_deleting_without_erasing_is_found(ground: Ground) -> None:
    """The database lets a payload go, so that erasing works; without its entry the verifier names it."""
    entry = ground.say("灯坏了")
    kept = kept_root(ground)
    Payload.objects.filter(entry=entry, part="words").delete()
    assert {"changed", "root"} == {finding["code"] for finding in report(ground, kept)["findings"]}


def test_every_ground_names_its_paragraph() -> None:
    assert all("第" in str(words) for words in GROUNDS.values())
