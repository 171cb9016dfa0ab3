"""How a person wants to be told: by which channel what comes at once, in a digest or not at all; and when it is quiet.

On the page everything stands, whatever was chosen: a step that waits for somebody cannot be wished away.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from weizhi.charters.periods import ZONE
from weizhi.people.models import NoticeChoice

EMAIL, TEXT = "email", "sms"
WAYS: Final = (EMAIL, TEXT)
WAITS, ASKED, NEWS = "waits", "asked", "news"
WEIGHTS: Final = (WAITS, ASKED, NEWS)
NOW, DIGEST, OFF = "now", "digest", "off"
DAILY, WEEKLY = NoticeChoice.Every.DAILY, NoticeChoice.Every.WEEKLY
# A text message is short and costs the community money: no digests by it, and nothing unless it is asked for.
OFFERED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({EMAIL: (NOW, DIGEST, OFF), TEXT: (NOW, OFF)})
USUALLY: Final[Mapping[str, str]] = MappingProxyType({EMAIL: NOW, TEXT: OFF})
DIGEST_AT: Final = time(8)
MONDAY: Final = 0


@dataclass(frozen=True)
class Quiet:
    """From when to when nothing leaves the house, by the clock on the wall; over midnight where `since` is later."""

    since: time
    until: time


@dataclass(frozen=True)
class Wishes:
    ways: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    quiet: Quiet | None = Quiet(time(21), time(8))
    every: str = DAILY

    def how(self, way: str, weight: str) -> str:
        chosen = self.ways.get(way, {}).get(weight, "")
        return chosen if chosen in OFFERED[way] else USUALLY[way]


USUAL: Final = Wishes()


def wishes_of(row: NoticeChoice | None) -> Wishes:
    if row is None:
        return USUAL
    quiet = Quiet(row.quiet_from, row.quiet_to) if row.quiet_from is not None and row.quiet_to is not None else None
    return Wishes(row.ways, quiet, row.digest)


def wishes_of_all(people: Iterable[UUID]) -> dict[UUID, Wishes]:
    """Of those who chose something. One query."""
    return {row.person_id: wishes_of(row) for row in NoticeChoice.objects.filter(person__in=set(people))}


def after_quiet(at: datetime, quiet: Quiet | None) -> datetime:
    """`at`, or the end of the quiet hours in which it falls."""
    if quiet is None or quiet.since == quiet.until:
        return at
    local = at.astimezone(ZONE)
    clock, over_midnight = local.time(), quiet.since > quiet.until
    is_quiet = (clock >= quiet.since or clock < quiet.until) if over_midnight else quiet.since <= clock < quiet.until
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1 if over_midnight and clock >= quiet.since else 0)
    return datetime.combine(day, quiet.until, ZONE).astimezone(at.tzinfo)


def next_digest(at: datetime, wishes: Wishes) -> datetime:
    """When the digest goes out that gathers what happens at `at`: the next morning, or on Monday."""
    local = at.astimezone(ZONE)
    first = datetime.combine(local.date(), DIGEST_AT, ZONE)
    first += timedelta(days=1 if first <= local else 0)
    if wishes.every == WEEKLY:
        first += timedelta(days=(MONDAY - first.weekday()) % 7)
    return after_quiet(first, wishes.quiet).astimezone(at.tzinfo)
