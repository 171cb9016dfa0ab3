"""What the page of a matter says of its mediation: how far it is, and the way there."""

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.voting.panels import Panel

MEDIATE = "mediate"


def mediations(reader: Reader) -> tuple[Panel, ...]:
    """No query: the page of the mediation says the rest."""
    rows = [row for row in reader.steps if row.kind == MEDIATE]
    if not rows or not reader.involved:
        return ()
    open_now = rows[-1].closed_at is None
    chip = p.Chip(_("正在调解"), "moving") if open_now else p.Chip(_("调解结束了"), "done")
    does = _("去调解页：约时间、看协议、签字") if open_now else _("看调解的结果")
    url = reverse("portal:mediation", args=[reader.matter.pk])
    return (Panel(reader.title_of(rows[-1].key), chip, url, does, open_now),)
