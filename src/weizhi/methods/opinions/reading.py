"""Read Polis exports: ``participants-votes.csv`` or ``votes.csv``; moderation from ``comments.csv`` beside them."""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from weizhi.methods.opinions.votes import OpinionsError, Votes

COMMA, NEWLINE, MINUS, ZERO, ONE = (ord(sign) for sign in ",\n-01")


def read(path: Path) -> Votes:
    """Read votes; statements that ``comments.csv`` marks -1 (moderated out) are marked removed."""
    removed = _removed(path.with_name("comments.csv"))
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"
    header = raw[: raw.index(b"\n")].decode("utf-8", "replace").split(",")
    if header[:1] == ["participant"]:
        return _table(path, raw, header, removed)
    needed = ("timestamp", "comment-id", "voter-id", "vote")
    missing = [name for name in needed if name not in header]
    if missing:
        raise OpinionsError(
            f"{path.name} 第 1 行：既不是 participants-votes.csv（第一列 participant），也缺少列 {'、'.join(missing)}。"
        )
    return _list(path, removed)


def _removed(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["comment-id"] for row in csv.DictReader(file) if row.get("moderated") == "-1"}


def _list(path: Path, removed: set[str]) -> Votes:
    """One vote a line, in order of time; of two votes of one person on one statement the later counts."""
    found: list[tuple[int, str, str, int]] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                found.append((int(row["timestamp"]), row["voter-id"], row["comment-id"], int(row["vote"])))
            except (TypeError, ValueError) as wrong:
                raise OpinionsError(f"{path.name} 第 {reader.line_num} 行：时间和表态应当是整数（{wrong}）。") from None
    found.sort(key=lambda one: one[0])
    statements = sorted({one[2] for one in found}, key=_by_number)
    participants = sorted({one[1] for one in found}, key=_by_number)
    return Votes.of((one[1:] for one in found), participants=participants, statements=statements, removed=removed)


def _by_number(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdigit() else (2**62, name)


def _table(path: Path, raw: bytes, header: list[str], removed: set[str]) -> Votes:
    """A line a participant, a column a statement: read as bytes, since most of a million cells are empty."""
    statements = [(n, name) for n, name in enumerate(header) if name.isdigit()]
    if not statements:
        raise OpinionsError(f"{path.name} 第 1 行：没有一列是意见的编号。")
    first = statements[0][0]
    if [name for name in header[first:] if not name.isdigit()]:
        raise OpinionsError(f"{path.name} 第 1 行：意见的编号要排在其他列的后面。")
    text: NDArray[np.uint8] = np.frombuffer(raw, dtype=np.uint8)[raw.index(b"\n") + 1 :]
    ends = np.flatnonzero((text == COMMA) | (text == NEWLINE))
    breaks = np.flatnonzero(text[ends] == NEWLINE)
    wide = np.diff(breaks, prepend=-1)
    if (wide != len(header)).any():
        line = int(np.flatnonzero(wide != len(header))[0]) + 2
        raise OpinionsError(f"{path.name} 第 {line} 行：有 {wide[line - 2]} 列，表头有 {len(header)} 列。")
    starts = np.concatenate([np.zeros(1, dtype=ends.dtype), ends[:-1] + 1]).reshape(-1, len(header))
    stops = ends.reshape(-1, len(header))
    people = tuple(bytes(text[a:b]).decode() for a, b in zip(starts[:, 0], stops[:, 0], strict=True))
    length = (stops - starts)[:, first:]
    rows, columns = np.nonzero(length)
    at, size = starts[:, first:][rows, columns], length[rows, columns]
    values = _values(path, text, at, size, rows)
    return Votes(
        people,
        tuple(name for _, name in statements),
        rows.astype(np.int64),
        columns.astype(np.int64),
        values,
        np.array([name in removed for _, name in statements], dtype=np.bool_),
    )


def _values(
    path: Path, text: NDArray[np.uint8], at: NDArray[np.int64], size: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.int8]:
    sign, last = text[at], text[at + size - 1]
    plain = (size == 1) & ((last == ZERO) | (last == ONE))
    against = (size == 2) & (sign == MINUS) & (last == ONE)
    if not (plain | against).all():
        line = int(rows[~(plain | against)][0]) + 2
        raise OpinionsError(f"{path.name} 第 {line} 行：表态只能是 1、0、-1 或空着。")
    return np.where(against, -1, np.where(last == ONE, 1, 0)).astype(np.int8)
