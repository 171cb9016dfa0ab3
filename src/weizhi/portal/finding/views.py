"""Search."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from weizhi.portal.finding.page import search_page
from weizhi.portal.finding.wanted import Wanted
from weizhi.portal.visitor import standing_of
from weizhi.record import clock


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    page = search_page(standing_of(request), Wanted.of(request.GET.dict()), clock.now())
    return render(request, "portal/search.html", {"here": "common", "page": page})
