"""Drawn shapes: checked, brought to WGS-84, kept small. Pure."""

from typing import Any

from weizhi.census.values import Wrong
from weizhi.places.coordinates import Position, in_china, to_wgs84

CORNERS_AT_MOST = 5000
KINDS = ("Point", "Polygon", "MultiPolygon")
DIGITS = 7  # of a degree: one centimetre


def shape(given: dict[str, Any], system: str) -> tuple[dict[str, Any] | None, Position]:
    """The geometry as we keep it (None for a mere point), and a position inside it."""
    from numpy import array
    from shapely import force_2d, transform
    from shapely.errors import ShapelyError
    from shapely.geometry import mapping
    from shapely.geometry import shape as made
    from shapely.validation import explain_validity

    if given.get("type") not in KINDS:
        raise Wrong("没有图形，或者不是点和面。请画一个面（Polygon），或者标一个点（Point）。")
    try:
        drawn = force_2d(made(given))
        corners = sum(1 for _ in _corners(given["coordinates"]))
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise Wrong("图形的坐标读不懂。请从地图软件重新导出。") from None
    if drawn.is_empty or corners > CORNERS_AT_MOST:
        raise Wrong(f"图形是空的，或者超过 {CORNERS_AT_MOST} 个角。请重画得简单一些。")
    if not drawn.is_valid:
        raise Wrong(f"图形自己和自己相交（{explain_validity(drawn)}）。请在地图软件里改好这个角。")
    west, south, east, north = drawn.bounds
    if not (in_china(west, south) and in_china(east, north)):
        raise Wrong("图形不在中国。请检查经度和纬度的先后：经度在前。")
    kept = transform(drawn, lambda corners: array([to_wgs84(x, y, system) for x, y in corners.tolist()]))
    inside = kept.representative_point()
    position = round(inside.x, DIGITS), round(inside.y, DIGITS)
    return (None if given["type"] == "Point" else _rounded(mapping(kept))), position


def _corners(coordinates: Any) -> Any:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
        return
    for part in coordinates:
        yield from _corners(part)


def _rounded(geometry: Any) -> dict[str, Any]:
    def short(part: Any) -> Any:
        return round(part, DIGITS) if isinstance(part, float) else [short(one) for one in part]

    return {"type": geometry["type"], "coordinates": short(geometry["coordinates"])}
