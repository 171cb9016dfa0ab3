"""The door at which marks on the roll of a secret vote are corrected: for those who run the vote, nobody else."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from weizhi.decisions.actions.correct_mark import Corrected, Wanted, correct_mark
from weizhi.decisions.models import MarkChange, Vote
from weizhi.decisions.receipts import shown
from weizhi.matters.refused import Refused
from weizhi.portal.refusing import status_of
from weizhi.portal.sent import id_or_none
from weizhi.portal.visitor import signed_in
from weizhi.portal.voting.desk import MARKS, Draft, one_paper, owner_meant
from weizhi.portal.voting.desk_views import line_of, run_vote, show_desk


@require_POST
@login_required
def corrected(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """Ask for a correction, or confirm what another asked for (`change`)."""
    found = run_vote(request, vote_id)
    try:
        done = correct_mark(found.pk, _wanted(request, found), by=signed_in(request))
        messages.success(request, _said(done))
    except Refused as refused:
        draft = Draft() if "change" in request.POST else Draft.refused(MARKS, request.POST, refused)
        if not draft.beside:  # the list itself has changed: it is looked at anew
            messages.warning(request, refused.message)
        return show_desk(request, found, draft, status_of(refused))
    return HttpResponseRedirect(reverse("portal:vote-desk", args=[vote_id]))


def _wanted(request: HttpRequest, found: Vote) -> Wanted:
    sent = request.POST
    if "change" in sent:
        asked = id_or_none(sent["change"])
        row = MarkChange.objects.select_related("of").filter(vote=found, pk=asked).first() if asked else None
        if row is None:
            raise Refused("meanwhile", _("这一条刚才已经确认过，或者没有了。请看现在的名单。"))
        return Wanted(row.what, row.entitlement_id, row.why, row.of, row.proxy)
    line = line_of(found, sent.get("line", ""))
    whose = owner_meant(found, line, sent.get("of", ""))
    return Wanted(sent.get("what", ""), line.pk, sent.get("why", ""), whose, sent.get("proxy") == "yes")


def _said(done: Corrected) -> str:
    told = {"n": done.line.n, "label": done.line.label}
    if not done.done:
        return _("%(n)s 号 %(label)s：记下了。请另一个负责的人用自己的账号确认，才更正。") % told
    if done.mark is not None:
        return _("%(n)s 号 %(label)s：补记好了。回执 %(code)s，请给本人。") % {
            **told,
            "code": shown(done.mark.receipt),
        } + one_paper(done.mark.others)
    return _("%(n)s 号 %(label)s：收回了，本人接到了通知。") % told
