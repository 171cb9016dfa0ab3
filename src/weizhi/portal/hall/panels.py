"""What the page of a matter says of its hall: whether it is open, and the way there."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.deliberation.kinds.discuss import is_heard
from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.saying import due_chip
from weizhi.portal.voting.panels import Panel

DISCUSS = "discuss"


def halls(reader: Reader, now: datetime) -> tuple[Panel, ...]:
    """No query: the step knows all of it."""
    rows = [row for row in reader.steps if row.kind == DISCUSS]
    if not rows:
        return ()
    row = max(rows, key=lambda one: one.opened_at)
    title, url = reader.title_of(row.key), reverse("portal:hall", args=[reader.matter.pk])
    if row.closed_at is None and not row.memory.get("shut"):
        return (Panel(title, due_chip(row.due, now), url, _("去说几条，看大家怎么想"), True),)
    result = reverse("portal:hall-result", args=[reader.matter.pk])
    chip = p.Chip(_("有结果了"), "done") if is_heard(row) else p.Chip(_("结束了"), "done")
    return (Panel(title, chip, result, _("看大家怎么想"), False),)
