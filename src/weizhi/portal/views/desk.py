"""The desk's work table."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from weizhi.portal.queries.desk import Asked, desk
from weizhi.portal.visitor import standing_of


@require_safe
@login_required
def work_table(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request)
    if not standing.posts:  # the desk is where a post works
        return HttpResponseRedirect(reverse("portal:home"))
    asked = Asked.of(request.GET)
    table = desk(standing, asked, timezone.now())
    here = asked.view if asked.view in ("open", "ended") else "desk"
    return render(request, "portal/desk.html", {"here": here, "table": table})
