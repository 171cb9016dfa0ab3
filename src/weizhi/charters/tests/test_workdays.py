from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.charters.lunar_dates import _FESTIVALS, qingming, statutory_holidays
from weizhi.charters.workdays import state_calendar

CALENDAR = state_calendar()
DAYS = st.dates(date(2004, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2020-01-19", True),  # Sunday, make-up for the Spring Festival
        ("2020-01-31", False),  # the holiday prolonged because of the epidemic
        ("2021-02-07", True),
        ("2021-02-17", False),
        ("2022-01-29", True),
        ("2022-10-08", True),
        ("2023-04-05", False),  # Qingming alone on a Wednesday
        ("2023-06-25", True),
        ("2024-02-09", True),  # 除夕 was not a day off by law before 2025
        ("2024-02-29", True),  # leap day
        ("2025-01-28", False),  # 除夕, since 2025
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-04", True),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-10-10", True),
        ("2026-11-21", False),  # an ordinary Saturday
    ],
)
def test_knows_the_announced_years(day: str, works: bool) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(day)) is works
    assert not CALENDAR.provisional(date.fromisoformat(day))


def test_years_beyond_are_provisional_and_use_the_law() -> None:
    beyond = CALENDAR.certain_to.year + 1
    assert CALENDAR.provisional(date(beyond, 6, 1))
    for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)):
        assert not CALENDAR.is_workday(date(beyond, month, day))
    assert not CALENDAR.is_workday(qingming(beyond))


def test_law_gives_thirteen_days_a_year() -> None:
    for year in _FESTIVALS:
        # In these years the Mid-autumn Festival falls on the National Day holiday.
        assert len(statutory_holidays(year)) == (12 if year in (2028, 2031, 2039) else 13)


def test_new_year_of_the_dragon_2036_is_off() -> None:
    assert [CALENDAR.is_workday(date(2036, 1, day)) for day in (25, 27, 28, 29, 30, 31)] == [True, *[False] * 4, True]


def test_last_week_of_the_last_announced_year_is_not_certain() -> None:
    last = CALENDAR.certain_to.year
    assert CALENDAR.provisional(date(last, 12, 29))
    assert CALENDAR.is_workday(date(2018, 12, 29))  # moved by the announcement for 2019


def test_years_outside_every_table_do_not_raise() -> None:
    assert CALENDAR.is_workday(date(1999, 3, 2))
    assert CALENDAR.is_workday(date(2150, 3, 3))
    assert not CALENDAR.is_workday(date(2150, 10, 1))
    assert CALENDAR.provisional(date(1999, 3, 2))


def test_qingming_formula_agrees_with_the_announcements() -> None:
    for year in range(2008, CALENDAR.certain_to.year + 1):
        assert qingming(year) in CALENDAR.holidays


def test_festivals_stand_at_the_right_moon() -> None:
    """A mean new moon (2000-01-06 18:14 UT, every 29.530589 days) is never a day away from the true one."""
    for year, festivals in _FESTIVALS.items():
        for (month, day), expected in zip(festivals, (0, 4, 14), strict=True):
            since = (date(year, month, day) - date(2000, 1, 6)).days + 0.5 - 8 / 24 - 0.76
            age = (since + 3) % 29.530589 - 3
            assert abs(age - expected) < 1.2, (year, month, day, age)


@given(DAYS, st.integers(1, 60))
def test_adding_working_days_counts_working_days(day: date, count: int) -> None:
    last = CALENDAR.add_workdays(day, count)
    assert CALENDAR.is_workday(last)
    assert CALENDAR.workdays_between(day, last) == count
    assert CALENDAR.workdays_between(day, last - timedelta(days=1)) == count - 1


@given(DAYS)
def test_next_workday_is_the_first(day: date) -> None:
    found = CALENDAR.next_workday(day)
    assert found >= day
    assert CALENDAR.workdays_between(day - timedelta(days=1), found) == 1


def test_version_names_package_and_years() -> None:
    assert CALENDAR.version.startswith("chinesecalendar-")
    assert str(CALENDAR.certain_to.year) in CALENDAR.version
