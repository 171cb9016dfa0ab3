"""Divide a community into grids: connected always, within the range where that is possible, compact, estates whole."""

from dataclasses import dataclass

import numpy as np

from weizhi.methods.division.codes import codes, reading_order
from weizhi.methods.division.improving import Drawing, mend, spreads, summed, tighten
from weizhi.methods.division.proofs import Fitting, Impossible, of_component, over_most
from weizhi.methods.division.splitting import Dice, split
from weizhi.methods.division.trees import patch_of
from weizhi.methods.division.units import Bools, DivisionError, Floats, Ints, Range, Units


@dataclass(frozen=True)
class Effort:
    """How much work is done; counted in units walked, so the same on every machine."""

    trees: int = 2  # spanning trees for each split
    rounds: int = 200  # of mending
    mending: float = 6.0  # units walked while mending, as a multiple of all units
    sweeps: int = 9  # for compactness


@dataclass(frozen=True)
class Division:
    """A division and what is to be known about it. Grid g has ``codes[g]``; ``grid[u]`` is unit u's grid."""

    units: Units
    limits: Range
    community: str
    seed: int
    grid: Ints
    codes: tuple[str, ...]
    impossible: tuple[Impossible, ...]
    retired: frozenset[str] = frozenset()  # codes of grids that are no more

    @property
    def count(self) -> int:
        return len(self.codes)

    def households(self) -> Ints:
        return summed(self.grid, self.units.households, self.count)

    def within(self) -> float:
        """Share of grids whose households are within the range."""
        return float((self.limits.violation(self.households()) == 0).mean())

    def outside(self) -> list[int]:
        """Return the grids out of range."""
        found: list[int] = np.flatnonzero(self.limits.violation(self.households()) > 0).tolist()
        return found

    def proved(self, grid: int) -> bool:
        """Whether a proof names a unit of this grid."""
        named = {name for proof in self.impossible for name in proof.units}
        return any(self.units.ids[unit] in named for unit in np.flatnonzero(self.grid == grid).tolist())

    def connected(self) -> float:
        """Share of grids that are in one piece."""
        pieces = components(len(self.units), self.units.edges, self.grid)
        return float((pieces_of_grids(pieces, self.grid, self.count) == 1).mean())

    def dispersion(self) -> float:
        """Root mean square distance, weighed by households, to the centre of one's grid, in metres."""
        patch = patch_of(self.units)
        return float(np.sqrt(spreads(patch, self.grid, self.count).sum() / patch.moments[:, 0].sum()))

    def whole_estates(self) -> tuple[int, int]:
        """How many estates lie in one grid, of how many that could (no more households than the most)."""
        known = self.units.estate >= 0
        if not known.any():
            return 0, 0
        estate, count = self.units.estate[known], int(self.units.estate.max()) + 1
        pairs = np.unique(estate * self.count + self.grid[known])
        size = summed(estate, self.units.households[known], count)
        small = (size <= self.limits.most) & (np.bincount(estate, minlength=count) > 0)
        pieces = np.bincount(pairs // self.count, minlength=count)
        return int((small & (pieces == 1)).sum()), int(small.sum())


def divide(
    units: Units, limits: Range, *, community: str = "", seed: int = 0, effort: Effort | None = None
) -> Division:
    """Divide ``units``; the same input and seed give the same grids on every machine.

    Source: recursive bipartition of random spanning trees (as in recombination methods for electoral districts),
    with repair by merging and splitting anew. Raises DivisionError where there is nothing to divide.
    """
    if not len(units):
        raise DivisionError("没有楼可划：文件里一栋楼也没有。")
    effort, dice = effort or Effort(), Dice(seed)
    small = units.households <= limits.most
    kept = small[units.edges[:, 0]] & small[units.edges[:, 1]]
    component = components(len(units), units.edges[kept], np.zeros(len(units), dtype=np.int64))
    impossible = over_most(units, limits)
    totals = summed(component, units.households, int(component.max()) + 1)
    wanted = np.array([limits.grids(total) for total in totals.tolist()], dtype=np.int64)
    patch = patch_of(Units(units.ids, units.x, units.y, units.households, units.edges[kept], units.estate))
    label = split(patch, component, wanted, limits, dice, effort.trees)
    drawing = Drawing(patch, np.unique(label, return_inverse=True)[1].astype(np.int64), limits, dice)
    fitting = Fitting(units, limits, budget=20 * len(units) + 100_000)
    lost = _lost(units, component, limits, small, impossible)

    def hopeless(at: Drawing, grids: Ints) -> Bools:
        gone = np.isin(grids, at.label[lost])
        gone[~gone] = fitting.hopeless(at.label, grids[~gone])
        return gone

    budget = int(effort.mending * len(units)) + 50_000
    mend(drawing, hopeless, effort.rounds, budget, effort.trees + 1)
    tighten(drawing, effort.sweeps, effort.trees)
    label = _join_pockets(units, drawing.label, small, component, limits)
    return _finish(units, limits, community, seed, label, impossible, fitting)


def _lost(
    units: Units,
    component: Ints,
    limits: Range,
    small: Bools,
    impossible: list[Impossible],
) -> Ints:
    """Units of components too small for any grid, and those over the most: no mending helps them."""
    lost = [np.flatnonzero(~small)]
    order = np.argsort(component, kind="stable")
    bounds = np.searchsorted(component[order], np.arange(int(component.max()) + 2))
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        members = order[start:end]
        if not small[members[0]]:
            continue
        proof = of_component(units, members, limits)
        if proof:
            impossible.append(proof)
            if limits.highest(int(units.households[members].sum())) <= 1:
                lost.append(members)
    return np.concatenate(lost)


def _join_pockets(units: Units, label: Ints, small: Bools, component: Ints, limits: Range) -> Ints:
    """Give a pocket of too few households to the building over the limit that encloses it: one odd grid, not two."""
    label = label.copy()
    totals = summed(component, units.households, int(component.max()) + 1)
    ends = np.concatenate([units.edges, units.edges[:, ::-1]])
    ends = ends[small[ends[:, 0]] & ~small[ends[:, 1]]]
    pocket = component[ends[:, 0]]
    ends = ends[totals[pocket] < limits.least]
    ends = ends[np.lexsort((ends[:, 0], ends[:, 1], units.households[ends[:, 1]]))]
    names, first = np.unique(component[ends[:, 0]], return_index=True)
    for name, at in zip(names.tolist(), first.tolist(), strict=True):
        label[component == name] = label[ends[at, 1]]
    return label


def _finish(
    units: Units, limits: Range, community: str, seed: int, label: Ints, impossible: list[Impossible], fitting: Fitting
) -> Division:
    grid = np.unique(label, return_inverse=True)[1].astype(np.int64)
    count = int(grid.max()) + 1
    households = summed(grid, units.households, count)
    bad = np.flatnonzero(limits.violation(households) > 0)
    named = {name for proof in impossible for name in proof.units}
    doubtful = [unit for unit in np.flatnonzero(np.isin(grid, bad)).tolist() if units.ids[unit] not in named]
    impossible.extend(fitting.proof(unit) for unit in doubtful if fitting.fits(unit) is False)
    x, y = centres(units, grid, count)
    place = np.empty(count, dtype=np.int64)
    place[reading_order(x, y)] = np.arange(count)
    return Division(units, limits, community, seed, place[grid], tuple(codes(community, count)), tuple(impossible))


def centres(units: Units, grid: Ints, count: int) -> tuple[Floats, Floats]:
    mass = np.maximum(units.households, 1).astype(np.float64)
    total = np.maximum(np.bincount(grid, weights=mass, minlength=count), 1e-9)
    x = np.bincount(grid, weights=mass * units.x, minlength=count) / total
    y = np.bincount(grid, weights=mass * units.y, minlength=count) / total
    return x, y


def components(n: int, edges: Ints, label: Ints) -> Ints:
    """Number the connected pieces of the units, counting only edges between units of the same label."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    inside = edges[label[edges[:, 0]] == label[edges[:, 1]]]
    graph = coo_array((np.ones(len(inside)), (inside[:, 0], inside[:, 1])), shape=(n, n)).tocsr()
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def pieces_of_grids(pieces: Ints, grid: Ints, count: int) -> Ints:
    distinct = np.unique(np.stack([grid, pieces], axis=1), axis=0)
    return np.bincount(distinct[:, 0], minlength=count)
