"""Equal Shares leaves money over; add1 raises everybody's endowment step by step and counts again each time.

The last outcome within the budget stands; ``stop_when_exhaustive`` ends at the first to which nothing can be added.
What comes out is not monotone in the endowment, so every step is visited; but the steps do not need each other,
and so a whole block of endowments is counted at once, a column for each, in doubles. A column in which a comparison
falls inside the error band is counted again by the exact rule; so is the one that decides, which is the result.

Where nobody was too poor for anything bought, prices no longer depend on the endowment, and no loser can be bought
before its supporters have its cost: the steps up to there come out alike, and are passed over.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from weizhi.methods.budgeting.election import Election, Floats, Support
from weizhi.methods.budgeting.equal_shares import equal_shares
from weizhi.methods.budgeting.greedy import Utility
from weizhi.methods.budgeting.trace import Trace

GUARD = 1e-9
ROUNDING = 2.0**-50
CELLS = 4_000_000  # purses in memory at once: 32 MB
BLOCK = 512  # columns at most; the first block is small where a column is dear and the count may end soon
SMALL = 8_192
ROWS = 20_000
Mask = npt.NDArray[np.bool_]
Columns = npt.NDArray[np.int64]


def add1(election: Election, utility: Utility, rank: Sequence[int], *, step: int, stop_when_exhaustive: bool) -> Trace:
    """step: units of the election's scale a voter and step, at least 1. Trace.steps says how often it was added."""
    if step < 1:
        raise ValueError("每一步增加的数额至少是 1。")
    start = Fraction(election.limit, election.voters)
    costs = election.costs
    wanted = {n for n, support in enumerate(election.supports) if support.total}
    stands, stands_at = list[int](), 0
    for number, order in _orders(election, utility, rank, start, step):
        spent = sum(costs[n] for n in order)
        if spent > election.limit:
            break
        stands, stands_at = order, number
        rest = wanted.difference(order)
        if not rest or (stop_when_exhaustive and min(costs[n] for n in rest) > election.limit - spent):
            break
    trace = equal_shares(election, utility, rank, start + stands_at * step)
    if trace.order != stands:  # pragma: no cover  the error bound was wrong: better no result than a wrong one
        raise ArithmeticError("两种算法的结果不一致，请把选票文件交给开发者。")
    return Trace(trace.bought, trace.losers, trace.endowment, stands_at)


def _orders(
    election: Election, utility: Utility, rank: Sequence[int], start: Fraction, step: int
) -> Iterator[tuple[int, list[int]]]:
    """How often the step was added, and the order of purchases; what is passed over has the order before it."""
    plan = _Plan(election, utility, rank)
    number, size = 0, max(16, min(64, SMALL // max(1, election.ballots.classes)))
    widest = max(1, min(BLOCK, CELLS // max(1, election.ballots.classes)))
    while True:
        size = min(size, widest)
        endowments = [start + (number + k) * step for k in range(size)]
        block = _Block(plan, np.array([float(e) for e in endowments]))
        for k, (endowment, order) in enumerate(zip(endowments, block.run(), strict=True)):
            found = order if order is not None else equal_shares(election, utility, rank, endowment).order
            yield number + k, found
        number, size = number + size, size * 2
        if order is not None and not block.tight[-1]:
            number = max(number, ((plan.calm_until(order) - start) / step).__ceil__())


class _Plan:
    """What is the same for every endowment. Numbers count the projects that can be bought at a price."""

    def __init__(self, election: Election, utility: Utility, rank: Sequence[int]) -> None:
        costs, self.supports = election.costs, election.supports
        self.classes = election.ballots.classes
        self.wanted = [n for n, support in enumerate(self.supports) if support.total and costs[n]]
        self.free = sorted((n for n, s in enumerate(self.supports) if s.total and not costs[n]), key=rank.__getitem__)
        worth = [costs[n] if utility == "cost" else 1 for n in self.wanted]
        self.cost = np.array([costs[n] for n in self.wanted], dtype=np.float64)
        self.worth = np.array(worth, dtype=np.float64)[:, None]
        self.total = np.array([self.supports[n].total for n in self.wanted], dtype=np.float64)
        # the price for a unit of utility while nobody is poor, exactly: equal levels are a tie
        exact = [Fraction(costs[n], w * self.supports[n].total) for n, w in zip(self.wanted, worth, strict=True)]
        levels = {one: level for level, one in enumerate(sorted(set(exact)))}
        self.level = [levels[one] for one in exact]
        self.place = [rank[n] for n in self.wanted]
        self.costs, self.overlaps = costs, self._overlaps(election)
        # only the prices of projects that share a supporter change when one is bought
        self.meets: Mask = self.overlaps[np.ix_(self.wanted, self.wanted)] > 0

    @staticmethod
    def _overlaps(election: Election) -> Floats:
        """[p, q]: what the supporters of both have in weights for p (voters × points); exact below 2^53."""
        ballots, count = election.ballots, len(election.projects)
        found = np.zeros((count, count))
        for begin in range(0, ballots.classes, ROWS):
            end = min(begin + ROWS, ballots.classes)
            entries = slice(int(ballots.starts[begin]), int(ballots.starts[end]))
            rows = np.repeat(np.arange(end - begin), np.diff(ballots.starts[begin : end + 1]))
            member, weight = np.zeros((end - begin, count)), np.zeros((end - begin, count))
            member[rows, ballots.items[entries]] = 1
            points = 1 if ballots.points is None else ballots.points[entries]
            weight[rows, ballots.items[entries]] = ballots.voters[begin:end][rows] * points
            found += weight.T @ member
        return found

    def calm_until(self, order: Sequence[int]) -> Fraction:
        """The endowment below which nothing can change, if nobody was too poor for anything in ``order``.

        A loser can only be bought before winners that are dearer than its price would be with no poor supporter;
        so not before its supporters have its cost after paying for the cheaper ones.
        """
        key = {n: (level, place) for n, level, place in zip(self.wanted, self.level, self.place, strict=True)}
        paid = [(n, Fraction(self.costs[n], self.supports[n].total)) for n in order if n in key]
        moments: list[Fraction] = []
        for loser in set(self.wanted).difference(order):
            due = sum(price * int(self.overlaps[n, loser]) for n, price in paid if key[n] < key[loser])
            moments.append((self.costs[loser] + due) / Fraction(int(self.supports[loser].voters.sum())))
        return min(moments, default=Fraction(0))


class _Block:
    """Rows: ballot classes or projects; columns: endowments. A column leaves when it is finished or unsure."""

    def __init__(self, plan: _Plan, endowments: Floats) -> None:
        self.plan, self.endowments = plan, endowments
        size = (len(plan.wanted), len(endowments))
        self.purses = np.broadcast_to(endowments, (plan.classes, len(endowments))).copy()
        self.price = np.broadcast_to((plan.cost / plan.total)[:, None], size).copy()
        self.unit = self.price / plan.worth
        self.error = np.full(size, GUARD)
        self.fresh: Mask = np.zeros(size, dtype=bool)
        self.plain: Mask = np.ones(size, dtype=bool)  # nobody was too poor for the price
        self.unsure: Mask = np.zeros(len(endowments), dtype=bool)
        self.tight: Mask = np.zeros(len(endowments), dtype=bool)  # somebody was too poor for what was bought

    def run(self) -> list[list[int] | None]:
        count = len(self.endowments)
        orders: list[list[int]] = [list(self.plan.free) for _ in range(count)]
        active: Columns = np.arange(count)
        while len(active) and self.plan.wanted:
            self.refresh(active)
            active = active[~self.unsure[active]]
            winners = self.winners(active)
            going = winners >= 0
            active, winners = active[going], winners[going]
            for winner in sorted(set(winners.tolist())):  # np.unique would import numpy.ma for this
                columns = active[winners == winner]
                self.buy(winner, columns)
                for column in columns.tolist():
                    orders[column].append(self.plan.wanted[winner])
            active = active[~self.unsure[active]]
        return [None if unsure else order for order, unsure in zip(orders, self.unsure.tolist(), strict=True)]

    def refresh(self, active: Columns) -> None:
        """Price anew whatever might be the cheapest, until all that come near it are known."""
        while len(active):
            low = self.unit[:, active] * (1 - self.error[:, active])
            high = self.unit[:, active] * (1 + self.error[:, active])
            best = np.where(self.fresh[:, active], high, np.inf).min(axis=0)
            stale = ~self.fresh[:, active] & (low <= best)
            # where nothing is known yet, the lowest bound alone is asked first
            first = low.argmin(axis=0)
            lonely = np.flatnonzero(np.isinf(best) & np.isfinite(low[first, np.arange(len(active))]))
            stale[:, lonely] = False
            stale[first[lonely], lonely] = True
            stale &= np.isfinite(low)
            if not stale.any():
                return
            for number in np.flatnonzero(stale.any(axis=1)).tolist():
                self.quote(number, active[stale[number]])
            active = active[~self.unsure[active]]

    def quote(self, number: int, columns: Columns) -> None:
        support, cost = self.plan.supports[self.plan.wanted[number]], self.plan.cost[number]
        rows = self.purses[support.classes]
        purses = rows if len(columns) == rows.shape[1] else rows[:, columns]
        have = support.voters @ purses
        off = have < cost * (1 - GUARD)
        self.unsure[columns[~off & (have < cost * (1 + GUARD))]] = True
        price, rich, poor = _prices(support, purses, float(cost), self.price[number, columns])
        self.price[number, columns] = price
        self.unit[number, columns] = np.where(off, np.inf, price / self.plan.worth[number])
        # a purse is off by at most a rounding of the endowment for each purchase before
        loose = 64 * ROUNDING * (len(rows) * self.plan.total[number] / rich) * (1 + self.endowments[columns] / price)
        self.error[number, columns] = np.where(poor | (loose > GUARD), np.maximum(GUARD, loose), GUARD)
        self.plain[number, columns] = ~poor
        self.fresh[number, columns] = True

    def winners(self, active: Columns) -> Columns:
        """Each column's cheapest, by exact ties where prices are plain; -1 where nothing is left to buy."""
        if not len(active):
            return np.zeros(0, dtype=np.int64)
        unit, error = self.unit[:, active], self.error[:, active]
        found: Columns = unit.argmin(axis=0)
        across = np.arange(len(active))
        found[~np.isfinite(unit[found, across])] = -1
        with np.errstate(invalid="ignore"):
            near = np.isfinite(unit) & (unit * (1 - error) <= (unit * (1 + error)).min(axis=0))
        for at in np.flatnonzero(near.sum(axis=0) > 1).tolist():
            rivals = np.flatnonzero(near[:, at])
            if self.plain[rivals, active[at]].all():
                found[at] = min(rivals.tolist(), key=lambda n: (self.plan.level[n], self.plan.place[n]))
            else:
                self.unsure[active[at]] = True
                found[at] = -1
        return found

    def buy(self, number: int, columns: Columns) -> None:
        support = self.plan.supports[self.plan.wanted[number]]
        at = np.ix_(support.classes, columns)
        purses, price = self.purses[at], self.price[number, columns]
        due = price if support.points is None else price * support.points[:, None]
        self.purses[at] = np.where(purses * (1 - GUARD) < due, np.maximum(purses - due, 0), purses - due)
        self.unit[number, columns] = np.inf
        self.tight[columns] |= ~self.plain[number, columns]
        self.fresh[np.ix_(self.plan.meets[number], columns)] = False


def _prices(support: Support, purses: Floats, cost: float, start: Floats) -> tuple[Floats, Floats, Mask]:
    """As ``equal_shares._price``, for many columns: price for a point, weight of the payers, whether any was poor."""
    points = None if support.points is None else support.points[:, None]
    price, count_before = start, np.full(purses.shape[1], -1.0)
    while True:
        poor = purses < (price if points is None else price * points)
        gone = support.weights @ poor
        if (gone == count_before).all():
            break
        count_before = gone
        rich = support.total - gone
        spent = support.voters @ np.where(poor, purses, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            price = np.where(rich > 0, np.maximum(price, (cost - spent) / rich), price)
    return price, np.maximum(rich, support.weights.min()), gone > 0
