"""What stands in a community already: read once, before a file is checked against it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from weizhi.people.models import Person, Residence
from weizhi.people.vault import ID_NUMBER, PHONE
from weizhi.places.models import Community, Cover, Place

GRID = "grid"
ASKED_AT_ONCE = 500


@dataclass(slots=True)
class Here:
    """A place, known or to be made; `changed` a known one that gets a shape, a position or another grid."""

    id: UUID
    parent: "Here | None"
    kind: str
    code: str
    name: str
    path: str
    levels: dict[str, str]
    floor: int | None = None
    area_cm2: int | None = None
    longitude: float | None = None
    latitude: float | None = None
    geometry: dict[str, Any] | None = None
    new: bool = False
    changed: bool = False

    def make(self, kind: str, code: str, name: str, **more: Any) -> "Here":
        """A new place in this one; it lies in the same grid and levels above."""
        path = f"{self.path}/{code}"
        return Here(uuid7(), self, kind, code, name, path, {**self.levels, kind: path}, new=True, **more)


@dataclass(slots=True)
class Someone:
    """A person, known or to be made. `phone` and `id_number` are blind: equal for equal numbers, no more."""

    id: UUID
    name: str
    phone: str = ""
    id_number: str = ""
    new: bool = False


@dataclass
class Known:
    """The places by their code, which grid covers a unit today, who lives where."""

    root: Here
    places: dict[str, Here]
    covered: dict[UUID, UUID] = field(default_factory=dict)
    residents: dict[tuple[UUID, str], list[Someone]] = field(default_factory=dict)
    residences: set[tuple[UUID, UUID, str]] = field(default_factory=set)

    def of_kind(self, kind: str) -> Iterator[Here]:
        return (place for place in self.places.values() if place.kind == kind)


PLACE_COLUMNS = (
    "pk", "parent_id", "kind", "code", "name", "path", "levels", "floor", "area_cm2", "longitude", "latitude",
    "geometry",
)  # fmt: skip


def known(community: Community, now: datetime) -> Known:
    """Everything of this community that a line may speak of. Four queries."""
    by_id: dict[UUID, Here] = {}
    found = Place.objects.filter(community=community).order_by("path").values_list(*PLACE_COLUMNS)
    for pk, parent, *values in found.iterator(chunk_size=5000):
        by_id[pk] = Here(pk, by_id.get(parent), *values)
    places = {place.code: place for place in by_id.values()}
    covers = Cover.objects.filter(community=community, level=GRID, until__isnull=True).values_list("unit_id", "area_id")
    world = Known(places[community.slug], places, dict(covers))
    _people(world, community, now)
    return world


def _people(world: Known, community: Community, now: datetime) -> None:
    people: dict[UUID, Someone] = {}
    rows = Residence.objects.open_at(now).filter(community=community, person__erased_at__isnull=True).values_list(
        "household_id", "status", "person_id", "person__name", "person__phone_blind", "person__id_number_blind"
    )  # fmt: skip
    for household, status, pk, name, phone, id_number in rows.iterator(chunk_size=5000):
        person = people.setdefault(pk, Someone(pk, name, phone, id_number))
        world.residences.add((household, pk, status))
        here = world.residents.setdefault((household, name), [])
        if person not in here:
            here.append(person)


def people_with(field_name: str, blinds: Collection[str]) -> Iterator[Someone]:
    """Persons of any community who are known under one of these blind numbers: nobody is entered twice."""
    column = {PHONE: "phone_blind", ID_NUMBER: "id_number_blind"}[field_name]
    asked = sorted(blinds)
    for start in range(0, len(asked), ASKED_AT_ONCE):
        found = Person.objects.filter(erased_at__isnull=True, **{f"{column}__in": asked[start : start + ASKED_AT_ONCE]})
        for pk, name, phone, id_number in found.values_list("pk", "name", "phone_blind", "id_number_blind"):
            yield Someone(pk, name, phone, id_number)
