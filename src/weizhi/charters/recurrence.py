"""Dates that return: RFC 5545 rules and days of the lunar calendar, as the charter writes them."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from borax.calendars.lunardate import LCalendars, LunarDate
from dateutil.rrule import DAILY, rrule, rrulestr

_LUNAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|30)")
_WORDS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYWEEKNO", "BYYEARDAY", "WKST"
}  # fmt: skip


def read_rrule(text: str, start: date) -> rrule:
    """Read an RFC 5545 rule that begins on this day; the error says in Chinese what is wrong."""
    example = "“FREQ=MONTHLY;BYDAY=1TH”（每月第一个星期四）"
    for part in text.split(";"):
        name = part.split("=")[0]
        if name not in _WORDS:
            raise ValueError(f"重复规则“{text}”里有不认识的“{name}”。请按 RFC 5545 写，例如 {example}。")
    try:
        rule = rrulestr(text, dtstart=datetime.combine(start, time()))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ValueError(f"看不懂重复规则“{text}”。请按 RFC 5545 写，例如 {example}。") from None
    if not isinstance(rule, rrule) or rule._freq > DAILY:  # type: ignore[attr-defined]  # dateutil keeps FREQ private
        raise ValueError(f"重复规则“{text}”比每天还密。最密是 FREQ=DAILY。")
    return rule


def check_rrule(text: str) -> str:
    """Return the rule if it can be read and ever happens."""
    rule = read_rrule(text, date(2024, 1, 1))
    if next(iter(rule), None) is None:
        raise ValueError(f"重复规则“{text}”永远不会有日期。")
    return text


def check_lunar(text: str) -> str:
    """Return a lunar month and day, "08-15", if it can exist."""
    if not _LUNAR.fullmatch(text):
        raise ValueError(f"看不懂农历日期“{text}”。请写成 “08-15” 这样（农历八月十五）。")
    return text


def days_of(*, rule: str | None, lunar: str | None, start: date, end: date) -> Iterator[date]:
    """Yield the days of a recurrence between two dates, both included."""
    if rule:
        first = datetime.combine(start, time())
        last = datetime.combine(end, time())
        yield from (when.date() for when in read_rrule(rule, start).between(first, last, inc=True))
    elif lunar:
        month, day = (int(part) for part in lunar.split("-"))
        for year in range(start.year - 1, end.year + 1):
            found = _lunar_day(year, month, day)
            if start <= found <= end:
                yield found


def _lunar_day(year: int, month: int, day: int) -> date:
    """Return the civil day; a 30th that the month has not is its 29th, as families keep it."""
    found: date = LunarDate(year, month, min(day, LCalendars.ndays(year, month))).to_solar_date()
    return found
