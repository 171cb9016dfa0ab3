"""空转的会 in words: how many meetings came to nothing, and the list behind the number."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.deliberation.models import Sitting
from weizhi.oversight.idle import Meetings
from weizhi.oversight.rules import ZONE


@dataclass(frozen=True)
class IdleMeeting:
    title: str
    url: str
    said: str


@dataclass(frozen=True)
class Idle:
    said: str
    rows: tuple[IdleMeeting, ...]


def idle(found: Meetings) -> Idle:
    if not found.held:
        return Idle(_("近一年里，还没有开过满 90 天的会。"), ())
    said = _("近一年里开过、满了 90 天的会有 %(held)s 次，其中 %(idle)s 次定的事 90 天里一件都没有办好。")
    return Idle(said % {"held": found.held, "idle": len(found.idle)}, tuple(_row(one) for one in found.idle))


def _row(sitting: Sitting) -> IdleMeeting:
    day = sitting.starts_at.astimezone(ZONE)
    told = _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}
    return IdleMeeting(sitting.matter.title, reverse("portal:meeting", args=[sitting.matter_id]), told)
