#!/usr/bin/env python3
"""Check a community's exported record against a root that was kept elsewhere. 核对社区记录。

    python3 verify_record.py record.jsonl --root root-2026-03-06.json
    python3 verify_record.py folder --root 1204:9f2c…            (number and root as printed on the notice board)

One file, standard library only, Python 3.8 or newer, no network: copy it, read it, run it anywhere. It shares
no code with the server that made the record; what it computes is written down in docs/record-format.md.
Exit: 0 the record is the one the root stands for; 1 it is not (each finding is named); 2 nothing could be checked.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

FORMAT = "weizhi-record-1"
ROOT_FORMAT = "weizhi-root-1"
HEX_32 = re.compile(r"[0-9a-f]{64}")
PRINTED_ROOT = re.compile(r"(\d+):([0-9a-f]{64})")
SHOWN = 20
# An entry that is not sealed yet cannot be much older than a root: the sealer runs every minute.
LATEST_SEALING = datetime.timedelta(days=1)


Json = Any


class Unusable(Exception):
    """What was given is no record or no root at all."""


# --- bytes ---------------------------------------------------------------------------------------------


def canonical(value: Json) -> bytes:
    """Canonical JSON: keys sorted by code point, no spaces, UTF-8, integers only."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def sha256(*pieces: bytes) -> bytes:
    return hashlib.sha256(b"".join(pieces)).digest()


def hex32(text: Json) -> bytes:
    if not isinstance(text, str) or not HEX_32.fullmatch(text):
        raise ValueError("not 32 bytes in hexadecimal")
    return bytes.fromhex(text)


def read_json(text: str) -> Json:
    """Read JSON that means one thing only: no floats, no key twice."""

    def refuse(number: str) -> Json:
        raise ValueError("a number that is no integer: " + number)

    def once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    return json.loads(text, parse_float=refuse, parse_constant=refuse, object_pairs_hook=once)


# --- tree (RFC 9162) -----------------------------------------------------------------------------------


class Tree:
    """The root over the leaves so far; remembers the root at each size that somebody asks about."""

    def __init__(self, wanted: Iterable[int]) -> None:
        self.wanted, self.size = set(wanted), 0
        self.roots: dict[int, bytes] = {}
        self.peaks: list[bytes] = []
        self._remember()

    def append(self, leaf: bytes) -> None:
        size, node = self.size, leaf
        while size & 1:
            node = sha256(b"\x01", self.peaks.pop(), node)
            size >>= 1
        self.peaks.append(node)
        self.size += 1
        self._remember()

    def _remember(self) -> None:
        if self.size in self.wanted:
            root = self.peaks[-1] if self.peaks else sha256()
            for peak in reversed(self.peaks[:-1]):
                root = sha256(b"\x01", peak, root)
            self.roots[self.size] = root


# --- Ed25519 (RFC 8032), checking only -----------------------------------------------------------------

Point = Any  # (x, y, z, t): extended coordinates
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point_add(a: Point, b: Point) -> Point:
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    m, n = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = point_add(total, point)
        point = point_add(point, point)
        scalar >>= 1
    return total


def point_read(data: bytes) -> Point | None:
    """Return the point that 32 bytes stand for, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_read(bytes.fromhex("58" + "66" * 31))


def signature_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    a, r, s = point_read(public_key), point_read(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    left, right = point_times(s, BASE), point_add(r, point_times(k, a))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


# --- what stands in a record ---------------------------------------------------------------------------


def part_commitment(part: Json) -> bytes:
    """Return the commitment of a part: computed where the part is shown, as stated where it is not."""
    if "value" in part:
        shown = sha256(hex32(part["salt"]), canonical(part["value"]))
        if "commitment" in part and hex32(part["commitment"]) != shown:
            raise ValueError("the commitment is not that of the value shown")
        return shown
    return hex32(part["commitment"])


def entry_leaf(community: str, entry: Json) -> bytes:
    named = [[name, part_commitment(entry["parts"][name]).hex()] for name in sorted(entry["parts"])]
    stream, n, verb, minute = entry["stream"], entry["n"], entry["verb"], entry["minute"]
    hex32(stream)
    if not (isinstance(n, int) and isinstance(verb, str) and isinstance(minute, str)) or isinstance(n, bool):
        raise ValueError("a field of the wrong type")
    return sha256(b"\x00", canonical([FORMAT, community, stream, n, verb, minute, named]))


def root_statement(root: Json) -> bytes:
    """Return the bytes that a root's signature signs."""
    signed = {name: root[name] for name in ("at", "community", "made_as", "root", "size")}
    return canonical(dict(signed, format=ROOT_FORMAT))


def root_problem(root: Json) -> tuple[str, str, str] | None:
    """Say what is wrong with a signed root, or None."""
    key, signature = root.get("public_key"), root.get("signature")
    if key is None or signature is None:
        return None
    try:
        holds = signature_holds(hex32(key), root_statement(root), bytes.fromhex(signature))
    except (KeyError, TypeError, ValueError):
        holds = False
    return None if holds else ("signature", "根的签名不对", "the root's signature does not hold")


def read_root(given: str) -> Json:
    """Read a root: a file, or SIZE:HASH as printed."""
    printed = PRINTED_ROOT.fullmatch(given.strip().lower())
    if printed:
        return {"size": int(printed.group(1)), "root": printed.group(2)}
    try:
        with open(given, encoding="utf-8") as file:
            root = read_json(file.read())
        hex32(root["root"])
        told = [root[name] for name in ("at", "community", "made_as")]
        if root["format"] != ROOT_FORMAT or not all(isinstance(text, str) for text in told):
            raise ValueError("not in format " + ROOT_FORMAT)
        if not isinstance(root["size"], int) or root["size"] < 0:
            raise ValueError("not a size")
        datetime.datetime.strptime(root["at"][:16] + "Z", "%Y-%m-%dT%H:%M%z")
    except (OSError, KeyError, TypeError, ValueError) as broken:
        raise Unusable(f"根文件读不懂 / cannot read the root file: {given} ({broken})") from None
    return root


# --- the check -----------------------------------------------------------------------------------------


class Check:
    """One pass over a record, collecting findings."""

    def __init__(self, roots: list[Json], files: str | None = None) -> None:
        self.kept, self.files = roots, files
        self.header: Json = None
        self.findings: list[dict[str, str]] = []
        self.roots: list[Json] = []
        self.entries = self.withheld = self.erased = self.unsealed = self.lines = 0
        self.leaves: list[bytes] = []
        self.numbers: dict[str, set[int]] = {}
        self.tail: list[tuple[str, str]] = []

    def find(self, code: str, where: str, zh: str, en: str) -> None:
        self.findings.append({"code": code, "where": where, "zh": zh, "en": en})

    def read(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.lines += 1
            where = f"line {self.lines}"
            try:
                row = read_json(line)
                kind = row["type"]
            except (ValueError, TypeError, KeyError, RecursionError):
                self.find("unreadable", where, "这一行读不懂", "this line cannot be read")
                continue
            if self.lines == 1:
                self._header(row)
            elif kind == "entry":
                self._entry(row, where)
            elif kind == "root":
                self.roots.append(row)
            else:
                self.find("unreadable", where, "不认识的一行", "a line of unknown type")
        if self.header is None:
            raise Unusable("这不是导出的记录 / this is no exported record")

    def _header(self, row: Json) -> None:
        if row["type"] != "header" or row.get("format") != FORMAT or not isinstance(row.get("community"), str):
            raise Unusable(f"这不是 {FORMAT} 格式的记录 / not a record in format {FORMAT}")
        self.header = row

    def _entry(self, row: Json, where: str) -> None:
        self.entries += 1
        try:
            leaf = entry_leaf(self.header["community"], row)
            stated, index = row.get("leaf"), row.get("index")
            parts = row["parts"].values()
            self.withheld += sum("value" not in part and not part.get("erased") for part in parts)
            self.erased += sum(bool(part.get("erased")) for part in parts)
            where = f"{row['stream'][:8]} n={row['n']} ({where})"
            self._number(row, where)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as broken:
            self.find("malformed", where, "这条记录的内容对不上", f"this entry contradicts itself: {broken}")
            self.leaves.append(sha256(b"malformed"))
            return
        self._files(row, where)
        if index is None:
            self.unsealed += 1
            self.tail.append((row["minute"], where))
            return
        if self.unsealed or index != len(self.leaves):
            self.find("order", where, "封存的次序不对", f"sealed out of order: index {index}")
        if stated is not None and stated != leaf.hex():
            self.find("changed", where, "这条记录封存以后被改过", "this entry was changed after it was sealed")
        self.leaves.append(leaf)

    def _number(self, row: Json, where: str) -> None:
        numbers = self.numbers.setdefault(row["stream"], set())
        if row["n"] in numbers:
            self.find("twice", where, "同一个编号有两条记录", "two entries bear the same number")
        numbers.add(row["n"])

    def _files(self, row: Json, where: str) -> None:
        values = [part.get("value") for part in row["parts"].values() if self.files is not None]
        names = [value.get(key) for value in values if isinstance(value, dict) for key in ("hash", "thumb")]
        for name in names:
            path = os.path.join(self.files or "", name) if isinstance(name, str) and HEX_32.fullmatch(name) else ""
            if os.path.exists(path):
                with open(path, "rb") as file:
                    if sha256(file.read()).hex() != name:
                        self.find("file", where, "附件被换过", "a file is not the one that was recorded")

    def finish(self) -> None:
        for stream, numbers in sorted(self.numbers.items()):
            missing = sorted(set(range(1, max(numbers) + 1)) - numbers)
            if missing or min(numbers) < 1:
                self.find("gap", stream[:8], f"缺第 {missing[:5]} 条", f"entries are missing: n={missing[:5]}")
        self._counts()
        tree = Tree([root["size"] for root in self.kept + self.roots if isinstance(root.get("size"), int)])
        for leaf in self.leaves:
            tree.append(leaf)
        for root in self.roots:
            self._root(root, tree, f"root in the record, size {root.get('size')}")
        for root in self.kept:
            self._root(root, tree, f"kept root, size {root['size']}")
            self._backdated(root)

    def _counts(self) -> None:
        for name, counted in (("entries", self.entries), ("sealed", len(self.leaves))):
            if self.header.get(name) != counted:
                told = self.header.get(name)
                self.find("count", name, "条数对不上", f"the header says {told}, there are {counted}")

    def _root(self, root: Json, tree: Tree, where: str) -> None:
        size = root.get("size")
        if root.get("community", self.header["community"]) != self.header["community"]:
            self.find("community", where, "这个根属于另一个社区", "this root belongs to another community")
        elif not isinstance(size, int) or size > tree.size:
            missing = size - tree.size if isinstance(size, int) else 0
            self.find("truncated", where, f"少了 {missing} 条", f"{missing} sealed entries are missing")
        elif tree.roots[size].hex() != root.get("root"):
            self.find("root", where, "记录和这个根对不上：有改动", "the record is not the one this root stands for")
        problem = root_problem(root)
        if problem:
            self.find(problem[0], where, problem[1], problem[2])

    def _backdated(self, root: Json) -> None:
        """A database of a demo or a test holds told stories, with dates of their own."""
        if root.get("made_as") != "live":
            return
        oldest = datetime.datetime.strptime(root["at"][:16] + "Z", "%Y-%m-%dT%H:%M%z") - LATEST_SEALING
        for minute, where in self.tail:
            if minute[:16] < oldest.strftime("%Y-%m-%dT%H:%M"):
                self.find("backdated", where, "日期早于这个根，却不在里面", "dated before the root but not under it")

    def report(self) -> dict[str, Json]:
        covered = max(root["size"] for root in self.kept)
        return {
            "ok": not self.findings,
            "community": self.header["community"],
            "entries": self.entries,
            "covered_by_root": min(covered, len(self.leaves)),
            "sealed_later": max(0, len(self.leaves) - covered),
            "unsealed": self.unsealed,
            "parts_withheld": self.withheld,
            "parts_erased": self.erased,
            "roots_in_record": len(self.roots),
            "findings": self.findings,
        }


def check(lines: Iterable[str], roots: Iterable[Json], files: str | None = None) -> dict[str, Json]:
    """Check the lines of a record against roots kept elsewhere and return the report."""
    checked = Check(list(roots), files)
    checked.read(lines)
    checked.finish()
    return checked.report()


def check_path(path: str, roots: list[Json]) -> dict[str, Json]:
    files = os.path.join(path, "files") if os.path.isdir(path) else None
    record = os.path.join(path, "record.jsonl") if os.path.isdir(path) else path
    try:
        with open(record, encoding="utf-8", errors="replace", newline="\n") as lines:
            return check(lines, roots, files)
    except OSError as broken:
        raise Unusable(f"记录打不开 / cannot open the record: {broken}") from None


def in_words(report: dict[str, Json]) -> Iterator[str]:
    """Say the report in Chinese and English."""
    good = "核对无误：记录就是这个根所代表的。 / Verified: the record is the one the root stands for."
    count = len(report["findings"])
    yield good if report["ok"] else f"核对不通过：{count} 处不对。 / NOT verified: {count} findings."
    for finding in report["findings"][:SHOWN]:
        yield "  ✗ {where}: {zh} / {en}".format(**finding)
    if count > SHOWN:
        yield f"  … 还有 {count - SHOWN} 处 / {count - SHOWN} more (--json)"
    yield "  根覆盖 {0} 条 / {0} entries under the root".format(report["covered_by_root"])
    later = report["sealed_later"] + report["unsealed"]
    if later:
        yield (
            "  尾部 {0} 条不在根里（已封存 {1}，未封存 {2}），要用更晚的根核对 / tail: {0} entries not under this "
            "root ({1} sealed later, {2} unsealed); check them against a later root"
        ).format(later, report["sealed_later"], report["unsealed"])
    if report["parts_withheld"] or report["parts_erased"]:
        yield "  未公开 {0} 处，依法删除 {1} 处，都不影响核对 / {0} parts withheld, {1} erased by law".format(
            report["parts_withheld"], report["parts_erased"]
        )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", help="导出的记录：record.jsonl 或所在文件夹 / the exported record or its folder")
    parser.add_argument(
        "--root", action="append", required=True, help="另存的根：文件，或 条数：根 / file or SIZE:HASH"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    options = parser.parse_args(arguments)
    try:
        report = check_path(options.record, [read_root(given) for given in options.root])
    except Unusable as unusable:
        sys.stderr.write(f"{unusable}\n")
        return 2
    if options.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("".join(line + "\n" for line in in_words(report)))
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a console may speak another encoding
    sys.exit(main())
