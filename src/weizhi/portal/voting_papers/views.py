"""The doors through which a vote is checked and printed. Who may open which: decisions/readers.py."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from weizhi.decisions.clerks import is_clerk
from weizhi.decisions.models import Vote
from weizhi.decisions.naming import named
from weizhi.decisions.one_file import program
from weizhi.decisions.pabulib import text_of
from weizhi.decisions.publishing import written
from weizhi.decisions.readers import check_clerk, check_may_recount
from weizhi.matters.refused import Refused
from weizhi.portal.printing import Range, pdf_answer
from weizhi.portal.visitor import person_of, standing_of
from weizhi.portal.voting_papers import setting
from weizhi.portal.voting_papers.lists import AT_MOST
from weizhi.record import clock

ROWS: Final = 1000  # of a file in one piece


@require_safe
def recount_program(_request: HttpRequest) -> HttpResponse:
    """One file of Python, for anybody: it holds nothing of this house."""
    return HttpResponse(
        program().encode(),
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="recount.py"'},
    )


def vote_seen(request: HttpRequest, vote_id: UUID) -> Vote:
    """The vote, where this visitor may see it; else there is none."""
    found = Vote.objects.visible_to(standing_of(request)).shown()
    vote = found.select_related("roll", "step", "community", "matter__community").filter(pk=vote_id).first()
    if vote is None:
        raise Http404
    return vote


@require_safe
@login_required
def published(request: HttpRequest, vote_id: UUID) -> HttpResponseBase:
    """The file from which the vote is recounted."""
    vote, person = vote_seen(request, vote_id), person_of(request)
    assert person is not None, "signed in"
    check_may_recount(vote, person, standing_of(request))
    headers = {
        "Content-Disposition": 'attachment; filename="published.json"',
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(_in_pieces(written(vote)), content_type="application/json", headers=headers)


def _in_pieces(rows: Iterable[bytes]) -> Iterator[bytes]:
    """A few large writes instead of one for each row."""
    rest = iter(rows)
    while piece := b"".join(islice(rest, ROWS)):
        yield piece


@require_safe
@login_required
def pabulib(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """A budget vote as other programs read it; for whoever may have the published file."""
    vote, person = vote_seen(request, vote_id), person_of(request)
    assert person is not None, "signed in"
    if vote.kind != "budget":
        raise Http404
    check_may_recount(vote, person, standing_of(request))
    headers = {"Content-Disposition": 'attachment; filename="published.pb"', "Cache-Control": "private, no-store"}
    return HttpResponse(text_of(vote), content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
@login_required
def paper(request: HttpRequest, vote_id: UUID, what: str) -> HttpResponse:
    """A paper of the vote as PDF; long lists in pieces, `from` and `to` by the roll's numbers."""
    vote, standing = vote_seen(request, vote_id), standing_of(request)
    if what not in setting.PAPERS:
        raise Http404
    if what in setting.FOR_CLERKS:
        check_clerk(vote, standing)
    if what in setting.AFTER_THE_COUNT and not vote.root:
        raise Refused("not-yet", "还没有计票。投票截止以后才有结果公告和计票记录。")
    told = setting.content(
        named(vote), what, clock.now(), Range.asked(request.GET, AT_MOST), clerk=is_clerk(vote, standing)
    )
    return pdf_answer(setting.typeset(told)[0], f"{what}-{vote.matter.number:04d}")
