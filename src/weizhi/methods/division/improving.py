"""Mend grids out of range and make grids compact: merge a few neighbours, split them anew, keep what is better."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from weizhi.methods.division.splitting import Dice, split
from weizhi.methods.division.trees import Patch, inertia
from weizhi.methods.division.units import Bools, Floats, Ints, Range

Groups = list[list[int]]
WANDERING = 40  # households by which a merged group may get worse, so that a lack can wander to where it is filled


@dataclass(frozen=True)
class Quotient:
    """Which grids touch: neighbours of grid g are ``other[start[g]:start[g + 1]]``."""

    start: Ints
    other: Ints

    @classmethod
    def of(cls, edges: Ints, label: Ints, count: int) -> "Quotient":
        a, b = label[edges[:, 0]], label[edges[:, 1]]
        crossing = a != b
        a, b = a[crossing], b[crossing]
        keys = np.unique(np.concatenate([a * count + b, b * count + a]))
        return cls(np.searchsorted(keys, np.arange(count + 1) * count), keys % max(count, 1))

    def of_grid(self, grid: int) -> list[int]:
        near: list[int] = self.other[self.start[grid] : self.start[grid + 1]].tolist()
        return near


@dataclass(frozen=True)
class Worth:
    """What each group of grids is worth, one entry a group; less is better, and the first counts first."""

    bad: Ints
    violation: Ints
    pieces: Ints
    spread: Floats


Accept = Callable[[Worth, Worth], Bools]


@dataclass
class Drawing:
    """A division being worked on: a grid's number for each unit of the patch, 0 … count-1, each with units."""

    patch: Patch
    label: Ints
    limits: Range
    dice: Dice

    @property
    def count(self) -> int:
        return int(self.label.max()) + 1 if len(self.label) else 0

    def households(self) -> Ints:
        return summed(self.label, self.patch.households, self.count)

    def quotient(self) -> Quotient:
        return Quotient.of(self.patch.edges, self.label, self.count)

    def resplit(self, groups: Groups, grids: Sequence[int], trees: int, accept: Accept, wild: bool = False) -> Bools:
        """Merge each group of grids, split it into so many ``grids``, keep it where ``accept`` says so."""
        if not groups:
            return np.zeros(0, dtype=np.bool_)
        count = self.count
        group_of = np.full(count, -1, dtype=np.int64)
        for n, group in enumerate(groups):
            group_of[group] = n
        owner = group_of[self.label]
        part, at = self.patch.within(owner, owner >= 0)
        own = owner[at]
        fresh = split(part, own, np.array(grids, dtype=np.int64), self.limits, self.dice, trees, wild)
        before = np.unique(self.label[at], return_inverse=True)[1].astype(np.int64)
        size = len(groups)
        good = accept(worth(part, own, before, size, self.limits), worth(part, own, fresh, size, self.limits))
        taken = good[own]
        self.label[at[taken]] = count + fresh[taken]
        self.label = np.unique(self.label, return_inverse=True)[1].astype(np.int64)
        return good


def summed(label: Ints, values: Ints, count: int) -> Ints:
    # bincount adds doubles: exact, since no community has 2**53 households.
    return np.bincount(label, weights=values, minlength=count).astype(np.int64)


def spreads(patch: Patch, label: Ints, count: int) -> Floats:
    """Σ mass · distance² to the centre, for each grid."""
    sums = [np.bincount(label, weights=patch.moments[:, i], minlength=count) for i in range(4)]
    return inertia(np.stack(sums, axis=1))


def worth(part: Patch, own: Ints, label: Ints, groups: int, limits: Range) -> Worth:
    count = int(label.max()) + 1
    group = np.zeros(count, dtype=np.int64)
    group[label] = own
    used = np.bincount(label, minlength=count) > 0
    violation = np.where(used, limits.violation(summed(label, part.households, count)), 0)
    pieces = np.zeros(groups, dtype=np.int64)
    inside = part.estate >= 0
    if inside.any():
        pairs = np.unique(part.estate[inside] * count + label[inside])
        pieces = np.bincount(group[pairs % count], minlength=groups).astype(np.int64)
    return Worth(
        np.bincount(group[violation > 0], minlength=groups).astype(np.int64),
        summed(group, violation, groups),
        pieces,
        np.bincount(group, weights=spreads(part, label, count) * used, minlength=groups).astype(np.float64),
    )


def better(old: Worth, new: Worth) -> Bools:
    """Fewer grids out of range, then fewer households out of range, then whole estates, then compact."""
    result: Bools = old.spread * (1 - 1e-9) > new.spread
    for was, now in ((old.pieces, new.pieces), (old.violation, new.violation), (old.bad, new.bad)):
        result = (now < was) | ((now == was) & result)
    return result


def wandering(old: Worth, new: Worth) -> Bools:
    """As many grids out of range will do, so that a lack of households wanders to where it can be filled."""
    close: Bools = (new.bad == old.bad) & (new.violation <= old.violation + WANDERING)
    return (new.bad < old.bad) | close


def choices(households: int, limits: Range) -> list[int]:
    """Numbers of grids that so many households may become, the likeliest first."""
    low, high = limits.fewest(households), limits.highest(households)
    if low > high:
        return sorted({max(1, high), max(1, low)})
    return sorted(range(max(low, 1), high + 1), key=lambda k: (abs(households - k * limits.target), k))


def mend(drawing: Drawing, hopeless: Callable[[Drawing, Ints], Bools], rounds: int, budget: int, trees: int) -> None:
    """Merge each grid out of range with 1, 2, … neighbours and split anew, until all are in range or the work is done.

    The work is counted (units walked), never timed: a slow machine gives the same grids.
    """
    limits, dice = drawing.limits, drawing.dice
    stop = dice.work + budget
    for turn in range(rounds):
        households = drawing.households()
        bad = np.flatnonzero(limits.violation(households) > 0)
        bad = bad[~hopeless(drawing, bad)] if turn >= 3 else bad
        if not len(bad) or dice.work > stop:
            return
        # A lone wall of grids at their limit needs more neighbours at once; the first rounds rarely do.
        groups = around(drawing.quotient(), bad, 1 + turn % (4 if turn < rounds // 2 else 6), dice)
        grids = []
        for group in groups:
            options = choices(int(households[group].sum()), limits)
            grids.append(options[(turn // 5) % len(options) if turn % 2 else 0])
        drawing.resplit(groups, grids, trees, wandering if turn % 8 else better, wild=turn >= 8)


def around(quotient: Quotient, grids: Ints, more: int, dice: Dice) -> Groups:
    """For each grid it and up to ``more`` grids around it, no grid in two groups; whose turn is first is chance."""
    taken: set[int] = set()
    groups: Groups = []
    for grid in grids[np.argsort(dice.draw(len(grids)), kind="stable")].tolist():
        if grid in taken:
            continue
        group = [grid]
        taken.add(grid)
        for _ in range(more):
            near = sorted({other for one in group for other in quotient.of_grid(one)} - taken)
            if not near:
                break
            group.append(near[int(dice.draw(1)[0] * len(near))])
            taken.add(group[-1])
        if len(group) > 1:
            groups.append(group)
    return groups


def tighten(drawing: Drawing, sweeps: int, trees: int) -> None:
    """Split pairs of neighbours anew wherever that tears fewer estates or makes them more compact."""
    for _ in range(sweeps):
        groups = around(drawing.quotient(), np.arange(drawing.count), 1, drawing.dice)
        good = drawing.resplit(groups, [len(group) for group in groups], trees, better)
        if good.sum() * 10 < len(groups):
            return
