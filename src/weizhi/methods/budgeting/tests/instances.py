"""Random elections, small and full of ties."""

import random
from fractions import Fraction

from weizhi.methods.budgeting import Ballots, Election, Project


def election(costs, budget, rows, kind="approval"):
    projects = tuple(Project(f"p{number}", Fraction(cost)) for number, cost in enumerate(costs))
    return Election(projects, Fraction(budget), Ballots.of(rows), kind)


def small(dice: random.Random):
    """(costs, budget, ballots): costs and ballots repeat, so that ties are the rule."""
    count, voters = dice.randint(1, 7), dice.randint(1, 12)
    costs = [dice.randint(1, 4) * dice.choice([1, 1, 5]) for _ in range(count)]
    budget = dice.randint(1, max(2, sum(costs)))
    kinds = [sorted(dice.sample(range(count), dice.randint(0, count))) for _ in range(dice.randint(1, 5))]
    return costs, budget, [dice.choice(kinds) for _ in range(voters)]
