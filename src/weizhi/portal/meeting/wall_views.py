"""The projector's page of a meeting and its pulse; the page behind the code on the wall."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from weizhi.deliberation.actions.check_in import check_in
from weizhi.deliberation.models import Attendance, Sitting
from weizhi.matters.refused import Refused
from weizhi.portal.forms import Draft
from weizhi.portal.meeting.here import fits
from weizhi.portal.meeting.page import Floor
from weizhi.portal.meeting.views import checked_in_words, floor_of
from weizhi.portal.meeting.wall import mark_of, wall_page
from weizhi.portal.refusing import status_of
from weizhi.portal.saying import when
from weizhi.portal.visitor import person_of, standing_of


@require_safe
@login_required
def wall(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    return _drawn(request, floor_of(request, matter_id, Draft()), "portal/meeting/wall.html")


@require_safe
@login_required
def wall_since(request: HttpRequest, matter_id: UUID, mark: str) -> HttpResponse:
    """Asked every two seconds: 204 while nothing has changed, and where it may not be seen. One query."""
    now = mark_of(Sitting.objects.visible_to(standing_of(request)).filter(matter=matter_id))
    if now is None or now == mark:
        return HttpResponse(status=204)
    return _drawn(request, floor_of(request, matter_id, Draft()), "portal/meeting/wall_body.html")


def _drawn(request: HttpRequest, floor: Floor, template: str) -> HttpResponse:
    mark = mark_of(Sitting.objects.filter(pk=floor.sitting.pk)) or ""
    return render(request, template, {"here": "desk", "page": wall_page(floor, mark), "pk": floor.sitting.matter_id})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def here(request: HttpRequest, matter_id: UUID, token: str) -> HttpResponse:
    """Scanned in the room: sign in if need be, then one press."""
    floor, person = floor_of(request, matter_id, Draft()), person_of(request)
    assert person is not None, "only who is signed in comes here"
    if not fits(floor.sitting, token):
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            row = check_in(floor.sitting.pk, by=person, channel=Attendance.Channel.CODE)
        except Refused as refused:
            error, status = refused.message, status_of(refused)
        else:
            messages.success(request, checked_in_words(row))
            return HttpResponseRedirect(reverse("portal:meeting", args=[matter_id]))
    sitting = floor.sitting
    context = {
        "here": "home", "title": sitting.matter.title, "when": when(sitting.starts_at, floor.now),
        "where": sitting.where, "there": floor.is_there, "doors": floor.doors, "error": error, "pk": matter_id,
    }  # fmt: skip
    return render(request, "portal/meeting/here.html", context, status=status if error else 200)
