"""A notice: anybody who sees it objects and reads the answers, the desk answers one by one or many at once."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.matters.actions.act import act
from weizhi.matters.objecting import ANSWER, OBJECT
from weizhi.matters.refused import Refused
from weizhi.portal.forms import Draft, data_from
from weizhi.portal.objecting import page as pages
from weizhi.portal.objecting import papers
from weizhi.portal.objecting import wall as walls
from weizhi.portal.texts.views import pdf, seen
from weizhi.portal.turns import turn
from weizhi.portal.visitor import person_of, standing_of
from weizhi.record import clock

DIGITS = 5


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def objections(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    return turn(
        request,
        read=lambda draft: _board(request, matter_id, draft),
        show=lambda board, status: _show(request, board, status),
        do=lambda _board: _do(request, matter_id),
    )


@require_safe
@login_required
def paper(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """The sheet for the board and the hall."""
    board = _board(request, matter_id, Draft())
    return pdf(papers.notice_paper(board), f"notice-{board.matter.number:04d}")


@require_safe
@login_required
def wall(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """For the screen of the hall, where the charter hangs the notice there too."""
    board = _board(request, matter_id, Draft())
    if not pages.in_the_hall(board):
        raise Http404
    return render(request, "portal/objecting/wall.html", {"here": "desk", "page": walls.notice_wall(board)})


def _board(request: HttpRequest, matter_id: UUID, draft: Draft) -> pages.Board:
    standing, asked = standing_of(request), request.GET
    sheet = asked.get("page", "")
    board = pages.Board(seen(matter_id, standing), standing, clock.now(), draft)
    board.show = asked.get("show", "") if asked.get("show") in ("open", "all") else ""
    board.sheet = max(1, int(sheet)) if sheet.isdecimal() and len(sheet) < DIGITS else 1
    if board.row is None:
        raise Http404
    return board


def _show(request: HttpRequest, board: pages.Board, status: int) -> HttpResponse:
    page = pages.objections_page(board)
    forms = [*page.groups, *page.acts, *(line.act for line in page.lines if line.act)]
    error = board.draft.said_nowhere(forms)
    context = {"here": "desk" if board.who.posts else "home", "page": page, "error": error}
    return render(request, "portal/objecting/objections.html", context, status=status)


def _do(request: HttpRequest, matter_id: UUID) -> str:
    """Object, or answer; what to say of it. Raises Refused."""
    person, sent = person_of(request), request.POST
    assert person is not None, "only who is signed in comes here"
    verb, step, data = sent.get("verb", ""), sent.get("step", ""), data_from(sent)
    if verb not in (OBJECT, ANSWER):
        raise Refused("bad-data", _("不明白要做什么。请从这一页上的按钮里选。"))
    if verb == ANSWER and not step.startswith("group-"):
        data["objection"] = step
    elif verb == ANSWER and not data.get("objections"):
        raise Refused("bad-data", _("请勾上要答复的异议。"), field="objections")
    act(matter_id, verb, by=person, data=data, key=sent.get("key") or None, who=standing_of(request))
    if verb == OBJECT:
        return _("收到了。每一条都会答复，您会收到消息。")
    return _("答复了 %(n)s 条，提的人都会收到。") % {"n": len(data.get("objections", ())) or 1}
