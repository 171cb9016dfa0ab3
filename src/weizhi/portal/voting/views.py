"""The voter's pages: what is asked, the ballot, the receipt, the roll, the result."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.charters.periods import ZONE
from weizhi.decisions.actions.cast import cast
from weizhi.decisions.models import Roll, Vote
from weizhi.decisions.receipts import shown
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.portal.forms import Draft
from weizhi.portal.refusing import status_of
from weizhi.portal.sent import id_or_none
from weizhi.portal.views.home import page_number
from weizhi.portal.visitor import keep_unseen, person_of, signed_in, standing_of
from weizhi.portal.voting import listing, receipts, rolls, voter, words
from weizhi.portal.voting.board import board_of
from weizhi.portal.voting.correcting import correct
from weizhi.record import clock

PLACED = ("matter__community", "matter__place")  # what an act on the roll's matter asks of it


@require_safe
@login_required
def votes(request: HttpRequest) -> HttpResponse:
    page = listing.votes_page(standing_of(request), page_number(request), clock.now())
    return render(request, "portal/voting/votes.html", {"here": "home", "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def vote(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """The question and my ballots; POST casts one of them: saved at once, confirmed with a receipt."""
    found = seen(request, vote_id)
    if request.method != "POST":
        return show(request, found, voter.Tried(), request.GET.get("told", ""))
    person = signed_in(request)
    chosen, line = voter.chosen_of(found, request.POST), request.POST.get("line", "")
    try:
        done = cast(found.pk, chosen, by=person, entitlement=id_or_none(line), key=request.POST.get("key", ""))
    except Refused as refused:
        tried = voter.Tried(line, tuple(chosen), refused.message)
        return show(request, found, tried, status=status_of(refused))
    n = request.POST.get("n", "")
    number = n if n.isdecimal() else ""
    return HttpResponseRedirect(f"{listing.vote_url(done.vote)}?told={number}#kept-{number}")


def show(request: HttpRequest, found: Vote, tried: voter.Tried, told: str = "", status: int = 200) -> HttpResponse:
    """The page of a vote; what was refused stands where it was tried."""
    page = voter.vote_page(found, standing_of(request), clock.now(), tried, told)
    at_a_ballot = page.state == words.OPEN and any(one.error for one in page.ballots)
    context = {"here": "home", "page": page, "error": "" if at_a_ballot else tried.error}
    return render(request, "portal/voting/vote.html", context, status=status)


def seen(request: HttpRequest, vote_id: UUID) -> Vote:
    """The vote, or no such page."""
    found = voter.seen(vote_id, standing_of(request))
    if found is None:
        raise Http404
    keep_unseen(request, found.unseen)  # type: ignore[attr-defined]  # annotated by the query
    return found


@require_safe
@login_required
def receipt(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """What became of a receipt. Whoever may see the vote may ask after any."""
    found = seen(request, vote_id)
    typed = request.GET.get("code", "")
    checked = receipts.checked(found, typed) if typed.strip() else None
    said = {"question": words.question_of(found), "url": listing.vote_url(found.pk), "checked": checked}
    return render(request, "portal/voting/receipt.html", {"here": "home", **said})


@require_safe
@login_required
def receipt_text(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """My receipts of a vote as a small text to keep."""
    found, person = seen(request, vote_id), person_of(request)
    assert person is not None
    held = [(line, envelope) for line, _speaker, envelope in voter.mine(found, person.pk) if envelope]
    if not held:
        raise Http404
    lines = [_("投票回执"), words.question_of(found), ""]
    for line, envelope in held:
        at = envelope.cast_at.astimezone(ZONE)
        lines.append(f"{line.label}  {shown(envelope.receipt)}  {at:%Y-%m-%d %H:%M}")
    lines += [
        "",
        _("查对：%(url)s") % {"url": request.build_absolute_uri(reverse("portal:vote-receipt", args=[vote_id]))},
    ]
    lines.append(_("这张回执只说明票封在票箱里，不说明您选了什么。"))
    headers = {"Content-Disposition": "attachment; filename=receipt.txt", "Cache-Control": "private, no-store"}
    return HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
@login_required
def roll(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """The roll of a vote."""
    found = seen(request, vote_id)
    return _roll(request, found.roll, reverse("portal:vote-roll", args=[vote_id]), found)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def roll_alone(request: HttpRequest, roll_id: UUID) -> HttpResponse:
    """A roll on the board before there is a vote: objections are heard and answered, the desk corrects."""
    visible = Matter.objects.visible_to(standing_of(request)).values("pk")
    found = Roll.objects.filter(pk=roll_id, matter__in=visible).select_related("step", *("matter__stream", *PLACED))
    row = found.first()
    if row is None:
        raise Http404
    url = reverse("portal:roll", args=[roll_id])
    if request.method != "POST":
        return _roll(request, row, url)
    try:
        messages.success(request, correct(request, row))
    except Refused as refused:
        return _roll(request, row, url, draft=Draft.of(request.POST, refused), status=status_of(refused))
    return HttpResponseRedirect(url)


def _roll(
    request: HttpRequest, row: Roll, url: str, found: Vote | None = None, draft: Draft | None = None, status: int = 200
) -> HttpResponse:
    draft, now, line = draft or Draft(), clock.now(), request.GET.get("line", "")
    board = None if found else board_of(row, standing_of(request), now, draft, line if line.isdecimal() else "")
    page = rolls.roll_page(row, url, request.GET.get("home", ""), page_number(request), board)
    back = listing.vote_url(found.pk) if found else reverse("portal:matter", args=[row.matter_id])
    forms = [*board.acts, *(one.act for one in board.objections if one.act)] if board else []
    error = draft.said_nowhere(forms)
    here = "desk" if board and board.clerk else "home"
    context = {"here": here, "page": page, "board": board, "url": url, "back": back, "error": error}
    return render(request, "portal/voting/roll.html", context, status=status)
