"""Messages for the verbs about text: one JSON object a line, with id, title, text, and perhaps from and label."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weizhi.cli.methods.answering import Wrong

if TYPE_CHECKING:
    from weizhi.methods.text.features import Message

HELP = '{"id": 1, "title": …, "text": …} on each line'


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects; a line that is none is named."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            raise Wrong(f"{path}：第 {number} 行不是 JSON。每行要写一个对象，例如 {HELP.split(' on ')[0]}。") from None
        if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("title"), str):
            raise Wrong(f"{path}：第 {number} 行少了“id”或“title”。")
        yield row


def message(row: dict[str, Any]) -> "Message":
    from weizhi.methods.text.features import Message

    return Message(str(row["id"]), row["title"], str(row.get("text") or ""), str(row.get("from") or ""))


def messages(path: Path) -> list["Message"]:
    found = [message(row) for row in rows(path)]
    if not found:
        raise Wrong(f"{path}：里面没有留言。")
    return found


def confirmed(path: Path) -> tuple[list["Message"], list[str]]:
    """Messages and the labels that people confirmed."""
    found = [(message(row), str(row["label"])) for row in rows(path) if row.get("label")]
    if not found:
        raise Wrong(f"{path}：没有一条写着“label”（已确认的类别）。")
    return [one for one, _ in found], [label for _, label in found]
