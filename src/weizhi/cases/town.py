"""The ground plan of the demo: three estates drawn in metres, laid on a spot of open water where nobody lives.

An old estate of slabs in the west, a newer one in the north-east, towers in the south-east, two roads between them.
Buildings are numbered like a ploughed field, row by row there and back, so that neighbours in number are neighbours.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Any

from weizhi.record.actions.add_places import NewPlace

# Inside the lake of Liangzi: the plan is invented, and no real house gets its name.
LONGITUDE, LATITUDE = 114.5200, 30.2300
TURNED = radians(6)  # no street of a real town runs due north
METRES = 111_320.0  # of a degree of latitude
Corner = tuple[float, float]
Box = tuple[float, float, float, float]  # west, south, width, depth


@dataclass(frozen=True)
class Estate:
    """Buildings stand in the middle of the cells of a lattice; `rows` are the heights of its cells from the south."""

    code: str
    name: str
    ground: Box
    first: int
    columns: int
    rows: tuple[tuple[float, float], ...]  # south edge and depth of each row
    size: tuple[float, float]
    stairwells: int
    floors: int
    doors: int
    area_cm2: tuple[int, ...]  # of the doors of one floor

    @property
    def count(self) -> int:
        return self.columns * len(self.rows)

    @property
    def buildings(self) -> list[int]:
        return list(range(self.first, self.first + self.count))

    def cell(self, building: int) -> Box:
        row, column = divmod(building - self.first, self.columns)
        if row % 2:
            column = self.columns - 1 - column
        south, depth = self.rows[row]
        wide = self.ground[2] / self.columns
        return self.ground[0] + column * wide, south, wide, depth

    def outline(self, building: int) -> Box:
        west, south, wide, deep = self.cell(building)
        return west + (wide - self.size[0]) / 2, south + (deep - self.size[1]) / 2, *self.size


ESTATES = (
    Estate(
        "e1", "幸福里一期", (6, 6, 244, 404), 1, 3, ((6, 84), (90, 84), (242, 84), (326, 84)),
        (62, 12), 2, 6, 2, (682_500, 542_000),
    ),
    Estate(
        "e2", "幸福里二期", (268, 222, 364, 188), 13, 4, ((222, 62), (284, 63), (347, 63)),
        (58, 14), 2, 8, 2, (893_700, 936_200),
    ),
    Estate(
        "e3", "幸福里三期", (268, 6, 364, 192), 25, 4, ((6, 46), (52, 46), (152, 46)),
        (26, 24), 1, 11, 4, (1_087_400, 893_700, 893_700, 1_274_900),
    ),
)  # fmt: skip

GRIDS: dict[str, tuple[str, ...]] = {  # what each covers; the square lies in none: the committee looks after it
    "g1": ("1", "2", "east-gate", "south-gate"),
    "g2": ("3", "4", "garden"),
    "g3": ("5", "6", "7", "8", "shed"),
    "g4": ("9", "10", "11", "12", "west-gate"),
    "g5": ("13", "14", "15", "green-lawn"),
    "g6": ("16", "17", "18", "court"),
    "g7": ("19", "20", "21", "charging"),
    "g8": ("22", "23", "24", "north-gate"),
    "g9": ("25", "26", "27"),
    "g10": ("28", "29", "30", "sorting"),
    "g11": ("31", "32", "33", "water-moon"),
    "g12": ("34", "35", "36", "garage"),
}
NEXT_DOOR = "88-1-101"
NUMERALS = "一二三四五六七八九十"
SPACES: dict[str, tuple[str, str, Box]] = {  # a road, a green and water are told by the first word of their code
    "plaza": ("中心广场", "e1", (92, 180, 72, 56)),
    "garden": ("儿童乐园", "e1", (18, 184, 56, 48)),
    "shed": ("自行车棚", "e1", (182, 190, 54, 10)),
    "east-gate": ("东门", "e1", (246, 206, 6, 14)),
    "south-gate": ("南门", "e1", (120, 3, 16, 5)),
    "west-gate": ("西门", "e1", (3, 206, 6, 14)),
    "green-lawn": ("中心绿地", "e2", (400, 276, 96, 12)),
    "court": ("篮球场", "e2", (566, 338, 58, 16)),
    "charging": ("充电棚", "e2", (276, 278, 40, 8)),
    "north-gate": ("北门", "e2", (440, 408, 18, 5)),
    "garage": ("地下车库入口", "e3", (600, 102, 26, 40)),
    "sorting": ("垃圾分类亭", "e3", (276, 104, 22, 12)),
    "water-moon": ("月亮塘", "e3", (360, 104, 150, 44)),
    "green-bank": ("塘边绿地", "e3", (336, 99, 198, 53)),
    "road-changqing": ("长青路", "", (254, 0, 11, 416)),
    "road-xingfu": ("幸福路", "", (265, 204, 372, 11)),
}
ROUND = frozenset({"water-moon"})


def outdoors() -> Iterator[NewPlace]:
    """What stands in the open: estates, grids, buildings, spaces; grids first, since buildings will lie in them."""
    for estate in ESTATES:
        yield _drawn("estate", estate.code, estate.name, "", [box(estate.ground)])
    for code in GRIDS:
        yield _drawn("grid", code, f"第{numeral(int(code[1:]))}网格", "", _land_of(code))
    for estate in ESTATES:
        for building in estate.buildings:
            outline = box(estate.outline(building))
            yield _drawn("building", str(building), f"{building} 号楼", estate.code, [outline])
    for code, (name, under, shape) in SPACES.items():
        yield _drawn("space", code, name, under, [oval(shape) if code in ROUND else box(shape)])


def indoors() -> Iterator[NewPlace]:
    """Stairwells and households; they take over the grid in which their building lies."""
    for estate in ESTATES:
        for building in estate.buildings:
            west, south, wide, deep = estate.outline(building)
            for n in range(1, estate.stairwells + 1):
                code = f"{building}-{n}"
                x, y = on_earth(west + wide * (2 * n - 1) / (2 * estate.stairwells), south + deep / 2)
                yield NewPlace("stairwell", code, f"{n} 单元", str(building), longitude=x, latitude=y)
                yield from _homes(estate, code)


def _homes(estate: Estate, stairwell: str) -> Iterator[NewPlace]:
    for floor in range(1, estate.floors + 1):
        for door in range(1, estate.doors + 1):
            room = f"{floor}{door:02}"
            area = estate.area_cm2[door - 1]
            yield NewPlace("household", f"{stairwell}-{room}", f"{room} 室", stairwell, floor=floor, area_cm2=area)


def next_door() -> Iterator[NewPlace]:
    """光明里 across the road, with codes that 幸福里 does not have: tales call a place by its code alone."""
    yield NewPlace("estate", "e9", "光明里")
    yield NewPlace("building", "88", "88 号楼", "e9")
    yield NewPlace("stairwell", "88-1", "1 单元", "88")
    yield NewPlace("household", NEXT_DOOR, "101 室", "88-1", floor=1)


def numeral(n: int) -> str:
    """1 to 12 as grids are numbered."""
    return NUMERALS[n - 1] if n <= 10 else f"十{NUMERALS[n - 11]}"


def estate_of(building: str) -> Estate:
    return next(estate for estate in ESTATES if int(building) in estate.buildings)


# --- from metres to the earth ---------------------------------------------------------------------------


def box(shape: Box) -> list[Corner]:
    west, south, wide, deep = shape
    return [(west, south), (west + wide, south), (west + wide, south + deep), (west, south + deep)]


def oval(shape: Box) -> list[Corner]:
    """A pond: an oval with a bay in it."""
    west, south, wide, deep = shape
    middle = west + wide / 2, south + deep / 2
    bays = ((2 * pi * n / 28, 1 - 0.16 * cos(3 * 2 * pi * n / 28 + 1) ** 2) for n in range(28))
    return [(middle[0] + wide / 2 * r * cos(turn), middle[1] + deep / 2 * r * sin(turn)) for turn, r in bays]


def _land_of(grid: str) -> list[list[Corner]]:
    """The cells of the buildings that a grid covers, as one outline where they touch."""
    from shapely.geometry import MultiPolygon, Polygon, mapping
    from shapely.ops import unary_union

    cells = [box(estate_of(code).cell(int(code))) for code in GRIDS[grid] if code.isdecimal()]
    land = unary_union([Polygon(cell) for cell in cells])
    parts = list(land.geoms) if isinstance(land, MultiPolygon) else [land]
    return [[(x, y) for x, y in mapping(part)["coordinates"][0][:-1]] for part in parts]


def on_earth(x: float, y: float) -> Corner:
    """A point of the plan in degrees of WGS-84, a centimetre exactly."""
    east, north = x * cos(TURNED) - y * sin(TURNED), x * sin(TURNED) + y * cos(TURNED)
    wide = METRES * cos(radians(LATITUDE))
    return round(LONGITUDE + east / wide, 7), round(LATITUDE + north / METRES, 7)


def _drawn(kind: str, code: str, name: str, under: str, outlines: list[list[Corner]]) -> NewPlace:
    corners = [corner for outline in outlines for corner in outline]
    x, y = on_earth(*_middle(corners))
    return NewPlace(kind, code, name, under, longitude=x, latitude=y, geometry=_geometry(outlines))


def _middle(corners: Iterable[Corner]) -> Corner:
    xs, ys = zip(*corners, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _geometry(outlines: list[list[Corner]]) -> dict[str, Any]:
    rings = [[[*on_earth(*corner)] for corner in (*outline, outline[0])] for outline in outlines]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings}
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
