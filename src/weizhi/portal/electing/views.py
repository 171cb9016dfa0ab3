"""The candidates of an election: one page to read them and to put one forward."""

from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from weizhi.decisions.kinds.nominate import ACCEPT, DECLINE, NOMINATE, STRIKE
from weizhi.decisions.models import Candidate
from weizhi.matters.actions.act import act
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.portal.electing import page as pages
from weizhi.portal.electing.forms import JOIN, NAME
from weizhi.portal.electing.knowing import elector_known
from weizhi.portal.forms import Draft, data_from
from weizhi.portal.queries.notices import unseen_count
from weizhi.portal.turns import turn
from weizhi.portal.visitor import keep_unseen, person_of, standing_of
from weizhi.record import clock

TYPED: Final = ("name", "home")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def candidates(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    return turn(
        request,
        read=lambda draft: _floor(request, matter_id, draft),
        show=lambda floor, status: _show(request, floor, status),
        do=lambda floor: _act(request, floor),
    )


def _floor(request: HttpRequest, matter_id: UUID, draft: Draft) -> pages.Floor:
    standing = standing_of(request)
    found = Matter.objects.visible_to(standing).preloaded().annotate(unseen=unseen_count(standing))
    matter = found.filter(pk=matter_id).first()
    if matter:
        keep_unseen(request, matter.unseen)  # the dock's number came with the matter
    floor = pages.floor_of(matter, standing, clock.now(), draft) if matter else None
    if floor is None:
        raise Http404
    return floor


def _show(request: HttpRequest, floor: pages.Floor, status: int) -> HttpResponse:
    page = pages.candidates_page(floor)
    shown = [*page.my_acts, *page.acts, *(form for group in page.groups for one in group.people for form in one.acts)]
    error = floor.draft.said_nowhere(shown)
    context = {"here": "desk" if floor.who.posts else "home", "page": page, "error": error}
    return render(request, "portal/electing/candidates.html", context, status=status)


def _act(request: HttpRequest, floor: pages.Floor) -> str:
    """Do what the form asks; what to say of it. Raises Refused."""
    person, sent = person_of(request), request.POST
    assert person is not None
    verb, form = sent.get("verb", ""), sent.get("step", "")
    if verb not in pages.VERBS:
        raise Refused("bad-data", _("不明白要做什么。请从这一页上的按钮里选。"))
    data = data_from(sent)
    typed = {name: str(data.pop(name, "")) for name in TYPED}
    if form in (JOIN, STRIKE):
        one = _listed(floor, sent.get("outcome", ""))
        data |= {"person": str(one.person_id), **({"way": one.way} if form == JOIN else {})}
    elif form == NAME:
        data["person"] = str(elector_known(request, floor, typed["name"], typed["home"]).pk)
    act(
        floor.reader.matter.pk, verb, by=person, step=floor.row.pk, data=data, key=sent.get("key") or None,
        who=standing_of(request),
    )  # fmt: skip
    return _told(verb, form)


def _listed(floor: pages.Floor, sent: str) -> Candidate:
    try:
        found = Candidate.objects.filter(matter=floor.reader.matter, step=floor.step, pk=UUID(sent)).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused("bad-data", _("名单上没有这个人。请刷新看看。"))
    return found


def _told(verb: str, form: str) -> str:
    words = {
        ACCEPT: _("收到了。您是候选人了，名字和您写的话排在下面。"),
        DECLINE: _("收到了，您不参选。"),
        STRIKE: _("记下了，已经告诉本人，原因写在下面。"),
    }
    if verb != NOMINATE:
        return words[verb]
    if form == JOIN:
        return _("收到了，您也联名了。人数够了，会请本人决定。")
    return _("收到了。已经告诉本人，他接受了才算。") if form == NAME else words[ACCEPT]
