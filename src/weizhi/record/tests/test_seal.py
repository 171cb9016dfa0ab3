import random
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from weizhi.people.vault import PHONE, get, put
from weizhi.record.actions import seal as sealing
from weizhi.record.actions.append import Deed, Part, append
from weizhi.record.actions.publish_root import RecordBroken, publish_root, publish_roots, root_file
from weizhi.record.actions.rotate_keys import reencrypt, rotate_keys
from weizhi.record.actions.seal import seal, size_of
from weizhi.record.merkle import root_of
from weizhi.record.models import Entry, Leaf, Payload, Root
from weizhi.record.opening import leaf_of, parts_of
from weizhi.record.tests.ground import Ground, make_ground
from weizhi.record.triggers import install
from weizhi.record.verify_record import root_problem


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


def leaves(ground: Ground) -> list[Leaf]:
    return list(Leaf.objects.filter(community=ground.community).order_by("index").select_related("entry"))


def test_every_entry_gets_one_place_in_order(ground: Ground) -> None:
    ground.live(20, random.Random(1))
    assert seal() == Entry.objects.count()
    assert [leaf.index for leaf in leaves(ground)] == list(range(Entry.objects.count()))
    order = [(leaf.entry.at, leaf.entry.pk) for leaf in leaves(ground)]
    assert order == sorted(order)
    assert seal() == 0


def test_small_batches_give_the_same_order(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    ground.live(10, random.Random(2))
    assert seal() == Entry.objects.count()
    order = [(leaf.entry.at, leaf.entry.pk) for leaf in leaves(ground)]
    assert order == sorted(order)


def test_later_entries_follow(ground: Ground) -> None:
    ground.say("灯坏了")
    seal()
    before = [(leaf.index, bytes(leaf.hash)) for leaf in leaves(ground)]
    ground.say("谢谢小周")
    assert seal() == 1
    assert [(leaf.index, bytes(leaf.hash)) for leaf in leaves(ground)][:-1] == before


def test_communities_have_logs_of_their_own(ground: Ground) -> None:
    from weizhi.record.actions.found_community import found_community

    other = found_community("other", "另一个社区")
    seal()
    assert size_of(other.pk) == 1
    assert Leaf.objects.get(community=other).index == 0


def test_the_leaf_is_that_of_its_parts(ground: Ground) -> None:
    entry = ground.say("灯坏了")
    seal()
    entry = Entry.objects.select_related("stream").get(pk=entry.pk)
    parts = parts_of(entry, entry.parts.all())
    assert set(parts) == {"act", "actor", "words", "health"}
    assert parts["words"].value == "灯坏了"
    assert parts["actor"].value == {"person": str(ground.lin.pk), "holding": None, "on_behalf_of": None}
    assert bytes(Leaf.objects.get(entry=entry).hash) == leaf_of(entry, parts)


def test_no_leaf_tells_who_or_what(ground: Ground) -> None:
    """The same person saying the same words twice leaves nothing alike in the log."""
    first, second = ground.say("灯坏了"), ground.say("灯坏了")
    seal()
    commitments = []
    for entry in Entry.objects.select_related("stream").filter(pk__in=[first.pk, second.pk]):
        commitments += [part.commitment for part in parts_of(entry, entry.parts.all()).values()]
    assert len(set(commitments)) == 8


def test_an_entry_made_long_ago_is_sealed_by_the_daily_root(ground: Ground) -> None:
    """A clock that ran ahead for a while leaves entries with ids older than the minute's run looks at."""
    ground.say("灯坏了")
    seal()
    ahead = UUID(int=((Leaf.objects.latest("entry_id").entry_id.int >> 80) + 3 * sealing.MARGIN_MS) << 80)
    with transaction.atomic():
        stream = ground.streams[0]
        stream.refresh_from_db()
        stream.head += 1
        stream.save()
        Entry.objects.create(id=ahead, community=ground.community, stream=stream, n=stream.head, verb="x",
                             at=timezone.now())  # fmt: skip
    assert seal() == 1
    ground.say("钟拨回来了")
    assert seal() == 0
    assert publish_root(ground.community) is not None
    assert not Entry.objects.filter(leaf__isnull=True).exists()


def test_the_minutes_run_is_a_few_queries(ground: Ground, query_budget: Any) -> None:
    ground.say("灯坏了")
    seal()
    with query_budget(2):
        assert seal() == 0


def test_root_is_signed_over_the_log(ground: Ground) -> None:
    ground.live(9, random.Random(3))
    root = publish_root(ground.community)
    assert root is not None
    assert bytes(root.root) == root_of(bytes(leaf.hash) for leaf in leaves(ground))
    assert root.size == Entry.objects.count()
    row = root_file(root)
    assert root_problem(row) is None
    assert root_problem({**row, "size": row["size"] + 1}) is not None


def test_nothing_new_gives_the_same_root(ground: Ground) -> None:
    first = publish_root(ground.community)
    again = publish_root(ground.community, timezone.now() + timedelta(days=1))
    assert first == again
    assert Root.objects.count() == 1
    ground.say("灯坏了")
    assert publish_root(ground.community) != first


def without_triggers(*statements: str) -> None:
    """What a superuser of the database can do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET session_replication_role = replica")
        else:
            for name in ("record_entry_no_update", "record_leaf_no_update", "record_leaf_no_delete"):
                cursor.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
    install()


@pytest.mark.parametrize(
    "change", ["UPDATE record_leaf SET hash = {blob} WHERE index = 2", "DELETE FROM record_leaf WHERE index = 2"]
)
def test_no_root_is_signed_over_a_rewritten_log(ground: Ground, change: str) -> None:
    ground.live(5, random.Random(4))
    publish_root(ground.community)
    blob = "'\\x00'::bytea" if connection.vendor == "postgresql" else "x'00'"
    quoted = change.format(blob=blob).replace("index", '"index"')
    without_triggers(quoted)
    ground.say("灯坏了")
    with pytest.raises(RecordBroken, match="幸福里"):
        publish_roots()
    assert Root.objects.count() == 1


def test_sensitive_parts_are_sealed_by_what_they_say_not_by_their_cipher(
    ground: Ground, settings: Any, tmp_path: Path
) -> None:
    """Keys are rotated by writing every value anew; the leaf does not notice."""
    settings.KEYS_FILE = tmp_path / "keys.json"
    put(ground.lin, PHONE, "138 1234 5678")
    ground.lin.save()
    entry = ground.say("灯坏了")
    seal()
    old = bytes(Payload.objects.get(entry=entry, part="health").cipher or b"")
    assert rotate_keys() == 2
    assert reencrypt() == 0
    row = Payload.objects.get(entry=entry, part="health")
    assert bytes(row.cipher or b"") != old
    assert row.read() == {"need": "轮椅"}
    ground.lin.refresh_from_db()
    assert get(ground.lin, PHONE) == "13812345678"
    entry = Entry.objects.select_related("stream").get(pk=entry.pk)
    assert bytes(Leaf.objects.get(entry=entry).hash) == leaf_of(entry, parts_of(entry, entry.parts.all()))


def test_sealers_at_once_share_the_work(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = make_ground()
    monkeypatch.setattr(sealing, "BATCH", 4)
    ground.live(30, random.Random(5))
    done: list[int] = []
    faults: list[Exception] = []

    def work() -> None:
        try:
            done.append(seal())
        except Exception as fault:  # reported below, in the thread that asserts
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    ground.live(10, random.Random(6))
    for thread in threads:
        thread.join()
    assert not faults
    done.append(seal())
    assert sum(done) == Entry.objects.count() == Leaf.objects.count()
    assert [leaf.index for leaf in leaves(ground)] == list(range(Entry.objects.count()))
    assert Payload.objects.filter(part="actor").count() == Entry.objects.count()


def test_what_is_not_committed_is_sealed_later(transactional_db: None) -> None:
    """One writer's transaction is still open while another's later entry is sealed: no number is lost."""
    ground = make_ground()
    if connection.vendor == "sqlite":
        with transaction.atomic():
            ground.say("灯坏了")
            transaction.set_rollback(True)
        seal()
        assert not Leaf.objects.filter(entry__verb="comment").exists()
        return
    wrote, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            ground.say("慢的", 0)
            wrote.set()
            may_commit.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert wrote.wait(20)
    ground.say("快的", 1)
    seal()
    assert Leaf.objects.filter(entry__verb="comment").count() == 1
    may_commit.set()
    thread.join()
    assert seal() == 1
    assert [leaf.index for leaf in leaves(ground)] == list(range(Entry.objects.count()))


def test_a_part_that_could_never_be_sealed_is_refused(ground: Ground) -> None:
    for part in (Part("place", {"lat": 32.06}), Part("actor", "x"), Part("words", "a\x00b")):
        with pytest.raises(ValueError, match=r"\w"), transaction.atomic():
            append(ground.streams[0], "comment", Deed(at=timezone.now(), actor=ground.lin), [part])
