"""What speaks for a group, what unites all groups, and what to ask next."""

from dataclasses import dataclass

import numpy as np

from weizhi.methods.opinions.projecting import statement_places
from weizhi.methods.opinions.votes import AGREE, DISAGREE, PASS, Bools, Floats, Ints, Votes

CRITICAL = 1.2816  # z of 90 %, one side
A_GROUP = 5
NEW_STATEMENT = 8.0  # how much more often a statement nobody has seen is asked


@dataclass(frozen=True)
class Spokesman:
    """A statement that speaks for a group: ``side`` 1 agreed, -1 disagreed; ``share`` P, ``ratio`` R and their z."""

    statement: str
    side: int
    share: float
    ratio: float
    z_share: float
    z_ratio: float
    agreed: int
    disagreed: int
    seen: int
    significant: bool

    @property
    def weight(self) -> float:
        return self.ratio * self.z_ratio * self.share * self.z_share


def one_proportion(successes: Ints, seen: Ints) -> Floats:
    """z of one proportion against a half: 2√(S+1)((A+1)/(S+1) − ½)."""
    result: Floats = 2 * np.sqrt(seen + 1) * ((successes + 1) / (seen + 1) - 0.5)
    return result


def two_proportions(inside: Ints, outside: Ints, seen_in: Ints, seen_out: Ints) -> Floats:
    """z of the difference of two proportions, one added to each count; 0 where everybody agrees."""
    a, b, n, m = inside + 1, outside + 1, seen_in + 1, seen_out + 1
    both = (a + b) / (n + m)
    spread = np.sqrt(np.maximum(both * (1 - both), 0.0) * (1 / n + 1 / m))
    result: Floats = np.where(spread > 0, (a / n - b / m) / np.where(spread > 0, spread, 1.0), 0.0)
    return result


def spokesmen(votes: Votes, label: Ints, groups: int) -> list[list[Spokesman]]:
    """Return at most five statements a group, those that set it apart; the best agreed one first.

    Where nothing is significant the one nearest to it stands alone, marked so.
    """
    seen = votes.sums(None, label, groups)
    counts = {side: votes.sums(side, label, groups) for side in (AGREE, DISAGREE)}
    result = []
    for group in range(groups):
        found = [
            one for side in (AGREE, DISAGREE) for one in _of_side(votes, group, side, counts, seen) if one is not None
        ]
        telling = sorted((one for one in found if one.significant), key=lambda one: -one.weight)
        agreed = [one for one in telling if one.side == AGREE][:1]
        chosen = (agreed + [one for one in telling if one not in agreed])[:A_GROUP]
        result.append(chosen or sorted(found, key=lambda one: -one.z_ratio)[:1])
    return result


def _of_side(votes: Votes, group: int, side: int, counts: dict[int, Ints], seen: Ints) -> list[Spokesman]:
    inside, n = counts[side][group], seen[group]
    outside, m = counts[side].sum(axis=0) - inside, seen.sum(axis=0) - n
    share, other = (inside + 1) / (n + 2), (outside + 1) / (m + 2)
    z_share, z_ratio = one_proportion(inside, n), two_proportions(inside, outside, n, m)
    shown = ~votes.removed & (n > 0)
    telling = shown & (z_share > CRITICAL) & (z_ratio > CRITICAL)
    wanted = np.flatnonzero(telling)
    if not len(wanted) and shown.any():
        wanted = np.flatnonzero(shown)[[int(np.argmax(z_ratio[shown]))]]
    return [
        Spokesman(
            votes.statements[n_statement],
            side,
            float(share[n_statement]),
            float(share[n_statement] / other[n_statement]),
            float(z_share[n_statement]),
            float(z_ratio[n_statement]),
            int(counts[AGREE][group][n_statement]),
            int(counts[DISAGREE][group][n_statement]),
            int(n[n_statement]),
            bool(telling[n_statement]),
        )
        for n_statement in wanted.tolist()
    ]


def consensus(votes: Votes, label: Ints, groups: int) -> tuple[Floats, Ints]:
    """Group-informed consensus: Π over groups (A+1)/(S+2), and the statements (not moderated) from the highest down."""
    agreed, seen = votes.sums(AGREE, label, groups), votes.sums(None, label, groups)
    value: Floats = ((agreed + 1) / (seen + 2)).prod(axis=0)
    order = np.argsort(-value, kind="stable")
    return value, order[~votes.removed[order]]


def priorities(votes: Votes, label: Ints, components: Floats, means: Floats) -> Floats:
    """How much a statement deserves to be asked next: [P·(1−P_pass)·(1+E)·(1+8·2^(−S/5))]²; 0 where moderated."""
    alone = np.where(label >= 0, 0, -1)
    seen = votes.sums(None, alone, 1)[0]
    agreed, passed = votes.sums(AGREE, alone, 1)[0], votes.sums(PASS, alone, 1)[0]
    share, pass_share = (agreed + 1) / (seen + 2), (passed + 1) / (seen + 2)
    extremity = np.hypot(*statement_places(components, means).T)
    value = (share * (1 - pass_share) * (1 + extremity) * (1 + NEW_STATEMENT * 2 ** (-seen / 5))) ** 2
    result: Floats = np.where(votes.removed, 0.0, value)
    return result


def next_statement(priority: Floats, answered: Bools, lot: float) -> int | None:
    """Draw the next statement for one person. ``lot`` in [0, 1) is the caller's, so that the draw can be repeated."""
    weight = np.where(answered, 0.0, priority)
    running = np.cumsum(weight)
    if not len(running) or running[-1] <= 0:
        return None
    return int(np.searchsorted(running, lot * running[-1], side="right"))
