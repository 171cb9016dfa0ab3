"""What is divided: units with households and places, the edges between neighbours, the range a grid must keep."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class DivisionError(ValueError):
    """What was given cannot be divided as it stands; the text says in Chinese what to change."""


@dataclass(frozen=True)
class Range:
    """Households a grid must have, both ends included, and the size to aim at."""

    least: int
    most: int
    target: int

    @classmethod
    def of(cls, least: int, most: int, target: int | None = None) -> "Range":
        aim = (least + most) // 2 if target is None else target
        if not 0 < least <= aim <= most:
            raise DivisionError(f"户数范围写错了：下限 {least}、目标 {aim}、上限 {most}，要从小到大，下限大于 0。")
        return cls(least, most, aim)

    def fewest(self, households: int) -> int:
        """Below this many grids, at least one has too many households."""
        return -(-households // self.most)

    def highest(self, households: int) -> int:
        """Above this many grids, at least one has too few households."""
        return households // self.least

    def violation(self, households: Ints) -> Ints:
        """Households that each grid lacks or has too many."""
        outside: Ints = np.maximum(0, np.maximum(self.least - households, households - self.most))
        return outside

    def grids(self, households: int) -> int:
        """How many grids to make of so many households: near the target, and within the range where any number is."""
        wanted = max(1, round(households / self.target))
        low, high = self.fewest(households), self.highest(households)
        return min(max(wanted, low), high) if low <= high else max(1, low if high < 1 else wanted)


@dataclass(frozen=True)
class Units:
    """``n`` units (buildings, or stairwells) and their neighbourhood.

    ``x``, ``y``: metres, shape (n,). ``households``: whole numbers ≥ 0, shape (n,). ``estate``: a number for each
    estate, -1 where there is none, shape (n,). ``edges``: shape (m, 2), positions of two neighbours, each pair once.
    """

    ids: tuple[str, ...]
    x: Floats
    y: Floats
    households: Ints
    edges: Ints
    estate: Ints

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        x: Sequence[float] | Floats,
        y: Sequence[float] | Floats,
        households: Sequence[int] | Ints,
        edges: Sequence[tuple[int, int]] | Ints,
        estate: Sequence[str] | None = None,
    ) -> "Units":
        if len(set(ids)) != len(ids):
            twice = next(key for key in ids if ids.count(key) > 1)
            raise DivisionError(f"编号“{twice}”出现了两次，每栋楼只能有一个编号。")
        numbers = {name: n for n, name in enumerate(sorted({name for name in estate or () if name}))}
        return cls(
            tuple(ids),
            np.asarray(x, dtype=np.float64),
            np.asarray(y, dtype=np.float64),
            np.asarray(households, dtype=np.int64),
            tidy(np.asarray(edges, dtype=np.int64).reshape(-1, 2)),
            np.array([numbers.get(name, -1) for name in estate] if estate else [-1] * len(ids), dtype=np.int64),
        )


def tidy(edges: Ints) -> Ints:
    """Each pair once, the smaller position first, no unit its own neighbour, in one order whatever came in."""
    ends = np.sort(edges, axis=1)
    ends = ends[ends[:, 0] != ends[:, 1]]
    width = int(ends.max()) + 1 if len(ends) else 1
    keys = np.unique(ends[:, 0] * width + ends[:, 1])  # one number a pair: far faster than sorting rows
    return np.stack([keys // width, keys % width], axis=1)
