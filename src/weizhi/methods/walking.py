"""How far people walk to a facility. Pure: positions in degrees (longitude first), walls and ways as lines.

Three kinds of ground: nothing drawn (straight lines), walls drawn (straight, but round their ends), ways drawn (along
them, with the straight bit from the door to the nearest of them). What decides is the whole metre, rounded to the
nearest; doubles only find it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, MultiLineString, Point, STRtree, prepare, unary_union
from shapely.geometry.base import BaseGeometry

Position = tuple[float, float]
Line = tuple[Position, ...]
Spot = tuple[float, float]  # metres east and north of the first facility
EARTH = 6_371_008.8  # mean radius of the Earth, metres
WALL, ROUND = 0.30, 0.35  # half the thickness of a wall; how far from its middle one goes round it
SAME = 1  # digits: ends of ways that lie within a decimetre meet


@dataclass(frozen=True)
class Ground:
    """What is drawn between the homes and the facility."""

    walls: tuple[Line, ...] = ()
    ways: tuple[Line, ...] = ()


OPEN = Ground()


def walks(
    homes: Mapping[str, Position], facilities: Sequence[Position], ground: Ground = OPEN
) -> dict[str, int | None]:
    """Metres from each home to the nearest facility; None where no drawn way leads there."""
    if not facilities:
        raise ValueError("至少要有一个地点，才能量路。")
    plane = _Plane(facilities[0])
    goals, doors = [plane.spot(one) for one in facilities], {key: plane.spot(one) for key, one in homes.items()}
    found = _along(doors, goals, plane, ground) if ground.ways else _round(doors, goals, plane.lines(ground.walls))
    return {key: None if far == np.inf else round(far) for key, far in found.items()}


@dataclass(frozen=True)
class _Plane:
    """Degrees as metres around a position: for a few kilometres the Earth is flat."""

    centre: Position

    def spot(self, at: Position) -> Spot:
        east = radians(at[0] - self.centre[0]) * cos(radians(self.centre[1])) * EARTH
        return east, radians(at[1] - self.centre[1]) * EARTH

    def lines(self, drawn: Iterable[Line]) -> BaseGeometry:
        """All of them as one, cut where they meet and cross."""
        spots = ([self.spot(at) for at in line] for line in drawn)
        return unary_union(MultiLineString([line for line in spots if len(line) > 1]))


def _far(one: Spot, other: Spot) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _round(doors: Mapping[str, Spot], goals: Sequence[Spot], walls: BaseGeometry) -> dict[str, float]:
    """The shortest way round the walls: from corner to corner of them, wherever one sees the other."""
    if walls.is_empty:
        return {key: min(_far(door, goal) for goal in goals) for key, door in doors.items()}
    solid = walls.buffer(WALL, join_style="mitre", cap_style="square")
    prepare(solid)
    corners = _corners(walls.buffer(ROUND, join_style="mitre", cap_style="square"))
    spots = [*goals, *corners, *doors.values()]
    edges = []
    for m, one in enumerate(spots):
        last = len(goals) + len(corners) if m >= len(goals) + len(corners) else m
        for n, other in enumerate(spots[:last]):  # nobody walks through another's door
            if not solid.intersects(LineString([one, other])):
                edges.append((m, n, _far(one, other)))
    far = _shortest(len(spots), edges, range(len(goals)))
    first = len(goals) + len(corners)
    return {key: far[first + n] for n, key in enumerate(doors)}


def _corners(shape: BaseGeometry) -> list[Spot]:
    parts = getattr(shape, "geoms", [shape])
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return [(float(x), float(y)) for ring in rings for x, y in ring.coords[:-1]]


def _along(doors: Mapping[str, Spot], goals: Sequence[Spot], plane: _Plane, ground: Ground) -> dict[str, float]:
    """Along the drawn ways; each door and goal joins them where the nearest lies that no wall hides."""
    pieces = _pieces(plane.lines(ground.ways))
    walls = plane.lines(ground.walls).buffer(WALL) if ground.walls else None
    net = _Net(pieces, walls)
    starts = [net.join(goal) for goal in goals]
    ends = {key: net.join(door) for key, door in doors.items()}
    edges = net.edges()  # names its ends: the net is as large as it is only afterwards
    far = _shortest(net.size, edges, [n for n in starts if n is not None] or [0])
    reached = any(n is not None for n in starts)
    return {key: far[n] if reached and n is not None else np.inf for key, n in ends.items()}


def _pieces(shape: BaseGeometry) -> list[LineString]:
    return [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, LineString)]


class _Net:
    """Ways as numbered meeting points, with what joined them on the way."""

    def __init__(self, pieces: Sequence[LineString], walls: BaseGeometry | None) -> None:
        self._pieces, self._walls, self._tree = pieces, walls, STRtree(list(pieces))
        self._named: dict[Spot, int] = {}
        self._joins: dict[int, list[tuple[float, int]]] = {}  # piece -> where along it somebody joins
        self._doors: list[tuple[int, int, float]] = []

    @property
    def size(self) -> int:
        return len(self._named) + len(self._doors)

    def _point(self, at: Spot) -> int:
        return self._named.setdefault((round(at[0], SAME), round(at[1], SAME)), len(self._named) + len(self._doors))

    def join(self, door: Spot) -> int | None:
        """A node of its own, joined to the nearest visible way. None where walls are all around."""
        point = Point(door)
        near = sorted(range(len(self._pieces)), key=lambda n: (self._pieces[n].distance(point), n))
        for n in near:
            along = self._pieces[n].project(point)
            foot = self._pieces[n].interpolate(along)
            if self._walls is None or not self._walls.intersects(LineString([door, (foot.x, foot.y)])):
                node = self._point((foot.x, foot.y))
                self._joins.setdefault(n, []).append((along, node))
                mine = self.size
                self._doors.append((mine, node, point.distance(foot)))
                return mine
        return None

    def edges(self) -> list[tuple[int, int, float]]:
        found = list(self._doors)
        for n, piece in enumerate(self._pieces):
            ends = [(0.0, piece.coords[0]), (piece.length, piece.coords[-1])]
            stops = sorted([*((at, self._point((x, y))) for at, (x, y, *_) in ends), *self._joins.get(n, ())])
            found += [(a, b, there - here) for (here, a), (there, b) in pairwise(stops)]
        return found


def _shortest(size: int, edges: Sequence[tuple[int, int, float]], goals: Iterable[int]) -> list[float]:
    """Metres from the nearest goal to every node."""
    best: dict[tuple[int, int], float] = {}
    for one, other, far in edges:
        if one != other:
            pair = (min(one, other), max(one, other))
            best[pair] = min(far, best.get(pair, np.inf))
    rows, columns = [pair[0] for pair in best], [pair[1] for pair in best]
    # A way of no length is no way to a sparse matrix: a door on the path is a millimetre from it.
    lengths = [max(far, 1e-3) for far in best.values()]
    graph = csr_matrix((lengths, (rows, columns)), shape=(size, size))
    return [float(far) for far in np.min(dijkstra(graph, directed=False, indices=list(goals)), axis=0)]
