"""Add places to a community: buildings, stairwells, households, spaces, grids; one entry for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from weizhi.people.models import Person
from weizhi.places.models import Community, Place
from weizhi.places.naming import check_code
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


@dataclass(frozen=True)
class NewPlace:
    """A place to add. `under` is the code of its parent ("" the community itself); parents come first."""

    kind: str
    code: str
    name: str
    under: str = ""
    floor: int | None = None
    area_cm2: int | None = None
    longitude: float | None = None
    latitude: float | None = None
    geometry: dict[str, Any] | None = None


def add_places(
    community: Community, places: Iterable[NewPlace], *, by: Person | None = None, at: datetime | None = None
) -> dict[str, Place]:
    """Add places in order; returns them by code. A child takes over which grid its parent lies in."""
    now = the_clock(at)
    with transaction.atomic():
        register = lock_register(community, "registry")
        known = {place.code: place for place in Place.objects.filter(community=community)}
        made = []
        for new in places:
            parent = known[new.under or community.slug]
            path = f"{parent.path}/{check_code(new.code)}"
            place = Place(
                community=community, parent=parent, kind=new.kind, code=new.code, name=new.name, path=path,
                levels={**parent.levels, new.kind: path}, floor=new.floor, area_cm2=new.area_cm2,
                longitude=new.longitude, latitude=new.latitude, geometry=new.geometry,
            )  # fmt: skip
            known[new.code] = place
            made.append(place)
        Place.objects.bulk_create(made)
        append(register, "add-places", Deed(at=now, actor=by, public={"places": len(made)}))
    return {place.code: place for place in made}
