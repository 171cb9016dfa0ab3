"""Where is it? By an id of ours, by what an address says, by a position; each means one place or none."""

from math import cos, hypot, radians
from typing import Any, Final
from uuid import UUID

from weizhi.places.models import Community, Place
from weizhi.portal.picking.listing import LISTED
from weizhi.reports.mentioned import mentioned

NEAR_ENOUGH: Final = 150.0  # metres; farther off, the position says no more than the community
DEGREE: Final = 111_320.0  # metres of one degree of latitude


def place_called(community: Community, name: str) -> Place | None:
    """The place with this id or path."""
    places = Place.objects.filter(community=community)
    try:
        return places.filter(pk=UUID(name)).first()
    except ValueError:
        return places.filter(path=name).first()


def place_said(community: Community, *texts: str) -> Place | None:
    """The one place that the first of these texts names which names any."""
    places: list[Place] | None = None
    for text in filter(None, texts):
        places = places if places is not None else _known(community)
        if found := mentioned(places, text):
            return found
    return None


def place_at(community: Community, longitude: float, latitude: float) -> Place | None:
    """The smallest drawn place that holds the position, else the nearest one close by (WGS-84)."""
    from shapely import Point
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    point, holding, near = Point(longitude, latitude), [], []
    for place in _known(community, drawn=True):
        if place.geometry:
            try:
                drawn = shape(place.geometry)
            except (ShapelyError, ValueError, TypeError, KeyError, AttributeError):
                continue  # an outline that cannot be read holds nothing
            if drawn.covers(point):
                holding.append((drawn.area, place.path, place))
        away = _away(place, longitude, latitude)
        if away is not None and away <= NEAR_ENOUGH and place.kind != "grid":
            near.append((away, place.path, place))
    inside = [one for one in holding if one[2].kind not in ("grid", "estate")]
    found: Any = min(inside or near or holding, default=None)
    return found[2] if found else None


def _known(community: Community, drawn: bool = False) -> list[Place]:
    rows = Place.objects.filter(community=community, kind__in=LISTED).order_by("path")
    return list(rows if drawn else rows.defer("geometry"))


def _away(place: Place, longitude: float, latitude: float) -> float | None:
    """Metres on the ground, flat: a community is small."""
    if place.longitude is None or place.latitude is None:
        return None
    east = (place.longitude - longitude) * DEGREE * cos(radians(latitude))
    return hypot(east, (place.latitude - latitude) * DEGREE)
