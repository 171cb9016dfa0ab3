"""Honest histories without a database, and a superuser's hands to tamper with what was exported."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from weizhi.record.canonical import minute
from weizhi.record.leaves import ACT_PART, ACTOR_PART, act_salt, commitment, entry_leaf
from weizhi.record.merkle import root_of
from weizhi.record.published import Part, PublishedEntry, RootStatement, header_line, root_line
from weizhi.secrets.keyring import Keyring, new_keyring

START = datetime(2026, 3, 6, 2, 15, tzinfo=UTC)
KEYS = new_keyring()
WORDS = ["灯坏了", "垃圾桶太近", "谢谢小周", "已经修好", "不满意，还是不亮", ""]


@dataclass
class History:
    """A community's log as it grew; `export` writes what a stranger downloads."""

    chance: random.Random
    community: UUID = field(init=False)
    entries: list[PublishedEntry] = field(default_factory=list)
    sealed: int = 0
    roots: list[dict[str, Any]] = field(default_factory=list)
    keys: Keyring = KEYS
    made_as: str = "live"

    def __post_init__(self) -> None:
        self.community = UUID(int=self.chance.getrandbits(128))
        self.salts = [self.chance.randbytes(32) for _ in range(self.chance.randint(1, 5))]
        self.heads = [0] * len(self.salts)
        self.now = START

    def act(self) -> None:
        """Append one entry to a random stream."""
        which = self.chance.randrange(len(self.salts))
        self.heads[which] += 1
        self.now += timedelta(seconds=self.chance.randint(0, 300))
        n, salt = self.heads[which], self.salts[which]
        parts = {
            ACT_PART: Part.shown(act_salt(salt, n), {"step": "sort", "public": {"outcome": "yes"}}),
            ACTOR_PART: Part.shown(self.chance.randbytes(32), {"person": str(UUID(int=self.chance.getrandbits(128)))}),
        }
        for name in self.chance.sample(["words", "fields", "photo-1"], self.chance.randint(0, 3)):
            parts[name] = Part.shown(self.chance.randbytes(32), {"text": self.chance.choice(WORDS)})
        stream = commitment(salt, f"stream-{which}")
        self.entries.append(PublishedEntry(stream, n, self.chance.choice(["raise", "sort"]), minute(self.now), parts))

    def seal(self) -> None:
        """Give every unsealed entry its place."""
        for index in range(self.sealed, len(self.entries)):
            entry = self.entries[index]
            hashes = {name: part.commitment for name, part in entry.parts.items()}
            leaf = entry_leaf(
                community=self.community, stream=entry.stream, n=entry.n, verb=entry.verb,
                at_minute=entry.at_minute, parts=hashes,
            )  # fmt: skip
            self.entries[index] = PublishedEntry(
                entry.stream, entry.n, entry.verb, entry.at_minute, entry.parts, index, leaf
            )
        self.sealed = len(self.entries)

    def publish(self) -> dict[str, Any]:
        """Sign the root over what is sealed, as it would be printed and kept elsewhere."""
        root = root_of(entry.leaf or b"" for entry in self.entries[: self.sealed])
        stated = RootStatement(self.community, self.sealed, root, self.now, self.made_as)
        row = stated.file_row(
            signature=self.keys.sign(stated.signed_bytes()), key_id=self.keys.signing_key_id,
            public_key=self.keys.public_key(),
        )  # fmt: skip
        self.roots.append(row)
        return row

    def withhold(self) -> None:
        """Withhold and erase parts at random, as an export for strangers does."""
        for index, entry in enumerate(self.entries):
            parts = dict(entry.parts)
            for name, part in parts.items():
                fate = self.chance.random()
                if fate < 0.4:
                    parts[name] = Part(part.commitment, erased=fate < 0.15)
            self.entries[index] = PublishedEntry(
                entry.stream, entry.n, entry.verb, entry.at_minute, parts, entry.index, entry.leaf
            )

    def export(self) -> list[str]:
        """Return the lines of record.jsonl."""
        head = header_line(
            community=self.community, slug="xfl", name="幸福里", made_as=self.made_as, at=self.now,
            entries=len(self.entries), sealed=self.sealed,
        )  # fmt: skip
        lines = [head, *(entry.line() for entry in self.entries), *(root_line(row) for row in self.roots)]
        return [line.decode() for line in lines]


def honest(seed: int, *, most: int = 20) -> tuple[History, dict[str, Any]]:
    """Return a history with a root kept at some moment, and more that happened after it."""
    history = History(random.Random(seed))
    for _ in range(history.chance.randint(1, most)):
        history.act()
    history.seal()
    kept = history.publish()
    for _ in range(history.chance.randint(0, 3)):
        for _ in range(history.chance.randint(0, 8)):
            history.act()
        if history.chance.random() < 0.7:
            history.seal()
            history.publish()
    return history, kept


def relabelled(rows: list[dict[str, Any]]) -> list[str]:
    """Number the sealed entries anew and mend the header, as somebody would who rewrites history."""
    index = 0
    for row in rows:
        if row["type"] == "entry" and row["index"] is not None:
            row["index"], index = index, index + 1
    rows[0]["entries"], rows[0]["sealed"] = sum(row["type"] == "entry" for row in rows), index
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def forged_leaf(rows: list[dict[str, Any]], row: dict[str, Any]) -> None:
    """Recompute a row's leaf hash after it was changed."""
    hashes = {
        name: commitment(bytes.fromhex(part["salt"]), part["value"]) if "salt" in part
        else bytes.fromhex(part["commitment"])
        for name, part in row["parts"].items()
    }  # fmt: skip
    row["leaf"] = entry_leaf(
        community=UUID(rows[0]["community"]), stream=bytes.fromhex(row["stream"]), n=row["n"], verb=row["verb"],
        at_minute=row["minute"], parts=hashes,
    ).hex()  # fmt: skip


Tampering = Callable[[list[dict[str, Any]], int, random.Random], None]


def edit(rows: list[dict[str, Any]], covered: int, chance: random.Random) -> None:
    row = rows[1 + chance.randrange(covered)]
    what = chance.choice(["value", "verb", "minute", "part gone", "part new", "commitment", "salt"])
    part = row["parts"][chance.choice(sorted(row["parts"]))]
    if what == "value":
        part.pop("commitment", None)
        part.update(value={"text": "另外的话"}, salt=chance.randbytes(32).hex())
    elif what == "verb":
        row["verb"] += "d"
    elif what == "minute":
        row["minute"] = "2026-03-05T00:00Z"
    elif what == "part gone":
        row["parts"].pop(chance.choice(sorted(row["parts"])))
    elif what == "part new":
        row["parts"]["words-2"] = {"salt": "00" * 32, "value": "加的话"}
    else:
        part.clear()
        part.update(commitment=chance.randbytes(32).hex(), erased=chance.random() < 0.5)
    forged_leaf(rows, row)


def delete(rows: list[dict[str, Any]], covered: int, chance: random.Random) -> None:
    del rows[1 + chance.randrange(covered)]


def insert(rows: list[dict[str, Any]], covered: int, chance: random.Random) -> None:
    place = 1 + chance.randrange(covered)
    row = json.loads(json.dumps(rows[place]))
    if chance.random() < 0.5:
        row["stream"], row["n"] = chance.randbytes(32).hex(), 1
    forged_leaf(rows, row)
    rows.insert(place, row)


def reorder(rows: list[dict[str, Any]], covered: int, chance: random.Random) -> None:
    first, second = chance.sample(range(1, 1 + covered), 2)
    rows[first], rows[second] = rows[second], rows[first]


def truncate(rows: list[dict[str, Any]], covered: int, chance: random.Random) -> None:
    """Cut the end of the log, at least one entry under the kept root, and every root that would tell."""
    left = chance.randrange(covered)
    rows[1:] = rows[1 : 1 + left]


TAMPERINGS: list[Tampering] = [edit, delete, insert, reorder, truncate]
