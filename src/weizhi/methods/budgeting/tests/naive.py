"""The rules once more, voter by voter in fractions, as slow and as plain as their definitions: the tests' oracle."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

Ballot = Mapping[int, int]  # project → points


def votes(ballots: Sequence[Ballot], project: int) -> int:
    return sum(ballot.get(project, 0) for ballot in ballots)


def greedy(costs, budget, ballots, utility, rank, already=()):
    def key(project):
        if utility == "cost":
            return -votes(ballots, project), rank[project]
        if not costs[project]:
            return float("-inf"), rank[project]
        return Fraction(-votes(ballots, project), costs[project]), rank[project]

    left, won = budget - sum(costs[p] for p in already), []
    for project in sorted((p for p in range(len(costs)) if p not in already and votes(ballots, p)), key=key):
        if costs[project] <= left:
            won.append(project)
            left -= costs[project]
    return won


def price(cost, purses, points):
    """The smallest ρ with Σ min(purse, ρ · points) = cost, or None."""
    if sum(purses) < cost:
        return None
    order = sorted(range(len(purses)), key=lambda i: Fraction(purses[i], points[i]))
    paid, rest = Fraction(0), sum(points)
    for i in order:
        rho = Fraction(cost - paid, rest)
        if rho * points[i] <= purses[i]:
            return rho
        paid += purses[i]
        rest -= points[i]
    return Fraction(purses[order[-1]], points[order[-1]])


def equal_shares(costs, ballots, utility, rank, endowment):
    purses = [Fraction(endowment)] * len(ballots)
    supporters = [[i for i, ballot in enumerate(ballots) if ballot.get(p, 0)] for p in range(len(costs))]
    free = [p for p in range(len(costs)) if not costs[p] and supporters[p]]
    won = sorted(free, key=rank.__getitem__)
    while True:
        quotes = {}
        for project, who in enumerate(supporters):
            if who and project not in won:
                rho = price(costs[project], [purses[i] for i in who], [ballots[i][project] for i in who])
                if rho is not None:
                    quotes[project] = rho / (costs[project] if utility == "cost" else 1), rho
        if not quotes:
            return won
        winner = min(quotes, key=lambda p: (quotes[p][0], rank[p]))
        for i in supporters[winner]:
            purses[i] -= min(purses[i], quotes[winner][1] * ballots[i][winner])
        won.append(winner)


def add1(costs, budget, ballots, utility, rank, step, stop_when_exhaustive):
    supported = {p for p in range(len(costs)) if votes(ballots, p)}
    endowment, before = Fraction(budget, len(ballots)), []
    while True:
        won = equal_shares(costs, ballots, utility, rank, endowment)
        spent = sum(costs[p] for p in won)
        if spent > budget:
            return before
        rest = supported.difference(won)
        if not rest or (stop_when_exhaustive and all(spent + costs[p] > budget for p in rest)):
            return won
        endowment, before = endowment + step, won


def phragmen(costs, budget, ballots, rank):
    loads = [Fraction(0)] * len(ballots)
    won, left = [], budget
    supporters = [[i for i, ballot in enumerate(ballots) if ballot.get(p, 0)] for p in range(len(costs))]
    while True:
        when = {
            p: Fraction(costs[p] + sum(loads[i] for i in who), len(who))
            for p, who in enumerate(supporters)
            if who and p not in won and costs[p] <= budget
        }
        if not when:
            return won
        first = min(when.values())
        tied = [p for p in when if when[p] == first]
        if any(costs[p] > left for p in tied):
            return won
        winner = min(tied, key=rank.__getitem__)
        for i in supporters[winner]:
            loads[i] = first
        won.append(winner)
        left -= costs[winner]
