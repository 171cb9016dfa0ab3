"""The stage of a case: a community, its neighbour next door, and the cast, made by the record's own verbs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, degrees, radians
from typing import Literal
from uuid import UUID

from weizhi.cases.language import NAMES, Member, StagePlace
from weizhi.cases.reading import Reading
from weizhi.charters.models import Charter
from weizhi.matters.rules import level_of
from weizhi.methods.walking import EARTH
from weizhi.people.models import Body, Holding, Person
from weizhi.places.models import Community, Place
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.found_community import found_community
from weizhi.record.actions.set_grid import set_grid
from weizhi.record.origin import made_as

GRIDS = {"g1": ("1", "2"), "g2": ("3",)}
MIDDLE = (119.4853, 31.4305)  # 溧城
SQUARE, FIRST_HOME, NEXT_DOOR = "square", "1-1-101", "9-1-101"


def standard_places() -> Iterator[NewPlace]:
    """Three buildings of two stairwells and three floors, two grids, a square that lies in no grid."""
    yield NewPlace("estate", "e1", "幸福里一期")
    for building in "123":
        yield NewPlace("building", building, f"{building} 号楼", "e1")
        for stairwell in "12":
            code = f"{building}-{stairwell}"
            yield NewPlace("stairwell", code, f"{stairwell} 单元", building)
            for floor in (1, 2, 3):
                yield NewPlace("household", f"{code}-{floor}01", f"{floor}01 室", code, floor=floor)
    yield NewPlace("space", SQUARE, "中心广场")
    for n, code in enumerate(GRIDS):
        yield NewPlace("grid", code, f"第{'一二'[n]}网格")


def next_door() -> list[NewPlace]:
    return [
        NewPlace("estate", "e9", "光明里"),
        NewPlace("building", "9", "9 号楼", "e9"),
        NewPlace("stairwell", "9-1", "1 单元", "9"),
        NewPlace("household", NEXT_DOOR, "101 室", "9-1", floor=1),
    ]


def degrees_of(east: float, north: float) -> tuple[float, float]:
    """A spot of a story on the Earth: metres east and north of the middle of its estate."""
    return MIDDLE[0] + degrees(east / (EARTH * cos(radians(MIDDLE[1])))), MIDDLE[1] + degrees(north / EARTH)


@dataclass
class Stage:
    """Who and what a story may name."""

    community: Community
    other: Community
    charter: Charter
    people: dict[str, Person] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    matters: dict[str, UUID] = field(default_factory=dict)  # by the names that the story gives them

    @property
    def communities(self) -> dict[str, Community | None]:
        """The communities that a story may name."""
        street = self.community.parent
        return {"here": self.community, "another": self.other, "district": street.parent if street else None}

    def place_for(self, level: str, member: Member) -> Place:
        """Where a post or body of a level stands for this member: near its post, its home, or the first there is."""
        named = member.at or member.home
        near = self.places[named] if named else None
        community = self.other if member.community == "another" else self.community
        street = community.parent
        chain = [street.parent if street else None, street, community]
        if level in {found.level for found in chain if found}:
            return next(self.places[found.slug] for found in chain if found and found.level == level)
        if near and (path := near.at_level(level)):
            return next(place for place in self.places.values() if place.path == path)
        here = [place for place in self.places.values() if place.community_id == community.pk]
        return next((place for place in here if place.kind == level), self.places[community.slug])


def build(reading: Reading, *, made: Literal["test", "demo"] = "test") -> Stage:
    """Make the stage at the moment the case starts; as a demo, its clock can be set (pictures are taken of it)."""
    case, at = reading.case, reading.case.case.begins
    made_as(made, at)
    district = _district(reading.district, reading.source(case.case.district), at)
    street = found_community("xinghe", "星河街道", level="street", parent=district, at=at)
    community = found_community("xfl", "幸福里", parent=street, at=at)
    other = found_community("guangming", "光明里", parent=street, at=at)
    stage = Stage(community, other, reading.charter)
    grids = _add_places(stage, case.places, at)
    add_places(other, next_door(), at=at)
    stage.places = {place.code: place for place in Place.objects.all()}
    for code, covered in grids.items():
        units = [stage.places[unit] for unit in covered]
        set_grid(community, stage.places[code], units, since=at.date(), at=at)
    for here in (community, other):
        adopt_charter(here, reading.charter, source=reading.source(case.case.charter), at=at)
    stage.places = {place.code: place for place in Place.objects.all()}
    for login, member in case.cast.items():
        stage.people[login] = _come_on(stage, login, member, at)
    return stage


def _district(charter: Charter | None, source: str, at: datetime) -> Community | None:
    """A district with its own charter, where the story has one; else nobody stands above the street."""
    if charter is None:
        return None
    district = found_community("xingqu", "星区", level="district", at=at)
    adopt_charter(district, charter, source=source, at=at)
    return district


def _drawn(code: str, place: StagePlace) -> NewPlace:
    """A place of the case's own, where its story draws it."""
    spot = degrees_of(*place.spot) if place.spot else (None, None)
    line = {"type": "LineString", "coordinates": [degrees_of(*at) for at in place.line]} if place.line else None
    return NewPlace(
        place.kind, code, place.name, place.under, area_cm2=place.area, longitude=spot[0], latitude=spot[1],
        geometry=line,
    )  # fmt: skip


def _add_places(stage: Stage, own: dict[str, StagePlace], at: datetime) -> dict[str, tuple[str, ...]]:
    """Add the case's own places or the standard ones; returns which grid covers what."""
    if not own:
        add_places(stage.community, standard_places(), at=at)
        return GRIDS
    add_places(stage.community, [_drawn(code, place) for code, place in own.items()], at=at)
    return {code: place.covers for code, place in own.items() if place.covers}


def _come_on(stage: Stage, login: str, member: Member, at: datetime) -> Person:
    person = Person.objects.create_user(login, member.name or NAMES.get(login, login))
    if member.status or member.home or member.community == "another":
        here = stage.other if member.community == "another" else stage.community
        home = member.home or (NEXT_DOOR if member.community == "another" else _first_home(stage))
        enrol(here, person, stage.places[home], member.status or ["resident"], at=at)
    for post in member.held:
        give_post(stage, person, member, post, at)
    return person


def _first_home(stage: Stage) -> str:
    homes = (place.code for place in stage.places.values() if place.kind == "household")
    return FIRST_HOME if FIRST_HOME in stage.places else next(homes)


def give_post(stage: Stage, person: Person, member: Member, post: str, at: datetime) -> Holding:
    """Appoint to a post of the charter, in the body that seats it, at the place of its level."""
    charter = stage.charter
    key = member.body or body_of(charter, post)
    where = stage.places[member.at] if member.at else stage.place_for(level_of(charter, post), member)
    home = stage.place_for(level_of(charter, key), member)
    found, _ = Body.objects.get_or_create(
        community=home.community, key=key, place=home, defaults={"name": charter.bodies[key].title or key}
    )
    return appoint(home.community, person, found, post, charter.posts[post].title or post, place=where, at=at)


def body_of(charter: Charter, post: str) -> str:
    """The body that has a seat for the post; a post without one belongs to the service station or the first body."""
    seated = (key for key, body in charter.bodies.items() if any(seat.post == post for seat in body.seats))
    fallback = "service-station" if "service-station" in charter.bodies else next(iter(charter.bodies))
    return next(seated, fallback)
