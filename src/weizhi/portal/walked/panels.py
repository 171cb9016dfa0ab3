"""What the page of a matter says of the marks that it takes in."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.saying import due_chip
from weizhi.portal.voting.panels import Panel


def marked(reader: Reader, now: datetime) -> tuple[Panel, ...]:
    """No query: the steps say it."""
    steps = reader.procedure.steps
    rows = [row for row in reader.steps if row.key in steps and steps[row.key].params.get("sorts")]
    if not rows:
        return ()
    row = max(rows, key=lambda one: one.opened_at)
    open_now = row.closed_at is None
    chip = due_chip(row.due, now) if open_now else p.Chip(_("收完了"), "done")
    url = reverse("portal:marks", args=[reader.matter.pk])
    does = _("去标一处，看大家标了什么") if open_now else _("看图，看大家标了什么")
    return (Panel(reader.title_of(row.key), chip, url, does, open_now),)
