"""Measure once, when the step opens: from where each home is drawn, along what is drawn, to old and new spot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from weizhi.charters.distance import DistanceParams
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene
from weizhi.methods.walking import Ground, Line, Position, walks
from weizhi.places.models import Place

HOUSEHOLD = "household"
WALL, WAY = "wall", "way"  # places that are lines: what nobody walks through, and what people walk along


@dataclass(frozen=True)
class Origin:
    """A spot from which homes set out: usually a building."""

    path: str
    name: str
    homes: tuple[UUID, ...]
    before: int | None
    after: int | None

    def too_far(self, limit: int) -> bool:
        """Farther than the limit, and farther than before: where one cannot walk at all is farther than anything."""
        if self.after is None:
            return self.before is not None
        return self.after > limit and (self.before is not None and self.after > self.before)

    def as_row(self) -> dict[str, Any]:
        return {
            "path": self.path, "name": self.name, "homes": len(self.homes),
            "before": self.before, "after": self.after,
        }  # fmt: skip


def measured(scene: Scene, row: StepRow, params: DistanceParams) -> tuple[list[Origin], int]:
    """Every origin under the step's place, and of how many homes nobody knows where they are. Four queries."""
    before = _spots(scene, params.from_)
    after = _spots(scene, params.to)
    places = list(Place.objects.filter(community=row.community_id).under(row.path).order_by("path"))
    known = {place.path: place for place in places}
    homes: dict[str, list[UUID]] = {}
    unmeasured = 0
    for place in places:
        if place.kind == HOUSEHOLD:
            origin = _drawn(place.path, known)
            unmeasured += origin is None
            if origin is not None:
                homes.setdefault(origin, []).append(place.pk)
    starts = {path: _at(known[path]) for path in homes}
    ground = _ground(row)
    was, will = walks(starts, before, ground), walks(starts, after, ground)
    found = [Origin(path, _name(path, known), tuple(homes[path]), was[path], will[path]) for path in homes]
    return found, unmeasured


def _spots(scene: Scene, field: str) -> list[Position]:
    """Where the facility stands: refused where somebody must first draw it."""
    said = scene.world.value(field)
    named = said if isinstance(said, list) else [said] if said else []
    found = list(Place.objects.filter(community=scene.matter.community_id, pk__in=[UUID(str(pk)) for pk in named]))
    key = field.rpartition(".")[2]
    if not found:
        raise Refused("bad-data", "没有写是哪个地方，量不了走多远。请选一个地方。", field=key)
    if missing := [place.name for place in found if place.longitude is None or place.latitude is None]:
        raise Refused("bad-data", f"“{missing[0]}”还没有标在地图上，量不了走多远。请先在名册里标出位置。", field=key)
    return [_at(place) for place in found]


def _at(place: Place) -> Position:
    assert place.longitude is not None and place.latitude is not None
    return place.longitude, place.latitude


def _drawn(path: str, known: Mapping[str, Place]) -> str | None:
    """The home's own spot, else that of what it lies in."""
    while path in known:
        if known[path].longitude is not None and known[path].latitude is not None:
            return path
        path = path.rpartition("/")[0]
    return None


def _name(path: str, known: Mapping[str, Place]) -> str:
    """As neighbours name it: a stairwell with its building."""
    place = known[path]
    above = known.get(path.rpartition("/")[0])
    return f"{above.name} {place.name}" if above and place.kind in ("stairwell", HOUSEHOLD) else place.name


def _ground(row: StepRow) -> Ground:
    lines: dict[str, list[Line]] = {WALL: [], WAY: []}
    drawn = Place.objects.filter(community=row.community_id, kind__in=lines, geometry__isnull=False)
    for place in drawn.only("kind", "geometry").order_by("path"):
        lines[place.kind] += _lines(place.geometry or {})
    return Ground(tuple(lines[WALL]), tuple(lines[WAY]))


def _lines(geometry: Mapping[str, Any]) -> Iterable[Line]:
    """The lines of a GeoJSON geometry; the rings of an area are walls all around."""
    given: Sequence[Any] = geometry.get("coordinates", ())
    wrapped = {"LineString": [given], "MultiLineString": given, "Polygon": given}
    return [tuple((float(x), float(y)) for x, y, *_ in line) for line in wrapped.get(str(geometry.get("type")), ())]
