"""On which days calendars fall: ten years of first Thursdays, notice days, and the official holidays of 2020-2026."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile

import pytest

from weizhi.charters.falls import before, days_between, fall_on, falls_from, next_after
from weizhi.charters.loading import load
from weizhi.charters.periods import ZONE, parse_period
from weizhi.charters.rhythm import CalendarEntry
from weizhi.charters.workdays import state_calendar

CALENDAR = state_calendar()
BASE = load("base")


def entry(rrule: str | None = None, **more: object) -> CalendarEntry:
    return CalendarEntry.model_validate({"key": "x", "body": "committee", "rrule": rrule, **more})


def days(found: CalendarEntry, first: date, last: date) -> list[date]:
    return [fall.day for fall in takewhile(lambda fall: fall.rule_day <= last, falls_from(found, first, CALENDAR))]


def test_the_first_thursdays_of_ten_years():
    found = list(days_between(entry("FREQ=MONTHLY;BYDAY=1TH"), date(2017, 1, 1), date(2026, 12, 31)))
    wanted = [
        next(day for day in (date(year, month, n) for n in range(1, 8)) if day.weekday() == 3)
        for year in range(2017, 2027) for month in range(1, 13)
    ]  # fmt: skip
    assert found == wanted and len(found) == 120
    assert found[:4] == [date(2017, 1, 5), date(2017, 2, 2), date(2017, 3, 2), date(2017, 4, 6)]


def test_a_weekly_hall_and_a_fixed_deliberation_day():
    hall = list(days_between(entry("FREQ=WEEKLY;BYDAY=WE"), date(2025, 1, 1), date(2025, 12, 31)))
    assert len(hall) == 53 and {day.weekday() for day in hall} == {2}
    fixed = list(days_between(entry("FREQ=MONTHLY;BYMONTHDAY=20"), date(2025, 1, 1), date(2025, 12, 31)))
    assert fixed == [date(2025, month, 20) for month in range(1, 13)]


def test_every_second_week_keeps_its_weeks_whenever_one_looks():
    every_other = entry("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", starts=date(2024, 12, 23))
    whole = list(days_between(every_other, date(2024, 1, 1), date(2026, 12, 31)))
    assert whole[:3] == [date(2024, 12, 23), date(2025, 1, 6), date(2025, 1, 20)]
    assert whole == [
        day for year in (2024, 2025, 2026)
        for day in days_between(every_other, date(year, 1, 1), date(year, 12, 31))
    ]  # fmt: skip
    assert {(day - whole[0]).days % 14 for day in whole} == {0}


# From the State Council's notices: in each year the first working day on or after 1 October.
MOVED = {2020: 9, 2021: 8, 2022: 8, 2023: 7, 2024: 8, 2025: 9, 2026: 8}


@pytest.mark.parametrize("year", MOVED)
def test_a_date_on_the_national_day_moves_to_the_first_working_day_after_it(year: int):
    yearly = entry("FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1", moves="next-working-day")
    found = fall_on(BASE, yearly, date(year, 10, 1), CALENDAR)
    assert found is not None
    assert (found.day, found.provisional) == (date(year, 10, MOVED[year]), False)
    assert fall_on(BASE, yearly, found.day, CALENDAR) == found, "the same by the day that it moved to"


@pytest.mark.parametrize(
    ("makeup", "day_off"),
    [
        (date(2020, 1, 19), date(2020, 1, 24)), (date(2021, 2, 7), date(2021, 2, 11)),
        (date(2022, 1, 29), date(2022, 1, 31)), (date(2023, 1, 28), date(2023, 1, 23)),
        (date(2024, 2, 4), date(2024, 2, 12)), (date(2025, 1, 26), date(2025, 1, 29)),
        (date(2026, 2, 14), date(2026, 2, 16)),
    ],
)  # fmt: skip
def test_a_make_up_weekend_is_a_working_day_and_a_holiday_is_none(makeup: date, day_off: date):
    moved = entry("FREQ=DAILY", moves="next-working-day")
    assert fall_on(BASE, moved, makeup, CALENDAR) is not None
    assert makeup.weekday() >= 5 and makeup in days(moved, makeup - timedelta(days=9), makeup)
    assert day_off not in days(moved, day_off - timedelta(days=10), day_off + timedelta(days=10))


def test_days_that_move_onto_one_another_are_one_date():
    found = entry("FREQ=DAILY", moves="next-working-day")
    week = days(found, date(2026, 2, 28), date(2026, 3, 16))
    assert week == [date(2026, 2, 28)] + [date(2026, 3, n) for n in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16)]
    assert len(week) == len(set(week))
    back = days(entry("FREQ=DAILY", moves="previous-working-day"), date(2026, 2, 28), date(2026, 3, 16))
    assert back == week


def test_invitations_three_working_days_before_count_over_the_spring_festival():
    # Meeting on Tuesday 24 February 2026; off 15 to 23, worked on Saturday 14.
    assert before(date(2026, 2, 24), parse_period("3 working days"), CALENDAR) == date(2026, 2, 12)
    assert before(date(2026, 2, 24), parse_period("3 days"), CALENDAR) == date(2026, 2, 21)
    assert before(date(2026, 3, 31), parse_period("1 month"), CALENDAR) == date(2026, 2, 28)
    meeting = entry("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=24", opens="report", ahead="3 working days", at="19:00")
    found = next_after(BASE, meeting, datetime(2026, 1, 5, tzinfo=ZONE), CALENDAR)
    assert found is not None
    assert found.at == datetime.combine(date(2026, 2, 24), time(19), ZONE)
    assert found.opens_at == datetime.combine(date(2026, 2, 12), time(9), ZONE)


def test_lunar_dates():
    found = entry(None, lunar="08-15", title="中秋")
    assert list(days_between(found, date(2020, 1, 1), date(2026, 12, 31))) == [
        date(2020, 10, 1), date(2021, 9, 21), date(2022, 9, 10), date(2023, 9, 29), date(2024, 9, 17),
        date(2025, 10, 6), date(2026, 9, 25),
    ]  # fmt: skip


def test_the_first_year_not_announced_is_provisional_and_falls_anew_when_its_calendar_arrives():
    autumn = entry("FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=4", moves="next-working-day")
    last_known = CALENDAR.certain_to.year
    found = list(islice(falls_from(autumn, date(last_known, 1, 1), CALENDAR), 2))
    assert [fall.provisional for fall in found] == [False, True]
    rule_day = found[1].rule_day
    week = frozenset(date(last_known + 1, 10, 1) + timedelta(days=n) for n in range(7))
    announced = replace(
        CALENDAR, version="announced", holidays=CALENDAR.holidays | week, certain_to=date(last_known + 1, 12, 24)
    )
    again = next(falls_from(autumn, rule_day, announced))
    assert (again.rule_day, again.provisional, again.calendar_version) == (rule_day, False, "announced")
    assert again.day == announced.next_workday(date(last_known + 1, 10, 8)) != found[1].day


def test_what_stays_is_never_provisional_unless_its_invitations_count_working_days():
    far = date(CALENDAR.certain_to.year + 1, 1, 1)
    assert not next(falls_from(entry("FREQ=MONTHLY;BYDAY=1TH"), far, CALENDAR)).provisional
    counted = entry("FREQ=MONTHLY;BYDAY=1TH", opens="report", ahead="5 working days")
    assert next(falls_from(counted, far, CALENDAR)).provisional


def test_a_rule_that_is_over_has_no_next_date():
    over = entry("FREQ=YEARLY;UNTIL=20250101T000000")
    assert next_after(BASE, over, datetime(2026, 1, 1, tzinfo=ZONE), CALENDAR) is None
