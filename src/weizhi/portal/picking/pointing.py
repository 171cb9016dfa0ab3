"""The map on which a building is pointed at: estates first where there are several, then the buildings of one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import ceil
from typing import ClassVar, Final
from uuid import UUID

from weizhi.portal import pieces as p
from weizhi.portal.board import atlas
from weizhi.portal.board.drawn import drawn

TOUCH: Final = 48  # pixels that a finger needs
NARROWEST: Final = 280  # of a small telephone, inside its margins
WIDEST: Final = 1400
LETTERS: Final = 5
COMPARED: Final = 400  # each with each other
NUMBER: Final = re.compile(r"[A-Za-z]?\d+")


@dataclass(frozen=True, slots=True)
class Spot:
    """Something to press: a building, or an estate to come closer to. `reach` is the square that a finger may hit."""

    path: str
    name: str
    label: str
    shape: atlas.Shape
    reach: float = 0.0

    @property
    def corner(self) -> tuple[float, float]:
        return round(self.shape.x - self.reach / 2, 1), round(self.shape.y - self.reach / 2, 1)


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet with what may be pressed on it; `width` in pixels where the window alone would be too narrow."""

    height: float
    ground: tuple[atlas.Shape, ...]
    houses: tuple[atlas.Shape, ...]
    spots: tuple[Spot, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Pointing(p.Piece):
    template: ClassVar[str] = "pointing"

    laid: Laid
    ids: Mapping[str, str]  # by path
    urls: Mapping[str, str]
    chosen: str
    whole: bool  # estates are pressed, not buildings

    @property
    def spots(self) -> list[tuple[Spot, str, str, bool]]:
        return [
            (spot, self.ids.get(spot.path, ""), self.urls[spot.path], self.ids.get(spot.path) == self.chosen)
            for spot in self.laid.spots
            if spot.path in self.urls
        ]


@lru_cache(maxsize=64)
def laid_out(community: UUID, version: int, under: str, closer: tuple[str, ...]) -> Laid | None:
    """The drawn places below `under`, or all of them with the estates `closer` to press. None: nothing to press."""
    places = [one for one in drawn(community, version) if one.kind != "grid" and _shown(one.path, under)]
    sheet = atlas.sheet(places)
    if sheet is None:
        return None
    if closer:
        estates = {shape.path: shape for shape in sheet.ground if shape.look == "estate"}
        spots = tuple(
            Spot(path, estates[path].name, estates[path].name, estates[path]) for path in closer if path in estates
        )
        return Laid(sheet.height, sheet.ground, sheet.buildings, spots, 0) if spots else None
    reach = _reach(sheet.buildings)
    spots = tuple(Spot(one.path, one.name, _label(one.name), one, reach) for one in sheet.buildings)
    width = min(WIDEST, ceil(TOUCH * atlas.ACROSS / reach))
    return Laid(sheet.height, sheet.ground, (), spots, width if width > NARROWEST else 0) if spots else None


def _shown(path: str, under: str) -> bool:
    return not under or path == under or path.startswith(f"{under}/")


def _reach(shapes: Sequence[atlas.Shape]) -> float:
    """The side of the largest squares around the middles of all of them that do not overlap."""
    largest, smallest = TOUCH * atlas.ACROSS / NARROWEST, TOUCH * atlas.ACROSS / WIDEST
    if len(shapes) > COMPARED:
        return smallest
    gaps = (max(abs(a.x - b.x), abs(a.y - b.y)) for a, b in combinations(shapes, 2))
    return round(max(min([*gaps, largest]), smallest), 1)


def _label(name: str) -> str:
    """A number where the name begins with one: there is no room for more on a roof."""
    number = NUMBER.match(name)
    return number[0] if number else name[:LETTERS]
