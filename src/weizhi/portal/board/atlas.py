"""A community's drawn shapes as one drawing: from degrees to a sheet of paper, north up. Pure.

Within a few kilometres the earth is flat: a degree of longitude is shortened by the cosine of the latitude, and that
is the whole projection.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any, Final

Point = tuple[float, float]
Ring = tuple[Point, ...]
ACROSS: Final = 1000.0
TALLEST: Final = 1400.0
EDGE: Final = 24.0
MARGIN: Final = 14.0  # of a grid that is not drawn, around the buildings it covers; units of the sheet
LAND: Final = ("road", "green", "water")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place as the database keeps it; `grid` is the path of the grid that covers it."""

    path: str
    name: str
    kind: str
    code: str
    geometry: Mapping[str, Any] | None
    grid: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A place on the sheet: its outline as a path, and where its name may stand."""

    path: str
    name: str
    look: str
    d: str
    x: float
    y: float
    grid: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything drawn, lowest first."""

    height: float
    ground: tuple[Shape, ...]
    grids: tuple[Shape, ...]
    buildings: tuple[Shape, ...]


def sheet(places: Sequence[Drawn]) -> Sheet | None:
    """Lay the places on a sheet; None where nothing is drawn. A grid without an outline goes round its buildings."""
    rings = {place.path: list(_rings(place.geometry)) for place in places}
    corners = [corner for of in rings.values() for ring in of for corner in ring]
    if not corners:
        return None
    fit = _Fit(corners)
    laid = {path: [tuple(map(fit.place, ring)) for ring in of] for path, of in rings.items() if of}
    for place in places:
        if place.kind == "grid" and place.path not in laid:
            covered = [
                c for of in places if of.grid == place.path and of.path in laid for r in laid[of.path] for c in r
            ]
            if len(covered) >= 3:
                laid[place.path] = [_around(covered)]
    shapes = [_shape(place, laid[place.path]) for place in places if place.path in laid]
    return Sheet(
        height=fit.height,
        ground=tuple(sorted((one for one in shapes if one.look in GROUND), key=lambda one: GROUND.index(one.look))),
        grids=tuple(one for one in shapes if one.look == "grid"),
        buildings=tuple(one for one in shapes if one.look == "building"),
    )


GROUND: Final = ("estate", "green", "water", "road", "space")


class _Fit:
    """From degrees to the sheet."""

    def __init__(self, corners: Iterable[Point]) -> None:
        found = list(corners)
        self.west, self.north = min(x for x, _y in found), max(y for _x, y in found)
        east, south = max(x for x, _y in found), min(y for _x, y in found)
        self.short = cos(radians((self.north + south) / 2))
        wide, deep = max((east - self.west) * self.short, 1e-9), max(self.north - south, 1e-9)
        self.scale = min((ACROSS - 2 * EDGE) / wide, (TALLEST - 2 * EDGE) / deep)
        self.left = (ACROSS - wide * self.scale) / 2
        self.height = round(deep * self.scale + 2 * EDGE, 1)

    def place(self, corner: Point) -> Point:
        x, y = (corner[0] - self.west) * self.short, self.north - corner[1]
        return round(self.left + x * self.scale, 1), round(EDGE + y * self.scale, 1)


def _rings(geometry: Mapping[str, Any] | None) -> Iterator[Ring]:
    """The outlines of a Polygon or MultiPolygon (RFC 7946); holes are outlines too."""
    if not geometry:
        return
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        return
    for part in parts:
        for ring in part:
            yield tuple((float(x), float(y)) for x, y, *_height in ring)


def _shape(place: Drawn, rings: Sequence[Ring]) -> Shape:
    d = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)
    x, y = _middle(max(rings, key=lambda ring: abs(_area(ring))))
    return Shape(place.path, place.name, _look(place), d, round(x, 1), round(y, 1), place.grid)


def _look(place: Drawn) -> str:
    """What a place is drawn as. Roads, greens and water are public spaces; the first word of the code says which."""
    if place.kind != "space":
        return place.kind
    first = place.code.partition("-")[0]
    return first if first in LAND else "space"


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)) / 2


def _middle(ring: Ring) -> Point:
    """The centre of gravity; of a line, the mean of its corners."""
    area = _area(ring)
    if abs(area) < 1e-6:
        return sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)
    pairs = list(zip(ring, (*ring[1:], ring[0]), strict=True))
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    return x, y


def _around(corners: Iterable[Point]) -> Ring:
    """The convex hull (Andrew's chain), moved outwards from its middle."""
    found = sorted(set(corners))
    half: list[Point] = []
    hull: list[Point] = []
    for turn in (found, found[::-1]):
        half = []
        for corner in turn:
            while len(half) > 1 and _turn(half[-2], half[-1], corner) <= 0:
                half.pop()
            half.append(corner)
        hull += half[:-1]
    middle = _middle(tuple(hull))
    return tuple(_away(corner, middle) for corner in hull)


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _away(corner: Point, middle: Point) -> Point:
    x, y = corner[0] - middle[0], corner[1] - middle[1]
    far = hypot(x, y) or 1.0
    return round(corner[0] + x / far * MARGIN, 1), round(corner[1] + y / far * MARGIN, 1)


def heat_steps(most: int) -> tuple[int, int, int, int]:
    """From how many open matters each of four degrees of heat begins, for people to count in."""
    if most <= 12:
        return 1, 3, 6, 10
    quarter = -(-most // 4)
    return 1, quarter, 2 * quarter, 3 * quarter


def heat(number: int, steps: Sequence[int]) -> int:
    """0 where nothing is open, then 1 to 4."""
    return sum(number >= step for step in steps)
