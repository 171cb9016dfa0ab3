"""The marks of a walk, for everybody who sees it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from weizhi.matters.models import Matter
from weizhi.portal.visitor import standing_of
from weizhi.portal.walked.page import marks_page
from weizhi.record import clock


@require_safe
@login_required
def marks(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    who = standing_of(request)
    matter = Matter.objects.visible_to(who).select_related("stream", "place").filter(pk=matter_id).first()
    page = marks_page(matter, who, clock.now()) if matter else None
    if page is None:
        raise Http404
    return render(request, "portal/walked/marks.html", {"here": "common", "page": page})
