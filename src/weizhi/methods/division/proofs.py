"""Proofs that a unit can be in no grid of the range, or that no division of a component keeps it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from weizhi.methods.division.units import Bools, Ints, Range, Units

STEPS = 4_000  # connected sets looked at for one unit before the question is left open


@dataclass(frozen=True)
class Impossible:
    """Units that cannot be in a grid of the range (or not all of them), and why, in Chinese.

    ``reason``: ``unit-over-most`` · ``component-too-small`` · ``component-no-number`` · ``unit-fits-nowhere``.
    """

    units: tuple[str, ...]
    reason: str
    proof: str


@dataclass
class Fitting:
    """Whether a unit fits into any connected set within the range: searched through completely or left open."""

    units: Units
    limits: Range
    budget: int  # connected sets looked at altogether: the search is capped by work, never by time
    near: dict[int, list[int]] = field(default_factory=dict)
    answers: dict[int, bool | None] = field(default_factory=dict)
    looked: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        edges = self.units.edges
        both = np.concatenate([edges, edges[:, ::-1]])
        both = both[np.lexsort((both[:, 1], both[:, 0]))]
        self._start = np.searchsorted(both[:, 0], np.arange(len(self.units) + 1))
        self._other = both[:, 1]

    def neighbours(self, unit: int) -> list[int]:
        found: list[int] = self._other[self._start[unit] : self._start[unit + 1]].tolist()
        return found

    def fits(self, unit: int) -> bool | None:
        """True: some connected set with it is within the range; False: none is; None: too many sets to look at."""
        if unit not in self.answers:
            self.answers[unit] = self._search(unit)
        return self.answers[unit]

    def _search(self, unit: int) -> bool | None:
        households, most, least = self.units.households, self.limits.most, self.limits.least
        allowed = min(STEPS, self.budget)
        steps = 0
        # Each connected set once: a set may only take neighbours that come after its last refusal.
        stack: list[tuple[int, list[int], frozenset[int]]] = [(int(households[unit]), [unit], frozenset([unit]))]
        while stack:
            total, members, closed = stack.pop()
            steps += 1
            if least <= total <= most:
                self.budget -= steps
                return True
            if steps > allowed:
                self.budget -= steps
                return None
            if total > most:
                continue
            for other in self._open(members, closed):
                closed = closed | {other}
                stack.append((total + int(households[other]), [*members, other], closed))
        self.budget -= steps
        self.looked[unit] = steps
        return False

    def _open(self, members: Iterable[int], closed: frozenset[int]) -> list[int]:
        return sorted({other for member in members for other in self.neighbours(member)} - closed)

    def hopeless(self, label: Ints, grids: Ints) -> Bools:
        """Which of these grids hold a unit that fits nowhere."""
        wanted = np.isin(label, grids)
        answer = dict.fromkeys(grids.tolist(), False)
        for unit in np.flatnonzero(wanted).tolist():
            grid = int(label[unit])
            if not answer[grid] and self.fits(unit) is False:
                answer[grid] = True
        return np.array([answer[grid] for grid in grids.tolist()], dtype=np.bool_)

    def proof(self, unit: int) -> Impossible:
        limits, name = self.limits, self.units.ids[unit]
        text = (
            f"{name}有 {self.units.households[unit]} 户；从它出发把相邻的楼一栋栋并进来，所有不超过 {limits.most} 户的"
            f"连片组合（共查 {self.looked[unit]} 步，已查尽）都不足 {limits.least} 户，"
            f"再并一栋就超过 {limits.most} 户。"
        )
        return Impossible((name,), "unit-fits-nowhere", text)


def over_most(units: Units, limits: Range) -> list[Impossible]:
    over = np.flatnonzero(units.households > limits.most).tolist()
    return [
        Impossible(
            (units.ids[unit],),
            "unit-over-most",
            f"{units.ids[unit]}一栋就有 {units.households[unit]} 户，超过上限 {limits.most} 户；"
            "可以按单元（楼门）拆开再划。",
        )
        for unit in over
    ]


def of_component(units: Units, members: Ints, limits: Range) -> Impossible | None:
    """Prove that this component (joined to nothing but units over the limit) has no division within the range."""
    total = int(units.households[members].sum())
    low, high = limits.fewest(total), limits.highest(total)
    if low <= high and high > 0:
        return None
    names = tuple(units.ids[unit] for unit in members.tolist())
    if high < 1:
        text = (
            f"这一片 {len(names)} 栋楼（{names[0]}等）一共只有 {total} 户，不够下限 {limits.least} 户，"
            "四周被隔断，或者只挨着本身已超过上限的楼。"
        )
        return Impossible(names, "component-too-small", text)
    text = (
        f"这一片 {len(names)} 栋楼一共 {total} 户：分成 {high} 个网格，平均超过 {limits.most} 户；"
        f"分成 {low} 个，平均不足 {limits.least} 户。怎么分都至少有一个网格不在范围内。"
    )
    return Impossible(names, "component-no-number", text)
