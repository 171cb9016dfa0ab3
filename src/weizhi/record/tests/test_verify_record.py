import ast
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from weizhi.record import verify_record
from weizhi.record.tests.histories import TAMPERINGS, History, Tampering, honest, relabelled

SCRIPT = Path(verify_record.__file__)


def verdict(lines: list[str], *roots: dict[str, Any]) -> dict[str, Any]:
    return verify_record.check(lines, list(roots))


def codes(report: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in report["findings"]}


def test_a_thousand_honest_histories_raise_no_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures are left to the tests below: 3,000 of them in pure Python take minutes."""
    monkeypatch.setattr(verify_record, "signature_holds", lambda *_: True)
    for seed in range(1000):
        history, kept = honest(seed)
        if seed % 2:
            history.withhold()
        report = verdict(history.export(), kept)
        assert report["ok"], (seed, report["findings"])
        assert report["covered_by_root"] == kept["size"]
        assert report["unsealed"] == len(history.entries) - history.sealed
        assert report["sealed_later"] == history.sealed - kept["size"]


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_hundred_tamperings_of_each_kind_are_found(tampering: Tampering, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tamperer rewrites everything within reach: leaves, indices, header, later roots. Not the kept root."""
    monkeypatch.setattr(verify_record, "signature_holds", lambda *_: True)
    found = 0
    for seed in range(5000, 5100):
        history, kept = honest(seed)
        while kept["size"] < 2:
            history.act()
            history.seal()
            kept = history.publish()
        if seed % 2:
            history.withhold()
        rows = [json.loads(line) for line in history.export() if '"type":"root"' not in line]
        before = json.dumps(rows)
        tampering(rows, kept["size"], random.Random(seed))
        lines = relabelled(rows)
        assert json.dumps(rows) != before
        report = verdict(lines, kept)
        assert {"root", "truncated", "twice"} & codes(report), (seed, report)
        found += not report["ok"]
    assert found == 100


def test_erased_parts_still_verify() -> None:
    history, kept = honest(3)
    rows = [json.loads(line) for line in history.export()]
    shown = verdict([json.dumps(row) for row in rows], kept)
    for row in rows:
        for part in row.get("parts", {}).values():
            salt, value = part.pop("salt"), part.pop("value")
            part.update(commitment=verify_record.sha256(bytes.fromhex(salt), verify_record.canonical(value)).hex())
            part["erased"] = True
    erased = verdict([json.dumps(row) for row in rows], kept)
    assert shown["ok"]
    assert erased["ok"]
    assert erased["parts_erased"] > 0 == shown["parts_erased"]


def tampered_rows(seed: int = 11) -> tuple[list[dict[str, Any]], dict[str, Any], History]:
    history, kept = honest(seed)
    return [json.loads(line) for line in history.export()], kept, history


def test_a_changed_entry_is_named_when_its_leaf_was_left() -> None:
    rows, kept, _ = tampered_rows()
    rows[1]["verb"] = "erase"
    report = verdict([json.dumps(row) for row in rows], kept)
    assert {"changed", "root"} <= codes(report)
    assert any("line 2" in finding["where"] for finding in report["findings"])


def test_a_missing_number_in_the_tail_is_found() -> None:
    history, kept = honest(11)
    for _ in range(6):
        history.act()
    rows = [json.loads(line) for line in history.export() if '"type":"root"' not in line]
    newest = {row["stream"]: row["n"] for row in rows[1:]}
    place = next(i for i, row in enumerate(rows) if i and row["index"] is None and row["n"] < newest[row["stream"]])
    del rows[place]
    assert codes(verdict(relabelled(rows), kept)) == {"gap"}


def test_a_backdated_entry_in_the_tail_is_found_in_a_live_record() -> None:
    history, kept = honest(12)
    history.act()
    rows = [json.loads(line) for line in history.export()]
    tail = next(row for row in rows if row["type"] == "entry" and row["index"] is None)
    tail["minute"] = "2026-03-01T00:00Z"
    lines = [json.dumps(row) for row in rows]
    assert codes(verdict(lines, kept)) == {"backdated"}
    assert verdict(lines, {"size": kept["size"], "root": kept["root"]})["ok"]


def test_a_line_that_says_two_things_is_found() -> None:
    history, kept = honest(13)
    lines = history.export()
    lines[1] = lines[1].replace('"verb":', '"verb":"other","verb":', 1)
    assert "unreadable" in codes(verdict(lines, kept))


@pytest.mark.parametrize(
    "damage",
    ['{"type":"entry"}', '{"type":"entry","parts":[],"stream":1}', "[]", "null", "1.5", "{", '{"type":"other"}', "",
     '{"type":"entry","index":0,"stream":"00","n":1,"verb":"x","minute":"","parts":{}}', '{"type":"root"}',
     '{"type":"root","size":"1"}', "[" * 100_000],
)  # fmt: skip
def test_damaged_lines_are_findings_and_never_an_accident(damage: str) -> None:
    history, kept = honest(14)
    report = verdict([*history.export(), damage], kept)
    assert not report["ok"]


def test_another_communitys_root_is_refused() -> None:
    history, _ = honest(15)
    _, other = honest(16)
    assert "community" in codes(verdict(history.export(), other))


def test_signatures_as_the_server_makes_them() -> None:
    history, kept = honest(17)
    assert verdict(history.export(), kept)["ok"]
    for forged in (
        {**kept, "signature": "00" * 64},
        {**kept, "signature": kept["signature"][:-2]},
        {**kept, "at": "2026-01-01T00:00:00.000000Z"},
        {**kept, "public_key": "11" * 32},
    ):
        assert codes(verdict(history.export(), forged)) == {"signature"}


# RFC 8032, 7.1: tests 1 to 3.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
        "24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
        "eeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28"
        "dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_ed25519_known_answers(key: str, message: str, signature: str) -> None:
    given = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify_record.signature_holds(*given)
    assert not verify_record.signature_holds(given[0], given[1] + b"x", given[2])
    high_s = given[2][:32] + (int.from_bytes(given[2][32:], "little") + verify_record.L).to_bytes(32, "little")
    assert not verify_record.signature_holds(given[0], given[1], high_s)


# --- as a stranger runs it -----------------------------------------------------------------------------


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """-I -S: no site packages, no environment, no working folder on the path."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, Path, dict[str, Any]]:
    history, kept = honest(20)
    history.act()
    (tmp_path / "record.jsonl").write_text("\n".join(history.export()) + "\n", encoding="utf-8")
    (tmp_path / "root.json").write_text(json.dumps(kept))
    return tmp_path / "record.jsonl", tmp_path / "root.json", kept


def test_stranger_verifies(exported: tuple[Path, Path, dict[str, Any]]) -> None:
    record, root, kept = exported
    told = run(record, "--root", root)
    assert told.returncode == 0, told.stderr
    assert "核对无误" in told.stdout
    assert "not under this root" in told.stdout
    as_json = json.loads(run(record.parent, "--root", f"{kept['size']}:{kept['root']}", "--json").stdout)
    assert as_json["ok"]
    assert as_json["unsealed"] > 0


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_stranger_finds_tampering(tampering: Tampering, exported: tuple[Path, Path, dict[str, Any]]) -> None:
    record, root, kept = exported
    rows = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["type"] != "root"]
    tampering(rows, kept["size"], random.Random(1))
    record.write_text("\n".join(relabelled(rows)), encoding="utf-8")
    told = run(record, "--root", root)
    assert told.returncode == 1
    assert "核对不通过" in told.stdout
    assert "NOT verified" in told.stdout


def test_stranger_checks_files(exported: tuple[Path, Path, dict[str, Any]]) -> None:
    record, root, _ = exported
    history, kept = History(random.Random(21)), None
    history.act()
    name = verify_record.sha256(b"photo").hex()
    entry = history.entries[0]
    photo = {"photo-1": type(next(iter(entry.parts.values()))).shown(bytes(32), {"hash": name})}
    history.entries[0] = type(entry)(entry.stream, entry.n, entry.verb, entry.at_minute, {**entry.parts, **photo})
    history.seal()
    kept = history.publish()
    record.write_text("\n".join(history.export()), encoding="utf-8")
    root.write_text(json.dumps(kept))
    (record.parent / "files").mkdir()
    (record.parent / "files" / name).write_bytes(b"photo")
    assert run(record.parent, "--root", root).returncode == 0
    (record.parent / "files" / name).write_bytes(b"other")
    told = run(record.parent, "--root", root)
    assert told.returncode == 1
    assert "附件" in told.stdout


def test_what_is_no_record_or_no_root_is_told_apart(exported: tuple[Path, Path, dict[str, Any]]) -> None:
    record, root, _ = exported
    empty = record.with_name("empty.jsonl")
    empty.write_text("")
    for arguments in ((empty, root), (root, root), (record, empty), (record, "no-such-file"), ("no-such-file", root)):
        told = run(arguments[0], "--root", arguments[1])
        assert told.returncode == 2, told
        assert "Traceback" not in told.stderr
        assert "/" in told.stderr


def test_it_runs_on_python_3_8_with_the_standard_library_alone() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"__future__", "argparse", "collections.abc", "datetime", "hashlib", "json", "os", "re", "sys",
                        "typing"}  # fmt: skip
