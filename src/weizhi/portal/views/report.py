"""Report: a photo, a place, a few words."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from weizhi.matters.actions.act import Refused, raise_matter
from weizhi.people.models import Person
from weizhi.portal.forms import Draft, data_from
from weizhi.portal.queries.places import ELSEWHERE, community_of
from weizhi.portal.queries.report import DOCUMENT, ReportPage, report_page
from weizhi.portal.uploads import keep_for_next_try, photos_from
from weizhi.portal.visitor import person_of, standing_of
from weizhi.record.photos import Photo


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, _page(request, request.GET, Draft()))
    photos: list[Photo] = []
    try:
        photos = photos_from(request)
        return _raise(request, photos)
    except Refused as refused:
        kept = keep_for_next_try(photos, str(request.user.pk))
        draft = Draft("raise", "", dict(request.POST.lists()), refused, kept)
        status = 403 if refused.code == "not-yours" else 422
        return _show(request, _page(request, request.POST, draft), status)


def _page(request: HttpRequest, asked: QueryDict, draft: Draft) -> ReportPage | None:
    now, follows = timezone.now(), asked.get("follows", "")
    return report_page(standing_of(request), asked.get("kind", ""), now, draft, follows)


def _show(request: HttpRequest, page: ReportPage | None, status: int = 200) -> HttpResponse:
    context = {"here": "report", "page": page}
    return render(request, "portal/report.html", context, status=status)


def _raise(request: HttpRequest, photos: list[Photo]) -> HttpResponse:
    person, standing = person_of(request), standing_of(request)
    community = community_of(standing)
    if community is None or person is None:
        return _show(request, None, 403)
    done = raise_matter(
        community,
        request.POST.get("kind") or DOCUMENT,
        by=person,
        data=data_from(request.POST),
        place=_place(request),
        evidence=photos,
        key=request.POST.get("key") or None,
        on_behalf_of=_behalf(request),
        follows=_id(request.POST.get("follows", "")),
        who=standing,
    )
    return HttpResponseRedirect(f"{reverse('portal:matter', args=[done.matter_id])}?told=raise")


def _behalf(request: HttpRequest) -> Person | None:
    """The neighbour for whom it is recorded. Whether the officer may is for the act to judge."""
    asked = _id(request.POST.get("behalf", ""))
    if asked is None:
        return None
    found = Person.objects.filter(pk=asked, erased_at__isnull=True).first()
    if found is None:
        raise Refused("bad-data", _("找不到这位居民。请重新选一次。"), field="behalf")
    return found


def _place(request: HttpRequest) -> UUID | None:
    """The place that was pressed; the list counts where "elsewhere" was pressed or nothing was."""
    pressed, listed = request.POST.get("place", ""), request.POST.get("other_place", "")
    chosen = listed if pressed in ("", ELSEWHERE) else pressed
    if chosen and _id(chosen) is None:
        raise Refused("bad-data", _("找不到这个地方。请重新选一次。"), field="place")
    return _id(chosen)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
