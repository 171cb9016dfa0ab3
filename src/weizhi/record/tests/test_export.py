import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from weizhi.cli import main
from weizhi.record import verify_record
from weizhi.record.actions.publish_root import publish_root, root_file
from weizhi.record.actions.seal import seal
from weizhi.record.export import Exported, write_record
from weizhi.record.files import keep
from weizhi.record.models import Entry, Leaf, Payload
from weizhi.record.photos import take
from weizhi.record.tests.ground import Ground, make_ground
from weizhi.record.tests.test_photos import picture, written


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


def lines(ground: Ground, grade: int = 0) -> list[str]:
    return [line.decode() for line in Exported(ground.community, grade).lines()]


def kept_root(ground: Ground) -> dict[str, Any]:
    root = publish_root(ground.community)
    assert root is not None
    return root_file(root)


def verdict(ground: Ground, *roots: dict[str, Any]) -> dict[str, Any]:
    return verify_record.check(lines(ground), list(roots))


@pytest.mark.parametrize("grade", [0, 1, 2])
def test_an_honest_record_verifies_at_every_grade(ground: Ground, grade: int) -> None:
    ground.live(12, random.Random(1))
    kept = kept_root(ground)
    ground.live(3, random.Random(2))
    seal()
    later = kept_root(ground)
    ground.live(2, random.Random(3))
    report = verify_record.check(lines(ground, grade), [kept, later])
    assert report["ok"], report["findings"]
    assert report["covered_by_root"] == later["size"]
    assert report["unsealed"] == 2
    assert report["roots_in_record"] == 2


def test_what_each_grade_shows(ground: Ground) -> None:
    ground.say("灯坏了")
    seal()
    public, community, household = (" ".join(lines(ground, grade)) for grade in (0, 1, 2))
    assert "灯坏了" not in public
    assert "outcome" not in public
    assert "灯坏了" in community
    assert str(ground.lin.pk) not in community
    assert str(ground.lin.pk) in household
    assert "轮椅" not in public + community + household
    with pytest.raises(ValueError, match="敏感信息不能导出"):
        Exported(ground.community, 3)


def test_an_entry_sealed_while_exporting_stands_once(ground: Ground) -> None:
    ground.live(5, random.Random(1))
    kept = kept_root(ground)
    ground.live(5, random.Random(2))
    exported = Exported(ground.community)
    tail, size = exported.bounds
    seal()
    ground.live(2, random.Random(3))
    report = verify_record.check((line.decode() for line in exported.lines()), [kept])
    assert report["ok"], report["findings"]
    assert report["entries"] == size + len(tail) == report["covered_by_root"] + 5


def test_stranger_verifies_a_folder_with_photos(ground: Ground, tmp_path: Path) -> None:
    ground.say("灯坏了", 0, **{"file:1": keep(take(written(picture())))})
    kept = kept_root(ground)
    folder = write_record(ground.community, tmp_path / "out", grade=1)
    assert {path.name for path in folder.iterdir()} == {"record.jsonl", "root.json", "verify_record.py", "files"}
    assert len(list((folder / "files").iterdir())) == 2
    printed = f"{kept['size']}:{kept['root']}"
    for root in (str(folder / "root.json"), printed):
        command = [sys.executable, "-I", "-S", str(folder / "verify_record.py"), str(folder), "--root", root]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr


# --- a superuser's hands -------------------------------------------------------------------------------

TABLES = ("record_entry", "record_leaf", "record_root", "record_payload")


def sql(statement: str, *arguments: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def lift_triggers() -> None:
    """The whole test runs in one transaction, so the triggers come back by themselves."""
    if connection.vendor == "postgresql":
        connection.check_constraints()
        sql("SET LOCAL session_replication_role = replica")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'record_%%_no_%%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def raw(value: object) -> str:
    return str(value) if connection.vendor == "postgresql" else str(value).replace("-", "")


def edit(leaf: Leaf, chance: random.Random) -> None:
    pk = raw(leaf.entry_id)
    choice = chance.randrange(6)
    if choice == 0:
        sql("UPDATE record_entry SET verb = 'other' WHERE id = %s", pk)
    elif choice == 1:
        sql("UPDATE record_entry SET public = %s WHERE id = %s", '{"outcome": "no"}', pk)
    elif choice == 2:
        sql("UPDATE record_entry SET at = '2026-01-01 00:00:00' WHERE id = %s", pk)
    elif choice == 3:
        other = Entry.objects.exclude(actor_id=leaf.entry.actor_id).values_list("community_id", flat=True).first()
        sql("UPDATE record_entry SET actor_id = %s WHERE id = %s", raw(other), pk)
    elif choice == 4:
        sql("UPDATE record_payload SET body = %s WHERE entry_id = %s AND part <> 'health'", '"另外的话"', pk)
        sql("UPDATE record_entry SET step = 'other' WHERE id = %s AND verb = 'found'", pk)
    else:
        sql("UPDATE record_entry SET n = n + 1000 WHERE id = %s", pk)


def delete(leaf: Leaf, chance: random.Random) -> None:
    pk = raw(leaf.entry_id)
    if chance.random() < 0.3 and leaf.entry.verb == "comment":
        sql("DELETE FROM record_payload WHERE entry_id = %s AND part = 'words'", pk)
        return
    sql("DELETE FROM record_payload WHERE entry_id = %s", pk)
    sql("DELETE FROM record_leaf WHERE entry_id = %s", pk)
    sql("DELETE FROM record_entry WHERE id = %s", pk)
    if chance.random() < 0.5:
        close_the_gap(leaf.index)


def close_the_gap(index: int) -> None:
    for later in Leaf.objects.filter(index__gt=index).order_by("index").values_list("index", flat=True):
        sql('UPDATE record_leaf SET "index" = %s WHERE "index" = %s', later - 1, later)


def insert(leaf: Leaf, chance: random.Random) -> None:
    """A new entry in place of a sealed one, which moves up by one with all that follow."""
    for later in Leaf.objects.filter(index__gte=leaf.index).order_by("-index").values_list("index", flat=True):
        sql('UPDATE record_leaf SET "index" = %s WHERE "index" = %s', later + 1, later)
    stream = leaf.entry.stream
    head = Entry.objects.filter(stream=stream).order_by("-n").values_list("n", flat=True)[0]
    forged = Entry.objects.create(community=leaf.community, stream=stream, n=head + 1, verb="comment", at=leaf.entry.at)
    Leaf.objects.create(community=leaf.community, index=leaf.index, entry=forged, hash=chance.randbytes(32))


def reorder(leaf: Leaf, chance: random.Random) -> None:
    others = Leaf.objects.filter(community=leaf.community).exclude(pk=leaf.pk)
    other = chance.choice(list(others.filter(index__lte=max(leaf.index, 1))))
    for row, place in ((leaf, 10**6), (other, leaf.index), (leaf, other.index)):
        sql('UPDATE record_leaf SET "index" = %s WHERE id = %s', place, raw(row.pk))


def truncate(leaf: Leaf, chance: random.Random) -> None:
    gone = [raw(pk) for pk in Leaf.objects.filter(index__gte=leaf.index).values_list("entry_id", flat=True)]
    marks = ", ".join(["%s"] * len(gone))
    sql('DELETE FROM record_leaf WHERE "index" >= %s', leaf.index)
    sql(f"DELETE FROM record_payload WHERE entry_id IN ({marks})", *gone)
    sql(f"DELETE FROM record_entry WHERE id IN ({marks})", *gone)
    sql("DELETE FROM record_root")


@pytest.mark.parametrize("tampering", [edit, delete, insert, reorder, truncate])
def test_a_hundred_tamperings_by_sql_are_found(
    ground: Ground, tampering: Callable[[Leaf, random.Random], None]
) -> None:
    """Each from the honest state, with the triggers gone; the root was exported before."""
    from django.db import transaction

    ground.live(14, random.Random(1))
    kept = kept_root(ground)
    ground.live(2, random.Random(2))
    seal()
    assert verdict(ground, kept)["ok"]
    found = 0
    for seed in range(100):
        chance = random.Random(seed)
        with transaction.atomic():
            lift_triggers()
            victim = Leaf.objects.filter(index__lt=kept["size"]).select_related("entry__stream").order_by("index")
            tampering(chance.choice(list(victim)), chance)
            report = verdict(ground, kept)
            found += not report["ok"]
            assert report["findings"], (seed, report)
            transaction.set_rollback(True)
    assert found == 100
    assert verdict(ground, kept)["ok"]


def test_a_forged_entry_at_the_end_is_declared_as_tail(ground: Ground) -> None:
    ground.say("灯坏了")
    kept = kept_root(ground)
    ground.say("后来的话")
    report = verdict(ground, kept)
    assert report["ok"]
    assert (report["sealed_later"], report["unsealed"]) == (0, 1)
    words = "\n".join(verify_record.in_words(report))
    assert "尾部 1 条不在根里" in words


def test_a_cipher_that_was_exchanged_is_named(ground: Ground) -> None:
    first, second = ground.say("灯坏了"), ground.say("谢谢")
    kept = kept_root(ground)
    lift_triggers()
    other = Payload.objects.get(entry=second, part="health")
    sql("UPDATE record_payload SET cipher = %s WHERE entry_id = %s AND part = 'health'", other.cipher, raw(first.pk))
    report = verdict(ground, kept)
    assert {"changed", "root"} == {finding["code"] for finding in report["findings"]}


# --- the command ---------------------------------------------------------------------------------------


def test_the_command_from_end_to_end(
    ground: Ground, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ground.live(3, random.Random(1))
    assert main(["record", "seal"]) == 0
    assert "封存了" in capsys.readouterr().out
    root = tmp_path / "root.json"
    assert main(["record", "root", "--out", str(root)]) == 0
    size, digest = capsys.readouterr().out.split()[-1].split(":")
    assert json.loads(root.read_text())["root"] == digest
    assert int(size) == Entry.objects.count()
    assert main(["record", "verify", "--root", str(root)]) == 0
    assert "核对无误" in capsys.readouterr().out
    assert main(["record", "export"]) == 0
    assert (tmp_path / "record-xfl" / "record.jsonl").exists()
    capsys.readouterr()
    lift_triggers()
    sql("UPDATE record_entry SET verb = 'other' WHERE verb = 'found'")
    assert main(["record", "verify", "--root", f"{size}:{digest}"]) == 1
    assert "核对不通过" in capsys.readouterr().out
    assert main(["record", "verify", "--root", "no-such-file"]) == 2


def test_the_command_asks_which_community(ground: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    from weizhi.record.actions.found_community import found_community

    found_community("other", "另一个社区")
    assert main(["record", "root"]) == 2
    assert "xfl" in capsys.readouterr().err
    assert main(["record", "root", "--community", "nowhere"]) == 2
    capsys.readouterr()
    assert main(["record", "root", "--community", "other"]) == 0
    assert "另一个社区" in capsys.readouterr().out
