"""Who is whose neighbour, from the outlines of buildings: near, and not across a barrier."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from weizhi.methods.division.units import Ints, tidy

if TYPE_CHECKING:
    from shapely import Geometry

REACH = 150.0  # metres between walls
TOUCHING = 15.0  # metres: two buildings of one yard, whatever lies behind them


def neighbours(outlines: "Sequence[Geometry]", barriers: "Sequence[Geometry]" = (), reach: float = REACH) -> Ints:
    """Return the edges between neighbouring outlines (in metres).

    Neighbours are outlines almost touching, and those whose centres are joined in the Delaunay triangulation with
    walls at most ``reach`` apart; never two that the shortest line between their walls would cross a barrier for.
    """
    import shapely

    shapes = np.array(outlines, dtype=object)
    pairs = tidy(np.concatenate([_touching(shapes), _triangulated(shapes)]))
    a, b = shapes[pairs[:, 0]], shapes[pairs[:, 1]]
    pairs = pairs[np.asarray(shapely.distance(a, b)) <= reach]
    if not len(barriers) or not len(pairs):
        return pairs
    lines = shapely.shortest_line(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    walls = shapely.STRtree(list(barriers))
    cut = np.unique(walls.query(lines, predicate="intersects")[0])
    kept = np.ones(len(pairs), dtype=np.bool_)
    kept[cut] = False
    return pairs[kept]


def _touching(shapes: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> Ints:
    import shapely

    tree = shapely.STRtree(shapes)
    return np.asarray(tree.query(shapes, predicate="dwithin", distance=TOUCHING).T, dtype=np.int64)


def _triangulated(shapes: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> Ints:
    import shapely
    from scipy.spatial import Delaunay, QhullError

    points = shapely.get_coordinates(shapely.centroid(shapes))
    try:
        corners = np.sort(Delaunay(points).simplices, axis=1)
    except (QhullError, ValueError):
        # Fewer than three buildings, or all in one row: each is joined to the next along the row.
        order = np.lexsort((points[:, 1], points[:, 0])).astype(np.int64)
        return np.stack([order[:-1], order[1:]], axis=1)
    return np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]).astype(np.int64)
