"""The desk's work table."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weizhi.portal.queries.desk import Asked, desk
from weizhi.portal.visitor import standing_of


@require_safe
@login_required
def work_table(request: HttpRequest) -> HttpResponse:
    asked = Asked.of(request.GET)
    table = desk(standing_of(request), asked, timezone.now())
    here = asked.view if asked.view in ("open", "ended") else "desk"
    return render(request, "portal/desk.html", {"here": here, "table": table})
