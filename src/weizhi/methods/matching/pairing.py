"""Pair wishes with volunteers at the least total cost, each at most once; with a bound that proves how good it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weizhi.methods.matching.wishes import UNMATCHED, Ints, Terms, Volunteer, Wish

SMALL = 1_000  # up to here the full matrix is solved
NEAREST = 30  # qualified volunteers a wish is offered beyond that
PASSES = 4  # times that all arcs are priced
MORE = 6  # arcs a wish gains in each
GOOD = 0.0005  # so near the bound is near enough
STRIPE = 250  # wishes whose costs to all volunteers are held at a time


@dataclass(frozen=True)
class Pairing:
    """``volunteer``: for each wish the position of its volunteer, -1 where none; ``cost``: with the penalties.

    ``bound``: no pairing whatever costs less, over *all* arcs, also those never looked at. ``qualified``: how many
    volunteers fit each wish: 0 is "nobody qualified", which is shown, not hidden in the sum.
    """

    volunteer: Ints
    cost: int
    bound: float
    qualified: Ints

    @property
    def gap(self) -> float:
        """How far above the bound, as a share of it; 0 is proved optimal."""
        return (self.cost - self.bound) / self.bound if self.bound > 0 else 0.0


def pair(
    wishes: Sequence[Wish], volunteers: Sequence[Volunteer], *, small: int = SMALL, near: int = NEAREST
) -> Pairing:
    """Pair at least cost. Up to ``small`` exactly; above, over each wish's ``near`` cheapest qualified volunteers."""
    terms = Terms.of(wishes, volunteers)
    if not wishes or not volunteers:
        open_all = np.full(len(wishes), -1, dtype=np.int64)
        return Pairing(open_all, UNMATCHED * len(wishes), float(UNMATCHED * len(wishes)), np.zeros_like(open_all))
    if max(len(wishes), len(volunteers)) <= small:
        return _exact(terms)
    return _sparse(terms, near)


def _exact(terms: Terms) -> Pairing:
    """Solve the full matrix (Jonker and Volgenant): a wish's own column stands for leaving it open."""
    from scipy.optimize import linear_sum_assignment

    n, m = len(terms.urgency), len(terms.price)
    cost = np.full((n, m), -1, dtype=np.int64)
    for wishes, able in terms.stripes(n):
        cost[np.ix_(wishes, able)] = terms.costs(wishes, able)
    fits = cost >= 0
    # What does not fit costs as much as leaving the wish open, and is read as that; open places for all, if need be.
    matrix = np.hstack([np.where(fits, cost, UNMATCHED), np.full((n, max(n - m, 0)), UNMATCHED)])
    rows, columns = linear_sum_assignment(matrix)
    good = (columns < m) & fits[rows, np.minimum(columns, m - 1)]
    chosen = np.full(n, -1, dtype=np.int64)
    chosen[rows[good]] = columns[good]
    total = int(matrix[rows, columns].sum())
    return Pairing(chosen, total, float(total), fits.sum(axis=1))


def _sparse(terms: Terms, near: int) -> Pairing:
    """Offer each wish its cheapest volunteers, solve as a flow, price all arcs, add those that would help."""
    n, m = len(terms.urgency), len(terms.price)
    price, bound = np.zeros(m, dtype=np.int64), -np.inf
    arcs, _, qualified = _priced(terms, price, near)
    for _ in range(PASSES):
        chosen, cost = _flow(n, m, arcs)
        price = _prices(n, m, arcs, chosen)
        helping, found, _ = _priced(terms, price, MORE)
        bound = max(bound, found)
        if cost - bound <= GOOD * cost:
            break
        arcs = _joined(arcs, helping, m)
    return Pairing(chosen, cost, bound, qualified)


def _joined(arcs: "Arcs", more: "Arcs", m: int) -> "Arcs":
    rows, columns, costs = (np.concatenate(pair_of) for pair_of in zip(arcs, more, strict=True))
    _, first = np.unique(rows * m + columns, return_index=True)
    return rows[first], columns[first], costs[first]


def _priced(terms: Terms, price: Ints, few: int) -> "tuple[Arcs, float, Ints]":
    """Look at every arc there is, each with its volunteer's price on top.

    Return each wish's ``few`` cheapest arcs; the bound Σ over wishes min(penalty, cheapest) − Σ prices, which no
    pairing whatever undercuts; and how many volunteers fit each wish.
    """
    rows, columns, costs = [], [], []
    qualified = np.zeros(len(terms.urgency), dtype=np.int64)
    cheapest = np.full(len(terms.urgency), UNMATCHED, dtype=np.int64)
    for wishes, able in terms.stripes(STRIPE):
        cost = terms.costs(wishes, able)
        fits = cost >= 0
        qualified[wishes] = fits.sum(axis=1)
        priced = np.where(fits, cost + price[able][None, :], UNMATCHED * 4)
        take = min(few, len(able))
        nearest = np.argpartition(priced, take - 1, axis=1)[:, :take]
        found = np.take_along_axis(priced, nearest, axis=1)
        cheapest[wishes] = np.minimum(found.min(axis=1), UNMATCHED)
        kept = found < UNMATCHED * 4
        rows.append(np.repeat(wishes, take)[kept.ravel()])
        columns.append(able[nearest[kept]])
        costs.append(np.take_along_axis(cost, nearest, axis=1)[kept])
    none = np.zeros(0, dtype=np.int64)
    arcs = np.concatenate([none, *rows]), np.concatenate([none, *columns]), np.concatenate([none, *costs])
    return arcs, float(cheapest.sum() - price.sum()), qualified


Arcs = tuple[Ints, Ints, Ints]


def _flow(n: int, m: int, arcs: Arcs) -> tuple[Ints, int]:
    """Send one unit from each wish to a volunteer or, at the penalty, to nobody."""
    from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped]  # published without types

    rows, columns, costs = arcs
    sink = n + m
    flow = min_cost_flow.SimpleMinCostFlow()
    tails = np.concatenate([rows, np.arange(n), n + np.arange(m)])
    heads = np.concatenate([n + columns, np.full(n + m, sink)])
    prices = np.concatenate([costs, np.full(n, UNMATCHED), np.zeros(m, dtype=np.int64)])
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), dtype=np.int64), prices)
    flow.set_nodes_supplies(np.arange(sink + 1), np.concatenate([np.ones(n), np.zeros(m), [-n]]).astype(np.int64))
    if flow.solve() != flow.OPTIMAL:  # pragma: no cover  leaving every wish open is always a flow
        raise AssertionError("min-cost flow found no pairing")
    used = np.asarray(flow.flows(np.arange(len(rows)))) > 0
    chosen = np.full(n, -1, dtype=np.int64)
    chosen[rows[used]] = columns[used]
    return chosen, int(flow.optimal_cost())


def _prices(n: int, m: int, arcs: Arcs, chosen: Ints) -> Ints:
    """Return optimal prices of volunteers (≥ 0): shortest ways in the residual graph of the optimal flow.

    Prices are a lower bound's ingredients whatever they are; that these are optimal makes the bound tight.
    """
    rows, columns, costs = arcs
    matched = chosen[rows] == columns
    own = np.full(n, UNMATCHED, dtype=np.int64)
    own[rows[matched]] = costs[matched]
    taken = np.zeros(m, dtype=np.bool_)
    taken[chosen[chosen >= 0]] = True
    holder = np.full(m, -1, dtype=np.int64)
    holder[chosen[chosen >= 0]] = np.flatnonzero(chosen >= 0)
    # price[v]: what giving v up would cost its wish at most: the wish takes another and pushes on, or stays open.
    price = np.zeros(m, dtype=np.int64)
    price[taken] = UNMATCHED - own[holder[taken]]
    a, b = rows[~matched & (chosen[rows] >= 0)], columns[~matched & (chosen[rows] >= 0)]
    step = costs[~matched & (chosen[rows] >= 0)] - own[a]
    while True:
        way = step + price[b]
        better = np.full(m, UNMATCHED * 2, dtype=np.int64)
        np.minimum.at(better, chosen[a], way)
        now = np.where(taken, np.minimum(price, better), 0)
        if (now == price).all():
            return price
        price = now
