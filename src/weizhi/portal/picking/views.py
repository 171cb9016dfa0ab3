"""The list and the map of places, fetched when they are asked for: the page of reports itself stays light."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from weizhi.portal.picking.panel import Asked, panel
from weizhi.portal.queries.places import community_of, own_community
from weizhi.portal.visitor import standing_of


@require_safe
@login_required
def places(request: HttpRequest) -> HttpResponse:
    """Of the community of the sign on the wall if it is one of the person's own, else where the person belongs."""
    standing = standing_of(request)
    community = own_community(standing, request.GET.get("at", "")) or community_of(standing)
    if community is None:
        return HttpResponse(status=204)
    found = panel(community, Asked.of(request.GET.dict()), {"kind": request.GET.get("kind", "")})
    return render(request, "portal/places.html", {"panel": found})
