"""Report: a photo, a place, a few words."""

from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from weizhi.matters.actions.act import Refused, raise_matter
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.places.models import Community
from weizhi.portal.forms import Draft, data_from
from weizhi.portal.guiding.page import is_first, is_guided
from weizhi.portal.picking.asking import by_name
from weizhi.portal.picking.panel import place_typed
from weizhi.portal.queries.before import DOCUMENT, Before, before, digest
from weizhi.portal.queries.places import ELSEWHERE, community_of, own_community
from weizhi.portal.queries.recording import person_meant
from weizhi.portal.queries.report import Ground, ground_for, report_page
from weizhi.portal.sent import id_or_none
from weizhi.portal.uploads import keep_for_next_try, photos_from
from weizhi.portal.visitor import person_of, standing_of
from weizhi.record import clock
from weizhi.record.photos import Photo

OURS: Final = (
    "at",
    "seen",
    "anyway",
    "plain",
    "find",
    "look",
    "under",
    "picked",
    "to",
    "review",
    "n",
    "whole",
)  # what the page sends for itself, and no charter asks


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        ground = _ground(request)
        return _guided(request, ground) or _show(request, request.GET, Draft(), ground=ground)
    if "review" in request.POST:  # answered question by question: now the whole, with the place
        return _show(request, request.POST, Draft("raise", "", dict(request.POST.lists())))
    photos: list[Photo] = []
    try:
        photos = photos_from(request)
        if "look" in request.POST or "under" in request.POST:  # without a script: the list of places, nothing lost
            kept = keep_for_next_try(photos, str(request.user.pk))
            return _show(request, request.POST, Draft("raise", "", dict(request.POST.lists()), None, kept))
        data = _data(request)
        if checked := _unread(request):
            kept = keep_for_next_try(photos, str(request.user.pk))
            return _show(request, request.POST, Draft("raise", "", dict(request.POST.lists()), None, kept), checked)
        return _raise(request, photos, data)
    except Refused as refused:
        kept = keep_for_next_try(photos, str(request.user.pk))
        draft = Draft("raise", "", dict(request.POST.lists()), refused, kept)
        status = 403 if refused.code == "not-yours" else 422
        return _show(request, request.POST, draft, status=status)


@require_POST
@login_required
def look_first(request: HttpRequest) -> HttpResponse:
    """What stands between the words and the button, while the words are typed."""
    ground = _ground(request)
    try:
        checked = _before(request, ground) if ground else Before()
    except Refused:  # a place that is none: said when the report is sent
        checked = Before()
    held = bool(ground and ground.kind(_kind(request)).held_by)
    return render(request, "portal/report_before.html", {"before": checked, "swapped": True, "held": held})


def _guided(request: HttpRequest, ground: Ground | None) -> HttpResponse | None:
    """Whoever raises one of a guided kind for the first time is led through its questions, unless he says he can."""
    asked = request.GET
    if "whole" in asked or not asked.get("kind") or ground is None:
        return None
    kind = ground.kind(asked["kind"])
    if kind.key != asked["kind"] or not is_guided(ground.charter, kind) or not is_first(ground.standing, kind.key):
        return None
    return HttpResponseRedirect(f"{reverse('portal:guided')}?{asked.urlencode()}")


def _ground(request: HttpRequest) -> Ground | None:
    asked = request.POST if request.method == "POST" else request.GET
    return ground_for(standing_of(request), asked.get("at", ""), clock.now())


def _show(
    request: HttpRequest,
    asked: QueryDict,
    draft: Draft,
    checked: Before | None = None,
    status: int = 200,
    ground: Ground | None = None,
) -> HttpResponse:
    ground = ground or _ground(request)
    page = None
    if ground and (shut := ground.shut(asked.get("kind", ""))):
        said = {"here": "report", "title": shut.title}
        return render(request, "portal/proposing/shut.html", said, status=status)
    if ground:
        sent = {name: str(asked.get(name, "")) for name in asked}
        page = report_page(ground, sent, clock.now(), draft, checked=checked)
    context = {"here": "report", "page": page}
    template = "portal/proposing/propose.html" if page and page.holder else "portal/report.html"
    return render(request, template, context, status=status)


def _unread(request: HttpRequest) -> Before | None:
    """What the person should see before this is sent; None where it was seen, or is of no weight.

    With a script it stood under the words while they were typed, and `seen` says so. Without one (`plain`) the page
    asks once. A report without words is refused, not asked about.
    """
    sent = request.POST
    words = sent.get("words", "").strip()
    if not words or sent.get("anyway") or sent.get("seen") == digest(words, _place(request), _kind(request)):
        return None
    ground = _ground(request)
    if ground is None or ground.kind(_kind(request)).key != _kind(request):
        return None  # the act itself says why it cannot be raised
    checked = _before(request, ground, asked=bool(sent.get("plain")))
    return checked if checked.asked or checked.decides else None


def _before(request: HttpRequest, ground: Ground, asked: bool = False) -> Before:
    kind = ground.kind(_kind(request))
    return before(
        ground.standing, ground.community, ground.charter, kind, _place(request), request.POST.get("words", ""),
        clock.now(), asked,
    )  # fmt: skip


def _data(request: HttpRequest) -> dict[str, Any]:
    """What the charter asks, as it was sent; places that were named are looked up. Raises Refused."""
    sent = request.POST.copy()
    for name in OURS:
        sent.pop(name, None)
    community = _community(request)
    return by_name(sent, data_from(sent), lambda: community.pk if community else None)


def _community(request: HttpRequest) -> Community | None:
    standing = standing_of(request)
    return own_community(standing, request.POST.get("at", "")) or community_of(standing)


def _raise(request: HttpRequest, photos: list[Photo], data: dict[str, Any]) -> HttpResponse:
    person, standing, community = person_of(request), standing_of(request), _community(request)
    if community is None or person is None:
        return _show(request, request.POST, Draft(), status=403)
    behalf, present = _behalf(request, community)
    done = raise_matter(
        community,
        _kind(request),
        by=person,
        data=data,
        place=_place(request),
        evidence=photos,
        key=request.POST.get("key") or None,
        on_behalf_of=behalf,
        present=present,
        follows=id_or_none(request.POST.get("follows", "")),
        held_by=id_or_none(request.POST.get("to", "")),
        who=standing,
    )
    return HttpResponseRedirect(f"{reverse('portal:matter', args=[done.matter_id])}?told=raise")


def _kind(request: HttpRequest) -> str:
    return request.POST.get("kind") or DOCUMENT


def _behalf(request: HttpRequest, community: Community) -> tuple[Person, Standing] | tuple[None, None]:
    """The neighbour for whom it is recorded, by name and home as the list says them."""
    typed = request.POST.get("behalf", "").strip()
    if not typed:
        return None, None
    if not standing_of(request).works_in(community.pk):  # whoever may not record for others learns no names either
        raise Refused("not-yours", _("只有本社区的工作人员可以代别人登记。"))
    found = person_meant(community, typed, "", clock.now())
    if found is None:
        raise Refused("bad-data", _("没认出这位居民。请从单子里选，名字和门牌都要有；也可以空着。"), field="behalf")
    return found


def _place(request: HttpRequest) -> UUID | None:
    """The place that was pressed; where "elsewhere" was pressed or nothing was, the one chosen below, else typed."""
    pressed, listed = request.POST.get("place", ""), request.POST.get("other_place", "")
    typed = request.POST.get("find", "").strip()
    if pressed in ("", ELSEWHERE) and typed and not listed:
        return _typed_place(request, typed)
    chosen = listed if pressed in ("", ELSEWHERE) else pressed
    if chosen and id_or_none(chosen) is None:
        raise Refused("bad-data", _("找不到这个地方。请重新选一次。"), field="place")
    return id_or_none(chosen)


def _typed_place(request: HttpRequest, typed: str) -> UUID:
    """Kept on the request: what is shown, compared and sent asks for it each."""
    kept = getattr(request, "_weizhi_typed_place", None)
    if isinstance(kept, UUID):
        return kept
    community = _community(request)
    found = place_typed(community, typed) if community else None
    if found is None:
        raise Refused("bad-data", _("不能确定“%(typed)s”是哪里。请从下面选一个。") % {"typed": typed}, field="place")
    request._weizhi_typed_place = found.pk  # type: ignore[attr-defined]  # ours alone, read above
    return found.pk
