"""Instants as people say them: "今天 15:00", "还有 2 个工作日", "晚了 1 天", "昨天 18:30"."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from .periods import ZONE
from .workdays import ONE_DAY, WorkCalendar

DueState = Literal["ok", "soon", "late"]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Beyond two working weeks a date says more than a count.
COUNTED_WORKDAYS = 10
# Ten working days never span more, not even around the longest holiday: the count of a far date is not needed.
COUNTED_SPAN = timedelta(days=31)


@dataclass(frozen=True)
class SaidDue:
    """The words of a due chip and its state: amber when soon, cinnabar when late."""

    words: str
    state: DueState


def say_due(at: datetime, now: datetime, calendar: WorkCalendar) -> SaidDue:
    """Say how long there is until a due instant; soon means by the end of the next working day."""
    at, now = at.astimezone(ZONE), now.astimezone(ZONE)
    if now > at:
        return SaidDue(f"晚了 {_length(at, now)}", "late")
    near = at - now <= COUNTED_SPAN
    workdays = calendar.workdays_between(now.date(), at.date()) if near else COUNTED_WORKDAYS + 1
    soon = workdays <= 1 or at - now <= DAY
    return SaidDue(_remaining(at, now, workdays), "soon" if soon else "ok")


def say_when(at: datetime, now: datetime) -> str:
    """Say when something happened."""
    at, now = at.astimezone(ZONE), now.astimezone(ZONE)
    ago = now - at
    if abs(ago) < timedelta(minutes=1):
        return "刚刚"
    if timedelta(0) < ago < HOUR:
        return f"{ago // timedelta(minutes=1)} 分钟前"
    return f"{_day(at.date(), now.date())} {at:%H:%M}"


def _remaining(at: datetime, now: datetime, workdays: int) -> str:
    if at - now < HOUR:
        return f"还有 {max(1, (at - now) // timedelta(minutes=1))} 分钟"
    if at.date() <= now.date() + ONE_DAY:
        day = _day(at.date(), now.date())
        return f"{day}之内" if _ends_the_day(at) else f"{day} {at:%H:%M}"
    if 1 <= workdays <= COUNTED_WORKDAYS:
        return f"还有 {workdays} 个工作日"
    return f"最晚 {_day(at.date(), now.date())}"


def _length(at: datetime, now: datetime) -> str:
    late, days = now - at, (now.date() - at.date()).days
    if late < HOUR:
        return f"{max(1, late // timedelta(minutes=1))} 分钟"
    # A desk that closed at 18:00 is one day late the next morning, as people count.
    return f"{days} 天" if days else f"{late // HOUR} 小时"


def _ends_the_day(at: datetime) -> bool:
    return (at.hour, at.minute) == (23, 59)


def _day(day: date, today: date) -> str:
    near = {0: "今天", -1: "昨天", 1: "明天"}.get((day - today).days)
    if near:
        return near
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"
