"""From rows to what a leaf commits to: the parts of an entry, each shown, withheld or erased."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from weizhi.record.canonical import instant, minute
from weizhi.record.leaves import ACT_PART, ACTOR_PART, act_salt, commitment, entry_leaf
from weizhi.record.models import Entry, Payload, Stream
from weizhi.record.published import Part, PublishedEntry
from weizhi.secrets.keyring import DecryptionError

ERASE_VERB, ERASED_PART = "erase", "erased"
# What was done is the community's; by whom is the household's business, also as a mere number.
ACT_GRADE, ACTOR_GRADE = 1, 2
# Stands where a row was damaged so that nothing can be computed: no leaf commits to it.
UNREADABLE = bytes(32)


def act_value(entry: Entry) -> dict[str, Any]:
    """Return what was done, without who did it."""
    return {
        "at": instant(entry.at),
        "charter": entry.charter_hash,
        "public": entry.public,
        "round": entry.round,
        "step": entry.step,
        "told_at": instant(entry.told_at) if entry.told_at else None,
    }


def actor_value(entry: Entry) -> dict[str, str | None]:
    """Return who did it, in which post and for whom; read from the entry, so that a changed row is found."""
    ids = {"person": entry.actor_id, "holding": entry.holding_id, "on_behalf_of": entry.on_behalf_of_id}
    return {name: str(found) if found else None for name, found in ids.items()}


def stream_commitment(stream: Stream) -> bytes:
    """Return what stands for the stream: the same in all its leaves, and nobody can tell which matter it is."""
    return commitment(bytes(stream.salt), stream.pk)


def parts_of(
    entry: Entry, payloads: Iterable[Payload], erased: Mapping[str, bytes] | None = None, grade: int = 3
) -> dict[str, Part]:
    """Return the parts of an entry, those above the grade withheld. The stream must be loaded."""
    found = {ACT_PART: _shown(act_salt(bytes(entry.stream.salt), entry.n), act_value(entry))}
    grades = {ACT_PART: ACT_GRADE}
    for row in payloads:
        value = actor_value(entry) if row.part == ACTOR_PART else _read(row)
        found[row.part], grades[row.part] = _shown(bytes(row.salt), value), row.grade
    told = {name: part if grades[name] <= grade else part.withheld for name, part in found.items()}
    gone = {name: Part(hashed, erased=True) for name, hashed in (erased or {}).items()}
    return {**gone, **told}


def leaf_of(entry: Entry, parts: Mapping[str, Part]) -> bytes:
    """Return the leaf hash of an entry with these parts."""
    return entry_leaf(
        community=entry.community_id,
        stream=stream_commitment(entry.stream),
        n=entry.n,
        verb=entry.verb,
        at_minute=minute(entry.at),
        parts={name: part.commitment for name, part in parts.items()},
    )


def published(entry: Entry, parts: Mapping[str, Part], index: int | None, leaf: bytes | None) -> PublishedEntry:
    """Return an entry as an export shows it."""
    return PublishedEntry(
        stream=stream_commitment(entry.stream),
        n=entry.n,
        verb=entry.verb,
        at_minute=minute(entry.at),
        parts=parts,
        index=index,
        leaf=leaf,
    )


def erased_commitments(community_id: UUID) -> dict[str, dict[str, bytes]]:
    """Return what was erased by law, entry by entry: the commitments stand in the entries that erased it."""
    found: dict[str, dict[str, bytes]] = {}
    rows = Payload.objects.filter(entry__community_id=community_id, entry__verb=ERASE_VERB, part=ERASED_PART)
    for row in rows:
        for gone in (row.body or {}).get("parts", []):
            found.setdefault(gone["entry"], {})[gone["part"]] = bytes.fromhex(gone["commitment"])
    return found


def _shown(salt: bytes, value: Any) -> Part:
    try:
        return Part.shown(salt, value)
    except ValueError:
        return Part(UNREADABLE)


def _read(row: Payload) -> Any:
    """A row that somebody damaged must not stop an export: the verifier then names its entry."""
    if row.cipher is None:
        return row.body
    try:
        return row.read()
    except (DecryptionError, ValueError):
        return None
