"""What a rule did, in the order it did it: the raw material of results and reasons."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np

from weizhi.methods.budgeting.election import Indices

Why = Literal["unsupported", "short", "no-room", "too-dear", "stopped"]


@dataclass(frozen=True, eq=False)  # arrays have no single truth
class Bought:
    """One purchase. Amounts are units of the election's scale (``Election.money`` makes them currency again).

    price: Equal Shares: what a supporter paid for each of his points unless he had less; Phragmén: how much every
    voter had been given when it was bought; None for purchases that nobody's share paid.
    The j-th class of the project's support paid ``paid[groups[j]] / over`` a voter.
    """

    project: int
    price: Fraction | None = None
    groups: Indices = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    paid: tuple[int, ...] = ()
    over: int = 1
    completion: bool = False


@dataclass(frozen=True)
class Lost:
    """Why a project was not bought, and what there was for it: its supporters' money, or the budget left."""

    project: int
    why: Why
    had: Fraction = Fraction(0)


@dataclass(frozen=True, eq=False)
class Trace:
    """losers: asked for only when somebody wants the reasons, because what the supporters have left is dear to sum."""

    bought: tuple[Bought, ...]
    losers: Callable[[], tuple[Lost, ...]]
    endowment: Fraction | None = None  # units a voter
    steps: int = 0  # how often the endowment was raised

    @property
    def order(self) -> list[int]:
        return [one.project for one in self.bought]

    @cached_property
    def lost(self) -> tuple[Lost, ...]:
        return self.losers()
