"""What is counted: projects with costs, and ballots with equal ones merged into classes.

Shapes: C ballot classes, P projects, Z entries (one for each class and project on it). Money stands in integers of
the currency's smallest unit that occurs (``scale`` units make one unit of the currency), so that sums are exact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
BallotKind = Literal["approval", "choose-1", "cumulative", "ordinal"]


@dataclass(frozen=True)
class Project:
    """``cost`` in units of the currency; ``more`` keeps the other columns of its file (category, district …)."""

    id: str
    cost: Fraction
    name: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)  # arrays have no single truth
class Ballots:
    """Merged ballots as rows: class c holds ``items[starts[c]:starts[c + 1]]``, sorted by project, ``voters[c]`` times.

    ``points`` (Z, positive) weighs the entries of cumulative and Borda ballots; None means one point each.
    """

    starts: Ints
    items: Indices
    voters: Ints
    points: Ints | None = None

    @property
    def classes(self) -> int:
        return len(self.voters)

    @classmethod
    def merged(
        cls,
        starts: npt.ArrayLike,
        items: npt.ArrayLike,
        points: npt.ArrayLike | None = None,
        voters: npt.ArrayLike | None = None,
    ) -> Self:
        """Merge rows that hold the same projects (with the same points), whatever their order.

        starts: n + 1 offsets into items (and points); voters: how often each row occurs, default once.
        A project twice in a row counts once (its points are added).
        """
        offsets = np.asarray(starts, dtype=np.int64)
        flat = np.asarray(items, dtype=np.int64)
        worth = None if points is None else np.asarray(points, dtype=np.int64)
        lengths = np.diff(offsets)
        often = np.ones(len(lengths), dtype=np.int64) if voters is None else np.asarray(voters, dtype=np.int64)
        if worth is None:
            packed = _packed(lengths, flat)
            if packed is not None:
                return cls._of_packed(*packed, often)
        return cls._of_tidy(*_tidy(lengths, flat, worth), often)

    @classmethod
    def _of_packed(cls, rows: Ints, codes: Ints, often: Ints) -> Self:
        """rows: (n, longest), sorted, project + 1, zeros in front; codes: one number for each row, equal for equal."""
        _, first, number = np.unique(codes, return_index=True, return_inverse=True)
        kept = rows[first]
        held = kept > 0
        starts = np.concatenate([[0], np.cumsum(held.sum(axis=1))]).astype(np.int64)
        voters = np.bincount(number, weights=often, minlength=len(first)).astype(np.int64)
        return cls(starts, (kept[held] - 1).astype(np.int32), voters)

    @classmethod
    def _of_tidy(cls, offsets: Ints, flat: Ints, worth: Ints | None, often: Ints) -> Self:
        narrow = flat.astype(np.int32)
        rows = narrow if worth is None else np.column_stack([flat, worth])
        width = 4 if worth is None else 16
        buffer, ends = rows.tobytes(), (offsets * width).tolist()
        seen: dict[bytes, int] = {}
        number = np.fromiter(
            (seen.setdefault(buffer[a:b], len(seen)) for a, b in pairwise(ends)),
            dtype=np.int64,
            count=len(often),
        )
        voters = np.bincount(number, weights=often, minlength=len(seen)).astype(np.int64)
        # numbers were given in the order of first appearance: whatever exceeds all before it is new
        new = np.ones(len(number), dtype=bool)
        new[1:] = number[1:] > np.maximum.accumulate(number)[:-1]
        first = np.flatnonzero(new)
        lengths = np.diff(offsets)[first]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        take = np.repeat(offsets[first] - starts[:-1], lengths) + np.arange(starts[-1])
        return cls(starts, narrow[take], voters, None if worth is None else worth[take])

    @classmethod
    def of(cls, rows: Iterable[Sequence[int] | Mapping[int, int]]) -> Self:
        """From one sequence of project numbers a voter, or one mapping of project number → points a voter."""
        listed = list(rows)
        weighed = any(isinstance(row, Mapping) for row in listed)
        starts = np.concatenate([[0], np.cumsum([len(row) for row in listed], dtype=np.int64)])
        items = [item for row in listed for item in row]
        points: list[int] | None = None
        if weighed:
            points = [row[item] if isinstance(row, Mapping) else 1 for row in listed for item in row]
        return cls.merged(starts, np.array(items, dtype=np.int64), points)


def _packed(lengths: Ints, flat: Ints) -> tuple[Ints, Ints] | None:
    """Short rows as numbers, or None where they do not fit 63 bits or a project stands twice."""
    longest = int(lengths.max(initial=0))
    base = int(flat.max(initial=0)) + 2
    if longest * base.bit_length() > 62:
        return None
    rows = np.zeros((len(lengths), longest), dtype=np.int64)
    rows[np.arange(longest) < lengths[:, None]] = flat + 1
    rows.sort(axis=1)
    if (rows[:, 1:][rows[:, 1:] == rows[:, :-1]] > 0).any():
        return None
    codes = np.zeros(len(lengths), dtype=np.int64)
    for column in rows.T:
        codes = codes * base + column
    return rows, codes


def _tidy(lengths: Ints, flat: Ints, worth: Ints | None) -> tuple[Ints, Ints, Ints | None]:
    """Sort each row by project and count a project that stands twice once."""
    wide = int(flat.max()) + 1 if len(flat) else 1
    keys = np.repeat(np.arange(len(lengths)), lengths) * wide + flat
    if worth is None:
        keys.sort()
    else:
        order = np.argsort(keys, kind="stable")
        keys, worth = keys[order], worth[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = keys[1:] != keys[:-1]
    if not new.all():
        if worth is not None:
            worth = np.add.reduceat(worth, np.flatnonzero(new))
        keys = keys[new]
    rows = keys // wide
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(lengths)))])
    return starts.astype(np.int64), keys - rows * wide, worth


@dataclass(frozen=True, eq=False)  # arrays have no single truth
class Support:
    """A project's column: which classes hold it, how many voters each has, with how many points."""

    classes: Indices
    weights: Floats  # voters of the class × points: what the project's price is divided by
    points: Floats | None
    voters: Floats
    total: int  # Σ weights, exact


@dataclass(frozen=True, eq=False)  # arrays have no single truth
class Election:
    """A participatory budget, ready to be counted by any rule."""

    projects: tuple[Project, ...]
    budget: Fraction
    ballots: Ballots
    kind: BallotKind = "approval"
    meta: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @cached_property
    def voters(self) -> int:
        """All who voted, those with an empty ballot too."""
        return int(self.ballots.voters.sum())

    @cached_property
    def scale(self) -> int:
        """The smallest factor that makes the budget and every cost an integer."""
        return int(np.lcm.reduce([self.budget.denominator, *(p.cost.denominator for p in self.projects)], dtype=object))

    @cached_property
    def costs(self) -> list[int]:
        return [int(project.cost * self.scale) for project in self.projects]

    @cached_property
    def limit(self) -> int:
        return int(self.budget * self.scale)

    @cached_property
    def ids(self) -> list[str]:
        return [project.id for project in self.projects]

    @cached_property
    def scores(self) -> list[int]:
        """Votes, or points where the ballots have points, by project."""
        ballots = self.ballots
        entries = np.repeat(ballots.voters, np.diff(ballots.starts))
        weights = entries if ballots.points is None else entries * ballots.points
        # float64 holds integers exactly up to 2^53
        found = np.bincount(ballots.items, weights=weights.astype(np.float64), minlength=len(self.projects))
        return [int(score) for score in found.tolist()]

    @cached_property
    def supports(self) -> list[Support]:
        """The columns, one for each project."""
        ballots = self.ballots
        # few projects fit 16 bits, for which numpy sorts by radix
        narrow = ballots.items.astype(np.uint16) if len(self.projects) <= 2**16 else ballots.items
        order = np.argsort(narrow, kind="stable")
        lengths = np.diff(ballots.starts)
        rows = np.repeat(np.arange(ballots.classes, dtype=np.int32), lengths)[order]
        ends = np.cumsum(np.bincount(ballots.items, minlength=len(self.projects))).tolist()
        made: list[Support] = []
        begin = 0
        for number, end in enumerate(ends):
            classes = rows[begin:end]
            voters = ballots.voters[classes].astype(np.float64)
            points = None if ballots.points is None else ballots.points[order[begin:end]].astype(np.float64)
            weights = voters if points is None else voters * points
            made.append(Support(classes, weights, points, voters, self.scores[number]))
            begin = end
        return made

    def ballot(self, number: int) -> dict[str, int]:
        """Class number → project ids and the points that each got."""
        begin, end = (int(edge) for edge in self.ballots.starts[number : number + 2])
        items = self.ballots.items[begin:end].tolist()
        points: list[Any] = [1] * len(items) if self.ballots.points is None else self.ballots.points[begin:end].tolist()
        return {self.projects[item].id: point for item, point in zip(items, points, strict=True)}

    def money(self, units: int | Fraction) -> Fraction:
        """Integer units back into the currency."""
        return Fraction(units) / self.scale
