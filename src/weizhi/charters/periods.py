"""Periods of a charter ("3 working days") and when they end, after 民法典 200-204 and 1259.

* The day of the event does not count (201); hours and minutes run from the instant itself.
* Months and years end on the corresponding day, else on the month's last day (202).
* A last day that is not a working day moves to the next working day (203). Working days do so by nature;
  hours, and a date that somebody chose (204), stand as they are.
* The last day ends at 24:00, or when the desk closes if the charter gives `office_hours` (203).

`Due.at` is the last instant that is still in time: "24:00" is stored as 23:59:59.999999 of the last day,
so that its date is the last day itself and `now <= due.at` means in time ("以内" includes the number, 1259).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from .workdays import ONE_DAY, WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
END_OF_DAY = time.max
MOST, MOST_YEARS = 9999, 100

Unit = Literal["minute", "hour", "office hour", "day", "working day", "week", "month", "year", "field"]
UNITS: dict[str, tuple[Unit, str]] = {
    "minutes": ("minute", "分钟"),
    "hours": ("hour", "小时"),
    "office hours": ("office hour", "个办公小时"),
    "days": ("day", "天"),
    "working days": ("working day", "个工作日"),
    "weeks": ("week", "周"),
    "months": ("month", "个月"),
    "years": ("year", "年"),
}
_BY_WORD: dict[str, tuple[Unit, str]] = {word: unit for name, unit in UNITS.items() for word in (name, name[:-1])}
_PERIOD = re.compile(r"(\d{1,6})\s+([a-z]+(?:\s+[a-z]+)?)")
_FIELD = re.compile(r"field:([a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)?)")
_SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")
_EXAMPLES = "“3 working days”“15 days”“48 hours”“4 office hours”“2 weeks”“3 months”“field:步骤.字段”"


@dataclass(frozen=True)
class Period:
    """A length of time as the charter wrote it; `field` names the step's date field instead of a length."""

    text: str
    amount: int
    unit: Unit
    field: str = ""

    @property
    def words(self) -> str:
        """Say the period in Chinese."""
        if self.unit == "field":
            return "约定的日期"
        return f"{self.amount} {_BY_WORD[self.unit][1]}"


@dataclass(frozen=True)
class OfficeHours:
    """When the desk is open on working days, as ordered spans that do not touch."""

    spans: tuple[tuple[time, time], ...]

    @property
    def closes(self) -> time:
        """Return the hour at which business ends."""
        return self.spans[-1][1]


@dataclass(frozen=True)
class Due:
    """The last instant in time, the words it came from and how sure the calendar was."""

    at: datetime
    words: str
    calendar_version: str
    provisional: bool


def parse_period(text: str) -> Period:
    """Read a period of the charter language; the error says in Chinese how to write it."""
    if match := _FIELD.fullmatch(text):
        return Period(text, 0, "field", match[1])
    match = _PERIOD.fullmatch(text)
    if not match:
        raise ValueError(f"看不懂期限“{text}”。请写成 {_EXAMPLES} 这样。")
    word = " ".join(match[2].split())
    if word not in _BY_WORD:
        near = get_close_matches(word, _BY_WORD, n=1, cutoff=0.0)[0]
        raise ValueError(f"期限“{text}”里没有“{word}”这个单位，最接近的是“{near}”。可用的单位：{'、'.join(UNITS)}。")
    amount = int(match[1])
    unit = _BY_WORD[word][0]
    most = MOST_YEARS if unit == "year" else MOST
    if not 1 <= amount <= most:
        raise ValueError(f"期限“{text}”的数字要在 1 和 {most} 之间。")
    return Period(text, amount, unit)


def parse_office_hours(text: str) -> OfficeHours:
    """Read "09:00-12:00, 14:00-18:00"; spans must follow one another within a day."""
    example = "“09:00-12:00, 14:00-18:00”"
    spans = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part.strip())
        if not match:
            raise ValueError(f"看不懂办公时间“{text}”。请写成 {example} 这样。")
        try:
            spans.append((time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))))
        except ValueError:
            raise ValueError(f"办公时间“{text}”里有不存在的钟点。请写成 {example} 这样。") from None
    ends = [instant for span in spans for instant in span]
    if any(earlier >= later for earlier, later in pairwise(ends)):
        raise ValueError(f"办公时间“{text}”要从早到晚、不重叠。请写成 {example} 这样。")
    return OfficeHours(tuple(spans))


def due(
    start: datetime,
    period: Period,
    *,
    calendar: WorkCalendar,
    office_hours: OfficeHours | None = None,
    field_date: date | None = None,
) -> Due:
    """Return when a period that starts at this instant ends."""
    return stopped(start, period, (), calendar=calendar, office_hours=office_hours, field_date=field_date)


def stopped(
    start: datetime,
    period: Period,
    pauses: Sequence[tuple[datetime, datetime]],
    *,
    calendar: WorkCalendar,
    office_hours: OfficeHours | None = None,
    field_date: date | None = None,
) -> Due:
    """Return when a period ends whose clock stood still during the pauses (a charter's `stops_clock`).

    Clock periods move by the time itself, office hours by the office time, day periods by the days (the
    day on which the clock stops does not count, as in 201), working days by working days. What lies before
    the start or after the end moves nothing. Computed from the start, so a holiday is not added twice.
    """
    course = _Course(_local(start), period, calendar, office_hours, field_date)
    lost = timedelta(0)
    for stops, resumes in _merged(pauses, course.start):
        if stops > course.end(lost):
            break
        lost += course.loss(stops, resumes)
    return course.due(lost)


@dataclass(frozen=True)
class _Course:
    """How one period runs; `lost` is time for clock units and whole days for day units."""

    start: datetime
    period: Period
    calendar: WorkCalendar
    office_hours: OfficeHours | None
    field_date: date | None

    def end(self, lost: timedelta) -> datetime:
        amount, unit = self.period.amount, self.period.unit
        if unit == "minute":
            return _later(self.start, timedelta(minutes=amount) + lost)
        if unit == "hour":
            return _later(self.start, timedelta(hours=amount) + lost)
        if unit == "office hour":
            return _walk_office(self.start, timedelta(hours=amount) + lost, self.calendar, self._hours())
        return self._close(self._last_day(lost))

    def loss(self, stops: datetime, resumes: datetime) -> timedelta:
        unit = self.period.unit
        if unit in ("minute", "hour"):
            return resumes - stops
        if unit == "office hour":
            return _office_time(stops, resumes, self.calendar, self._hours())
        if unit == "working day":
            return timedelta(days=self.calendar.workdays_between(stops.date(), resumes.date()))
        return resumes.date() - stops.date()

    def due(self, lost: timedelta) -> Due:
        at, unit = self.end(lost), self.period.unit
        if unit in ("minute", "hour", "field"):
            provisional = False
        elif unit in ("working day", "office hour"):
            provisional = self.calendar.uncertain_between(self.start.date(), at.date())
        else:
            # Only the days that decide whether the last day moves matter.
            provisional = self.calendar.uncertain_between(self._nominal_day(lost), at.date())
        return Due(at, self.period.text, self.calendar.version, provisional)

    def _last_day(self, lost: timedelta) -> date:
        if self.period.unit == "working day":
            return self.calendar.add_workdays(self.start.date(), self.period.amount + lost.days)
        if self.period.unit == "field":
            return self._nominal_day(lost)
        return self.calendar.next_workday(self._nominal_day(lost))

    def _nominal_day(self, lost: timedelta) -> date:
        day, amount = self.start.date(), self.period.amount
        steps = {
            "day": relativedelta(days=amount),
            "week": relativedelta(weeks=amount),
            "month": relativedelta(months=amount),
            "year": relativedelta(years=amount),
        }
        if self.period.unit == "field":
            if self.field_date is None:
                raise ValueError(f"期限“{self.period.text}”指的日期还没有填。请先填这个日期。")
            return self.field_date + lost
        return day + steps[self.period.unit] + lost

    def _close(self, day: date) -> datetime:
        closes = self.office_hours.closes if self.office_hours else END_OF_DAY
        return datetime.combine(day, closes, ZONE)

    def _hours(self) -> OfficeHours:
        if self.office_hours is None:
            raise ValueError(f"期限“{self.period.text}”按办公时间算，但章程没有写 office_hours。请在章程里写上。")
        return self.office_hours


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("时间必须带时区。")
    return instant.astimezone(ZONE)


def _later(instant: datetime, by: timedelta) -> datetime:
    # Elapsed time, not wall time: Shanghai kept summer time until 1991.
    return (instant.astimezone(ZoneInfo("UTC")) + by).astimezone(ZONE)


def _merged(pauses: Sequence[tuple[datetime, datetime]], start: datetime) -> list[tuple[datetime, datetime]]:
    """Order the pauses, cut what lies before the start and join those that overlap."""
    joined: list[tuple[datetime, datetime]] = []
    for stops, resumes in sorted((max(_local(a), start), _local(b)) for a, b in pauses):
        if resumes <= stops:
            continue
        if joined and stops <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], resumes))
        else:
            joined.append((stops, resumes))
    return joined


def _spans_of(day: date, calendar: WorkCalendar, hours: OfficeHours) -> list[tuple[datetime, datetime]]:
    if not calendar.is_workday(day):
        return []
    return [(datetime.combine(day, a, ZONE), datetime.combine(day, b, ZONE)) for a, b in hours.spans]


def _walk_office(start: datetime, need: timedelta, calendar: WorkCalendar, hours: OfficeHours) -> datetime:
    day = start.date()
    while True:
        for opens, closes in _spans_of(day, calendar, hours):
            begins = max(opens, start)
            if begins < closes:
                if closes - begins >= need:
                    return begins + need
                need -= closes - begins
        day += ONE_DAY


def _office_time(first: datetime, last: datetime, calendar: WorkCalendar, hours: OfficeHours) -> timedelta:
    total, day = timedelta(0), first.date()
    while day <= last.date():
        for opens, closes in _spans_of(day, calendar, hours):
            total += max(timedelta(0), min(closes, last) - max(opens, first))
        day += ONE_DAY
    return total
