"""What a count needs of each row and no more: a town's vote is hundreds of thousands of them, in memory together."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db.models import QuerySet

from weizhi.decisions.models import Entitlement

CHUNK = 2000


@contextmanager
def unsearched() -> Iterator[None]:
    """While so many rows are read, nobody looks among them again and again for circles to throw away: they hold none,
    and the looking takes a fifth of a count."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Voiced(Protocol):
    """An opened envelope, as far as a count asks for it: whose word for which line, and how it came in."""

    @property
    def pk(self) -> UUID: ...
    @property
    def entitlement_id(self) -> UUID: ...
    @property
    def voice(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def signed(self) -> bool: ...


class OnRoll(Protocol):
    """A line of the roll, as far as a count asks for it."""

    @property
    def pk(self) -> UUID: ...
    @property
    def n(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def label(self) -> str: ...
    @property
    def head(self) -> str: ...
    @property
    def area(self) -> int: ...
    @property
    def grid(self) -> str: ...


class Line(NamedTuple):
    pk: UUID
    n: int
    kind: str
    person_id: UUID | None
    label: str
    head: str
    area: int
    grid: str


class Opened(NamedTuple):
    """What is left of an envelope once its choice is read."""

    pk: UUID
    entitlement_id: UUID
    voice: str
    channel: str
    signed: bool
    receipt: str


class Outside(NamedTuple):
    """An envelope with what stands on it: `receipts.Inside`."""

    pk: UUID
    vote_id: UUID
    entitlement_id: UUID
    voice: str
    receipt: str
    channel: str
    cast_at: datetime
    cast_by_id: UUID
    recorded_by_id: UUID | None
    evidence: str
    signed: bool
    rank: int

    @property
    def opened(self) -> Opened:
        return Opened(self.pk, self.entitlement_id, self.voice, self.channel, self.signed, self.receipt)


def lines_of_roll(roll: UUID) -> list[Line]:
    """The lines that count, in their order. What says the same on many lines is in memory once."""
    same: dict[str, str] = {}
    rows: QuerySet[Entitlement, Any] = Entitlement.objects.filter(roll=roll).standing().order_by("n")
    return [
        Line(pk, n, same.setdefault(kind, kind), person, label, head, area, same.setdefault(grid, grid))
        for pk, n, kind, person, label, head, area, grid in rows.values_list(*Line._fields).iterator(chunk_size=CHUNK)
    ]
