"""Lines of places against what is known: which places are new, which get a shape, which faults stand where."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from weizhi.census import values
from weizhi.census.atlas import Atlas
from weizhi.census.findings import Findings, Spot
from weizhi.census.known import Here, Known
from weizhi.census.reading import Line, Lines
from weizhi.census.shapes import DIGITS, shape
from weizhi.census.tables import BUILDING, BY_KIND, ESTATE, GRID, HOUSEHOLD, KIND_WORDS, RESIDENT, SPACE, TABLES
from weizhi.census.values import Wrong, close_to
from weizhi.places.coordinates import GCJ02, WGS84, to_wgs84

T = TypeVar("T")
STAIRWELL = "stairwell"
LONGEST_PATH = 200
NEAREST_FOR = 1000
TITLES = {column.key: column.title for table in TABLES for column in table.columns} | {"code": "编号", "name": "名称"}
NAME_AT_MOST = 80
DERIVED = {  # what may be taken from the lines of others, where no table tells it and none is known
    ESTATE: (BUILDING, HOUSEHOLD, RESIDENT, SPACE),
    GRID: (BUILDING, SPACE),
    BUILDING: (HOUSEHOLD, RESIDENT),
    HOUSEHOLD: (RESIDENT,),
}


@dataclass
class Placing:
    """Reads lines into a world of places. Faults go to `found`; a place of a faulty line is made all the same,
    so that one wrong cell does not make every line below it wrong."""

    world: Known
    lines: Lines
    found: Findings
    system: str | None = None  # of coordinates; None: GCJ-02 in tables, WGS-84 in drawn shapes
    first: dict[str, Spot] = field(default_factory=dict)
    covers: dict[UUID, Here] = field(default_factory=dict)  # unit → the grid that takes it over
    atlas: Atlas = field(init=False)
    _homes: dict[tuple[str, str, str, str], Here] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.atlas = Atlas(self.world.places.values())
        self._derive = {kind: self._may_derive(kind) for kind in DERIVED}

    def read(self) -> None:
        self._simple(ESTATE)
        self._simple(GRID)
        for line in self.lines[BUILDING]:
            self._building_line(line)
        self._simple(SPACE)
        for line in self.lines[HOUSEHOLD]:
            self._household_line(line)

    def home_of(self, line: Line) -> Here | None:
        """The household of a line, made where it may be; None after a fault."""
        cells = line.cells
        asked = (cells.get("estate", ""), cells.get("building", ""), cells.get("unit", ""), cells.get("room", ""))
        if asked not in self._homes:
            home = self._home(line, make=self._derive[HOUSEHOLD])
            if home is None:
                return None
            self._homes[asked] = home
        return self._homes[asked]

    # --- one table after the other ---

    def _simple(self, kind: str) -> None:
        """Estates, grids, spaces: a code and a name."""
        for line in self.lines[kind]:
            code = self._cell(line, "code", values.code)
            name = self._cell(line, "name", partial(values.name, most=NAME_AT_MOST)) if "name" in line.cells else None
            if code is None or not self._once(line, kind, code, "code"):
                continue
            inside = self._estate(line) if kind == SPACE else self.world.root
            place = self.world.places.get(code)
            if place is None:
                if not name:
                    self._wrong(line, "name", "没有名称。请补上。")
                place = self._make(line, inside or self.world.root, kind, code, name or code)
            elif not self._is(line, place, kind, "code"):
                continue
            self._where(line, place)
            self._grid(line, place)

    def _building_line(self, line: Line) -> None:
        number = self._cell(line, "building", values.building)
        if number is None:
            return
        estate = self._estate(line)
        if estate is None and line.cells.get("estate"):
            return
        within = estate.code if estate else ""
        if not self._once(line, BUILDING, f"{within}/{number}", "building"):
            return
        place = self.atlas.building(within, number) or (None if within else self.atlas.only_building(number))
        if place is None:
            place = self._new_building(line, estate, number, line.cells.get("name", ""))
        if place is not None:
            self._where(line, place)
            self._grid(line, place)

    def _household_line(self, line: Line) -> None:
        home = self._home(line, make=True)
        if home is None or not self._once(line, HOUSEHOLD, home.code, "room"):
            return
        for column, key, read in (("floor", "floor", values.floor), ("area", "area_cm2", values.area_cm2)):
            if column not in line.cells:
                continue
            told = self._cell(line, column, read)
            if told is None or getattr(home, key) == told:
                continue
            if home.new:
                setattr(home, key, told)
            else:
                self.found.note(
                    line.spot, BY_KIND[HOUSEHOLD].title_of(column), "和登记的不一样。导入只添新的，没有改。"
                )

    # --- which place is meant ---

    def _home(self, line: Line, *, make: bool) -> Here | None:
        building = self._building(line)
        unit = self._cell(line, "unit", values.unit) if "unit" in line.cells else ""
        room = self._cell(line, "room", values.room)
        if building is None or unit is None or room is None:
            return None
        inside = f"{building.code}-{unit}" if unit else building.code
        code = f"{inside}-{room}"
        home = self.world.places.get(code)
        if home is not None:
            return home if self._is(line, home, HOUSEHOLD, "room") else None
        if not make:
            near = self._near(code, lambda: [known.code for known in self._inside(building)])
            self._wrong(line, "room", f"名册里没有“{code}”这一户。请先在“住户”表里写上，或改正门牌。{near}")
            return None
        stairs = self._stairwell(line, building, unit, inside) if unit else building
        return self._make(line, stairs, HOUSEHOLD, code, f"{room} 室") if stairs else None

    def _inside(self, building: Here) -> Iterable[Here]:
        start = f"{building.path}/"
        return (place for place in self.world.of_kind(HOUSEHOLD) if place.path.startswith(start))

    def _stairwell(self, line: Line, building: Here, unit: str, code: str) -> Here | None:
        stairs = self.world.places.get(code)
        if stairs is None:
            return self._make(line, building, STAIRWELL, code, f"{unit} 单元")
        return stairs if self._is(line, stairs, STAIRWELL, "unit") else None

    def _building(self, line: Line) -> Here | None:
        number = self._cell(line, "building", values.building)
        if number is None:
            return None
        if "estate" in line.cells:
            estate = self._estate(line)
            if estate is None:
                return None
            place = self.atlas.building(estate.code, number) or self.atlas.building("", number)
        else:
            estate, place = None, self.atlas.only_building(number)
            if place is None and (several := self.atlas.estates_with(number)):
                words = f"有 {len(several)} 个 {number} 号楼（{'、'.join(several)}）。请在“小区”列写明是哪一个。"
                self._wrong(line, "building", words)
                return None
        if place is None and self._derive[BUILDING]:
            return self._new_building(line, estate, number)
        if place is None:
            near = self._near(number, lambda: self.atlas.numbers)
            self._wrong(line, "building", f"没有“{number}”号楼。请先在“楼栋”表里写上，或改正楼号。{near}")
        return place

    def _new_building(self, line: Line, estate: Here | None, number: str, name: str = "") -> Here | None:
        """Its code is its number, or with the estate's before it where another estate has the number."""
        code = number if number not in self.world.places else f"{estate.code}-{number}" if estate else number
        if code in self.world.places:
            self._is(line, self.world.places[code], BUILDING, "building")
            return None
        words = name[:NAME_AT_MOST] or (f"{number} 号楼" if number.isascii() else number)
        return self._make(line, estate or self.world.root, BUILDING, code, words)

    def _estate(self, line: Line) -> Here | None:
        """The estate that the line names, by code or name; the community itself where it names none."""
        return self._called(line, "estate", ESTATE)

    def _grid(self, line: Line, place: Here) -> None:
        grid = self._called(line, "grid", GRID)
        if grid is None or place.id in self.covers:
            return
        before = self.world.covered.get(place.id)
        if before is None:
            self.covers[place.id] = grid
        elif before != grid.id:
            self.found.note(line.spot, "网格", "已经划在另一个网格里。导入只添新的，没有改。")

    def _called(self, line: Line, column: str, kind: str) -> Here | None:
        asked = line.cells.get(column, "")
        if not asked:
            return None
        place = self.atlas.called(kind, values.folded(asked))
        if place is None and self._derive[kind]:
            code = self._cell(line, column, values.code)
            taken = self.world.places.get(code) if code else None
            if taken is not None:
                return taken if self._is(line, taken, kind, column) else None
            return self._make(line, self.world.root, kind, code, values.folded(asked)) if code else None
        if place is None:
            near = self._near(asked, lambda: self.atlas.names(kind))
            title = BY_KIND[kind].title
            self._wrong(line, column, f"没有“{asked[:20]}”这个{title}。请先在“{title}”表里写上，或改正。{near}")
        return place

    # --- positions ---

    def _where(self, line: Line, place: Here) -> None:
        """A position or a drawn shape; a shape may be drawn anew, a position is only filled in."""
        if line.shape is not None:
            self._draw(line, place, line.shape)
        elif "longitude" in line.cells or "latitude" in line.cells:
            self._pin(line, place)

    def _draw(self, line: Line, place: Here, given: dict[str, Any]) -> None:
        try:
            geometry, (east, north) = shape(given, self.system or WGS84)
        except Wrong as wrong:
            self._wrong(line, "", str(wrong))
            return
        if (place.geometry, place.longitude, place.latitude) != (geometry or place.geometry, east, north):
            place.geometry, place.longitude, place.latitude = geometry or place.geometry, east, north
            place.changed = not place.new

    def _pin(self, line: Line, place: Here) -> None:
        try:
            told = values.position(line.cells.get("longitude", ""), line.cells.get("latitude", ""))
        except Wrong as wrong:
            self._wrong(line, "longitude", str(wrong))
            return
        east, north = (round(part, DIGITS) for part in to_wgs84(*told, self.system or GCJ02))
        if place.longitude is None:
            place.longitude, place.latitude = east, north
            place.changed = not place.new
        elif not place.new and (place.longitude, place.latitude) != (east, north) and place.geometry is None:
            self.found.note(line.spot, "经度", "和登记的位置不一样。导入只添新的，没有改。")

    # --- small things ---

    def _may_derive(self, kind: str) -> bool:
        return not self.lines[kind] and not any(True for _ in self.world.of_kind(kind))

    def _make(self, line: Line, parent: Here, kind: str, code: str, name: str) -> Here:
        place = parent.make(kind, code, name)
        if len(place.path) > LONGEST_PATH:
            self._wrong(line, "", f"编号一级一级加起来太长了（最多 {LONGEST_PATH} 个字）。请把小区和楼栋的编号改短。")
        self.world.places[code] = place
        self.atlas.add(place)
        return place

    def _is(self, line: Line, place: Here, kind: str, column: str) -> bool:
        """Whether a code that is taken belongs to the kind of place that is meant."""
        if place.kind == kind:
            return True
        taken = KIND_WORDS.get(place.kind, "社区")
        self._wrong(
            line, column, f"编号“{place.code}”已经是{taken}“{place.name}”的。请换一个编号，例如在前面加上小区。"
        )
        return False

    def _once(self, line: Line, kind: str, code: str, column: str) -> bool:
        """A thing stands once in the tables; that it is also drawn is no repetition."""
        first = self.first.setdefault(f"{kind}:{code}:{line.shape is None}", line.spot)
        if first == line.spot:
            return True
        self._wrong(line, column, f"和 {first} 重复。请删掉一行。")
        return False

    def _cell(self, line: Line, column: str, read: Callable[[str], T]) -> T | None:
        text = line.cells.get(column, "")
        if not text:
            self._wrong(line, column, "是空的。请补上；合并的单元格请取消合并，每行都写。")
            return None
        try:
            return read(text)
        except Wrong as wrong:
            self._wrong(line, column, str(wrong))
            return None

    def _near(self, word: str, names: Callable[[], Iterable[str]]) -> str:
        """The nearest right name. After a thousand faults it is no slip of the pen, and looking costs too much."""
        return close_to(word, names()) if self.found.errors < NEAREST_FOR else ""

    def _wrong(self, line: Line, column: str, message: str) -> None:
        self.found.wrong(line.spot, TITLES.get(column, ""), message)
