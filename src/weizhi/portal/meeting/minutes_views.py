"""The minutes of a meeting: read, corrected, signed; and everything of a meeting that is printed."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.deliberation.minutes import CORRECT, SIGN
from weizhi.matters.actions.act import act
from weizhi.matters.refused import Refused
from weizhi.portal.forms import Draft, data_from
from weizhi.portal.meeting import papers
from weizhi.portal.meeting.minutes_page import minutes_page
from weizhi.portal.meeting.record import Record
from weizhi.portal.meeting.views import floor_of
from weizhi.portal.printing import pdf_answer
from weizhi.portal.turns import turn
from weizhi.portal.visitor import person_of, standing_of
from weizhi.portal.voting_papers.setting import typeset


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def minutes(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    return turn(
        request,
        read=lambda draft: _closed(request, matter_id, draft),
        show=lambda record, status: _show(request, record, status),
        do=lambda record: _do(request, record),
    )


def _closed(request: HttpRequest, matter_id: UUID, draft: Draft) -> Record:
    floor = floor_of(request, matter_id, draft)
    if floor.sitting.closed_at is None:
        raise Http404
    return Record(floor)


def _show(request: HttpRequest, record: Record, status: int) -> HttpResponse:
    page = minutes_page(record)
    error = record.floor.draft.said_nowhere(page.forms)
    context = {"here": "desk" if record.floor.who.posts else "home", "page": page, "error": error}
    return render(request, "portal/meeting/minutes.html", context, status=status)


def _do(request: HttpRequest, record: Record) -> str:
    """Correct or sign; what to say of it. Raises Refused."""
    person, sent = person_of(request), request.POST
    assert person is not None, "only who is signed in comes here"
    verb, step = sent.get("verb", ""), record.written.step
    if verb not in (CORRECT, SIGN) or step is None:
        raise Refused("bad-data", _("不明白要做什么。请从这一页上的按钮里选。"))
    data = data_from(sent, empty=True) if verb == CORRECT else {"version": sent.get("outcome", "")}
    act(
        record.floor.sitting.matter_id, verb, by=person, step=step.pk, data=data,
        key=sent.get("key") or None, who=standing_of(request),
    )  # fmt: skip
    return _("改好了，这是新的一版。") if verb == CORRECT else _("签好了。")


@require_safe
@login_required
def paper(request: HttpRequest, matter_id: UUID, what: str) -> HttpResponse:
    """A paper of the meeting as PDF: what of it this reader may see."""
    if what not in papers.PAPERS:
        raise Http404
    floor = floor_of(request, matter_id, Draft())
    if not papers.is_there(floor, what):
        raise Http404
    with translation.override("zh-hans"):  # papers go to the board, into the file and to court
        told = papers.content(floor, what)
    return pdf_answer(typeset(told)[0], f"{what}-{floor.sitting.matter.number:04d}")
