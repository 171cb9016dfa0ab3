"""Every rule against the definitions, in fractions, on small elections full of ties."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.methods.budgeting import Rule, count, explain
from weizhi.methods.budgeting.tests import naive
from weizhi.methods.budgeting.tests.instances import election, small
from weizhi.methods.budgeting.ties import ranks

SEEDS = range(100)


def outcome_order(found):
    return [int(one.removeprefix("p")) for one in found.bought]


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@pytest.mark.parametrize("ties", ["lexicographic", "cost-votes-lot"])
def test_rules_follow_their_definitions(utility, ties):
    for seed in SEEDS:
        costs, budget, rows = small(random.Random(seed))
        made = election(costs, budget, rows)
        ballots = [dict.fromkeys(row, 1) for row in rows]
        rank = ranks(made, ties)
        endowment = Fraction(budget, len(rows))
        wanted = {
            "greedy": naive.greedy(costs, budget, ballots, utility, rank),
            "mes": naive.equal_shares(costs, ballots, utility, rank, endowment),
            "phragmen": naive.phragmen(costs, budget, ballots, rank),
        }
        for name, order in wanted.items():
            assert outcome_order(count(made, Rule(name, utility, ties=ties))) == order, (seed, name)


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@pytest.mark.parametrize("stop", [True, False])
def test_add1_visits_every_step(utility, stop):
    for seed in SEEDS:
        costs, budget, rows = small(random.Random(seed))
        made = election(costs, budget, rows)
        rule = Rule("mes", utility, "add1", stop_when_exhaustive=stop, ties="lexicographic")
        ballots = [dict.fromkeys(row, 1) for row in rows]
        wanted = naive.add1(costs, budget, ballots, utility, ranks(made, "lexicographic"), 1, stop)
        assert outcome_order(count(made, rule)) == wanted, seed


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
def test_add1_passes_over_only_what_cannot_change(utility):
    """Few voters and costs far above a share: thousands of steps, most of them alike."""
    for seed in range(12):
        dice = random.Random(seed)
        costs = [dice.choice([30, 90, 120, 400, 950, 1900]) for _ in range(dice.randint(2, 5))]
        budget = dice.randint(100, 2_400)
        weighed = seed % 4 == 0
        rows = [dice.sample(range(len(costs)), dice.randint(1, len(costs))) for _ in range(dice.randint(2, 6))]
        ballots = [{item: dice.randint(1, 3) if weighed else 1 for item in row} for row in rows]
        made = election(costs, budget, ballots if weighed else rows, "cumulative" if weighed else "approval")
        rule = Rule("mes", utility, "add1", ties="lexicographic")
        wanted = naive.add1(costs, budget, ballots, utility, ranks(made, "lexicographic"), 1, False)
        assert outcome_order(count(made, rule)) == wanted, seed


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
def test_points_weigh_what_a_supporter_pays(utility):
    for seed in SEEDS:
        dice = random.Random(seed)
        costs, budget, rows = small(dice)
        ballots = [{item: dice.randint(1, 3) for item in row} for row in rows]
        made = election(costs, budget, ballots, "cumulative")
        rank = ranks(made, "lexicographic")
        for completion, wanted in {
            "none": naive.equal_shares(costs, ballots, utility, rank, Fraction(budget, len(rows))),
            "add1": naive.add1(costs, budget, ballots, utility, rank, 1, False),
        }.items():
            found = count(made, Rule("mes", utility, completion, ties="lexicographic"))
            assert outcome_order(found) == wanted, (seed, completion)
        assert outcome_order(count(made, Rule("greedy", utility, ties="lexicographic"))) == naive.greedy(
            costs, budget, ballots, utility, rank
        )


@given(
    st.lists(st.fractions(0, 40, max_denominator=12), min_size=1, max_size=6),
    st.fractions(0, 60, max_denominator=8),
    st.lists(st.sets(st.integers(0, 5)), max_size=10),
    st.sampled_from(["cost", "cardinality"]),
)
@settings(max_examples=200, deadline=None)
def test_costs_may_be_fractions_or_nothing(costs, budget, sets, utility):
    rows = [sorted(item for item in row if item < len(costs)) for row in sets]
    made = election(costs, budget, rows)
    ballots = [dict.fromkeys(row, 1) for row in rows]
    rank = ranks(made, "lexicographic")
    for name in ("greedy", "mes", "phragmen"):
        found = outcome_order(count(made, Rule(name, utility, ties="lexicographic")))
        match name, bool(rows):
            case _, False:
                wanted = []
            case "greedy", _:
                wanted = naive.greedy(costs, budget, ballots, utility, rank)
            case "mes", _:
                wanted = naive.equal_shares(costs, ballots, utility, rank, Fraction(budget, len(rows)))
            case _:
                wanted = naive.phragmen(costs, budget, ballots, rank)
        assert found == wanted


def test_what_costs_nothing_is_told_so():
    made = election([0, 5], 5, [[0, 1], [1]])
    told = explain(count(made, Rule("mes")))
    assert told["p0"] == "“p0”第 1 个入选：得 1 票，不需要花钱。" and "每人付 2.50" in told["p1"]


def test_utilitarian_spends_what_is_left():
    for seed in SEEDS:
        costs, budget, rows = small(random.Random(seed))
        made = election(costs, budget, rows)
        ballots = [dict.fromkeys(row, 1) for row in rows]
        rank = ranks(made, "lexicographic")
        first = naive.equal_shares(costs, ballots, "cost", rank, Fraction(budget, len(rows)))
        found = count(made, Rule("mes", completion="utilitarian", ties="lexicographic"))
        assert outcome_order(found) == first + naive.greedy(costs, budget, ballots, "cost", rank, first)
        raised = naive.add1(costs, budget, ballots, "cost", rank, 2, True)
        rule = Rule("mes", "cost", "add1-utilitarian", Fraction(2), stop_when_exhaustive=True, ties="lexicographic")
        assert outcome_order(count(made, rule)) == raised + naive.greedy(costs, budget, ballots, "cost", rank, raised)
