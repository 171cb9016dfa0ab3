"""Who may be met in a tale of the demo: at which door somebody answers, who looks after which place."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from weizhi.cases.town import ESTATES, GRIDS, estate_of

MANAGERS = {"e1": ("chen", "qin"), "e2": ("liu", "fang"), "e3": ("qian", "ding")}
COMMITTEE = ("wang", "tao", "jiang", "wei")
OFFICERS = dict(
    zip(
        GRIDS,
        ("wu", "zhou", "zheng", "pan", "xue", "lu", "bai", "gong", "shao", "meng", "kong", "yin"),
        strict=True,
    )
)
SPARE = "wang"
STAIRWELL, BUILDING = "stairwell", "building"


@dataclass(frozen=True)
class Neighbours:
    """The doors at which somebody lives, by the code of the door."""

    doors: Sequence[str]

    @cached_property
    def by_building(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for door in self.doors:
            found[building_of(door)].append(door)
        return found

    @cached_property
    def by_estate(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for door in self.doors:
            found[estate_of(building_of(door)).code].append(door)
        return found

    def door(self, dice: Random, at: str) -> str:
        """Whoever would notice something there."""
        estate, _, rest = at.partition("-")
        near = self.by_estate.get(estate) if rest == BUILDING else None
        return dice.choice(near or self.doors)

    def others(self, dice: Random, door: str, count: int) -> list[str]:
        """Neighbours in the same building."""
        near = [other for other in self.by_building[building_of(door)] if other != door]
        return dice.sample(near, min(count, len(near)))


def place_of(door: str, at: str) -> str:
    """The place of a report: the door's stairwell, its building, or the space that is named."""
    if at == STAIRWELL:
        return door.rpartition("-")[0]
    return building_of(door) if at == BUILDING or at.endswith(f"-{BUILDING}") else at


def building_of(door: str) -> str:
    return door.partition("-")[0]


def officer_of(place: str) -> str:
    """The officer of the grid; the committee's director where no grid covers the place."""
    found = (code for code, covered in GRIDS.items() if place in covered or building_of(place) in covered)
    return OFFICERS.get(next(found, ""), SPARE)


def managers_of(place: str, spaces: dict[str, str]) -> tuple[str, ...]:
    """The company's people in the estate; on a road, which is in none, the committee."""
    building = building_of(place)
    estate = estate_of(building).code if building.isdecimal() else spaces.get(place, "")
    return MANAGERS.get(estate, COMMITTEE)


def all_buildings() -> list[str]:
    return [str(building) for estate in ESTATES for building in estate.buildings]
