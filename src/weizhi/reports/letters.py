"""Letters in a file (JSON lines or CSV) as people have them: what was written, and when. Pure."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from weizhi.methods.text.opened import BadFile, cannot_open, text_of

__all__ = ["BadFile", "BadLine", "Letter", "Unread", "read_letters"]

ZONE = ZoneInfo("Asia/Shanghai")
# What the columns are called in the files that we have seen, in the order in which they are asked for.
NAMES = {
    "id": ("id", "编号", "留言编号", "工单编号"),
    "time": ("time", "at", "created_at", "date", "时间", "留言时间", "日期"),
    "title": ("title", "subject", "标题", "主题", "留言主题"),
    "text": ("text", "words", "content", "body", "内容", "留言详情", "详情"),
}
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")


class BadLine(Exception):
    """A line that cannot be brought in; says what to do."""


@dataclass(frozen=True)
class Letter:
    """One message. `id` tells it from the others of its file, also when the file is read again."""

    line: int
    id: str
    at: datetime
    words: str


@dataclass(frozen=True)
class Unread:
    """A line that is no letter, and why."""

    line: int
    why: str


def read_letters(path: Path) -> Iterator[Letter | Unread]:
    """Each line of the file, in order. Raises BadFile."""
    readers = {".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _csv_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadFile(f"{path}：不认识这种文件。请用 .jsonl（每行一个 JSON）或 .csv。")
    for line, row in reader(_text(path), path):
        try:
            yield _letter(line, row)
        except BadLine as bad:
            yield Unread(line, str(bad))


def _text(path: Path) -> str:
    try:
        return text_of(path.read_bytes(), str(path))
    except OSError as error:
        raise cannot_open(path, error) from None


def _json_lines(text: str, path: Path) -> Iterator[tuple[int, str | Mapping[str, Any]]]:
    # Not splitlines(): it also breaks at characters that may stand inside a JSON string (U+2028).
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, str | Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = [column.strip() for column in reader.fieldnames or []]
    for asked in ("time", "text"):
        if not set(NAMES[asked]) & set(columns):
            raise BadFile(f"{path}:1：没有“{'”或“'.join(NAMES[asked])}”这一列。第一行请写列名。")
    for row in reader:
        yield reader.line_num, {str(key).strip(): value for key, value in row.items() if key is not None}


def _letter(line: int, given: str | Mapping[str, Any]) -> Letter:
    row = _object(given) if isinstance(given, str) else given
    found = {name: _first(row, names) for name, names in NAMES.items()}
    words = "\n".join(part for part in (found["title"], found["text"]) if part)
    if not found["text"]:
        raise BadLine(f"没有正文。请填“{NAMES['text'][0]}”（或“内容”）。")
    at = _time(found["time"])
    return Letter(line, found["id"] or hashlib.sha256(f"{found['time']}\n{words}".encode()).hexdigest(), at, words)


def _object(line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadLine(f"不是一行完整的 JSON（{error}）。请检查引号和括号。") from None
    if not isinstance(row, dict):
        raise BadLine("每一行要是一个 JSON 对象，写在花括号里。")
    return row


def _first(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(row[name]).strip() for name in names if row.get(name) not in (None, "")), "")


def _time(text: str) -> datetime:
    """The instant; without a zone it is Shanghai's clock."""
    for form in TIMES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadLine(f"看不懂时间“{text}”。请写成 2026-03-01 09:30。") from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)
