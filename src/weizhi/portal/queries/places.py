"""Where? Recent places first, then the list of buildings."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from weizhi.matters.models import Matter, Party
from weizhi.people.access import Standing, person_key
from weizhi.places.models import Community, Place
from weizhi.portal.picking.listing import LISTED
from weizhi.portal.pieces import Choice
from weizhi.portal.saying import place_words

RECENT: Final = 3
ELSEWHERE: Final = "other"


@dataclass(frozen=True)
class Places:
    """The few places to press first; all others are looked for (portal/picking)."""

    community: Community
    recent: tuple[Choice, ...]
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


def places_for(
    standing: Standing, community: Community, at: str = "", earlier: UUID | None = None, *, picked: bool = False
) -> Places:
    """Two queries: which places were named lately, and those that stand first.

    `at` is what a sign on a wall says: the place's path, or its code in this community; found by itself, however many
    places there are, or `picked` on the map. `earlier`: where the matter was that this one follows.
    """
    lately = [*([earlier] if earlier else []), *_named_lately(standing, community)]
    near = [path for home in standing.homes for path in _upwards(home)]
    asked = Q(path__in=near) | Q(pk__in=lately) | (Q(path=at) | Q(code=at) if at else Q(pk__in=()))
    found = Place.objects.filter(asked, community=community, kind__in=LISTED).select_related("parent__parent")
    rows = list(found)
    by_path = {place.path: place for place in rows}
    by_id = {place.pk: place for place in rows}
    recent: dict[str, Choice] = {}
    sign = next((place for place in rows if at and at in (place.path, place.code)), None)
    if sign:
        hint = _("您在图上点的") if picked else _("您扫的码在这里")
        recent[str(sign.pk)] = Choice(str(sign.pk), place_words(sign), hint)
    if earlier in by_id:
        recent.setdefault(str(earlier), Choice(str(earlier), place_words(by_id[earlier]), _("上次那件事在这里")))
    near_home = False
    for home in standing.homes:
        for path in [path for path in _upwards(home) if path in by_path][:2]:
            place = by_path[path]
            hint = "" if near_home else _("您家这里")
            near_home = True
            recent.setdefault(str(place.pk), Choice(str(place.pk), place_words(place), hint))
    for pk in lately:
        if pk in by_id:
            recent.setdefault(str(pk), Choice(str(pk), place_words(by_id[pk]), _("上次报过")))
    return Places(community, tuple(recent.values())[:RECENT], sign is not None)


def _upwards(home: str) -> list[str]:
    """The paths that enclose a home and lie in its community, the nearest first, the home itself included."""
    steps = home.split("/")
    return ["/".join(steps[:depth]) for depth in range(len(steps), 1, -1)]


def _named_lately(standing: Standing, community: Community) -> list[UUID]:
    if standing.person_id is None:
        return []
    mine = Party.objects.filter(who=person_key(standing.person_id), relation=Party.RAISER).values("matter")
    rows = Matter.objects.filter(pk__in=mine, community=community, place__kind__in=LISTED)
    latest = rows.values("place").annotate(last=Max("raised_at")).order_by("-last")[:RECENT]
    return [row["place"] for row in latest]
