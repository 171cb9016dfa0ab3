"""Instants and numbers as people say them, as pieces."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.charters.spoken_time import CHINESE, ENGLISH, Tongue, say_due, say_when
from weizhi.charters.workdays import state_calendar
from weizhi.matters.models import Matter
from weizhi.places.models import Place
from weizhi.portal.pieces import Chip
from weizhi.portal.ways import way_to


def number(matter: Matter) -> str:
    return f"{matter.number:04d}"


def tongue() -> Tongue:
    return ENGLISH if (get_language() or "").startswith("en") else CHINESE


def matter_url(pk: UUID) -> str:
    return way_to("portal:matter", pk)


def due_chip(due: datetime | None, now: datetime) -> Chip:
    if due is None:
        return Chip(_("没有期限"), "paused")
    said = say_due(due, now, state_calendar(), tongue())
    return Chip(said.words, said.state, due)


def place_words(place: Place) -> str:
    return place.called


def when(at: datetime, now: datetime) -> str:
    return say_when(at, now, tongue())


# How figures count an end, as a resident reads it: a word and a shape.
ENDS = {
    "solved": "done", "partly": "done", "refused": "refused", "failed": "refused", "unmet": "refused",
    "elsewhere": "moving", "withdrawn": "paused", "merged": "moving", "lapsed": "paused",
}  # fmt: skip


def end_chip(counts: str, words: str) -> Chip:
    return Chip(words, ENDS.get(counts, "done"))


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def greeting(name: str, now: datetime) -> str:
    hour = now.astimezone(ZONE).hour
    words = _("早上好") if 5 <= hour < 11 else _("中午好") if hour < 13 else _("下午好") if hour < 18 else _("晚上好")
    return _("%(name)s，%(words)s") % {"name": name, "words": words if hour >= 5 else _("夜深了")}


def today(now: datetime) -> str:
    day = now.astimezone(ZONE)
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return _("%(month)s月%(day)s日 %(weekday)s") % {"month": day.month, "day": day.day, "weekday": names[day.weekday()]}
