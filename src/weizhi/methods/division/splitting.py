"""Split regions into so many grids each, by the best cut of seeded spanning trees, again and again."""

from dataclasses import dataclass, field

import numpy as np

from weizhi.methods.division.trees import Patch, best_cuts, walk
from weizhi.methods.division.units import Bools, Floats, Ints, Range

INSIDE_ESTATE = 1e-3  # edges inside an estate come first into the tree: then one cut tears at most one estate


@dataclass
class Dice:
    """Seeded chance and the count of work done with it (units walked, over all trees)."""

    seed: int
    work: int = 0
    chance: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        # PCG64 by name: its stream is fixed for good, where numpy's default generator may change.
        self.chance = np.random.Generator(np.random.PCG64(self.seed))

    def draw(self, count: int) -> Floats:
        # 53 bits of the raw stream: numpy keeps the bits for good, and nothing of its own making of doubles.
        bits = self.chance.bit_generator.random_raw(count) if count else np.empty(0, dtype=np.uint64)
        return (np.asarray(bits, dtype=np.uint64) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def tree_weights(patch: Patch, dice: Dice, wild: bool = False) -> Floats:
    """Weights for a random tree; edges inside an estate lie under all others.

    Short edges first makes compact grids; ``wild`` draws any tree, which finds cuts that the former never shows.
    """
    chance = dice.draw(len(patch.edges))
    weights = chance + 0.01 if wild else (chance + 0.3) * patch.lengths + 0.01
    a, b = patch.edges[:, 0], patch.edges[:, 1]
    own = (patch.estate[a] >= 0) & (patch.estate[a] == patch.estate[b])
    return np.where(own, weights * INSIDE_ESTATE, weights)


def split(patch: Patch, region: Ints, grids: Ints, limits: Range, dice: Dice, trees: int, wild: bool = False) -> Ints:
    """Divide region r (connected) into ``grids[r]`` connected grids; return a grid's number for each unit.

    Every grid is one side of cuts of spanning trees, hence connected whatever the seed.
    """
    label = region.copy()
    wanted = grids.astype(np.int64).tolist()
    while True:
        want = np.array(wanted, dtype=np.int64)
        # A region can have no more grids than units.
        want = np.minimum(want, np.maximum(np.bincount(label, minlength=len(want)), 1))
        active = want[label] > 1
        if not active.any():
            return label
        part, at = patch.within(label, active)
        names, local = np.unique(label[at], return_inverse=True)
        side, parts = _best_sides(part, local.astype(np.int64), want[names], limits, dice, trees, wild)
        for n, name in enumerate(names.tolist()):
            wanted[name] = int(want[name]) - int(parts[n])
            wanted.append(int(parts[n]))
        fresh = len(want) + np.arange(len(names))
        label[at[side]] = fresh[local[side]]


def _best_sides(
    part: Patch, local: Ints, want: Ints, limits: Range, dice: Dice, trees: int, wild: bool
) -> tuple[Bools, Ints]:
    """Draw some forests and keep for each region the best cut of all: which units go, and into how many grids."""
    n, count = len(local), len(want)
    best = np.full(count, np.inf)
    parts = np.zeros(count, dtype=np.int64)
    side = np.zeros(n, dtype=np.bool_)
    for _ in range(trees):
        forest = walk(part, local, count, tree_weights(part, dice, wild))
        dice.work += n
        cuts = best_cuts(part, local, want, forest, limits)
        better = cuts.score < best[cuts.region]
        best[cuts.region[better]] = cuts.score[better]
        parts[cuts.region[better]] = cuts.parts[better]
        marks = np.zeros(n + 1, dtype=np.int64)
        marks[cuts.first[better]] = 1
        marks[cuts.last[better]] -= 1
        cut_off = np.zeros(n, dtype=np.bool_)
        cut_off[forest.order] = np.cumsum(marks[:-1]) > 0
        chosen = np.zeros(count, dtype=np.bool_)
        chosen[cuts.region[better]] = True
        side = np.where(chosen[local], cut_off, side)
    return side, parts
