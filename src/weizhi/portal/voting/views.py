"""The voter's pages: what is asked, the ballot, the receipt, the roll, the result."""

from uuid import UUID

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
from weizhi.portal.refusing import status_of
from weizhi.portal.views.home import page_number
from weizhi.portal.visitor import person_of, standing_of
from weizhi.portal.voting import listing, receipts, rolls, voter, words
from weizhi.record import clock


@require_safe
@login_required
def votes(request: HttpRequest) -> HttpResponse:
    page = listing.votes_page(standing_of(request), page_number(request), clock.now())
    return render(request, "portal/voting/votes.html", {"here": "home", "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def vote(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """The question and my ballots; POST casts one of them: saved at once, confirmed with a receipt."""
    found = _seen(request, vote_id)
    if request.method != "POST":
        return _show(request, found, voter.Tried(), request.GET.get("told", ""))
    person = person_of(request)
    assert person is not None
    chosen, line = voter.chosen_of(found, request.POST), request.POST.get("line", "")
    try:
        done = cast(found.pk, chosen, by=person, entitlement=_id(line), key=request.POST.get("key", ""))
    except Refused as refused:
        tried = voter.Tried(line, tuple(chosen), refused.message)
        return _show(request, found, tried, status=status_of(refused))
    n = request.POST.get("n", "")
    number = n if n.isdecimal() else ""
    return HttpResponseRedirect(f"{listing.vote_url(done.vote)}?told={number}#kept-{number}")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _show(request: HttpRequest, found: Vote, tried: voter.Tried, told: str = "", status: int = 200) -> HttpResponse:
    page = voter.vote_page(found, standing_of(request), clock.now(), tried, told)
    at_a_ballot = page.state == words.OPEN and any(one.error for one in page.ballots)
    context = {"here": "home", "page": page, "error": "" if at_a_ballot else tried.error}
    return render(request, "portal/voting/vote.html", context, status=status)


def _seen(request: HttpRequest, vote_id: UUID) -> Vote:
    found = voter.seen(vote_id, standing_of(request))
    if found is None:
        raise Http404
    return found


@require_safe
@login_required
def receipt(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """What became of a receipt. Whoever may see the vote may ask after any."""
    found = _seen(request, vote_id)
    typed = request.GET.get("code", "")
    checked = receipts.checked(found, typed) if typed.strip() else None
    said = {"question": words.question_of(found), "url": listing.vote_url(found.pk), "checked": checked}
    return render(request, "portal/voting/receipt.html", {"here": "home", **said})


@require_safe
@login_required
def receipt_text(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """My receipts of a vote as a small text to keep."""
    found, person = _seen(request, vote_id), person_of(request)
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
    found = _seen(request, vote_id)
    return _roll(request, found.roll, reverse("portal:vote-roll", args=[vote_id]), found)


@require_safe
@login_required
def roll_alone(request: HttpRequest, roll_id: UUID) -> HttpResponse:
    """A roll on the board before there is a vote: the days in which objections are heard."""
    found = Roll.objects.filter(pk=roll_id, matter__in=Matter.objects.visible_to(standing_of(request)).values("pk"))
    row = found.first()
    if row is None:
        raise Http404
    return _roll(request, row, reverse("portal:roll", args=[roll_id]))


def _roll(request: HttpRequest, row: Roll, url: str, found: Vote | None = None) -> HttpResponse:
    page = rolls.roll_page(row, url, request.GET.get("home", ""), page_number(request))
    back = listing.vote_url(found.pk) if found else reverse("portal:matter", args=[row.matter_id])
    objects = reverse("portal:matter", args=[row.matter_id])
    context = {"here": "home", "page": page, "url": url, "back": back, "objects": objects}
    return render(request, "portal/voting/roll.html", context)
