"""The votes of a conversation: who said agree, disagree or pass to which statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
AGREE, PASS, DISAGREE = 1, 0, -1


class OpinionsError(ValueError):
    """What was given cannot be read as votes; the text says in Chinese what to change."""


@dataclass(frozen=True)
class Votes:
    """``n`` participants, ``m`` statements and the votes given, in order of participant, then statement.

    ``rows``, ``columns``: positions, ``values``: -1, 0, 1, all of shape (votes,). ``removed``: statements moderated
    out, shape (m,); they count as seen and say nothing (as Polis has it).
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    rows: Ints
    columns: Ints
    values: NDArray[np.int8]
    removed: Bools

    @classmethod
    def of(
        cls,
        given: Iterable[tuple[str, str, int]],
        *,
        participants: Sequence[str] | None = None,
        statements: Sequence[str] | None = None,
        removed: Iterable[str] = (),
    ) -> "Votes":
        """Take (participant, statement, vote) in the order they were given; of the same two the last counts."""
        last = {(participant, statement): vote for participant, statement, vote in given}
        wrong = next((vote for vote in last.values() if vote not in (AGREE, PASS, DISAGREE)), None)
        if wrong is not None:
            raise OpinionsError(f"表态只能是 1（赞成）、0（略过）、-1（反对），这里写的是 {wrong}。")
        people = tuple(participants or dict.fromkeys(one for one, _ in last))
        texts = tuple(statements or dict.fromkeys(other for _, other in last))
        row, column = {name: n for n, name in enumerate(people)}, {name: n for n, name in enumerate(texts)}
        placed = sorted((row[one], column[other], vote) for (one, other), vote in last.items())
        table = np.array(placed, dtype=np.int64).reshape(-1, 3)
        gone = set(removed)
        mask = np.array([name in gone for name in texts], dtype=np.bool_)
        return cls(people, texts, table[:, 0].copy(), table[:, 1].copy(), table[:, 2].astype(np.int8), mask)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.participants), len(self.statements)

    def cast(self) -> Ints:
        """How many votes each participant gave, moderated statements included."""
        return np.bincount(self.rows, minlength=len(self.participants))

    def sums(self, vote: int | None, label: Ints, groups: int) -> Ints:
        """Count votes for each group and statement, shape (groups, m); ``vote`` None: all; label -1: left out."""
        m = len(self.statements)
        group = label[self.rows]
        chosen = group >= 0
        if vote is not None:
            chosen &= self.values == vote
        keys = group[chosen] * m + self.columns[chosen]
        return np.bincount(keys, minlength=groups * m).reshape(groups, m)

    def deviations(self) -> "tuple[csr_array, Floats]":
        """Return vote minus mean where one voted (elsewhere nothing: a missing vote is the mean), and the means."""
        from scipy.sparse import csr_array

        n, m = self.shape
        live = ~self.removed[self.columns]
        columns = self.columns[live]
        values = self.values[live].astype(np.float64)
        seen = np.bincount(columns, minlength=m)
        means = np.bincount(columns, weights=values, minlength=m) / np.maximum(seen, 1)
        ends = np.zeros(n + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.rows[live], minlength=n), out=ends[1:])
        index = columns.astype(np.int32), ends.astype(np.int32)
        return csr_array((values - means[columns], *index), shape=(n, m)), means

    def scale(self) -> Floats:
        """√(statements / statements seen) of each participant; one who saw little is not pulled to the middle."""
        seen = np.bincount(self.rows[~self.removed[self.columns]], minlength=len(self.participants))
        result: Floats = np.sqrt(len(self.statements) / np.maximum(seen + int(self.removed.sum()), 1))
        return result

    def with_vote(self, participant: str, statement: str, vote: int) -> "Votes":
        """Add or change one vote; a new participant or statement takes the last place."""
        if vote not in (AGREE, PASS, DISAGREE):
            raise OpinionsError(f"表态只能是 1（赞成）、0（略过）、-1（反对），这里写的是 {vote}。")
        people, texts, removed = self.participants, self.statements, self.removed
        if participant not in people:
            people = (*people, participant)
        if statement not in texts:
            texts, removed = (*texts, statement), np.append(removed, False)
        row, column = people.index(participant), texts.index(statement)
        start, end = np.searchsorted(self.rows, [row, row + 1])
        at = int(start + np.searchsorted(self.columns[start:end], column))
        if at < end and self.columns[at] == column:
            values = self.values.copy()
            values[at] = vote
            return replace(self, values=values)
        return Votes(
            people,
            texts,
            np.insert(self.rows, at, row),
            np.insert(self.columns, at, column),
            np.insert(self.values, at, np.int8(vote)),
            removed,
        )
