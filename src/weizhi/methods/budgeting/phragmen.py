"""Sequential Phragmén: everybody is given money at the same pace; a project is bought as soon as its supporters
together have its cost, and that money is gone. The rule stops when the next project no longer fits the budget.
(Brill, Freeman, Janson, Lackner, AAAI 2017; for budgets Los, Christoff, Grossi, IJCAI 2022.)

Exactness: a voter's load is the moment of his last purchase, so a project's next moment is
(cost + Σ over purchases t of moment_t · voters whose last purchase is t) / supporters. The voters are counted in
integers, floats only order the candidates, and whatever lies within the guard band is compared in rationals.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from weizhi.methods.budgeting.election import Election, Floats, Indices
from weizhi.methods.budgeting.trace import Bought, Lost, Trace

GUARD = 1e-9


def phragmen(election: Election, rank: Sequence[int]) -> Trace:
    if election.ballots.points is not None:
        raise ValueError("Phragmén 只能数赞成票。请先把分数或名次换成赞成（例如前几名算赞成）。")
    return _Course(election).run(rank)


class _Course:
    """``last[t]`` counts a project's supporters by their last purchase: columns t, rows projects; t = 0 is none yet."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.costs, self.scores = election.costs, election.scores
        count = len(self.costs)
        self.last = np.zeros((count, count + 1), dtype=np.float64)  # integers below 2^53
        self.last[:, 0] = self.scores
        self.latest: Indices = np.zeros(election.ballots.classes, dtype=np.int32)
        self.moments: list[Fraction] = [Fraction(0)]
        self.floats = np.zeros(count + 1)
        self.open = np.array([s > 0 and c <= election.limit for s, c in zip(self.scores, self.costs, strict=True)])
        self.cost = np.array(self.costs, dtype=np.float64)
        self.votes = np.maximum(np.array(self.scores, dtype=np.float64), 1)

    def run(self, rank: Sequence[int]) -> Trace:
        bought: list[Bought] = []
        left = self.election.limit
        stop: Fraction | None = None
        while self.open.any():
            tied, moment = self.next()
            if any(self.costs[number] > left for number in tied):
                stop = moment
                break
            number = min(tied, key=rank.__getitem__)
            bought.append(self.buy(number, moment))
            left -= self.costs[number]
        return Trace(tuple(bought), lambda: self.losers(bought, stop))

    def next(self) -> tuple[list[int], Fraction]:
        """The projects that come next, at exactly the same moment, and that moment."""
        made = len(self.moments)
        when: Floats = (self.last[:, :made] @ self.floats[:made] + self.cost) / self.votes
        when[~self.open] = np.inf
        # all terms are positive: the relative error is below made · 2^-52, far inside the band
        near = np.flatnonzero(when <= when.min() * (1 + GUARD)).tolist()
        exact = {number: self.exactly(number) for number in near}
        first = min(exact.values())
        return [number for number, moment in exact.items() if moment == first], first

    def exactly(self, number: int) -> Fraction:
        return (self.carried(number) + self.costs[number]) / self.scores[number]

    def carried(self, number: int) -> Fraction:
        """Σ load over the supporters: over the last moment's denominator, because each divides the next."""
        counts = self.last[number, : len(self.moments)].tolist()
        over = self.moments[-1].denominator
        whole, rest = 0, Fraction(0)
        for count, moment in zip(counts, self.moments, strict=True):
            if count:
                if over % moment.denominator:
                    rest += int(count) * moment
                else:
                    whole += int(count) * moment.numerator * (over // moment.denominator)
        return Fraction(whole, over) + rest

    def buy(self, number: int, moment: Fraction) -> Bought:
        classes = self.election.supports[number].classes
        before = self.latest[classes]
        earlier, groups = np.unique(before, return_inverse=True)
        over = int(np.lcm.reduce([moment.denominator, *(self.moments[t].denominator for t in earlier)], dtype=object))
        paid = tuple(int((moment - self.moments[t]) * over) for t in earlier)
        self.moments.append(moment)
        made = len(self.moments) - 1
        self.floats[made] = float(moment)
        self._recount(classes, before, made)
        self.latest[classes] = made
        self.open[number] = False
        return Bought(number, moment, groups.astype(np.int32), paid, over)

    def _recount(self, classes: Indices, before: Indices, made: int) -> None:
        """Move the supporters' voters from the column of their last purchase to the new one, in every row."""
        ballots = self.election.ballots
        lengths = (ballots.starts[classes + 1] - ballots.starts[classes]).astype(np.int64)
        ends = np.cumsum(lengths)
        entries = np.arange(ends[-1]) + np.repeat(ballots.starts[classes] - ends + lengths, lengths)
        items = ballots.items[entries].astype(np.int64)
        voters = np.repeat(ballots.voters[classes], lengths).astype(np.float64)
        columns = made + 1
        keys = items * columns + np.repeat(before, lengths)
        count = len(self.costs)
        gone = np.bincount(keys, weights=voters, minlength=count * columns).reshape(count, columns)
        self.last[:, :columns] -= gone
        self.last[:, made] += gone.sum(axis=1)

    def losers(self, bought: list[Bought], stop: Fraction | None) -> tuple[Lost, ...]:
        won = {one.project for one in bought}
        lost: list[Lost] = []
        for number, score in enumerate(self.scores):
            if number in won:
                continue
            if not score:
                lost.append(Lost(number, "unsupported"))
            elif self.costs[number] > self.election.limit:
                lost.append(Lost(number, "too-dear", Fraction(self.election.limit)))
            else:
                until = stop if stop is not None else self.moments[-1]
                lost.append(Lost(number, "stopped", until * score - self.carried(number)))
        return tuple(lost)
