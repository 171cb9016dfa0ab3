"""What the page of a matter says of those who are concerned by it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.deliberation.actions.answer_invitation import is_invited
from weizhi.deliberation.inviters import invites
from weizhi.deliberation.models import Invitation
from weizhi.matters.story import Reader
from weizhi.portal import pieces as p
from weizhi.portal.voting.panels import Panel

INVITE = "invite"


def invitations(reader: Reader) -> tuple[Panel, ...]:
    """No query for a matter to which nobody was invited; else one."""
    steps = [row for row in reader.steps if row.kind == INVITE]
    if not steps:
        return ()
    newest = max(steps, key=lambda row: row.opened_at)
    rows = list(Invitation.objects.filter(step=newest.pk).only("people", "body", "comes", "home", "how"))
    url = reverse("portal:invited", args=[reader.matter.pk])
    mine = next((row for row in rows if is_invited(row, reader.who)), None)
    if mine is not None and reader.matter.ended_at is None:
        chip = p.Chip(_("等您回话"), "waiting") if mine.comes is None else p.Chip(_("您回过了"), "done")
        return (Panel(_("这件事关系到您家，请您来商量"), chip, url, _("看看，来不来"), mine.comes is None),)
    homes = sum(row.home_id is not None for row in rows)
    said = _("请了 %(homes)s 户、%(bodies)s 个组织") % {"homes": homes, "bodies": len(rows) - homes}
    if newest.closed_at is None and invites(reader.matter, newest, reader.who):
        return (Panel(said, p.Chip(_("正在送信"), "moving"), url, _("打印信、记下送到了没有"), True),)
    return (Panel(said, p.Chip(_("有关的人"), "ok"), url, _("看请了多少"), False),)
