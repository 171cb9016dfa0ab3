"""The desk of a hall: moderate with reasons, write down paper and voice, print the sheet."""

import re
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.deliberation.actions.add_statement import add_statement
from weizhi.deliberation.actions.moderate import moderate
from weizhi.deliberation.actions.speak import speak
from weizhi.deliberation.models import Statement
from weizhi.deliberation.opinions import SAID
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.hall.desk import Entering, desk_page
from weizhi.portal.hall.reading import Room, room_of
from weizhi.portal.hall.views import number_in
from weizhi.portal.queries.recording import person_meant
from weizhi.portal.refusing import status_of
from weizhi.portal.visitor import person_of

APART = re.compile(r"[\s,，、;；.。]+")
ENTER, MODERATE = "enter", "moderate"
ON_SHEET = 40


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def desk(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    room = _desk_of(request, matter_id)
    if request.method != "POST":
        return _show(request, room, Entering())
    sent = request.POST
    try:
        told = _enter(request, room) if sent.get("do") == ENTER else _moderate(request, room)
    except Refused as refused:
        typed = {name: sent.get(name, "") for name in ("who", "channel", "words", *SAID)}
        own = sent.get("do") == ENTER
        entering = Entering(typed, refused.message) if own else Entering()
        return _show(request, room, entering, status_of(refused), "" if own else refused.message)
    messages.success(request, told)
    return HttpResponseRedirect(f"{room.url('hall-desk')}#{'enter' if sent.get('do') == ENTER else 'waiting'}")


@never_cache
@require_safe
@login_required
def sheet(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """The paper sheet: the statements with their numbers and three boxes each."""
    room = _desk_of(request, matter_id)
    rows = Statement.objects.filter(hall=room.hall, state=Statement.State.OPEN).order_by("n")[:ON_SHEET]
    return render(request, "portal/hall/sheet.html", {**room.head, "here": "desk", "rows": rows, "room": room})


def _desk_of(request: HttpRequest, matter_id: UUID) -> Room:
    room = room_of(request, matter_id)
    if not (room.runs or room.moderates):
        raise Http404
    return room


def _show(request: HttpRequest, room: Room, entering: Entering, status: int = 200, error: str = "") -> HttpResponse:
    context = {**room.head, "here": "desk", "page": desk_page(room, entering, error)}
    return render(request, "portal/hall/desk.html", context, status=status)


def _moderate(request: HttpRequest, room: Room) -> str:
    person, sent = person_of(request), request.POST
    assert person is not None, "only who is signed in comes here"
    numbers = [n for text in sent.getlist("statement") if (n := number_in(text)) is not None]
    state = sent.get("state", "")
    moderate(room.hall.pk, numbers, state, by=person, reason=sent.get("reason", ""), who=room.who)
    return _("放出来了。") if state == Statement.State.OPEN else _("收起来了，写的人看得到为什么。")


def _enter(request: HttpRequest, room: Room) -> str:
    """One person's sheet, or what he said: answers by their numbers, and a sentence of his own. All or nothing."""
    by, sent = person_of(request), request.POST
    assert by is not None, "only who is signed in comes here"
    answers = _answers({name: sent.get(name, "") for name in SAID})
    own = sent.get("words", "").strip()
    whose = _whose(room, sent.get("who", ""))
    if not answers and not own:
        raise Refused("bad-data", _("请至少写一个号码，或者写下他说的一句话。"))
    channel, key = sent.get("channel", ""), sent.get("key", "")
    kept: tuple[int, ...] = ()
    with transaction.atomic():
        if answers:
            kept = speak(room.hall.pk, answers, by=by, of=whose, channel=channel, key=key, who=room.who).own
        if own:
            add_statement(room.hall.pk, own, by=by, of=whose, channel=channel, key=key, who=room.who)
    told = _("记下了：%(name)s，%(n)s 条。") % {"name": whose.name, "n": len(answers) - len(kept) + bool(own)}
    if kept:
        told += _("其中 %(n)s 条他自己在手机上说过，以他自己的为准。") % {"n": len(kept)}
    return told


def _answers(typed: dict[str, str]) -> dict[int, str]:
    """ "1 3、5" under each of the three."""
    found: dict[int, str] = {}
    for said, text in typed.items():
        for one in filter(None, APART.split(text.strip())):
            n = number_in(one)
            if n is None:
                raise Refused("bad-data", _("“%(text)s”不是号码。请只写号码，用空格或顿号隔开。") % {"text": one[:12]})
            if n in found:
                raise Refused("bad-data", _("第 %(n)s 条写了两遍。请再看一遍纸。") % {"n": n})
            found[n] = said
    return found


def _whose(room: Room, typed: str) -> Person:
    found = person_meant(room.hall.matter.community, typed, "", room.now)
    if found is None:
        raise Refused("bad-data", _("名册里找不到这个人。请从列表里选，写成“名字 门牌”。"), field="who")
    return found[0]
