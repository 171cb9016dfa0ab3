from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.charters.periods import (
    ZONE,
    Due,
    OfficeHours,
    due,
    parse_office_hours,
    parse_period,
    stopped,
)
from weizhi.charters.workdays import state_calendar

CALENDAR = state_calendar()
HOURS = parse_office_hours("09:00-12:00, 14:00-18:00")
EPOCH = datetime(2005, 1, 1, tzinfo=ZONE)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=40 * 365)).map(lambda offset: EPOCH + offset)
DAY_UNITS = ("days", "weeks", "months", "working days")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def end(start: str, period: str, office_hours: OfficeHours | None = None, field_date: date | None = None) -> Due:
    return due(at(start), parse_period(period), calendar=CALENDAR, office_hours=office_hours, field_date=field_date)


@pytest.mark.parametrize(
    ("start", "period", "last_day"),
    [
        # 201: the day of the event does not count, whatever the hour.
        ("2026-03-02T00:00", "3 days", "2026-03-05"),
        ("2026-03-02T23:59", "3 days", "2026-03-05"),
        ("2026-03-02T10:00", "1 day", "2026-03-03"),
        ("2026-03-02T10:00", "1 week", "2026-03-09"),
        # 202: corresponding day, else the month's last day.
        ("2024-01-31T09:00", "1 month", "2024-02-29"),
        ("2023-01-31T09:00", "1 month", "2023-02-28"),
        ("2024-02-29T09:00", "1 year", "2025-02-28"),
        ("2020-02-29T09:00", "4 years", "2024-02-29"),
        ("2025-08-31T09:00", "3 months", "2025-12-01"),  # 30 November is a Sunday
        # 203: a last day off moves to the first working day after it.
        ("2017-03-06T10:15", "15 days", "2017-03-21"),
        ("2026-03-06T10:00", "15 days", "2026-03-23"),  # the 21st is a Saturday
        ("2026-02-05T10:00", "10 days", "2026-02-24"),  # the 15th lies in the Spring Festival
        ("2024-09-21T10:00", "10 days", "2024-10-08"),  # National Day
        ("2020-01-20T10:00", "7 days", "2020-02-03"),  # the prolonged holiday of 2020
        # a make-up Saturday or Sunday is a working day: nothing moves.
        ("2025-09-18T10:00", "10 days", "2025-09-28"),
        ("2026-02-21T10:00", "1 week", "2026-02-28"),
        ("2022-10-01T10:00", "7 days", "2022-10-08"),
        ("2021-09-11T10:00", "1 week", "2021-09-18"),
        ("2023-06-18T10:00", "1 week", "2023-06-25"),
        # working days.
        ("2017-03-06T10:15", "3 working days", "2017-03-09"),
        ("2026-09-30T17:59", "1 working day", "2026-10-08"),
        ("2026-09-30T10:00", "3 working days", "2026-10-10"),  # 8, 9 and the make-up Saturday
        ("2024-02-09T10:00", "2 working days", "2024-02-19"),  # Sunday 18th worked
        ("2026-11-21T10:00", "1 working day", "2026-11-23"),
    ],
)
def test_civil_code_table(start: str, period: str, last_day: str) -> None:
    found = end(start, period)
    assert found.at == datetime.combine(date.fromisoformat(last_day), time.max, ZONE)
    assert found.at.date().isoformat() == last_day
    assert found.words == period
    assert found.calendar_version == CALENDAR.version
    assert not found.provisional


def test_day_ends_at_closing_hour_when_there_is_one() -> None:
    assert end("2017-03-06T10:15", "3 working days", HOURS).at == at("2017-03-09T18:00")
    assert end("2026-03-06T10:00", "15 days", HOURS).at == at("2026-03-23T18:00")


@pytest.mark.parametrize(
    ("start", "period", "instant"),
    [
        ("2026-10-01T23:30", "1 hour", "2026-10-02T00:30"),  # hours run through holidays
        ("2026-03-06T10:00", "48 hours", "2026-03-08T10:00"),
        ("2026-03-06T10:00", "30 minutes", "2026-03-06T10:30"),
        ("2026-03-06T10:00", "4 office hours", "2026-03-06T16:00"),
        ("2026-03-06T17:00", "4 office hours", "2026-03-09T12:00"),
        ("2026-03-06T17:00", "1 office hour", "2026-03-06T18:00"),
        ("2026-03-07T08:00", "1 office hour", "2026-03-09T10:00"),
        ("2026-03-06T12:30", "1 office hour", "2026-03-06T15:00"),
        ("2026-09-30T17:30", "1 office hour", "2026-10-08T09:30"),
        ("1986-05-03T22:30", "24 hours", "1986-05-04T23:30"),  # summer time began that night
    ],
)
def test_clock_and_office_hours(start: str, period: str, instant: str) -> None:
    assert end(start, period, HOURS).at == at(instant)


def test_chosen_date_stands_even_on_a_holiday() -> None:
    found = end("2026-03-06T10:00", "field:apply.ready-by", field_date=date(2026, 10, 1))
    assert found.at.date() == date(2026, 10, 1)
    assert parse_period("field:apply.ready-by").field == "apply.ready-by"
    with pytest.raises(ValueError, match="还没有填"):
        end("2026-03-06T10:00", "field:apply.ready-by")


def test_years_not_announced_are_marked() -> None:
    beyond = CALENDAR.certain_to.year + 1
    start = f"{CALENDAR.certain_to.year}-12-20T10:00"
    assert end(start, "20 working days").provisional
    assert end(start, "2 months").provisional
    assert not end(start, "1 day").provisional
    assert not end(start, "2000 hours").provisional
    assert end(f"{beyond}-04-30T10:00", "1 day").at.date() > date(beyond, 5, 2)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("3 workingdays", "working days"),
        ("3 Working days", "3 working days"),
        ("three days", "3 working days"),
        ("0 days", "1 和"),
        ("10000 days", "9999"),
        ("101 years", "100"),
        ("3 dayz", "days"),
        ("5 ours", "hours"),
        ("-1 days", "看不懂"),
        ("1.5 hours", "看不懂"),
        ("field:", "看不懂"),
        ("field:a.b.c", "看不懂"),
        ("", "看不懂"),
        ("office hours 4", "看不懂"),
    ],
)
def test_wrong_periods_say_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match="期限") as refused:
        parse_period(text)
    assert hint in str(refused.value)


def test_words_in_chinese() -> None:
    said = [parse_period(text).words for text in ("3 working days", "1 hour", "4 office hours", "field:apply.by")]
    assert said == ["3 个工作日", "1 小时", "4 个办公小时", "约定的日期"]


@pytest.mark.parametrize("text", ["9:00-12:00", "12:00-09:00", "09:00-12:00,11:00-18:00", "09:00-25:00", ""])
def test_wrong_office_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="办公时间"):
        parse_office_hours(text)


def test_office_hours_need_a_charter_that_gives_them() -> None:
    with pytest.raises(ValueError, match="office_hours"):
        end("2026-03-06T10:00", "4 office hours")


def test_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        due(datetime.fromisoformat("2026-03-06T10:00"), parse_period("1 day"), calendar=CALENDAR)


@pytest.mark.parametrize(
    ("period", "pauses", "expected"),
    [
        ("48 hours", [("2026-03-06T12:00", "2026-03-07T12:00")], "2026-03-09T10:00"),
        (
            "48 hours",
            [("2026-03-06T12:00", "2026-03-06T14:00"), ("2026-03-06T13:00", "2026-03-06T15:00")],
            "2026-03-08T13:00",
        ),
        ("48 hours", [("2026-03-09T12:00", "2026-03-10T12:00")], "2026-03-08T10:00"),  # after the end
        ("48 hours", [("2026-03-01T12:00", "2026-03-06T11:00")], "2026-03-08T11:00"),  # partly before the start
        ("4 office hours", [("2026-03-06T11:00", "2026-03-06T15:00")], "2026-03-06T18:00"),
        ("3 working days", [("2026-03-06T11:00", "2026-03-09T15:00")], "2026-03-12T23:59:59.999999"),
        ("3 working days", [("2026-03-07T11:00", "2026-03-08T15:00")], "2026-03-11T23:59:59.999999"),
        # 15 days would end on Saturday 21st; one day stopped gives Sunday; both move to Monday 23rd.
        ("15 days", [("2026-03-10T11:00", "2026-03-11T09:00")], "2026-03-23T23:59:59.999999"),
        ("15 days", [("2026-03-10T11:00", "2026-03-14T09:00")], "2026-03-25T23:59:59.999999"),
    ],
)
def test_stopped_clock(period: str, pauses: list[tuple[str, str]], expected: str) -> None:
    found = stopped(
        at("2026-03-06T10:00"),
        parse_period(period),
        [(at(stops), at(resumes)) for stops, resumes in pauses],
        calendar=CALENDAR,
        office_hours=HOURS if "office" in period else None,
    )
    assert found.at == at(expected)


@given(INSTANTS, st.integers(1, 60), st.sampled_from(DAY_UNITS))
def test_day_periods_end_on_a_working_day_after_the_event(start: datetime, amount: int, unit: str) -> None:
    found = due(start, parse_period(f"{amount} {unit}"), calendar=CALENDAR)
    assert CALENDAR.is_workday(found.at.date())
    assert found.at.date() > start.date()
    assert found.at.time() == time.max


@given(INSTANTS, st.integers(1, 60), st.sampled_from((*DAY_UNITS, "hours", "minutes", "office hours")))
def test_longer_periods_never_end_earlier(start: datetime, amount: int, unit: str) -> None:
    shorter, longer = (
        due(start, parse_period(f"{count} {unit}"), calendar=CALENDAR, office_hours=HOURS)
        for count in (amount, amount + 1)
    )
    assert start < shorter.at <= longer.at


@given(
    INSTANTS,
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.integers(1, 30),
    st.sampled_from((*DAY_UNITS, "hours", "office hours")),
)
def test_a_later_event_is_never_due_earlier(start: datetime, later: timedelta, amount: int, unit: str) -> None:
    first, second = (
        due(instant, parse_period(f"{amount} {unit}"), calendar=CALENDAR, office_hours=HOURS)
        for instant in (start, start + later)
    )
    assert first.at <= second.at


@given(
    INSTANTS,
    st.integers(1, 30),
    st.sampled_from((*DAY_UNITS, "hours", "office hours")),
    st.lists(
        st.tuples(st.timedeltas(timedelta(0), timedelta(days=40)), st.timedeltas(timedelta(0), timedelta(days=10))),
        max_size=4,
    ),
)
def test_stopping_only_ever_gives_time(
    start: datetime, amount: int, unit: str, pauses: list[tuple[timedelta, timedelta]]
) -> None:
    period = parse_period(f"{amount} {unit}")
    spans = [(start + offset, start + offset + length) for offset, length in pauses]
    plain = due(start, period, calendar=CALENDAR, office_hours=HOURS)
    pushed = stopped(start, period, spans, calendar=CALENDAR, office_hours=HOURS)
    again = stopped(start, period, [*reversed(spans), *spans], calendar=CALENDAR, office_hours=HOURS)
    assert plain.at <= pushed.at == again.at
    if not spans:
        assert plain == pushed
