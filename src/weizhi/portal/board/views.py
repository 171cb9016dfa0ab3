"""The pages of what everybody may see."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from weizhi.portal.board import page
from weizhi.portal.board.map import map_page
from weizhi.portal.views.home import page_number
from weizhi.portal.visitor import standing_of
from weizhi.record import clock


@require_safe
@login_required
def board(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("view", "")
    view = cast(page.View, asked if asked in ("open", "solved") else "")
    found = page.board(standing_of(request), view, page_number(request), clock.now())
    return render(request, "portal/board/page.html", {"here": "common", "page": found})


@require_safe
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    found = page.figures_page(standing_of(request), clock.now())
    return render(request, "portal/board/figures.html", {"here": "common", "page": found, "ways": page.ways("figures")})


@require_safe
@login_required
def map_(request: HttpRequest) -> HttpResponse:
    place = request.GET.get("place", "")[:200]
    found = map_page(standing_of(request), place, page_number(request), clock.now())
    return render(request, "portal/board/map.html", {"here": "common", "page": found, "ways": page.ways("map")})
