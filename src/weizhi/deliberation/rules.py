"""The law of meetings, pure: seats, quorum, the order of an agenda."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from weizhi.charters.deliberating import Quorum
from weizhi.charters.periods import ZONE
from weizhi.charters.words import parse_fraction

# 轻重缓急: what is urgent first, among equals what has waited longest.
URGENCIES = ("high", "ordinary", "low")
INVITED_AT = time(9)  # an invitation does not come at night
DOORS_OPEN = timedelta(hours=1)


@dataclass(frozen=True)
class Seat:
    """A seat of the body: `n` from 1, whose it is in words, and as a key of access without its place.

    Whoever holds `who` anywhere within the meeting's place may take it: a community's meeting has a seat for its
    property companies, and each of them stands at an estate of its own.
    """

    n: int
    title: str
    who: str
    group: str = ""
    group_title: str = ""

    @property
    def key(self) -> str:
        """The post or body as the charter names it."""
        return self.who.partition(":")[2]

    def is_for(self, keys: Iterable[str], path: str) -> bool:
        """Whether somebody with these keys may take it at a meeting of this place."""
        return any(within(key, self.who, path) for key in keys)


def asked(quorum: Quorum | None, seats: int) -> int:
    """How many seats must be filled: 以上 includes the number, 超过 does not (民法典 1259). Without a rule, one."""
    if quorum is None:
        return min(1, seats)
    upper, lower = parse_fraction(quorum.seats)
    return upper * seats // lower + 1 if quorum.more_than else -(-upper * seats // lower)


@dataclass(frozen=True)
class Lack:
    """A class of seats of which too few are filled."""

    title: str
    have: int
    need: int


def lacking(quorum: Quorum | None, seats: Sequence[Seat], taken: Collection[int]) -> list[Lack]:
    """The classes of seats that the quorum asks for and that are not there. A seat counts, whoever sits on it."""
    found = []
    for group, share in (quorum.each if quorum else {}).items():
        own = [seat for seat in seats if seat.group == group]
        upper, lower = parse_fraction(share)
        need, have = -(-upper * len(own) // lower), sum(seat.n in taken for seat in own)
        if have < need:
            found.append(Lack(next((seat.group_title for seat in own), "") or group, have, need))
    return found


def within(key: str, who: str, path: str) -> bool:
    """Whether a key of access is that of `who` at this place or below it."""
    office, _at, place = key.partition("@")
    return office == who and (place == path or place.startswith(f"{path}/"))


def seat_for(seats: Sequence[Seat], taken: Collection[int], keys: Collection[str], path: str) -> Seat | None:
    """The first free seat that somebody with these keys may take."""
    return next((seat for seat in seats if seat.n not in taken and seat.is_for(keys, path)), None)


def rank(urgency: str) -> int:
    """Where a topic's urgency stands on the agenda."""
    return URGENCIES.index(urgency) if urgency in URGENCIES else URGENCIES.index("ordinary")


def invited_at(starts_at: datetime, days: int) -> datetime:
    """When those with a seat are invited: so many days before, at nine in the morning."""
    day = (starts_at.astimezone(ZONE) - timedelta(days=days)).date()
    return min(datetime.combine(day, INVITED_AT, ZONE), starts_at)


def hands_fit(hands: Iterable[int | None], seated: int) -> bool:
    """Whether a show of hands is one of those who sit there."""
    counted = [hand or 0 for hand in hands]
    return all(hand >= 0 for hand in counted) and sum(counted) <= seated


class Fate(StrEnum):
    """What became of something that a meeting resolved."""

    DONE = "done"
    GOING = "going"
    LATE = "late"
    DROPPED = "dropped"


OPEN_FATES = (Fate.GOING, Fate.LATE)


def fate(*, done: bool, ended: bool, until: date | None, today: date) -> Fate:
    """Done is what the charter marks as done, or what ended as solved; late is what is not, after its last day."""
    if done:
        return Fate.DONE
    if ended:
        return Fate.DROPPED
    return Fate.LATE if until is not None and until < today else Fate.GOING


class Signature(NamedTuple):
    """Who signed minutes: as one of those who may hold the meeting, as one of those whom the charter names, or both."""

    who: str
    chairs: bool
    others: bool


def signed(given: Sequence[Signature], others: int) -> bool:
    """Whether minutes are signed: one who may hold the meeting, and so many other people of those named."""
    named = {one.who for one in given if one.others}
    return any(one.chairs and len(named - {one.who}) >= others for one in given)
