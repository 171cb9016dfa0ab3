"""What a rate counts and what it leaves out, and whom a matter came from. Pure: counts in, figures out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")
WEEKS: Final = 12
WEEK: Final = timedelta(days=7)
RESPONDED: Final = ("accepted", "answered")  # marks: somebody took it on, or told whoever raised it
DECIDED: Final = ("accepted", "decided", "done")  # marks: it reached a decision
GOOD, BAD = "good", "bad"


class Left(StrEnum):
    """Why a matter is not in a rate's denominator."""

    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    ELSEWHERE = "elsewhere"
    IN_TIME = "in-time"
    SILENT = "silent"


GONE: Final = (Left.WITHDRAWN, Left.MERGED)  # nobody owed an answer any more, or it is counted with another


@dataclass(frozen=True)
class Rate:
    """`hit` of `of`; what was left out, and how the rest of the denominator went."""

    hit: int = 0
    of: int = 0
    left_out: tuple[tuple[Left, int], ...] = ()
    rest: tuple[tuple[str, int], ...] = ()

    @property
    def percent(self) -> int | None:
        """Whole percents, rounded down: 100 means all. None where there is nothing to count."""
        return self.hit * 100 // self.of if self.of else None


@dataclass(frozen=True)
class Raised:
    """So many matters raised in a week: how they ended (or not), and whether anybody responded."""

    week: int
    counts: str
    responded: bool
    in_time: bool
    number: int


@dataclass(frozen=True)
class Ended:
    """So many matters that ended in a week, by how figures count it."""

    week: int
    counts: str
    number: int


@dataclass(frozen=True)
class Rated:
    """So many times somebody was asked for a rating of what ended in a week; no outcome: nobody answered."""

    week: int
    outcome: str
    number: int


def weeks_until(day: datetime) -> tuple[datetime, ...]:
    """The beginnings of the last twelve weeks of seven days, the last of which holds `day`; then its end."""
    midnight = day.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    end = midnight + timedelta(days=1)
    return tuple(end - WEEK * back for back in range(WEEKS, -1, -1))


def response(rows: Iterable[Raised]) -> Rate:
    """Of what was raised: to how many somebody responded. Left out is what is gone, and what is still in time."""
    hit, of, left = 0, 0, dict[Left, int]()
    for row in rows:
        if row.counts in GONE:
            _add(left, Left(row.counts), row.number)
        elif row.responded:
            hit, of = hit + row.number, of + row.number
        elif row.in_time:
            _add(left, Left.IN_TIME, row.number)
        else:
            of += row.number
    return Rate(hit, of, _sorted(left))


def solution(rows: Iterable[Ended]) -> Rate:
    """Of what ended: how many were solved. What belongs elsewhere could not be solved here."""
    hit, of, left, rest = 0, 0, dict[Left, int](), dict[str, int]()
    for row in rows:
        if row.counts in (*GONE, Left.ELSEWHERE):
            _add(left, Left(row.counts), row.number)
            continue
        of += row.number
        if row.counts == "solved":
            hit += row.number
        else:
            rest[row.counts] = rest.get(row.counts, 0) + row.number
    return Rate(hit, of, _sorted(left), tuple(sorted(rest.items())))


def satisfaction(rows: Iterable[Rated]) -> Rate:
    """Of the ratings given: how many were good. Each counts: a bad word does not vanish behind a better one."""
    found = {GOOD: 0, BAD: 0, "": 0}
    for row in rows:
        found[row.outcome if row.outcome in found else ""] += row.number
    left = ((Left.SILENT, found[""]),) if found[""] else ()
    return Rate(found[GOOD], found[GOOD] + found[BAD], left)


def _add(left: dict[Left, int], why: Left, number: int) -> None:
    left[why] = left.get(why, 0) + number


def _sorted(left: Mapping[Left, int]) -> tuple[tuple[Left, int], ...]:
    order = list(Left)
    return tuple(sorted(left.items(), key=lambda one: order.index(one[0])))


class From(StrEnum):
    """Who raised it: the question of difficulty F7, whether everything comes from above."""

    RESIDENT = "resident"
    GROUP = "group"
    COMMITTEE = "committee"
    DEPARTMENT = "department"
    CALENDAR = "calendar"


GROUPS: Final = ("property-company", "organisation", "unit")
ABOVE: Final = ("street", "district", "city")


@dataclass(frozen=True)
class Origin:
    """How so many matters came in: who, by which channel, and how many of them reached a decision."""

    who: From
    channel: str
    number: int
    decided: int


def raised_by(*, acted: bool, body: str, body_kind: str, level: str, told: bool) -> From:
    """Whom a matter came from, of its first entry: whoever an officer writes it down for raised it, not the officer.

    `body` is the acting body's key ("" where nobody acted in a post), `body_kind` what the charter calls it, `level`
    of which community it is, `told` whether it was written down for somebody.
    """
    if told:
        return From.RESIDENT
    if not acted:
        return From.CALENDAR
    if not body:
        return From.RESIDENT
    if level in ABOVE or body_kind == "government":
        return From.DEPARTMENT
    return From.GROUP if body_kind in GROUPS else From.COMMITTEE
