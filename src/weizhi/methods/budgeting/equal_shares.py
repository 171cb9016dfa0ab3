"""The Method of Equal Shares: everybody holds the same part of the budget; a project is bought when its supporters
can pay for it, and they share its cost as evenly as their purses allow. Each round takes the project that is
cheapest for one unit of utility. (Peters, Pierczyński, Skowron, NeurIPS 2021; equalshares.net.)

Prices never fall, so the last price known is a lower bound and most projects are not looked at in most rounds.
Doubles find the candidates; whatever lies within their error bound, affordability included, is decided in integers,
and so is the price that is paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

import numpy as np

from weizhi.methods.budgeting.election import Election, Floats, Indices, Support
from weizhi.methods.budgeting.greedy import Utility
from weizhi.methods.budgeting.money import Purses
from weizhi.methods.budgeting.trace import Bought, Lost, Trace

GUARD = 1e-9  # relative; widened where rounding could exceed it
ROUNDING = 2.0**-50


def equal_shares(election: Election, utility: Utility, rank: Sequence[int], endowment: Fraction) -> Trace:
    """Run the method with this endowment a voter, in units of the election's scale."""
    return _Round(election, utility, rank, endowment).run()


@dataclass(frozen=True)
class _Quote:
    """The price of one project for each of its supporters' points."""

    project: int
    price: float
    low: float  # price for a unit of utility, less and plus what rounding may have done
    high: float


@dataclass(frozen=True)
class _Exact:
    """price = above / (latest denominator · below), found over groups of supporters with equal purse and points."""

    above: int
    below: int
    groups: Indices
    held: list[int]
    points: list[int]


class _Round:
    def __init__(self, election: Election, utility: Utility, rank: Sequence[int], endowment: Fraction) -> None:
        self.election, self.rank, self.endowment = election, rank, endowment
        self.costs, self.supports = election.costs, election.supports
        self.purses = Purses(election.ballots.classes, endowment)
        self.worth = self.costs if utility == "cost" else [1] * len(self.costs)
        wanted = [n for n, support in enumerate(self.supports) if support.total]
        self.free = sorted((n for n in wanted if not self.costs[n]), key=rank.__getitem__)
        self.last = {n: self.costs[n] / self.supports[n].total for n in wanted if self.costs[n]}
        self.heap = [(price / self.worth[n] * (1 - GUARD), n) for n, price in self.last.items()]
        heapify(self.heap)

    def run(self) -> Trace:
        bought = [Bought(n, Fraction(0), *_free(self.supports[n])) for n in self.free]
        while (found := self.cheapest()) is not None:
            bought.append(self.buy(*found))
        return Trace(tuple(bought), lambda: self.losers(bought), self.endowment)

    def losers(self, bought: list[Bought]) -> tuple[Lost, ...]:
        """What each loser's supporters have left together: less than its cost."""
        won = {one.project for one in bought}
        return tuple(
            Lost(n, "short", self.purses.held(one.classes, one.voters)) if one.total else Lost(n, "unsupported")
            for n, one in enumerate(self.supports)
            if n not in won
        )

    # --- finding the cheapest ----------------------------------------------------------------------

    def cheapest(self) -> tuple[int, _Exact] | None:
        seen: list[_Quote] = []
        best = np.inf
        while self.heap and self.heap[0][0] <= best:
            quote = self.quote(heappop(self.heap)[1])
            if quote is not None:
                seen.append(quote)
                best = min(best, quote.high)
        if not seen:
            return None
        near = [quote for quote in seen if quote.low <= best]
        exact = {quote.project: self.exactly(quote) for quote in near}
        winner = near[0].project if len(near) == 1 else self.least(exact)
        for quote in seen:
            if quote.project != winner:
                heappush(self.heap, (quote.low, quote.project))
        return winner, exact[winner]

    def least(self, exact: dict[int, _Exact]) -> int:
        """All prices have the latest denominator in common, so it cancels."""
        return min(exact, key=lambda n: (Fraction(exact[n].above, exact[n].below * self.worth[n]), self.rank[n]))

    def quote(self, number: int) -> _Quote | None:
        """The price at the present purses, or None (for good) where the supporters cannot pay."""
        support, cost = self.supports[number], self.costs[number]
        purses = self.purses.floats[support.classes]
        have = float(support.voters @ purses)
        if have < cost * (1 - GUARD) or (have < cost * (1 + GUARD) and not self.affordable(number)):
            return None
        price, rich = _price(support, purses, float(cost), self.last[number])
        self.last[number] = price
        error = max(GUARD, len(purses) * ROUNDING * support.total / rich)
        unit = price / self.worth[number]
        return _Quote(number, price, unit * (1 - error), unit * (1 + error))

    def affordable(self, number: int) -> bool:
        support = self.supports[number]
        return self.purses.held(support.classes, support.voters) >= self.costs[number]

    def exactly(self, quote: _Quote) -> _Exact:
        """Who is too poor for the price is certain outside the band; inside it each group is asked exactly."""
        support = self.supports[quote.project]
        groups, ids, points = self.groups(support)
        voters = np.bincount(groups, weights=support.voters, minlength=len(ids)).tolist()
        held = self.purses.current(ids)
        above = self.costs[quote.project] * self.purses.over[-1]
        below = support.total
        band = max(2 * GUARD, 2 * (quote.high / quote.low - 1)) if quote.low > 0 else 1.0
        floats = np.empty(len(ids))
        floats[groups] = self.purses.floats[support.classes]
        share = floats / np.array(points)
        certain = share < quote.price * (1 - band)
        unsure = np.flatnonzero(~certain & (share < quote.price * (1 + band))).tolist()
        for group in np.flatnonzero(certain).tolist():
            above -= held[group] * int(voters[group])
            below -= points[group] * int(voters[group])
        # poorest first: whoever cannot pay the price so far makes it dearer for the others
        for group in sorted(unsure, key=lambda g: Fraction(held[g], points[g])):
            if held[group] * below >= above * points[group]:
                break
            above -= held[group] * int(voters[group])
            below -= points[group] * int(voters[group])
        return _Exact(above, below, groups, held, points)

    def groups(self, support: Support) -> tuple[Indices, list[int], list[int]]:
        """Group number of each supporting class; purse and points of each group."""
        ids = self.purses.ids[support.classes]
        if support.points is None:
            purses, groups = np.unique(ids, return_inverse=True)
            return groups.astype(np.int32), purses.tolist(), [1] * len(purses)
        wide = int(support.points.max()) + 1
        keys, groups = np.unique(ids.astype(np.int64) * wide + support.points.astype(np.int64), return_inverse=True)
        return groups.astype(np.int32), (keys // wide).tolist(), (keys % wide).tolist()

    # --- buying ------------------------------------------------------------------------------------

    def buy(self, number: int, exact: _Exact) -> Bought:
        shared = int(np.gcd(np.array(exact.above, dtype=object), exact.below))
        above, factor = exact.above // shared, exact.below // shared
        price = Fraction(above, self.purses.over[-1] * factor)
        self.purses.grow(factor)
        paid = [min(held * factor, above * points) for held, points in zip(exact.held, exact.points, strict=True)]
        left = [held * factor - due for held, due in zip(exact.held, paid, strict=True)]
        self.purses.write(self.supports[number].classes, exact.groups, left)
        return Bought(number, price, exact.groups, tuple(paid), self.purses.over[-1])


def _free(support: Support) -> tuple[Indices, tuple[int, ...], int]:
    return np.zeros(len(support.classes), dtype=np.int32), (0,), 1


def _price(support: Support, purses: Floats, cost: float, start: float) -> tuple[float, float]:
    """Raise the price from a lower bound until nobody else is too poor: (price for a point, weight of the payers)."""
    points = support.points
    price, poor_before = start, -1
    while True:
        poor = purses < (price if points is None else price * points)
        count = int(np.count_nonzero(poor))
        if count == poor_before:
            break
        poor_before = count
        if not count:
            price = max(price, cost / support.total)
            continue
        rich = support.total - float(support.weights[poor].sum())
        if rich <= 0:  # all that they have: the richest decides
            price = float((purses if points is None else purses / points).max())
            return price, float(support.weights.min())
        price = max(price, (cost - float(support.voters[poor] @ purses[poor])) / rich)
    return price, support.total - float(support.weights[poor].sum())
