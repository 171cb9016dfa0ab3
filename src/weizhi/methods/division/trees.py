"""Spanning trees of many regions at once, and every tree edge judged as a cut.

All regions of a step are one graph without the edges between them: one call draws the spanning forest, one walk in
depth-first order puts each subtree in one stretch, and sums over stretches are differences of running sums. So an
edge costs O(1), and a hundred small regions cost what one large region costs.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from weizhi.methods.division.units import Bools, Floats, Ints, Range, Units, tidy

if TYPE_CHECKING:
    from scipy.sparse import csr_array

VIOLATION = 1e6  # a household outside the range outweighs everything
ESTATE = 10.0  # an estate cut in two outweighs any compactness, which lies between 0 and 1
LOPSIDED = 0.5  # splitting off a sliver of a large region makes the recursion deep and the rest ragged


@dataclass(frozen=True)
class Patch:
    """A piece of the whole: ``n`` units, their masses, and the edges inside regions, in order."""

    households: Ints
    moments: Floats  # (n, 4): mass, mass·x, mass·y, mass·(x² + y²); an empty building weighs 1, so that it has a place
    estate: Ints
    edges: Ints
    lengths: Floats

    def within(self, region: Ints, chosen: Bools) -> "tuple[Patch, Ints]":
        """Return the chosen units with the edges that stay inside one region, and their positions."""
        at = np.flatnonzero(chosen)
        place = np.full(len(chosen), -1, dtype=np.int64)
        place[at] = np.arange(len(at))
        a, b = self.edges[:, 0], self.edges[:, 1]
        kept = chosen[a] & (region[a] == region[b])
        part = Patch(
            self.households[at], self.moments[at], self.estate[at], place[self.edges[kept]], self.lengths[kept]
        )
        return part, at


def patch_of(units: Units) -> Patch:
    """Return the whole as one patch."""
    edges = tidy(units.edges)
    a, b = edges[:, 0], edges[:, 1]
    lengths = np.hypot(units.x[a] - units.x[b], units.y[a] - units.y[b])
    return Patch(units.households, moments(units.x, units.y, units.households), units.estate, edges, lengths)


def moments(x: Floats, y: Floats, households: Ints) -> Floats:
    mass = np.maximum(households, 1).astype(np.float64)
    x, y = x - x.mean(), y - y.mean()
    return np.stack([mass, mass * x, mass * y, mass * (x * x + y * y)], axis=1)


def inertia(sums: Floats) -> Floats:
    """Σ mass · distance² to the centre, from summed moments of shape (…, 4)."""
    mass = np.maximum(sums[..., 0], 1e-9)
    return np.maximum(sums[..., 3] - (sums[..., 1] ** 2 + sums[..., 2] ** 2) / mass, 0.0)


@dataclass(frozen=True)
class Walk:
    """A forest in depth-first order: position p's subtree is the stretch [p, p + size)."""

    order: Ints
    parent: Ints  # position of the parent; a region's first unit is its own
    size: Ints
    starts: Ints  # where each region begins


def walk(patch: Patch, region: Ints, count: int, weights: Floats) -> Walk:
    """Draw the forest of least weight and walk it. ``region``: 0 … count-1 for each unit, each one connected."""
    from scipy.sparse.csgraph import depth_first_order, minimum_spanning_tree

    n = len(region)
    tree = minimum_spanning_tree(_matrix(patch.edges[:, 0], patch.edges[:, 1], weights, n))
    a, b = np.repeat(np.arange(n), np.diff(tree.indptr)), tree.indices
    roots = np.full(count, -1, dtype=np.int64)
    roots[region[::-1]] = np.arange(n - 1, -1, -1)
    # One more unit over all regions, so that one walk visits them all.
    rows, columns = np.concatenate([a, b, np.full(count, n)]), np.concatenate([b, a, roots])
    by_row = np.argsort(rows, kind="stable")
    graph = _matrix(rows[by_row], columns[by_row], np.ones(len(rows)), n + 1)
    order, before = depth_first_order(graph, n, directed=True)
    position = np.empty(n + 1, dtype=np.int64)
    position[order] = np.arange(n + 1)
    above = position[before[order[1:]]] - 1
    starts = np.flatnonzero(above < 0)
    sizes = [1] * n
    for p, up in zip(range(n - 1, -1, -1), above[::-1].tolist(), strict=True):
        if up >= 0:
            sizes[up] += sizes[p]
    parent = np.where(above < 0, np.arange(n), above)
    return Walk(order[1:].astype(np.int64), parent, np.array(sizes, dtype=np.int64), starts)


def _matrix(rows: Ints, columns: Ints, values: Floats, n: int) -> "csr_array":
    """Make a sparse matrix of entries that stand in order of their rows, each once: no sorting, no checks."""
    from scipy.sparse import csr_array

    ends = np.zeros(n + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=n), out=ends[1:])
    return csr_array((values, columns.astype(np.int32), ends), shape=(n, n))


@dataclass(frozen=True)
class Cuts:
    """The best cut of each region in one tree. Regions are in the walk's order (``region`` names them)."""

    region: Ints
    score: Floats
    parts: Ints  # how many grids the cut-off side is to become
    first: Ints  # the stretch that is cut off
    last: Ints


def best_cuts(patch: Patch, region: Ints, grids: Ints, forest: Walk, limits: Range) -> Cuts:
    """Score every tree edge of every region and keep the lowest; ties go to the first in the walk."""
    order, size = forest.order, forest.size
    p = np.arange(len(order))
    owner = region[order]
    households = np.concatenate([[0], np.cumsum(patch.households[order])])
    mass = np.concatenate([np.zeros((1, 4)), np.cumsum(patch.moments[order], axis=0)])
    end = p + size
    inside, sums = households[end] - households[p], mass[end] - mass[p]
    whole = forest.starts[np.searchsorted(forest.starts, p, side="right") - 1]
    total, all_sums = inside[whole], sums[whole]
    wanted = grids[owner]
    parts = np.clip(np.rint(inside * wanted / np.maximum(total, 1)).astype(np.int64), 1, np.maximum(wanted - 1, 1))
    rest = wanted - parts
    out = _outside(inside, parts, limits) + _outside(total - inside, rest, limits)
    spread = (inertia(sums) + inertia(all_sums - sums)) / np.maximum(inertia(all_sums), 1e-9)
    estate = patch.estate[order]
    torn = (estate >= 0) & (estate == estate[forest.parent])
    sliver = np.minimum(parts, rest) * 4 < wanted
    score = VIOLATION * out + spread + ESTATE * torn + LOPSIDED * sliver
    score[forest.starts] = np.inf
    lowest = np.minimum.reduceat(score, forest.starts)
    hits = np.flatnonzero(score == lowest[np.searchsorted(forest.starts, p, side="right") - 1])
    _, one = np.unique(np.searchsorted(forest.starts, hits, side="right"), return_index=True)
    best = hits[one]
    return Cuts(owner[best], lowest, parts[best], best, end[best])


def _outside(households: Ints, parts: Ints, limits: Range) -> Ints:
    outside: Ints = np.maximum(0, np.maximum(parts * limits.least - households, households - parts * limits.most))
    return outside
