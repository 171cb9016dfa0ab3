"""The hall: say agree, disagree or pass to one statement after the other, add one's own, see what came of it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.deliberation.actions.add_statement import add_statement
from weizhi.deliberation.actions.read_reasons import read_reasons
from weizhi.deliberation.actions.speak import speak
from weizhi.deliberation.models import Statement
from weizhi.matters.refused import Refused
from weizhi.portal.hall import page as pages
from weizhi.portal.hall.reading import Room, room_of
from weizhi.portal.hall.result import result_page
from weizhi.portal.refusing import status_of
from weizhi.portal.visitor import person_of, signed_in

NUMBER_DIGITS = 6


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hall(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    room = room_of(request, matter_id)
    if request.method != "POST":
        return _show(request, room, pages.Writing())
    sent = request.POST
    if "read" in sent:
        return _read(request, room)
    if "words" not in sent:
        return _said(request, room)
    words = sent.get("words", "")
    try:
        if sent.get("anyway") != "yes" and (found := _alike(room, words)):
            return _show(request, room, pages.Writing(words, near=found), 200)
        return _added(request, room, words)
    except Refused as refused:
        return _show(request, room, pages.Writing(words, refused.message), status_of(refused))


@never_cache
@require_safe
@login_required
def result(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    room = room_of(request, matter_id)
    context = {**room.head, "here": _here(room), "page": result_page(room)}
    return render(request, "portal/hall/result.html", context)


def _show(request: HttpRequest, room: Room, writing: pages.Writing, status: int = 200, error: str = "") -> HttpResponse:
    page = pages.page_of(room, number_in(request.GET.get("n", "")), writing, error)
    context = {**room.head, "here": _here(room), "page": page, "last": number_in(request.GET.get("last", ""))}
    return render(request, "portal/hall/hall.html", context, status=status)


def _said(request: HttpRequest, room: Room) -> HttpResponse:
    person, sent = person_of(request), request.POST
    assert person is not None, "only who is signed in comes here"
    n = number_in(sent.get("statement", ""))
    try:
        if n is None:
            raise Refused("bad-data", _("看不出是对哪一条说的。请再按一次。"))
        speak(room.hall.pk, {n: sent.get("said", "")}, by=person, key=sent.get("key", ""), who=room.who)
    except Refused as refused:
        return _show(request, room, pages.Writing(), status_of(refused), refused.message)
    return HttpResponseRedirect(f"{room.url('hall')}?last={n}#ask")


def _read(request: HttpRequest, room: Room) -> HttpResponse:
    person = signed_in(request)
    read_reasons(by=person)
    return HttpResponseRedirect(f"{room.url('hall')}#own")


def _alike(room: Room, words: str) -> tuple[pages.Near, ...]:
    """Asked only of what could be added at all."""
    may = room.adds and room.open
    return pages.alike(room, " ".join(words.split())) if may and words.strip() else ()


def _added(request: HttpRequest, room: Room, words: str) -> HttpResponse:
    person = signed_in(request)
    one = add_statement(room.hall.pk, words, by=person, key=request.POST.get("key", ""), who=room.who)
    told = _("收到了。主持人看过就放出来，结果写在这一页下面。")
    if one.state == Statement.State.OPEN:
        told = _("收到了，大家已经看得到。")
    messages.success(request, told)
    return HttpResponseRedirect(f"{room.url('hall')}#own")


def number_in(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= NUMBER_DIGITS else None


def _here(room: Room) -> str:
    return "desk" if room.who.posts else "board"
