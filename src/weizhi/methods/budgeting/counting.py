"""One door to every rule: ``count(election, Rule(...))``."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from weizhi.methods.budgeting.election import Election
from weizhi.methods.budgeting.equal_shares import equal_shares
from weizhi.methods.budgeting.greedy import Utility, greedy
from weizhi.methods.budgeting.growing import add1
from weizhi.methods.budgeting.outcome import Outcome
from weizhi.methods.budgeting.phragmen import phragmen
from weizhi.methods.budgeting.ties import Ties, ranks
from weizhi.methods.budgeting.trace import Trace

Name = Literal["greedy", "mes", "phragmen"]
Completion = Literal["none", "add1", "utilitarian", "add1-utilitarian"]


@dataclass(frozen=True)
class Rule:
    """What was agreed before the count; it is stored with the result.

    step: by how much add1 raises each voter's endowment, in the currency's own unit. lot: all project ids in the
    order drawn, for ``cost-votes-lot``.
    """

    name: Name = "mes"
    utility: Utility = "cost"
    completion: Completion = "none"
    step: Fraction = Fraction(1)
    stop_when_exhaustive: bool = False
    ties: Ties = "cost-votes-lot"
    lot: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for word, kind in (
            (self.name, Name),
            (self.utility, Utility),
            (self.completion, Completion),
            (self.ties, Ties),
        ):
            if word not in get_args(kind):
                raise ValueError(f"没有“{word}”这种规则，可以是：{'、'.join(get_args(kind))}。")
        if "add1" in self.completion and self.name != "mes":
            raise ValueError("逐步加钱（add1）只用于均分法（mes）。")
        if self.step <= 0:
            raise ValueError("每一步增加的数额要大于零。")


def count(election: Election, rule: Rule) -> Outcome:
    """Count by the rule. Same ballots, same rule: same result, whatever the order of the ballots."""
    rank = ranks(election, rule.ties, rule.lot)
    trace = _first(election, rule, rank) if election.voters else Trace((), greedy(election, "cost", rank).losers)
    if "utilitarian" in rule.completion:
        more = greedy(election, rule.utility, rank, already=trace.order, completion=True)
        trace = Trace((*trace.bought, *more.bought), more.losers, trace.endowment, trace.steps)
    return Outcome(election, rule.name, rule.utility, trace)


def _first(election: Election, rule: Rule, rank: Sequence[int]) -> Trace:
    if rule.name == "greedy":
        return greedy(election, rule.utility, rank)
    if rule.name == "phragmen":
        return phragmen(election, rank)
    if "add1" not in rule.completion:
        return equal_shares(election, rule.utility, rank, Fraction(election.limit, election.voters))
    step = rule.step * election.scale
    if step.denominator != 1:
        raise ValueError(f"每一步增加的数额 {rule.step} 比金额的最小单位还细，请改成最小单位的整数倍。")
    return add1(election, rule.utility, rank, step=int(step), stop_when_exhaustive=rule.stop_when_exhaustive)
