"""A mediation: one page for both sides and the mediator; its agreement on paper; the mediator's day."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.charters.periods import ZONE
from weizhi.deliberation.kinds.mediate import BOOK, INVITE, LEAVE, NAME_AT_MOST, SIGN, TAKE_PART, WRITE_DOWN
from weizhi.deliberation.models import Mediation, Side
from weizhi.matters.actions.act import act
from weizhi.matters.refused import Refused
from weizhi.portal.forms import Draft, data_from
from weizhi.portal.mediating import page as pages
from weizhi.portal.mediating.day import day_page
from weizhi.portal.mediating.forms import END, PAPER
from weizhi.portal.mediating.paper import told_on_paper
from weizhi.portal.printing import pdf_answer
from weizhi.portal.turns import turn
from weizhi.portal.uploads import photos_from
from weizhi.portal.visitor import person_of, standing_of
from weizhi.portal.voting_papers.setting import typeset
from weizhi.record import clock


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mediation(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    return turn(
        request,
        read=lambda draft: _table(request, matter_id, draft),
        show=lambda table, status: _show(request, table, status),
        do=lambda table: _do(request, table),
    )


def _table(request: HttpRequest, matter_id: UUID, draft: Draft) -> pages.Table:
    """The mediation for whoever takes part in it; to others there is none."""
    standing = standing_of(request)
    rows = Mediation.objects.visible_to(standing).select_related("matter__community", "step").filter(matter=matter_id)
    talks = rows.order_by("-id").first()
    sent = request.POST if request.method == "POST" else request.GET
    find = (request.GET.get("find") or sent.get("name", "")).strip()[:NAME_AT_MOST]
    if talks is None:
        raise Http404
    table = pages.Table(talks, standing, clock.now(), draft, find, bool(request.GET.get("times")))
    if not table.side and not table.mediates:
        raise Http404
    return table


def _show(request: HttpRequest, table: pages.Table, status: int) -> HttpResponse:
    page = pages.mediation_page(table)
    error = table.draft.said_nowhere(page.acts)
    context = {"here": "desk" if table.mediates else "home", "page": page, "error": error}
    answer = render(request, "portal/mediating/mediation.html", context, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _do(request: HttpRequest, table: pages.Table) -> str:
    """Do what the form asks; what to say of it. Raises Refused."""
    person, sent = person_of(request), request.POST
    assert person is not None, "only who is signed in comes here"
    verb, outcome = sent.get("verb", ""), sent.get("outcome", "")
    if verb not in SAID:
        raise Refused("bad-data", _("不明白要做什么。请从这一页上的按钮里选。"))
    act(
        table.talks.matter_id, verb, by=person, step=table.talks.step_id, data=_data(request, verb, outcome),
        outcome=outcome if verb == END else None, evidence=photos_from(request), key=sent.get("key") or None,
        who=standing_of(request),
    )  # fmt: skip
    return str(SAID[verb]())


def _data(request: HttpRequest, verb: str, outcome: str) -> dict[str, Any]:
    """What the act is given: a button's own value is the time that is taken, or the words that are signed."""
    data, form = data_from(request.POST), request.POST.get("step", "")
    if verb == BOOK:
        return {"slot": outcome}
    if verb == SIGN:
        return {"side": data.get("side", "")} if form == PAPER else {"seen": outcome}
    if form in Side.values:
        data["side"] = form
    if data.get("person"):
        data.pop("name", None)
    return data


SAID = {
    INVITE: lambda: _("邀请发出了。他答应了，就可以约时间。"),
    TAKE_PART: lambda: _("记下了。请约一个时间。"),
    LEAVE: lambda: _("记下了，不调了。"),
    BOOK: lambda: _("约好了，前一天会提醒。"),
    WRITE_DOWN: lambda: _("写好了，等双方签字。"),
    SIGN: lambda: _("签好了。"),
    END: lambda: _("记下了。"),
}


@require_safe
@login_required
def agreement(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """The agreement as PDF: to be signed on paper, or as it was signed."""
    table = _table(request, matter_id, Draft())
    if not table.talks.text_hash:
        raise Http404
    return pdf_answer(typeset(told_on_paper(table))[0], f"agreement-{table.talks.matter.number:04d}")


@require_safe
@login_required
def day(request: HttpRequest) -> HttpResponse:
    """Who comes to the mediator on a day, and what waits."""
    now = clock.now()
    try:
        chosen = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        chosen = now.astimezone(ZONE).date()
    page = day_page(standing_of(request), chosen, now)
    answer = render(request, "portal/mediating/day.html", {"here": "desk", "page": page})
    answer["Cache-Control"] = "private, no-store"
    return answer
