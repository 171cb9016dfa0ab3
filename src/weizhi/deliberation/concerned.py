"""Who is concerned by a matter: the homes around its place, those within some metres, and bodies, as a charter says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from weizhi.charters.inviting import Concerned, InviteParams
from weizhi.deliberation.nearness import Position, metres_between
from weizhi.matters import rules
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene
from weizhi.people.models import Residence
from weizhi.places.models import Place

HOUSEHOLD: Final = "household"


@dataclass
class Found:
    """What is written down: homes in the order of a walk, each with why and whom to tell there; then bodies."""

    homes: dict[UUID, str] = field(default_factory=dict)
    statuses: dict[UUID, set[str] | None] = field(default_factory=dict)  # None: whoever has to do with the home
    bodies: dict[str, str] = field(default_factory=dict)

    def add(self, home: UUID, line: Concerned) -> None:
        self.homes.setdefault(home, line.because)
        known = self.statuses.get(home, set())
        self.statuses[home] = None if not line.as_ or known is None else {*known, *line.as_}


def concerned(scene: Scene, params: InviteParams) -> Found:
    """Found once, when the step opens. Raises Refused where it is nobody, or too many for letters."""
    found = Found()
    for line in params.who:
        if line.categories and scene.matter.category not in line.categories:
            continue
        for key in rules.keys_for(line.bodies, charter=scene.charter, here=scene.here, relations={}):
            found.bodies.setdefault(key, line.because)
        if not line.bodies:
            for home in _homes(scene, line, params.at_most):
                found.add(home, line)
    if not found.homes and not found.bodies:
        said = "按章程找不到有关的人：这个地方附近没有登记的住户。请换一个更准的地方。"
        raise Refused("bad-data", said, field="place")
    if len(found.homes) > params.at_most:
        raise Refused(
            "bad-data",
            f"关系到 {len(found.homes)} 户，超过一次送信的 {params.at_most} 户。请把地方选得小一些，或者改用公示。",
            field="place",
        )
    return found


def people_of(found: Found, at: datetime) -> dict[UUID, list[UUID]]:
    """Whom the telephone tells, home by home: of the statuses that the charter names. One query."""
    told: dict[UUID, list[UUID]] = {}
    rows = Residence.objects.open_at(at).filter(household__in=found.homes).order_by("since", "id")
    for home, person, status in rows.values_list("household_id", "person_id", "status"):
        asked = found.statuses[home]
        if (asked is None or status in asked) and person not in told.setdefault(home, []):
            told[home].append(person)
    return told


def _places(scene: Scene, line: Concerned) -> Sequence[Place]:
    named = scene.world.value(line.of) if line.of else None
    if not isinstance(named, list) or not named:
        return [scene.matter.place]
    return list(Place.objects.filter(community=scene.matter.community_id, pk__in=named).order_by("path"))


def _homes(scene: Scene, line: Concerned, at_most: int) -> Iterator[UUID]:
    homes = Place.objects.filter(community=scene.matter.community_id, kind=HOUSEHOLD).order_by("path")
    for place in _places(scene, line):
        if line.around:
            path = place.at_level(line.around) or place.path
            below = Q(path=path) | Q(path__gte=f"{path}/", path__lt=f"{path}0")
            inside = homes.filter(below | Q(**{f"levels__{line.around}": path}))  # a grid covers, it encloses nothing
            yield from inside.values_list("pk", flat=True)[: at_most + 1]
        else:
            yield from _near(scene, place, line.metres or 0)


def _near(scene: Scene, place: Place, metres: int) -> Iterator[UUID]:
    """Homes whose own position, or that of the nearest place above them that has one, lies within the distance."""
    known = Place.objects.filter(community=scene.matter.community_id)
    rows = known.filter(longitude__isnull=False, latitude__isnull=False)
    drawn: dict[str, Position] = {
        path: (east, north)
        for path, east, north in rows.values_list("path", "longitude", "latitude")
        if east is not None and north is not None
    }
    here = _position(place.path, drawn)
    if here is None:
        raise Refused("bad-data", f"“{place.name}”在地图上没有位置，算不出 {metres} 米以内有谁。请先在地图上标出来。")
    for pk, path in known.filter(kind=HOUSEHOLD).order_by("path").values_list("pk", "path"):
        where = _position(path, drawn)
        if where is not None and metres_between(here, where) <= metres:
            yield pk


def _position(path: str, drawn: dict[str, Position]) -> Position | None:
    while path:
        if path in drawn:
            return drawn[path]
        path = path.rpartition("/")[0]
    return None
