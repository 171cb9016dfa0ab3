"""Greedy: the projects one after another while the money lasts.

Cost utility: by votes. Cardinality utility: by votes for each unit of cost. One that does not fit is passed over,
and the next is looked at. (Source: what cities do; Talmon and Faliszewski, AAAI 2019.)
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Literal

from weizhi.methods.budgeting.election import Election
from weizhi.methods.budgeting.trace import Bought, Lost, Trace

Utility = Literal["cost", "cardinality"]


def greedy(
    election: Election,
    utility: Utility,
    rank: Sequence[int],
    *,
    already: Collection[int] = (),
    completion: bool = False,
) -> Trace:
    """Spend what ``already`` left. Projects without a vote are never bought."""
    costs, scores = election.costs, election.scores
    left = election.limit - sum(costs[number] for number in already)

    def key(number: int) -> tuple[int, Fraction, int]:
        if utility == "cost":
            return 1, Fraction(-scores[number]), rank[number]
        if not costs[number]:
            return 0, Fraction(0), rank[number]
        return 1, Fraction(-scores[number], costs[number]), rank[number]

    taken = set(already)
    bought: list[Bought] = []
    lost: list[Lost] = []
    for number in sorted((n for n in range(len(costs)) if n not in taken), key=key):
        if not scores[number]:
            lost.append(Lost(number, "unsupported"))
        elif costs[number] <= left:
            bought.append(Bought(number, completion=completion))
            left -= costs[number]
        else:
            lost.append(Lost(number, "no-room", Fraction(left)))
    return Trace(tuple(bought), lambda: tuple(lost))
