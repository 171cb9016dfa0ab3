"""The review of a text: experts give points and decide, its authors answer, everybody who sees the matter reads."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from weizhi.deliberation.kinds.review import POINT, REPLY, REVIEW, TAKE_BACK_POINT
from weizhi.matters.actions.act import act
from weizhi.matters.refused import Refused
from weizhi.portal.forms import Draft, data_from
from weizhi.portal.texts import reviewing as pages
from weizhi.portal.texts.views import seen
from weizhi.portal.turns import turn
from weizhi.portal.visitor import person_of, standing_of
from weizhi.record import clock


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def review(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    return turn(
        request,
        read=lambda draft: _panel(request, matter_id, draft),
        show=lambda panel, status: _show(request, panel, status),
        do=lambda _panel: _do(request, matter_id),
    )


def _panel(request: HttpRequest, matter_id: UUID, draft: Draft) -> pages.Panel:
    standing = standing_of(request)
    panel = pages.Panel(seen(matter_id, standing), standing, clock.now(), draft)
    if not panel.rows:
        raise Http404
    return panel


def _show(request: HttpRequest, panel: pages.Panel, status: int) -> HttpResponse:
    page = pages.review_page(panel)
    forms = [*page.acts, *(one.act for round_ in page.rounds for one in round_.points if one.act)]
    error = panel.draft.said_nowhere(forms)
    context = {"here": "desk" if panel.who.posts else "home", "page": page, "error": error}
    return render(request, "portal/texts/review.html", context, status=status)


def _do(request: HttpRequest, matter_id: UUID) -> str:
    """Do what the form asks; what to say of it. Raises Refused."""
    person, sent = person_of(request), request.POST
    assert person is not None, "only who is signed in comes here"
    verb, data = sent.get("verb", ""), data_from(sent)
    if verb not in (POINT, REPLY, REVIEW, TAKE_BACK_POINT):
        raise Refused("bad-data", _("不明白要做什么。请从这一页上的按钮里选。"))
    step, _slash, n = sent.get("step", "").partition("/")
    outcome = sent.get("outcome") or None
    if n.isdecimal():
        data["point"] = n
    if verb == REPLY:
        data, outcome = {**data, "reply": outcome}, None
    act(
        matter_id, verb, by=person, step=step, data=data, outcome=outcome, key=sent.get("key") or None,
        who=standing_of(request),
    )  # fmt: skip
    return {
        POINT: _("记下了，起草的人会一条一条答复。"),
        REPLY: _("答复了，提意见的专家会收到。"),
        TAKE_BACK_POINT: _("撤回了。"),
        REVIEW: _("结论记下了。"),
    }[verb]
