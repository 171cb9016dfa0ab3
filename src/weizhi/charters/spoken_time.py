"""Instants as people say them: "今天 15:00", "还有 2 个工作日", "晚了 1 天", "昨天 18:30"; in English as well."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from .periods import ZONE
from .workdays import ONE_DAY, WorkCalendar

DueState = Literal["ok", "soon", "late"]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Beyond two working weeks a date says more than a count.
COUNTED_WORKDAYS = 10
# Ten working days never span more, not even around the longest holiday: the count of a far date is not needed.
COUNTED_SPAN = timedelta(days=31)
Tongue = Mapping[str, str]
CHINESE: Final[Tongue] = MappingProxyType({
    "late": "晚了 {length}", "now": "刚刚", "minutes ago": "{n} 分钟前", "minutes left": "还有 {n} 分钟",
    "working days left": "还有 {n} 个工作日", "within": "{day}之内", "at the latest": "最晚 {day}",
    "minutes": "{n} 分钟", "hours": "{n} 小时", "days": "{n} 天",
    "today": "今天", "yesterday": "昨天", "tomorrow": "明天",
    "day": "{at.month}月{at.day}日", "day of a year": "{at.year}年{at.month}月{at.day}日",
})  # fmt: skip
# A word for one of something stands under its name with " 1".
ENGLISH: Final[Tongue] = MappingProxyType({
    "late": "{length} late", "now": "just now", "minutes ago": "{n} min ago", "minutes left": "{n} min left",
    "working days left": "{n} working days left", "working days left 1": "1 working day left",
    "within": "by the end of {day}", "at the latest": "by {day}",
    "minutes": "{n} min", "hours": "{n} hours", "hours 1": "1 hour", "days": "{n} days", "days 1": "1 day",
    "today": "today", "yesterday": "yesterday", "tomorrow": "tomorrow",
    "day": "{at:%B} {at.day}", "day of a year": "{at:%B} {at.day}, {at.year}",
})  # fmt: skip


@dataclass(frozen=True)
class SaidDue:
    """The words of a due chip and its state: amber when soon, cinnabar when late."""

    words: str
    state: DueState


def say_due(at: datetime, now: datetime, calendar: WorkCalendar, tongue: Tongue = CHINESE) -> SaidDue:
    """Say how long there is until a due instant; soon means by the end of the next working day."""
    at, now = at.astimezone(ZONE), now.astimezone(ZONE)
    if now > at:
        return SaidDue(tongue["late"].format(length=_length(at, now, tongue)), "late")
    near = at - now <= COUNTED_SPAN
    workdays = calendar.workdays_between(now.date(), at.date()) if near else COUNTED_WORKDAYS + 1
    soon = workdays <= 1 or at - now <= DAY
    return SaidDue(_remaining(at, now, workdays, tongue), "soon" if soon else "ok")


def say_when(at: datetime, now: datetime, tongue: Tongue = CHINESE) -> str:
    """Say when something happened."""
    at, now = at.astimezone(ZONE), now.astimezone(ZONE)
    ago = now - at
    if abs(ago) < timedelta(minutes=1):
        return tongue["now"]
    if timedelta(0) < ago < HOUR:
        return tongue["minutes ago"].format(n=ago // timedelta(minutes=1))
    return f"{_day(at.date(), now.date(), tongue)} {at:%H:%M}"


def _remaining(at: datetime, now: datetime, workdays: int, tongue: Tongue) -> str:
    if at - now < HOUR:
        return _many("minutes left", max(1, (at - now) // timedelta(minutes=1)), tongue)
    day = _day(at.date(), now.date(), tongue)
    if at.date() <= now.date() + ONE_DAY:
        return tongue["within"].format(day=day) if _ends_the_day(at) else f"{day} {at:%H:%M}"
    if 1 <= workdays <= COUNTED_WORKDAYS:
        return _many("working days left", workdays, tongue)
    return tongue["at the latest"].format(day=day)


def _length(at: datetime, now: datetime, tongue: Tongue) -> str:
    late, days = now - at, (now.date() - at.date()).days
    if late < HOUR:
        return _many("minutes", max(1, late // timedelta(minutes=1)), tongue)
    # A desk that closed at 18:00 is one day late the next morning, as people count.
    return _many("days", days, tongue) if days else _many("hours", late // HOUR, tongue)


def _many(what: str, n: int, tongue: Tongue) -> str:
    return tongue.get(f"{what} {n}", tongue[what]).format(n=n)


def _ends_the_day(at: datetime) -> bool:
    return (at.hour, at.minute) == (23, 59)


def _day(day: date, today: date, tongue: Tongue) -> str:
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}.get((day - today).days)
    if near:
        return tongue[near]
    return tongue["day" if day.year == today.year else "day of a year"].format(at=day)
