"""Read what is to be divided: a table or GeoJSON outlines, edges, barriers; errors name the line."""

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from weizhi.methods.division.neighbours import REACH, neighbours
from weizhi.methods.division.units import DivisionError, Floats, Ints, Units

if TYPE_CHECKING:
    from shapely import Geometry

METRES_A_DEGREE = 111_320.0
# Lines of a street map that people of one grid walk across every day; a line that says nothing of its kind divides.
CROSSED = frozenset({"path", "minor_road", "ferry"})
UNDER_OR_OVER = frozenset({"subway", "funicular"})


def read(
    units: Path,
    *,
    edges: Path | None = None,
    barriers: Path | None = None,
    estate: str = "estate",
    reach: float = REACH,
) -> Units:
    """Read units from ``.csv`` (id,x_m,y_m,households) or GeoJSON polygons (properties id, households).

    Without ``edges`` neighbours are found: from outlines with ``reach`` in metres between walls, or between points.
    """
    import shapely

    if units.suffix.lower() == ".csv":
        rows = list(_rows(units, ("id", "x_m", "y_m", "households")))
        x = [_number(row, "x_m", line, units) for line, row in rows]
        y = [_number(row, "y_m", line, units) for line, row in rows]
        shapes: Sequence[Geometry] = list(shapely.points(x, y)) if rows else []
        facts = [(line, row) for line, row in rows]
        plan = None
    else:
        facts, shapes, plan = _outlines(units)
        centres = shapely.get_coordinates(shapely.centroid(np.array(shapes, dtype=object)))
        x, y = centres[:, 0].tolist(), centres[:, 1].tolist()
    ids = [str(row["id"]) for _, row in facts]
    households = [_whole(row, "households", line, units) for line, row in facts]
    estates = [str(row.get(estate) or "") for _, row in facts]
    if edges is not None:
        pairs: Ints | Sequence[tuple[int, int]] = read_edges(edges, ids)
    else:
        pairs = neighbours(shapes, _lines(barriers, plan), reach) if shapes else []
    return Units.of(ids, x, y, households, pairs, estates)


def read_edges(path: Path, ids: Sequence[str]) -> list[tuple[int, int]]:
    place = {name: n for n, name in enumerate(ids)}
    pairs = []
    for line, row in _rows(path, ("a", "b")):
        if row["a"] not in place or row["b"] not in place:
            unknown = row["a"] if row["a"] not in place else row["b"]
            raise DivisionError(f"{path.name} 第 {line} 行：没有编号为“{unknown}”的楼。")
        pairs.append((place[row["a"]], place[row["b"]]))
    return pairs


def _rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in needed if name not in (reader.fieldnames or [])]
        if missing:
            raise DivisionError(f"{path.name} 第 1 行：缺少列 {'、'.join(missing)}。")
        for row in reader:
            yield reader.line_num, row


def _number(row: Mapping[str, Any], key: str, line: int, path: Path) -> float:
    try:
        value = float(row[key])
    except (KeyError, TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise DivisionError(f"{path.name} 第 {line} 行：{key} 应当是数字，写的是“{row.get(key)}”。")
    return value


def _whole(row: Mapping[str, Any], key: str, line: int, path: Path) -> int:
    value = _number(row, key, line, path)
    if value < 0 or value != int(value):
        raise DivisionError(f"{path.name} 第 {line} 行：{key} 应当是不小于 0 的整数，写的是“{row.get(key)}”。")
    return int(value)


Plan = tuple[float, float, float]  # the middle in degrees and the metres of a degree of longitude there


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (ValueError, KeyError, TypeError) as wrong:
        raise DivisionError(f"{path.name} 不是 GeoJSON 的 FeatureCollection：{wrong}。") from wrong
    return list(features)


def _outlines(path: Path) -> "tuple[list[tuple[int, dict[str, Any]]], list[Geometry], Plan | None]":
    import shapely
    from shapely.geometry import shape

    facts: list[tuple[int, dict[str, Any]]] = []
    shapes: list[Geometry] = []
    for n, feature in enumerate(_features(path), 1):
        properties = dict(feature.get("properties") or {})
        geometry = feature.get("geometry")
        if "id" not in properties or not geometry:
            raise DivisionError(f"{path.name} 第 {n} 个图形：要有 id 和 households 两个属性，还要有轮廓。")
        facts.append((n, properties))
        shapes.append(shape(geometry))
    if not shapes:
        return facts, shapes, None
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return facts, shapes, None  # already in metres
    middle = (south + north) / 2
    plan = ((west + east) / 2, middle, METRES_A_DEGREE * math.cos(math.radians(middle)))
    return facts, [_metres(one, plan) for one in shapes], plan


def _metres(shape: "Geometry", plan: Plan) -> "Geometry":
    """Lay a shape out in metres about the middle: within a community the earth is flat to a few centimetres."""
    import shapely

    longitude, latitude, scale = plan

    def laid(points: Floats) -> Floats:
        return np.stack([(points[:, 0] - longitude) * scale, (points[:, 1] - latitude) * METRES_A_DEGREE], axis=1)

    flat: Geometry = shapely.transform(shape, laid)
    return flat


def _lines(path: Path | None, plan: Plan | None) -> "list[Geometry]":
    if path is None:
        return []
    from shapely.geometry import shape

    found = []
    for feature in _features(path):
        properties = feature.get("properties") or {}
        if properties.get("kind") in CROSSED or properties.get("detail") in UNDER_OR_OVER:
            continue
        line = shape(feature["geometry"])
        found.append(_metres(line, plan) if plan else line)
    return found
