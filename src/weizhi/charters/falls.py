"""On which days the calendar of a charter falls: the rule's days, moved by holidays, and when each opens its matter.

A date is named by the day of its *rule*: the day itself moves when the State Council announces a holiday, the name
does not. Where the days that move it are not announced yet, it is provisional and is worked out again when they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from dateutil.relativedelta import relativedelta

from .models import Charter
from .periods import ZONE, OfficeHours, Period, parse_period
from .recurrence import days_of
from .rhythm import CalendarEntry
from .workdays import ONE_DAY, WorkCalendar

# Whence a rule without `starts` counts ("every second week"): a Monday, and the first of a month and a century.
EPOCH: Final = date(2001, 1, 1)
LAST_YEAR: Final = 2099  # as far as the lunar calendar is tabulated
YEARS_AHEAD: Final = 40  # a rule that has no day for so long has none any more
MORNING: Final = time(9)  # where neither the entry nor the desk says an hour
LONGEST_MOVE: Final = timedelta(days=31)  # no row of days off is so long


@dataclass(frozen=True)
class Fall:
    """One date of a calendar: the rule's day, the day it moved to, the instant itself, and when its matter opens."""

    rule_day: date
    day: date
    at: datetime
    opens_at: datetime
    calendar_version: str
    provisional: bool


def days_between(entry: CalendarEntry, first: date, last: date) -> Iterator[date]:
    """The days of the entry's rule from `first` to `last`, both included, before anything moves them."""
    for year in range(max(first.year, EPOCH.year), min(last.year, LAST_YEAR) + 1):
        for day in _days_in(entry.rrule, entry.lunar, entry.starts or EPOCH, year):
            if first <= day <= last:
                yield day


@lru_cache(maxsize=512)
def _days_in(rrule: str | None, lunar: str | None, starts: date, year: int) -> tuple[date, ...]:
    """A rule is read from where it starts, so that "every second week" keeps its weeks; once a year and process."""
    end = date(year, 12, 31)
    found = days_of(rule=rrule, lunar=lunar, start=starts, end=end) if starts <= end else ()
    return tuple(day for day in found if day.year == year)


def falls_from(
    entry: CalendarEntry, since: date, calendar: WorkCalendar, hours: OfficeHours | None = None
) -> Iterator[Fall]:
    """The dates whose rule falls on `since` or later, in order; days that moved onto the one before are one date."""
    earlier = since - LONGEST_MOVE
    last = date(min(since.year + YEARS_AHEAD, LAST_YEAR), 12, 31)
    moved = ((day, moved_day(entry, day, calendar)) for day in days_between(entry, earlier, last))
    for (_, before), (rule_day, day) in pairwise(_after_nothing(moved)):
        if rule_day >= since and day != before:
            yield _fall(entry, rule_day, day, calendar, hours)


def next_after(charter: Charter, entry: CalendarEntry, instant: datetime, calendar: WorkCalendar) -> Fall | None:
    """The first date that is still to come at `instant`."""
    since = instant.astimezone(ZONE).date() - LONGEST_MOVE
    found = falls_from(entry, since, calendar, charter.office_hours)
    return next((fall for fall in found if fall.at > instant), None)


def following(
    charter: Charter, entry: CalendarEntry, rule_day: date, instant: datetime, calendar: WorkCalendar
) -> Fall | None:
    """The date after the one of this rule day; none that had passed at `instant`, when the charter was adopted."""
    found = falls_from(entry, rule_day + ONE_DAY, calendar, charter.office_hours)
    return next((fall for fall in found if fall.at > instant), None)


def fall_of(charter: Charter, entry: CalendarEntry, rule_day: date, calendar: WorkCalendar) -> Fall:
    """How the date of this rule day falls now: where to it moves, and when it opens."""
    return _fall(entry, rule_day, moved_day(entry, rule_day, calendar), calendar, charter.office_hours)


def fall_on(charter: Charter, entry: CalendarEntry, day: date, calendar: WorkCalendar) -> Fall | None:
    """The date that falls on this day, or whose rule does."""
    near = []
    for fall in falls_from(entry, day - LONGEST_MOVE, calendar, charter.office_hours):
        if fall.rule_day > day + LONGEST_MOVE:
            break
        near.append(fall)
    return next((fall for fall in near if fall.day == day), next((f for f in near if f.rule_day == day), None))


def moved_day(entry: CalendarEntry, day: date, calendar: WorkCalendar) -> date:
    """The day after the entry's `moves`."""
    if entry.moves == "next-working-day":
        return calendar.next_workday(day)
    if entry.moves == "previous-working-day":
        return calendar.previous_workday(day)
    return day


def _after_nothing(moved: Iterator[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    yield date.min, date.min
    yield from moved


def _fall(entry: CalendarEntry, rule_day: date, day: date, calendar: WorkCalendar, hours: OfficeHours | None) -> Fall:
    morning = hours.spans[0][0] if hours else MORNING
    clock = time.fromisoformat(entry.at) if entry.at else morning
    at = datetime.combine(day, clock, ZONE)
    opens, counted = day, False
    if entry.ahead:
        period = parse_period(entry.ahead)
        opens, counted = before(day, period, calendar), period.unit == "working day"
    # People are invited in the morning, not at the hour in the evening at which they will meet.
    opens_at = datetime.combine(opens, morning, ZONE) if entry.ahead else at
    provisional = (entry.moves != "stays" and calendar.uncertain_between(min(rule_day, day), max(rule_day, day))) or (
        counted and calendar.uncertain_between(opens, day)
    )
    return Fall(rule_day, day, at, opens_at, calendar.version, provisional)


def before(day: date, period: Period, calendar: WorkCalendar) -> date:
    """The day so long before this one: whole days between are the period, and the day itself does not count."""
    if period.unit == "working day":
        for _ in range(period.amount):
            day = calendar.previous_workday(day - ONE_DAY)
        return day
    spans = {
        "day": relativedelta(days=period.amount),
        "week": relativedelta(weeks=period.amount),
        "month": relativedelta(months=period.amount),
    }
    return day - spans[period.unit]
