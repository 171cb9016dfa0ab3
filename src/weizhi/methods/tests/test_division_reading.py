"""Units from tables and outlines; neighbours by nearness, cut by barriers; errors with their line."""

import json

import pytest

from weizhi.methods.division import DivisionError, Range, divide, read


def square(x: float, y: float, side: float) -> list[list[list[float]]]:
    return [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]


def collection(path, features):
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": points}}
                    for properties, kind, points in features
                ],
            }
        ),
        encoding="utf-8",
    )
    return path


def block(degrees: bool):
    scale = 1e-5 if degrees else 1.0
    east = 121.5 if degrees else 1000.0
    north = 31.2 if degrees else 1000.0
    return [
        (
            {"id": f"{x}-{y}", "households": 20, "园": "甲" if x < 2 else "乙"},
            "Polygon",
            square(east + 60 * scale * x, north + 60 * scale * y, 30 * scale),
        )
        for y in range(3)
        for x in range(4)
    ]


@pytest.mark.parametrize("degrees", [True, False])
def test_outlines_are_neighbours_unless_a_barrier_lies_between(tmp_path, degrees):
    units = collection(tmp_path / "u.geojson", block(degrees))
    scale, east, north = (1e-5, 121.5, 31.2) if degrees else (1.0, 1000.0, 1000.0)
    x = east + 105 * scale
    line = [[x, north - 100 * scale], [x, north + 500 * scale]]
    walls = collection(
        tmp_path / "w.geojson",
        [
            ({"kind": "major_road"}, "LineString", line),
            ({"kind": "path"}, "LineString", [[east, north], [east + 5, north]]),
        ],
    )
    whole, cut = read(units, estate="园"), read(units, barriers=walls, estate="园")
    assert len(cut.edges) < len(whole.edges) and sorted(set(whole.estate.tolist())) == [0, 1]
    assert all((a % 4 < 2) == (b % 4 < 2) for a, b in cut.edges.tolist())
    division = divide(cut, Range.of(40, 60))
    assert division.count == 4 and division.within() == 1.0
    sides = {(int(grid), n % 4 < 2) for n, grid in enumerate(division.grid)}
    assert len(sides) == 4


def test_a_row_and_a_single_building_have_no_triangles(tmp_path):
    table = tmp_path / "u.csv"
    table.write_text("id,x_m,y_m,households\na,0,0,5\nb,40,0,5\nc,80,0,5\n", encoding="utf-8")
    assert read(table).edges.tolist() == [[0, 1], [1, 2]]
    assert read(table, reach=30).edges.tolist() == []
    table.write_text("id,x_m,y_m,households\na,0,0,5\n", encoding="utf-8")
    walls = collection(tmp_path / "w.geojson", [({}, "LineString", [[0, 0], [1, 1]])])
    assert read(table, barriers=walls).edges.tolist() == []
    table.write_text("id,x_m,y_m,households\n", encoding="utf-8")
    assert len(read(table)) == 0
    assert len(read(collection(tmp_path / "none.geojson", []))) == 0


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("u.csv", "id,x_m,y_m\na,0,0\n", "households"),
        ("u.csv", "id,x_m,y_m,households\na,0,0,5\nb,east,0,5\n", "第 3 行"),
        ("u.csv", "id,x_m,y_m,households\na,0,0,-5\n", "第 2 行"),
        ("u.csv", "id,x_m,y_m,households\na,0,0,2.5\n", "第 2 行"),
        ("u.geojson", "{}", "FeatureCollection"),
        ("u.geojson", "not json", "FeatureCollection"),
        ("u.geojson", '{"features": [{"properties": {}}]}', "第 1 个图形"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(tmp_path, name, text, words):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DivisionError, match=words):
        read(file)


@pytest.mark.parametrize(("text", "words"), [("a,b\na,z\n", "“z”"), ("a,b\ny,a\n", "“y”"), ("one,two\n", "缺少列")])
def test_edges_must_name_known_units(tmp_path, text, words):
    table, edges = tmp_path / "u.csv", tmp_path / "e.csv"
    table.write_text("id,x_m,y_m,households\na,0,0,5\n", encoding="utf-8")
    edges.write_text(text, encoding="utf-8")
    with pytest.raises(DivisionError, match=words):
        read(table, edges=edges)


def test_real_places_are_divided_wholly(shared):
    places = shared / "data" / "places"
    if not places.is_dir():
        pytest.skip("The folder of shared data has no places.")
    towers = divide(read(places / "lujiazui-buildings.geojson"), Range.of(300, 500))
    assert towers.within() == 1.0 and towers.connected() == 1.0
    estates = divide(read(places / "estates-5000.csv", edges=places / "estates-5000-edges.csv"), Range.of(300, 500))
    assert estates.within() == 1.0 and estates.connected() == 1.0
    parted = read(places / "lujiazui-buildings.geojson", barriers=places / "lujiazui-roads.geojson")
    division = divide(parted, Range.of(300, 500))
    assert division.connected() == 1.0 and all(division.proved(grid) for grid in division.outside())


@pytest.mark.slow
def test_a_city_is_divided_to_the_limit_of_what_can_be(shared):
    places = shared / "data" / "places"
    if not places.is_dir():
        pytest.skip("The folder of shared data has no places.")
    city = divide(read(places / "nyc-50000.csv", edges=places / "nyc-50000-edges.csv"), Range.of(300, 500))
    assert city.connected() == 1.0 and city.within() >= 0.9935
    assert len(city.impossible) == 13
