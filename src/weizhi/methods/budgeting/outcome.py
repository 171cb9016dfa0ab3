"""The result of a count, with the numbers that defend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from weizhi.methods.budgeting.election import Election
from weizhi.methods.budgeting.trace import Bought, Lost, Trace, Why


@dataclass(frozen=True)
class Payment:
    """Voters with the same ballot paid the same. ``each`` is exact, in the currency."""

    ballot: Mapping[str, int]
    voters: int
    each: Fraction

    @property
    def together(self) -> Fraction:
        return self.voters * self.each


@dataclass(frozen=True)
class Purchase:
    """A winner. price: what a supporter paid (for each of his points) unless he had less; Phragmén: how much every
    voter had been given by then; None where the purchase was made from the common budget, not from shares."""

    id: str
    place: int
    cost: Fraction
    votes: int
    price: Fraction | None
    in_full: int  # supporters who paid the whole price
    with_rest: int  # supporters who gave all that they had left
    rest: Fraction  # what those gave together
    left: Fraction  # of the budget after it
    completion: bool


@dataclass(frozen=True)
class Fate:
    """Why one project won or lost. had: its supporters' money at the end, or the budget left at its turn."""

    id: str
    cost: Fraction
    votes: int
    purchase: Purchase | None = None
    why: Why | None = None
    had: Fraction = Fraction(0)

    @property
    def won(self) -> bool:
        return self.purchase is not None

    @property
    def missing(self) -> Fraction:
        return Fraction(0) if self.won else max(self.cost - self.had, Fraction(0))


@dataclass(frozen=True)
class Outcome:
    election: Election
    rule: str
    utility: str
    trace: Trace

    @cached_property
    def bought(self) -> list[str]:
        """The winners in the order of purchase."""
        return [self.election.ids[number] for number in self.trace.order]

    @cached_property
    def selected(self) -> list[str]:
        """The winners as they are published: Phragmén's by id, as is the custom, all others as bought."""
        shared = [self.election.ids[one.project] for one in self.trace.bought if not one.completion]
        added = [self.election.ids[one.project] for one in self.trace.bought if one.completion]
        return [*(sorted(shared) if self.rule == "phragmen" else shared), *added]

    @cached_property
    def cost(self) -> Fraction:
        return self.election.money(sum(self.election.costs[number] for number in self.trace.order))

    @property
    def budget(self) -> Fraction:
        return self.election.budget

    @property
    def steps(self) -> int:
        return self.trace.steps

    @cached_property
    def endowment(self) -> Fraction | None:
        return None if self.trace.endowment is None else self.election.money(self.trace.endowment)

    def payments(self, project: str) -> list[Payment]:
        """Who paid how much for a winner, by ballot, those who paid most first; empty where no share paid."""
        bought = next((one for one in self.trace.bought if self.election.ids[one.project] == project), None)
        if bought is None or not bought.paid:
            return []
        support = self.election.supports[bought.project]
        found = [
            Payment(
                self.election.ballot(number),
                int(voters),
                self.election.money(Fraction(bought.paid[group], bought.over)),
            )
            for number, voters, group in zip(support.classes.tolist(), support.voters, bought.groups, strict=True)
        ]
        return sorted(found, key=lambda one: (-one.each, -one.voters, sorted(one.ballot.items())))

    @cached_property
    def purchases(self) -> list[Purchase]:
        left = self.budget
        made: list[Purchase] = []
        for place, bought in enumerate(self.trace.bought, 1):
            left -= self.election.money(self.election.costs[bought.project])
            made.append(self._purchase(place, bought, left))
        return made

    def _purchase(self, place: int, bought: Bought, left: Fraction) -> Purchase:
        election = self.election
        in_full, with_rest, rest = 0, 0, Fraction(0)
        if bought.price is not None and self.rule == "mes":
            in_full, with_rest, rest = self._sides(bought)
        return Purchase(
            election.ids[bought.project],
            place,
            election.projects[bought.project].cost,
            election.scores[bought.project],
            None if bought.price is None else election.money(bought.price),
            in_full,
            with_rest,
            rest,
            left,
            bought.completion,
        )

    def _sides(self, bought: Bought) -> tuple[int, int, Fraction]:
        """How many paid the whole price, how many the rest of their money, and how much that was."""
        support, price = self.election.supports[bought.project], bought.price or Fraction(0)
        paid = [Fraction(amount, bought.over) for amount in bought.paid]
        points = [1] * len(support.classes) if support.points is None else support.points.tolist()
        in_full, with_rest, rest = 0, 0, Fraction(0)
        due: dict[float, Fraction] = {}
        for group, voters, point in zip(bought.groups.tolist(), support.voters.tolist(), points, strict=True):
            if point not in due:
                due[point] = price * int(point)
            if paid[group] == due[point]:
                in_full += int(voters)
            else:
                with_rest += int(voters)
                rest += int(voters) * paid[group]
        return in_full, with_rest, self.election.money(rest)

    @cached_property
    def fates(self) -> list[Fate]:
        """One for each project, in the order of the ballot."""
        won = {one.id: one for one in self.purchases}
        lost: dict[str, Lost] = {self.election.ids[one.project]: one for one in self.trace.lost}
        found: list[Fate] = []
        for project, votes in zip(self.election.projects, self.election.scores, strict=True):
            if project.id in won:
                found.append(Fate(project.id, project.cost, votes, won[project.id]))
            else:
                one = lost[project.id]
                found.append(Fate(project.id, project.cost, votes, None, one.why, self.election.money(one.had)))
        return found
