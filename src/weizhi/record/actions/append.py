"""The low door: every entry of the record is made here and nowhere else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from weizhi.people.models import Person
from weizhi.places.writing import insert, insert_one
from weizhi.record.canonical import canonical
from weizhi.record.leaves import ACT_PART, ACTOR_PART, new_salt
from weizhi.record.models import Entry, Payload, Stream

PUBLIC, COMMUNITY, HOUSEHOLD, SENSITIVE = 0, 1, 2, 3  # classes of personal data, TRUST.md §3
RESERVED_PARTS = {ACT_PART, ACTOR_PART}  # the sealer's own: record/opening.py


@dataclass(frozen=True)
class Part:
    """What was said, in words, fields or files; kept apart from the entry so that it can be erased."""

    name: str
    body: Any
    grade: int = COMMUNITY


@dataclass(frozen=True)
class Deed:
    """Who did it, in which post, for whom, when, and under which key it may be sent again."""

    at: datetime
    actor: Person | None = None
    holding_id: UUID | None = None
    on_behalf_of: Person | None = None
    told_at: datetime | None = None
    key: str | None = None
    request_hash: str = ""
    charter_hash: str = ""
    step: str = ""
    round: int = 1
    public: dict[str, Any] = field(default_factory=dict)


def lock(stream_ids: Iterable[UUID]) -> dict[UUID, Stream]:
    """Lock streams in the house's order (by id). On SQLite the IMMEDIATE transaction is the lock."""
    assert transaction.get_connection().in_atomic_block, "a lock outside a transaction holds nothing"
    rows = Stream.objects.select_for_update().filter(pk__in=set(stream_ids)).order_by("pk")
    return {stream.pk: stream for stream in rows}


def append(stream: Stream, verb: str, deed: Deed, parts: Sequence[Part] = ()) -> Entry:
    """Append one entry to a locked (or new, unsaved) stream. Two queries, three with parts."""
    assert transaction.get_connection().in_atomic_block
    canonical(deed.public)
    stream.head += 1
    if stream._state.adding:
        stream.salt = stream.salt or new_salt()
        insert_one(stream)
    else:
        stream.save(update_fields=["head"])
    entry = Entry(
        id=uuid7(),
        community_id=stream.community_id,
        stream=stream,
        n=stream.head,
        verb=verb,
        step=deed.step,
        round=deed.round,
        actor=deed.actor,
        holding_id=deed.holding_id,
        on_behalf_of=deed.on_behalf_of,
        at=deed.at,
        told_at=deed.told_at,
        key=deed.key,
        request_hash=deed.request_hash,
        charter_hash=deed.charter_hash,
        public=deed.public,
    )
    insert_one(entry)
    insert([_payload(entry, part) for part in parts])
    return entry


def _payload(entry: Entry, part: Part) -> Payload:
    # What has no canonical form (a float, an instant without a zone) could never be sealed: refuse it now.
    canonical(part.body)
    if part.name in RESERVED_PARTS:
        raise ValueError(f"every entry has its own part {part.name!r}")
    row = Payload(id=uuid7(), entry=entry, part=part.name, grade=part.grade, salt=new_salt())
    if part.grade == SENSITIVE:
        row.seal(part.body)
    else:
        row.body = part.body
    return row
