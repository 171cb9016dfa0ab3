"""The dates of a charter's calendar, told on its page and as a calendar to subscribe to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Final

from django.utils.translation import gettext as _

from weizhi.charters.falls import Fall, falls_from
from weizhi.charters.models import Charter
from weizhi.charters.periods import parse_period
from weizhi.charters.rhythm import CalendarEntry
from weizhi.charters.titles import who_title
from weizhi.charters.workdays import WorkCalendar
from weizhi.matters.rules import PARTIES_CLASSES
from weizhi.portal.charter.ics import Event

YEAR: Final = timedelta(days=366)
SHOWN: Final = 3
KEPT: Final = timedelta(days=92)  # what is over stays in a subscribed calendar for a quarter
AHEAD: Final = timedelta(days=400)
AT_MOST: Final = 2000  # of each entry: a daily one for a year, and more


@dataclass(frozen=True)
class DayTold:
    """A day, and whether a holiday that is not announced yet may still move it."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class DateTold:
    """A recurring date, what it opens, and when it is next."""

    title: str
    who: str
    opens: str
    days: tuple[DayTold, ...]
    at: str


def dates(charter: Charter, today: date, calendar: WorkCalendar) -> list[DateTold]:
    """The next days of each entry of the calendar, the nearest first."""
    told = []
    for entry in charter.calendar.values():
        days = [DayTold(fall.day, fall.provisional) for fall in falls(charter, entry, today, today + YEAR, calendar)]
        if days:
            who = who_title(entry.body, charter) if entry.body else ""
            told.append(
                DateTold(title_of(charter, entry), who, opens(charter, entry), tuple(days[:SHOWN]), entry.at or "")
            )
    return sorted(told, key=lambda one: one.days[0].day)


def falls(charter: Charter, entry: CalendarEntry, first: date, last: date, calendar: WorkCalendar) -> Iterator[Fall]:
    """The dates of the entry whose days lie between these two."""
    since = first - timedelta(days=31)  # a rule's day may have moved into the span
    found = falls_from(entry, since, calendar, charter.office_hours)
    return (fall for fall in takewhile(lambda fall: fall.rule_day <= last, found) if first <= fall.day <= last)


def title_of(charter: Charter, entry: CalendarEntry) -> str:
    kind = charter.kinds.get(entry.opens or "")
    return entry.title or (kind.title if kind else entry.key)


def opens(charter: Charter, entry: CalendarEntry) -> str:
    """What happens by itself on such a date."""
    kind = charter.kinds.get(entry.opens or "")
    if kind is None:
        return ""
    if entry.ahead:
        return _("提前 %(days)s自动开“%(kind)s”") % {"days": parse_period(entry.ahead).words, "kind": kind.title}
    return _("到时自动开“%(kind)s”") % {"kind": kind.title}


def events(charter: Charter, community: str, today: date, calendar: WorkCalendar) -> Iterator[Event]:
    """What everybody may know of the calendar: not what opens matters that only their parties see."""
    for entry in charter.calendar.values():
        kind = charter.kinds.get(entry.opens or "")
        if kind is not None and kind.visible in PARTIES_CLASSES:
            continue
        found = falls(charter, entry, today - KEPT, today + AHEAD, calendar)
        for fall, _n in zip(found, range(AT_MOST), strict=False):
            yield _event(charter, community, entry, fall)


def _event(charter: Charter, community: str, entry: CalendarEntry, fall: Fall) -> Event:
    """Named by the day of its rule: a holiday that moves it changes the event, and makes no second one."""
    words = [who_title(entry.body, charter) if entry.body else "", opens(charter, entry)]
    if fall.provisional:
        words.append(_("暂定：放假安排公布以后可能改期"))
    uid = f"{entry.key}-{fall.rule_day:%Y%m%d}@{community}.weizhi"
    starts = fall.at if entry.at else fall.day
    return Event(uid, title_of(charter, entry), "\n".join(filter(None, words)), starts, not fall.provisional)
