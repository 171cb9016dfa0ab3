"""An officer writes down what others say, one after another; the slip that goes with it; the story behind its code."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from weizhi.matters.actions.act import Refused, raise_matter
from weizhi.matters.actions.read_number import read_number
from weizhi.matters.recorded import Recorded
from weizhi.people.access import Standing
from weizhi.places.models import Community, Place
from weizhi.portal.accounts import lockout
from weizhi.portal.accounts.numbers import as_number
from weizhi.portal.forms import Draft
from weizhi.portal.queries.before import DOCUMENT, before
from weizhi.portal.queries.charter import charter_in_force
from weizhi.portal.queries.places import community_of
from weizhi.portal.queries.recording import people_like, person_meant, place_meant, record_page
from weizhi.portal.queries.slips import slip_page, told_by
from weizhi.portal.sent import id_or_none
from weizhi.portal.signs import drawn
from weizhi.portal.uploads import keep_for_next_try, photos_from
from weizhi.portal.visitor import signed_in, standing_of
from weizhi.record import clock
from weizhi.record.photos import Photo
from weizhi.reports.actions.claim import claim
from weizhi.reports.slips import slip_with

KEPT: Final = ("channel", "place")


def _desk_of(request: HttpRequest) -> tuple[Standing, Community] | None:
    """Whoever holds a post, and where it is."""
    standing = standing_of(request)
    community = community_of(standing) if standing.posts else None
    return (standing, community) if community else None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def record_for(request: HttpRequest) -> HttpResponse:
    desk = _desk_of(request)
    if desk is None:  # a resident reports for himself
        return HttpResponseRedirect(reverse("portal:report"))
    if request.method != "POST":
        return _show(request, desk, Draft())
    photos: list[Photo] = []
    try:
        photos = photos_from(request)
        return _write(request, desk, photos)
    except Refused as refused:
        kept = keep_for_next_try(photos, str(request.user.pk))
        status = 403 if refused.code == "not-yours" else 422
        return _show(request, desk, Draft("raise", "", dict(request.POST.lists()), refused, kept), status)


def _show(request: HttpRequest, desk: tuple[Standing, Community], draft: Draft, status: int = 200) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    kept = {name: asked.get(name, "") for name in (*KEPT, "last")}
    page = record_page(*desk, draft, kept, clock.now())
    return render(request, "portal/record_for.html", {"here": "report", "page": page}, status=status)


def _write(request: HttpRequest, desk: tuple[Standing, Community], photos: list[Photo]) -> HttpResponse:
    (standing, community), sent, now = desk, request.POST, clock.now()
    person = signed_in(request)
    typed, phone = sent.get("who", "").strip(), sent.get("phone", "").strip()
    if phone and as_number(phone) is None:
        raise Refused("bad-data", _("这不像一个电话号码。请再看一遍，或者空着。"), field="phone")
    meant, stands = person_meant(community, typed, phone, now) or (None, None)
    words = sent.get("words", "")
    done = raise_matter(
        community,
        DOCUMENT,
        by=person,
        data={"words": words},
        place=place_meant(
            community, id_or_none(sent.get("place")), id_or_none(sent.get("kept_place")), words, stands, now
        ),
        evidence=photos,
        key=sent.get("key") or None,
        on_behalf_of=meant,
        recorded=Recorded(sent.get("channel", ""), *(("", "") if meant else (typed, as_number(phone) or ""))),
        who=standing,
        present=stands,
    )
    kept = {name: sent.get(name, "") for name in KEPT if sent.get(name)}
    return HttpResponseRedirect(f"{reverse('portal:record-for')}?{urlencode({**kept, 'last': str(done.matter_id)})}")


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Names for the list under "who": of the officer's own community, to officers alone."""
    desk = _desk_of(request)
    found = people_like(desk[1], request.GET.get("who", ""), clock.now()) if desk else ()
    return render(request, "portal/record_people.html", {"people": found})


@require_POST
@login_required
def look_first(request: HttpRequest) -> HttpResponse:
    """While the officer types: who said the same, and where the words say it is."""
    desk, now, words = _desk_of(request), clock.now(), request.POST.get("words", "")
    charter = charter_in_force(desk[1].pk, now) if desk else None
    kind = charter.kinds.get(DOCUMENT) if charter else None
    if desk is None or charter is None or kind is None:
        return HttpResponse(status=204)
    meant, stands = person_meant(desk[1], request.POST.get("who", ""), "", now) or (None, None)
    place = place_meant(
        desk[1], id_or_none(request.POST.get("place")), id_or_none(request.POST.get("kept_place")), words, stands, now
    )
    shown = before(*desk, charter, kind, place.pk if isinstance(place, Place) else place, words, now)
    return render(request, "portal/record_before.html", {"before": shown, "meant": meant})


@never_cache
@require_safe
@login_required
def slip_print(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """The slip to hand over: for officers of the matter's community."""
    desk = _desk_of(request)
    page = slip_page(desk[0], matter_id, clock.now()) if desk else None
    if page is None:
        raise Http404
    qr = drawn(f"{reverse('portal:slip')}#{page.digits}")
    return render(request, "portal/slip_print.html", {"here": "report", "page": page, "qr": qr})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: HttpRequest) -> HttpResponse:
    """The public story behind a code, without an account. Wrong codes are counted for the address they come from."""
    if request.method != "POST":
        return render(request, "portal/slip.html", {"here": "", "page": None})
    if lockout.guessing_is_locked(request, lockout.BY_SLIP):
        return lockout.locked(request)
    found = slip_with(request.POST.get("code", ""))
    if found is None:
        lockout.wrong_guess(request, lockout.BY_SLIP)
        message = _("没有这个查询码。请对着小票上的十个数字再看一遍。")
        context = {"here": "", "page": None, "wrong": message, "code": request.POST.get("code", "")}
        return render(request, "portal/slip.html", context, status=422)
    page = told_by(found, standing_of(request), clock.now())
    return render(request, "portal/slip.html", {"here": "", "page": page, "code": request.POST.get("code", "")})


@require_POST
@login_required
def slip_claim(request: HttpRequest) -> HttpResponse:
    """It was I who said this: from now on it is among my own, and I may dispute what was written."""
    if lockout.guessing_is_locked(request, lockout.BY_SLIP):
        return lockout.locked(request)
    person = signed_in(request)
    try:
        entry = claim(request.POST.get("code", ""), by=person)
    except Refused as refused:
        if refused.code == "not-found":
            lockout.wrong_guess(request, lockout.BY_SLIP)
        raise
    return HttpResponseRedirect(f"{reverse('portal:matter', args=[entry.stream_id])}?told=claim")


@never_cache
@require_POST
@login_required
def caller_number(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """The number that a caller left, for whoever handles the matter. The reading stands in the story."""
    person = signed_in(request)
    number = read_number(matter_id, by=person, who=standing_of(request))
    return render(request, "portal/caller_number.html", {"here": "desk", "number": number, "matter_id": matter_id})
