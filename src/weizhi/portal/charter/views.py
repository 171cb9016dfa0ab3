"""The charter's page, the acts behind a figure, and the lists on paper."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from weizhi.matters.duties import ZONE
from weizhi.portal.charter import paper, reading
from weizhi.portal.printing import pdf_answer
from weizhi.portal.queries.places import community_of
from weizhi.portal.visitor import standing_of
from weizhi.record import clock


@require_safe
@login_required
def charter(request: HttpRequest) -> HttpResponse:
    page = reading.charter_page(standing_of(request), clock.now())
    return render(request, "portal/charter/page.html", {"here": "charter", "page": page})


@require_safe
@login_required
def duty(request: HttpRequest, key: str) -> HttpResponse:
    now = clock.now()
    page = reading.duty_page(standing_of(request), key, _month(request, now.astimezone(ZONE).date()), now)
    if page is None:
        raise Http404(_("章程里没有这一条。"))
    return render(request, "portal/charter/duty.html", {"here": "charter", "page": page})


@require_safe
@login_required
def sheet(request: HttpRequest, which: paper.Sheet) -> HttpResponse:
    """The poster or the handbook of the charter in force."""
    now = clock.now()
    community = community_of(standing_of(request))
    adoption = reading.newest_adoption(community, now) if community else None
    if community is None or adoption is None:
        raise Http404(_("这里还没有章程。"))
    since = adoption.since.astimezone(ZONE).date()
    made = paper.pdf(which, adoption.text_id, community.name, since, get_language() or "")
    return pdf_answer(made, which, cache="private, max-age=300")


def _month(request: HttpRequest, today: date) -> date:
    """The month that the address names, as 2026-03; else this one."""
    year, _dash, month = request.GET.get("month", "").partition("-")
    if year.isdecimal() and month.isdecimal() and 2000 <= int(year) <= today.year and 1 <= int(month) <= 12:
        return min(date(int(year), int(month), 1), today)
    return today
