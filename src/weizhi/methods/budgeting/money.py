"""Exact purses for Equal Shares: whoever bought the same has the same money, so few amounts serve all classes.

An amount is an integer over a common denominator that only grows (it is multiplied once a purchase), so that no
greatest common divisor is ever sought. Amount 0 is nothing, exactly.
"""

from fractions import Fraction

import numpy as np

from weizhi.methods.budgeting.election import Floats, Indices


class Purses:
    """``ids[c]``: which amount class c has; ``floats[c]``: the nearest double, always within one rounding of it."""

    def __init__(self, classes: int, endowment: Fraction) -> None:
        self.over = [endowment.denominator]
        self.numerators = [0, endowment.numerator]
        self.ages = [0, 0]  # which denominator an amount was written with
        self.ids: Indices = np.ones(classes, dtype=np.int32)
        self.floats: Floats = np.full(classes, float(endowment))

    def current(self, amounts: list[int]) -> list[int]:
        """The amounts' numerators over the latest denominator."""
        latest = self.over[-1]
        factors: dict[int, int] = {}
        found: list[int] = []
        for amount in amounts:
            age = self.ages[amount]
            factor = factors.get(age)
            if factor is None:
                factor = factors[age] = latest // self.over[age]
            found.append(self.numerators[amount] * factor)
        return found

    def grow(self, factor: int) -> None:
        """Refine the denominator, so that the next price is an integer over it."""
        self.over.append(self.over[-1] * factor)

    def write(self, classes: Indices, groups: Indices, left: list[int]) -> None:
        """Group g of these classes now has left[g] over the latest denominator."""
        age, latest = len(self.over) - 1, self.over[-1]
        ids = np.empty(len(left), dtype=np.int32)
        floats = np.empty(len(left))
        for group, amount in enumerate(left):
            ids[group] = len(self.numerators) if amount else 0
            floats[group] = amount / latest
            if amount:
                self.numerators.append(amount)
                self.ages.append(age)
        self.ids[classes] = ids[groups]
        self.floats[classes] = floats[groups]

    def held(self, classes: Indices, voters: Floats) -> Fraction:
        """What these classes have together."""
        amounts, groups = np.unique(self.ids[classes], return_inverse=True)
        weights = np.bincount(groups, weights=voters, minlength=len(amounts)).tolist()
        whole = sum(int(w) * n for w, n in zip(weights, self.current(amounts.tolist()), strict=True))
        return Fraction(whole, self.over[-1])
