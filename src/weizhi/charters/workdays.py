"""Which days are working days in China, with make-up days, and how sure we are of it.

The State Council announces each year's holidays in the autumn before. Years that the installed
holiday package knows are certain; every other year uses weekends and the holidays fixed by law and is
*provisional*: due instants computed from it carry that mark and are computed again when it is announced.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version as package_version

from chinese_calendar import constants as announced

from .lunar_dates import statutory_holidays

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Working days and days off; plain data, so a due instant can name the version it came from."""

    version: str
    holidays: frozenset[date]
    makeup_days: frozenset[date]
    certain_from: date
    certain_to: date
    _statutory: dict[int, frozenset[date]] = field(default_factory=dict, repr=False, compare=False)

    def provisional(self, day: date) -> bool:
        """Say whether the holidays around this day are not announced yet."""
        return not self.certain_from <= day <= self.certain_to

    def is_workday(self, day: date) -> bool:
        """Say whether people work on this day; a make-up Saturday is a working day."""
        if day in self.makeup_days:
            return True
        if day.weekday() >= SATURDAY or day in self.holidays:
            return False
        return not (self.provisional(day) and day in self._fixed_by_law(day.year))

    def next_workday(self, day: date) -> date:
        """Return the day itself when it is a working day, else the first one after it (民法典 203)."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def previous_workday(self, day: date) -> date:
        """Return the day itself when it is a working day, else the last one before it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def add_workdays(self, day: date, count: int) -> date:
        """Return the count-th working day after this day, which itself does not count (民法典 201)."""
        for _ in range(count):
            day = self.next_workday(day + ONE_DAY)
        return day

    def workdays_between(self, after: date, upto: date) -> int:
        """Count the working days later than `after` and not later than `upto`."""
        return sum(self.is_workday(day) for day in _days(after + ONE_DAY, upto))

    def uncertain_between(self, first: date, last: date) -> bool:
        """Say whether any day of the span is provisional."""
        return first <= last and (first < self.certain_from or last > self.certain_to)

    def _fixed_by_law(self, year: int) -> frozenset[date]:
        if year not in self._statutory:
            self._statutory[year] = statutory_holidays(year)
        return self._statutory[year]


@lru_cache(maxsize=1)
def state_calendar() -> WorkCalendar:
    """Return the calendar of the installed holiday package."""
    holidays, makeup_days = frozenset(announced.holidays), frozenset(announced.workdays)
    # A year counts as announced when its last holiday is there: the package once carried a January only.
    years = [year for year in {day.year for day in holidays} if date(year, 10, 1) in holidays]
    first, last = min(years), max(years)
    return WorkCalendar(
        version=f"chinesecalendar-{package_version('chinesecalendar')} {first}-{last}",
        holidays=holidays,
        makeup_days=makeup_days,
        certain_from=date(first, 1, 1),
        # The next year's announcement may still move days of this year's last week:
        # Saturday 2018-12-29 became a working day by the announcement for 2019.
        certain_to=date(last, 12, 24),
    )


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY
