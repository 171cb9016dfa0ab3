"""Invitations: the page of who is concerned, the letters to print, and the answer of whoever holds one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.deliberation.actions.answer_invitation import answer, answer_by_letter
from weizhi.deliberation.inviters import invites
from weizhi.deliberation.kinds.invite import DELIVERED
from weizhi.deliberation.letters import invitation_with
from weizhi.deliberation.models import Invitation
from weizhi.matters import rules
from weizhi.matters.actions.act import act
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.refused import Refused
from weizhi.matters.sentences import name_title
from weizhi.portal.accounts import lockout
from weizhi.portal.forms import Draft
from weizhi.portal.inviting import page as pages
from weizhi.portal.inviting import papers
from weizhi.portal.printing import pdf_answer
from weizhi.portal.refusing import status_of
from weizhi.portal.saying import number, place_words
from weizhi.portal.uploads import photos_from
from weizhi.portal.visitor import person_of, standing_of
from weizhi.record import clock
from weizhi.record.models import Payload


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invited(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    matter, step = _seen(request, matter_id)
    if request.method != "POST":
        return _show(request, matter, step, Draft())
    try:
        told = _do(request, matter, step)
    except Refused as refused:
        matter, step = _seen(request, matter_id)
        return _show(request, matter, step, Draft.of(request.POST, refused), status_of(refused))
    messages.success(request, told)
    return HttpResponseRedirect(reverse("portal:invited", args=[matter_id]))


def _seen(request: HttpRequest, matter_id: UUID) -> tuple[Matter, StepRow]:
    rows = StepRow.objects.filter(
        matter__in=Matter.objects.visible_to(standing_of(request)).filter(pk=matter_id), kind="invite"
    )
    found = rows.select_related("matter__place__parent__parent", "matter__community", "matter__stream")
    step = found.order_by("-opened_at").first()
    if step is None:
        raise Http404
    return step.matter, step


def _show(request: HttpRequest, matter: Matter, step: StepRow, draft: Draft, status: int = 200) -> HttpResponse:
    who = standing_of(request)
    page = pages.invited_page(matter, step, who, clock.now(), draft)
    shown = any(form and form.errors for form in (page.mine, page.mark))
    error = draft.refused.message if draft.refused and not shown else ""
    ticked = {int(n) for n in draft.sent.get("line", ()) if n.isdecimal()}
    context = {"here": "desk" if who.posts else "home", "page": page, "error": error, "ticked": ticked}
    return render(request, "portal/inviting/invited.html", context, status=status)


def _do(request: HttpRequest, matter: Matter, step: StepRow) -> str:
    """Do what the form asks; what to say of it. Raises Refused."""
    person, sent = person_of(request), request.POST
    assert person is not None, "only who is signed in comes here"
    verb, way = sent.get("verb", ""), sent.get("outcome", "")
    if verb == pages.ANSWER and way in (pages.YES, pages.NO):
        answer(matter.pk, by=person, comes=way == pages.YES, words=sent.get("words", ""))
        return _("记下了，谢谢您回话。")
    if verb != DELIVERED:
        raise Refused("bad-data", _("不明白要做什么。请从这一页上的按钮里选。"))
    lines = [int(n) for n in sent.getlist("line") if n.isdecimal()]
    data: dict[str, Any] = {"lines": lines, "how": way}
    if words := sent.get("words", "").strip():
        data["words"] = words
    act(
        matter.pk, DELIVERED, by=person, step=step.pk, data=data, evidence=photos_from(request),
        key=sent.get("key") or None, who=standing_of(request),
    )  # fmt: skip
    return _("记下了，%(n)s 封信。") % {"n": len(lines)}


@never_cache
@require_safe
@login_required
def letters(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """One letter a home, for whoever carries them; `from` and `to` by the numbers of the list."""
    matter, step = _seen(request, matter_id)
    if not invites(matter, step, standing_of(request)):
        raise Http404
    rows = Invitation.objects.homes().filter(step=step).select_related("home__parent__parent__parent").order_by("n")
    told = papers.content(matter, list(rows), _said(matter), pages.meeting_of(matter), _issuer(matter))
    return pdf_answer(papers.typeset(told)[0], f"letters-{matter.number:04d}")


def _said(matter: Matter) -> str:
    """The words of the topic as its readers see them; nothing where they are for its parties alone."""
    part = Payload.objects.filter(entry__stream=matter.stream_id, entry__n=1, part=WORDS, grade__lt=2).first()
    return str(part.read()) if part is not None else ""


def _issuer(matter: Matter) -> str:
    charter = charter_by_hash(matter.charter_id)
    return f"{matter.community.name}{name_title(charter, matter.kind, rules.owner_of(charter))}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_letter(request: HttpRequest) -> HttpResponse:
    """Whoever holds the letter, without an account. Wrong codes are counted for the address they come from."""
    code, way = request.POST.get("code", ""), request.POST.get("outcome", "")
    if request.method != "POST":
        return render(request, "portal/inviting/letter.html", {"here": "", "one": None})
    if lockout.guessing_is_locked(request, lockout.BY_INVITATION):
        return lockout.locked(request)
    found = invitation_with(code)
    if found is None:
        lockout.wrong_guess(request, lockout.BY_INVITATION)
        wrong = _("没有这个码。请对着信上的十个数字再看一遍。")
        return render(request, "portal/inviting/letter.html", {"here": "", "wrong": wrong, "code": code}, status=422)
    error = ""
    if way in (pages.YES, pages.NO):
        try:
            found = answer_by_letter(code, comes=way == pages.YES, words=request.POST.get("words", ""))
        except Refused as refused:
            error = refused.message
    return render(request, "portal/inviting/letter.html", {"here": "", "code": code, "error": error, **_letter(found)})


def _letter(one: Invitation) -> dict[str, Any]:
    """What the holder of a letter reads: no more than the letter says."""
    assert one.home is not None, "only homes have letters"
    return {
        "one": one,
        "title": one.matter.title,
        "number": number(one.matter),
        "place": place_words(one.matter.place),
        "home": place_words(one.home),
        "coming": papers.meet_words(pages.meeting_of(one.matter)),
        "words": _said(one.matter),
        "over": one.matter.ended_at is not None,
    }
