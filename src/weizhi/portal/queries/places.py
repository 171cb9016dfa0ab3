"""Where? Recent places first, then the list of buildings."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from weizhi.matters.models import Matter, Party
from weizhi.people.access import Standing, person_key
from weizhi.places.models import Community, Place
from weizhi.portal.pieces import Choice
from weizhi.portal.saying import place_words

RECENT: Final = 3
LISTED: Final = ("estate", "building", "stairwell", "space", "grid")
AT_MOST: Final = 600
ELSEWHERE: Final = "other"


@dataclass(frozen=True)
class Places:
    community: Community
    recent: tuple[Choice, ...]
    all: tuple[Choice, ...]
    signed: bool = False  # the sign on the wall that was read stands first

    @property
    def usual(self) -> str:
        return self.recent[0].value if self.recent else ""


@lru_cache(maxsize=4096)
def _community(pk: UUID) -> Community:
    """Name and slug of a community stand as long as it does: read once in a process."""
    return Community.objects.get(pk=pk)


def community_of(standing: Standing) -> Community | None:
    """Where this person belongs: by post first, then by home."""
    ids = [post.community_id for post in standing.posts] or sorted(standing.communities)
    return _community(ids[0]) if ids else None


def own_community(standing: Standing, at: str) -> Community | None:
    """The community in which the place with this path lies, if it is one of the person's own."""
    slug = at.partition("/")[0]
    own = (_community(pk) for pk in sorted(standing.communities)) if slug else ()
    return next((found for found in own if found.slug == slug), None)


def community_called(slug: str, standing: Standing) -> Community | None:
    """The community of this name: no query where it is one of the person's own."""
    own = (_community(pk) for pk in standing.communities)
    return next((found for found in own if found.slug == slug), None) or Community.objects.filter(slug=slug).first()


def places_for(standing: Standing, community: Community, at: str = "") -> Places:
    """Two queries: the places of the community that one may name, and those named lately.

    `at` is what a sign on a wall says: the place's path, or its code in this community.
    """
    found = Place.objects.filter(community=community, kind__in=LISTED).select_related("parent__parent")
    rows = list(found.order_by("path")[:AT_MOST])
    by_path = {place.path: place for place in rows}
    by_id = {place.pk: place for place in rows}
    recent: dict[str, Choice] = {}
    sign = next((place for place in rows if at and at in (place.path, place.code)), None)
    if sign:
        recent[str(sign.pk)] = Choice(str(sign.pk), place_words(sign), _("您扫的码在这里"))
    near_home = False
    for home in standing.homes:
        steps = home.split("/")
        near = ("/".join(steps[:depth]) for depth in range(len(steps), 1, -1))
        for path in [path for path in near if path in by_path][:2]:
            place = by_path[path]
            hint = "" if near_home else _("您家这里")
            near_home = True
            recent.setdefault(str(place.pk), Choice(str(place.pk), place_words(place), hint))
    for pk in _named_lately(standing, community):
        if pk in by_id:
            recent.setdefault(str(pk), Choice(str(pk), place_words(by_id[pk]), _("上次报过")))
    listed = tuple(Choice(str(place.pk), place_words(place), group=_group(place)) for place in rows)
    return Places(community, tuple(recent.values())[:RECENT], listed, sign is not None)


def _group(place: Place) -> str:
    return place.parent.name if place.parent and place.kind != "building" else _("楼栋和地方")


def _named_lately(standing: Standing, community: Community) -> list[UUID]:
    if standing.person_id is None:
        return []
    mine = Party.objects.filter(who=person_key(standing.person_id), relation=Party.RAISER).values("matter")
    rows = Matter.objects.filter(pk__in=mine, community=community, place__kind__in=LISTED)
    latest = rows.values("place").annotate(last=Max("raised_at")).order_by("-last")[:RECENT]
    return [row["place"] for row in latest]
