"""The rules of dispatch, tried on past reports, for the committee to look at before it changes them."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from weizhi.portal.queries.routing import routing_page
from weizhi.portal.visitor import standing_of
from weizhi.record import clock


@require_safe
@login_required
def routing(request: HttpRequest) -> HttpResponse:
    page = routing_page(standing_of(request), request.GET.get("rule", ""), clock.now())
    if page is None:
        raise Http404
    return render(request, "portal/routing.html", {"here": "desk", "page": page})
