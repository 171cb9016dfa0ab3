"""What the page of a matter says of meetings: its own, or the one it waits for."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.deliberation import wording
from weizhi.deliberation.models import Sitting
from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.voting.panels import Panel

MEET, SIT, MINUTES = "meet", "sit", "minutes"


def meetings(reader: Reader, now: datetime) -> tuple[Panel, ...]:
    """No query for a matter that has to do with none; else one."""
    if any(row.kind == SIT for row in reader.steps):
        own = Sitting.objects.filter(matter=reader.matter.pk).order_by("-starts_at", "-id")[:1]
        unsigned = any(row.kind == MINUTES and row.closed_at is None for row in reader.steps)
        return tuple(panel for sitting in own for panel in (_own(sitting), *_minutes(sitting, unsigned)))
    waits = [row for row in reader.steps if row.kind == MEET and row.closed_at is None and row.brief.get("body")]
    if not waits:
        return ()
    coming = Sitting.objects.serving(waits[0]).visible_to(reader.who).coming()
    return tuple(_coming(sitting) for sitting in coming.order_by("starts_at", "id")[:1])


def _own(sitting: Sitting) -> Panel:
    is_open = sitting.opened_at is not None and sitting.closed_at is None
    chip = p.Chip(_("正在开会"), "moving") if is_open else p.Chip(_("散会了"), "done")
    if sitting.closed_at is None and not is_open:
        chip = p.Chip(_("还没开"), "ok")
    does = _("看议定了什么") if sitting.closed_at else _("去会议页：签到、看议程")
    return Panel(_words(sitting), chip, _url(sitting), does, sitting.closed_at is None)


def _minutes(sitting: Sitting, unsigned: bool) -> tuple[Panel, ...]:
    if sitting.closed_at is None:
        return ()
    chip = p.Chip(_("等签字"), "waiting") if unsigned else p.Chip(_("可以看了"), "done")
    does = _("去看记录：改、签字") if unsigned else _("看会议记录")
    return (Panel(_("会议记录"), chip, reverse("portal:minutes", args=[sitting.matter_id]), does, unsigned),)


def _coming(sitting: Sitting) -> Panel:
    is_open = sitting.opened_at is not None
    chip = p.Chip(_("正在开会"), "moving") if is_open else p.Chip(_("等着上会"), "waiting")
    return Panel(_words(sitting), chip, _url(sitting), _("去会议页看看"), is_open)


def _words(sitting: Sitting) -> str:
    return wording.when_and_where({"starts": sitting.starts_at.isoformat(), "where": sitting.where})


def _url(sitting: Sitting) -> str:
    return reverse("portal:meeting", args=[sitting.matter_id])
