"""The ground plan is one that could stand: nothing overlaps, every building lies in its estate and in one grid."""

from itertools import combinations

from shapely.geometry import shape

from weizhi.cases.residents import census_file, invented
from weizhi.cases.town import ESTATES, GRIDS, estate_of, indoors, outdoors
from weizhi.places.coordinates import in_china

OPEN_AIR = {place.code: place for place in outdoors()}
SHAPES = {code: shape(place.geometry) for code, place in OPEN_AIR.items()}
HOMES = [place.code for place in indoors() if place.kind == "household"]


def of_kind(kind: str) -> list[str]:
    return [code for code, place in OPEN_AIR.items() if place.kind == kind]


def test_three_estates_thirty_six_buildings_twelve_grids_twelve_hundred_homes():
    assert (len(of_kind("estate")), len(of_kind("building")), len(of_kind("grid"))) == (3, 36, 12)
    assert len(HOMES) == len(set(HOMES)) == 1200
    assert {"road-changqing", "road-xingfu", "green-lawn", "water-moon", "plaza", "east-gate"} <= set(of_kind("space"))


def test_every_outline_is_sound_and_has_its_position_inside_the_country():
    for code, drawn in SHAPES.items():
        assert drawn.is_valid and drawn.area > 0, code
        assert in_china(OPEN_AIR[code].longitude, OPEN_AIR[code].latitude), code


def test_buildings_stand_in_their_estate_and_none_in_another():
    for one, other in combinations(of_kind("building"), 2):
        assert not SHAPES[one].intersects(SHAPES[other]), (one, other)
    for code in of_kind("building"):
        assert SHAPES[estate_of(code).code].contains(SHAPES[code]), code


def test_each_building_is_covered_by_one_grid_whose_land_it_stands_on():
    covered = [code for units in GRIDS.values() for code in units if code.isdecimal()]
    assert sorted(covered, key=int) == [str(building) for estate in ESTATES for building in estate.buildings]
    for grid, units in GRIDS.items():
        assert all(SHAPES[grid].contains(SHAPES[code]) for code in units if code.isdecimal()), grid
    for one, other in combinations(GRIDS, 2):
        assert SHAPES[one].intersection(SHAPES[other]).area < 1e-12, (one, other)


def test_no_road_or_pond_runs_through_a_house():
    for space in of_kind("space"):
        assert not any(SHAPES[space].intersects(SHAPES[code]) for code in of_kind("building")), space


def test_the_invented_are_the_same_each_time_and_of_every_sort():
    lines = invented(HOMES, 2900)
    assert lines == invented(HOMES, 2900)
    assert len({(one.name, one.phone or one.home) for one in lines}) == 2900
    statuses = {status for one in lines for status in one.status.split("、")}
    assert statuses == {"业主", "居民", "租户", "成员"}
    lived_in = {one.home for one in lines if one.status != "业主"}
    assert 20 < 1200 - len(lived_in) < 160, "some flats stand empty"
    doors = {one.phone: set() for one in lines if one.phone}
    for one in lines:
        if one.phone:
            doors[one.phone].add(one.home)
    assert any(len(homes) > 1 for homes in doors.values()), "some own several"
    assert any(one.share for one in lines)


def test_behind_a_door_that_a_tale_names_somebody_lives():
    needed = frozenset(HOMES[::40])
    assert needed <= {one.home for one in invented(HOMES, 2900, needed) if "居民" in one.status}


def test_the_census_file_has_a_line_for_each():
    lines = invented(HOMES[:50], 100)
    assert len(census_file(lines, lambda building: estate_of(building).code).decode().splitlines()) == len(lines) + 1
