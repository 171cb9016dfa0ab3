"""The doors of the polling desk: for those who run the vote, nobody else."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from weizhi.decisions.actions.enter_paper import Entered, Reading, enter_paper
from weizhi.decisions.actions.hand_in import hand_in
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.actions.record_ballot import record_ballot
from weizhi.decisions.actions.remind import remind
from weizhi.decisions.clerks import is_clerk
from weizhi.decisions.models import Channel, Entitlement, Vote
from weizhi.decisions.receipts import shown
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.queries.recording import person_meant
from weizhi.portal.refusing import status_of
from weizhi.portal.sent import id_or_none
from weizhi.portal.views.home import page_number
from weizhi.portal.visitor import signed_in, standing_of
from weizhi.portal.voting import desk, voter
from weizhi.portal.voting.turnout import by_channel, turnout_of
from weizhi.portal.voting.words import channel_words
from weizhi.record import clock


def run_vote(request: HttpRequest, vote_id: UUID) -> Vote:
    """The vote, for whoever runs it. Two queries; to everybody else there is no such page."""
    standing = standing_of(request)
    found = voter.seen(vote_id, standing)
    if found is None or not is_clerk(found, standing):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def at_desk(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """Take in one ballot after another: line, choice, done; the page comes back with the cursor in the line."""
    found = run_vote(request, vote_id)
    if request.method != "POST":
        return show_desk(request, found, desk.Draft(channel=_channel(request.GET.get("channel", ""))))
    sent = request.POST
    draft = desk.Draft(
        _channel(sent.get("channel", "")), sent.get("line", "").strip()[: desk.LINE_AT_MOST],
        tuple(voter.chosen_of(found, sent)), sent.get("evidence", "").strip(), sent.get("unsigned") == "yes",
        of=sent.get("of", ""),
    )  # fmt: skip
    try:
        line = line_of(found, draft.line)
        told = _taken(request, found, line, draft)
    except Refused as refused:
        return show_desk(request, found, _with(draft, error=refused.message), status_of(refused))
    if isinstance(told, Entered):
        return show_desk(request, found, _with(draft, differs=told), 409)
    messages.success(request, told)
    return HttpResponseRedirect(f"{reverse('portal:vote-desk', args=[vote_id])}?channel={draft.channel}")


def _channel(asked: str) -> str:
    return asked if asked in {str(one) for one in desk.CHANNELS} else str(Channel.PAPER)


def _with(draft: desk.Draft, error: str = "", differs: Entered | None = None) -> desk.Draft:
    return replace(draft, error=error, differs=differs)


def line_of(found: Vote, typed: str) -> Entitlement:
    line = desk.line_meant(found, typed)
    if line is None:
        raise Refused("bad-data", _("名册上没有“%(typed)s”。请写名册号，或者门牌。") % {"typed": typed}, field="line")
    return line


def _taken(request: HttpRequest, found: Vote, line: Entitlement, draft: desk.Draft) -> str | Entered:
    """What to say of it; two readings that differ come back for another look at the paper."""
    by, of = signed_in(request), request.POST.get("of", "")
    whose = Person.objects.filter(pk=chosen).first() if (chosen := id_or_none(of)) else None
    head = _("%(n)s 号 %(label)s：") % {"n": line.n, "label": line.label}
    if found.secret:
        proxy, key = request.POST.get("proxy") == "yes", request.POST.get("key", "")
        mark = hand_in(found.pk, by=by, entitlement=line.pk, of=whose, proxy=proxy, key=key)
        if mark.back:
            return head + _("这一笔早已收到，后来两个人收回了，这次没有再记。要重新记，请再按一次。")
        said = head + _("记下了，交了纸票。回执 %(code)s，请给本人。") % {"code": shown(mark.receipt)}
        return said + desk.one_paper(mark.others)
    if draft.channel != Channel.PAPER:
        done = record_ballot(
            found.pk, draft.choice, by=by, entitlement=line.pk, channel=draft.channel, evidence=draft.evidence,
            of=whose, is_signed=not draft.unsigned, key=request.POST.get("key", ""),
        )  # fmt: skip
        return head + _("收到了。回执 %(code)s，请念给本人听。") % {"code": shown(done.receipt)}
    reading = Reading(draft.choice, not draft.unsigned, of if id_or_none(of) else "")
    entered = enter_paper(found.pk, reading, by=by, entitlement=line.pk, number=draft.evidence)
    if entered.in_box:
        return head + _("两遍一样，进了票箱。回执 %(code)s。") % {"code": shown(entered.receipt)}
    return entered if entered.others else head + _("第一遍录好了，还要另一个人再录一遍。")


def show_desk(request: HttpRequest, found: Vote, draft: desk.Draft, status: int = 200) -> HttpResponse:
    page = desk.desk_page(found, signed_in(request).pk, draft, clock.now())
    return render(request, "portal/voting/desk.html", {"here": "desk", "page": page}, status=status)


@require_safe
@login_required
def line(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """While the clerk types: which home this is, and whether something lies in the box already."""
    found = run_vote(request, vote_id)
    row = desk.line_meant(found, request.GET.get("line", ""))
    page = desk.found_line(found, row, clock.now()) if row else None
    return render(request, "portal/voting/line.html", {"found": page})


@require_safe
@login_required
def turnout(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """How many so far, for a page that stays open all evening."""
    found = run_vote(request, vote_id)
    channels = [(channel_words(name), many) for name, many in by_channel(found.pk)]
    page = {"turnout": turnout_of(found), "channels": channels}
    return render(request, "portal/voting/turnout.html", {"page": page})


@require_safe
@login_required
def doors(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """At whose doors to knock: who has not voted, never how anybody did."""
    found = run_vote(request, vote_id)
    page = desk.doors_page(found, page_number(request))
    back = reverse("portal:vote-desk", args=[vote_id])
    return render(request, "portal/voting/doors.html", {"here": "desk", "page": page, "back": back})


@require_POST
@login_required
def reminded(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    found = run_vote(request, vote_id)
    try:
        many = remind(found.pk, by=signed_in(request))
        messages.success(request, _("提醒了 %(n)s 位还没投的人。") % {"n": many})
    except Refused as refused:
        messages.warning(request, refused.message)
    return HttpResponseRedirect(reverse("portal:vote-desk", args=[vote_id]))


@require_POST
@login_required
def speaker(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """Who votes in another's place by a paper, or for several owners."""
    found, sent = run_vote(request, vote_id), request.POST
    try:
        row = line_of(found, sent.get("line", ""))
        typed = sent.get("who", "").strip()
        meant = person_meant(found.matter.community, typed, "", clock.now()) if typed else None
        if meant is None:
            raise Refused("bad-data", _("没有找到“%(who)s”，或者有同名的。请写“名字 门牌”。") % {"who": typed})
        proxy, evidence = sent.get("as") != "owner", sent.get("evidence", "")
        name_speaker(
            found.pk, row.pk, meant[0], by=signed_in(request), proxy=proxy, evidence=evidence,
            of=desk.owner_meant(found, row, sent.get("of", "")), lasts=sent.get("lasts") == "yes",
        )  # fmt: skip
        said = _("%(label)s由%(name)s来投，登记好了。") % {"label": row.label, "name": meant[0].name}
        messages.success(request, said)
    except Refused as refused:
        return show_desk(request, found, desk.Draft.refused(desk.SPEAKER, sent, refused), status_of(refused))
    return HttpResponseRedirect(reverse("portal:vote-desk", args=[vote_id]))
