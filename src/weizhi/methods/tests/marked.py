"""Reads the pairs that were marked, and the messages they are about (data/README.md)."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from weizhi.methods.text.features import Message

POOLED = ("first", "open", "held")  # found by simple methods; "bands" by how alike the method thinks them
PAIRS = Path(__file__).parent / "data/duplicate_pairs.csv"


@dataclass(frozen=True)
class Pair:
    first: str
    second: str
    same: bool
    part: str


def pairs(*parts: str) -> list[Pair]:
    """Those of these parts, or all."""
    with PAIRS.open(encoding="utf-8") as lines:
        rows = [Pair(row["first"], row["second"], row["same"] == "1", row["part"]) for row in csv.DictReader(lines)]
    return [row for row in rows if not parts or row.part in parts]


def messages(shared: Path) -> list[Message]:
    lines = (shared / "data/messages/messages.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Message(str(row["id"]), row["title"], row["text"], row["from"]) for row in rows]


def asked(*parts: str) -> list[tuple[str, str]]:
    """Both directions of every pair that is the same."""
    found = [(one.first, one.second) for one in pairs(*parts) if one.same]
    return [*found, *((second, first) for first, second in found)]


def topics_of(marked: Iterable[Pair]) -> list[set[str]]:
    """Messages joined by pairs that are the same; a topic holds together, so its members are all the same."""
    of: dict[str, set[str]] = {}
    for one in marked:
        if one.same:
            joined = of.get(one.first, {one.first}) | of.get(one.second, {one.second})
            of.update(dict.fromkeys(joined, joined))
    found: dict[int, set[str]] = {id(topic): topic for topic in of.values()}
    return list(found.values())


def same_by_topic() -> dict[str, set[str]]:
    """For each message all that are the same, those of its topic that nobody marked beside it too."""
    found: dict[str, set[str]] = defaultdict(set)
    for topic in topics_of(pairs()):
        for key in topic:
            found[key] = topic - {key}
    return found
