"""Matters as service requests: only what everybody may read, with personal numbers masked and no home named."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from weizhi.charters.periods import ZONE
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.access import EVERYBODY, NOBODY, person_key
from weizhi.people.models import MachineToken
from weizhi.places.models import Place
from weizhi.portal.open311.asking import Asked
from weizhi.portal.queries.lists import newest
from weizhi.portal.saying import place_words
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.models import Payload

FIRST_PHOTO: Final = "file:1"


def open_to_all(token: MachineToken | None = None) -> QuerySet[Matter]:
    """Matters that everybody may read; with its key, an account also sees what it filed itself."""
    seen = Q(audience=EVERYBODY)
    if token is not None and token.holding.person.is_machine:
        me = person_key(token.holding.person_id)
        own = Party.objects.filter(matter=OuterRef("pk"), who=me, relation=Party.RAISER)
        seen |= Q(Exists(own), community=token.community_id)
    return Matter.objects.filter(seen, report__isnull=False).select_related(
        "community", "place__parent__parent__parent"
    )


def found(asked: Asked, matters: QuerySet[Matter]) -> list[Matter]:
    """One query: the requests that were asked for, the newest first."""
    if asked.ids:
        named = Q()
        for slug, number in asked.ids:
            named |= Q(community__slug=slug, number=number)
        return list(matters.filter(named).order_by("-raised_at", "-pk"))
    chosen = matters.filter(asked.raised, asked.changed)
    if asked.codes:
        codes = Q()
        for code in asked.codes:
            kind, _dot, category = code.partition(".")
            codes |= Q(kind=kind, category=category) if category else Q(kind=kind)
        chosen = chosen.filter(codes)
    if len(asked.states) == 1:
        chosen = chosen.filter(ended_at__isnull=asked.states == ("open",))
    return list(chosen.order_by("-raised_at", "-pk")[asked.first : asked.last])


def told(matters: Sequence[Matter], site: str, now: datetime) -> list[dict[str, Any]]:
    """Three queries for all of them: what was said and shown at first, what happened last, until when."""
    ids = [matter.pk for matter in matters]
    said = _first_parts(ids)
    due = dict(Step.objects.open().filter(matter__in=ids).values_list("matter").annotate(Min("due")).order_by())
    news = newest(matters, NOBODY, now)
    return [
        _one(matter, said.get(matter.pk, {}), news.get(matter.pk, ""), due.get(matter.pk), site) for matter in matters
    ]


def _first_parts(ids: Iterable[UUID]) -> dict[UUID, dict[str, Payload]]:
    parts = Payload.objects.filter(
        entry__stream__in=ids, entry__n=1, part__in=[WORDS, FIRST_PHOTO], grade__lt=HOUSEHOLD
    )
    shown: dict[UUID, dict[str, Payload]] = {}
    for part in parts.select_related("entry"):
        shown.setdefault(part.entry.stream_id, {})[part.part] = part
    return shown


def _one(matter: Matter, parts: dict[str, Payload], news: str, due: datetime | None, site: str) -> dict[str, Any]:
    charter = charter_by_hash(matter.charter_id)
    category = charter.categories.get(matter.category)
    kind = charter.kinds[matter.kind]
    place = shown_place(matter.place)
    drawn = _drawn(place)
    words, photo = parts.get(WORDS), parts.get(FIRST_PHOTO)
    media = reverse("open311:media", args=[photo.pk]) if photo else ""
    return {
        "service_request_id": request_id(matter),
        "status": "closed" if matter.ended_at else "open",
        "status_notes": news,
        "service_name": category.title if category else kind.title,
        "service_code": f"{matter.kind}.{matter.category}" if category else matter.kind,
        "description": str(words.read()) if words else matter.title,
        "agency_responsible": matter.community.name,
        "service_notice": "",
        "requested_datetime": _said(matter.raised_at),
        "updated_datetime": _said(matter.changed_at),
        "expected_datetime": _said(due) if due else None,
        "address": f"{matter.community.name} {place_words(place)}".strip(),
        "address_id": str(place.pk),
        "zipcode": "",
        "lat": drawn.latitude,
        "long": drawn.longitude,
        "media_url": f"{site}{media}" if media else "",
    }


def shown_place(place: Place) -> Place:
    """Never a home: outside the house it is the building's entrance that was reported."""
    while place.kind == "household" and place.parent is not None:
        place = place.parent
    return place


def _drawn(place: Place) -> Place:
    """The place, or the nearest one around it that stands on the map."""
    while place.latitude is None and place.parent is not None:
        place = place.parent
    return place


def request_id(matter: Matter) -> str:
    return f"{matter.community.slug}-{matter.number}"


def _said(at: datetime) -> str:
    return at.astimezone(ZONE).isoformat(timespec="seconds")


def public_photo(part_id: UUID) -> Payload | None:
    """A photo of what everybody may read, whatever it was sent with."""
    open_matters = Matter.objects.filter(audience=EVERYBODY, report__isnull=False)
    parts = Payload.objects.filter(pk=part_id, part__startswith="file:", grade__lt=HOUSEHOLD)
    return parts.filter(entry__stream__in=open_matters.values("pk")).first()
