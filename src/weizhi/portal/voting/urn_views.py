"""The doors of the urn: for those who run the vote, nobody else."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from weizhi.decisions import paper_numbers, urns
from weizhi.decisions.actions.close_early import EARLY
from weizhi.decisions.actions.empty_urn import empty_urn
from weizhi.decisions.actions.read_urn import UrnSaid, read_urn
from weizhi.decisions.counters import counters_of
from weizhi.decisions.models import Vote
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.portal.refusing import status_of
from weizhi.portal.visitor import signed_in
from weizhi.portal.voting import urn, voter
from weizhi.portal.voting.desk_views import run_vote
from weizhi.record import clock

NONE = (urns.BLANK, urns.SPOILT)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def at_urn(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """Read one paper after another: number, choice, done; the page comes back with the cursor in the number."""
    found = run_vote(request, vote_id)
    if request.method != "POST":
        return _show(request, found, urn.Draft(number=paper_numbers.plain(request.GET.get("paper", ""))))
    sent = request.POST
    ranked = voter.chosen_of(found, sent) if found.brief.get("form") == "ranking" else []
    draft = urn.Draft(paper_numbers.plain(sent.get("paper", "")), tuple(sent.getlist("choice")), tuple(ranked))
    try:
        done = read_urn(found.pk, _said(draft), by=signed_in(request), number=draft.number)
    except Refused as refused:
        return _show(request, found, _with(draft, error=refused.message), status_of(refused))
    if done.others and not done.receipt:
        return _show(request, found, urn.Draft(draft.number, draft.chosen, draft.ranked, differs=done), 409)
    head = _("%(number)s 号：") % {"number": paper_numbers.shown(done.number)}
    said = _("两遍一样，读进去了。") if done.receipt else _("第一遍读好了，还要另一个人再读一遍。")
    messages.success(request, head + said)
    return HttpResponseRedirect(reverse("portal:vote-urn", args=[vote_id]))


def _said(draft: urn.Draft) -> UrnSaid:
    """What was chosen, or that it is none; both at once is a slip of the finger. Raises Refused."""
    choice = tuple(key for key in (*draft.chosen, *draft.ranked) if key not in NONE)
    none = [key for key in NONE if key in draft.chosen]
    if len(none) > 1 or (none and choice):
        raise Refused("bad-data", _("选项、“空白票”、“作废”只能选一样。请照票再选一遍。"), field="choice")
    return UrnSaid(choice, blank=urns.BLANK in none, spoilt=urns.SPOILT in none)


def _with(draft: urn.Draft, *, error: str) -> urn.Draft:
    return urn.Draft(draft.number, draft.chosen, draft.ranked, error)


def _show(request: HttpRequest, found: Vote, draft: urn.Draft, status: int = 200) -> HttpResponse:
    page = urn.urn_page(found, signed_in(request).pk, draft, clock.now())
    return render(request, "portal/voting/urn.html", {"here": "desk", "page": page}, status=status)


@require_POST
@login_required
def emptied(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """No paper is left: said by one, confirmed by another, and the votes are counted."""
    found = run_vote(request, vote_id)
    why = request.POST.get("why", "")
    try:
        counted = empty_urn(found.pk, by=signed_in(request), why=why)
    except Refused as refused:
        return _show(request, found, urn.Draft(why=why, why_error=refused.message), status_of(refused))
    if counted:
        messages.success(request, _("两个人都说票箱空了，计完票了。"))
        return HttpResponseRedirect(reverse("portal:vote", args=[vote_id]))
    if EARLY in Step.objects.values_list("memory", flat=True).get(pk=found.step_id):
        both = _("两个人都说票箱空了。等两位开票人用口令打开票封，就计票。")
        messages.success(request, both if counters_of(found) else _("两个人都说票箱空了，正在计票。"))
        return HttpResponseRedirect(reverse("portal:vote", args=[vote_id]))
    messages.success(request, _("记下了：票箱空了。请另一个读票的人用自己的账号也确认一次，就计票。"))
    return HttpResponseRedirect(reverse("portal:vote-urn", args=[vote_id]))
