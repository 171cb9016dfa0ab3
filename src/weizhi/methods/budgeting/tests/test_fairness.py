"""What must hold for every count, whatever the ballots: the axioms, the payments, the reasons."""

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.methods.budgeting import Rule, count, explain
from weizhi.methods.budgeting.election import Support
from weizhi.methods.budgeting.equal_shares import _price, equal_shares
from weizhi.methods.budgeting.growing import add1
from weizhi.methods.budgeting.reasons import amount
from weizhi.methods.budgeting.tests.instances import election, small
from weizhi.methods.budgeting.ties import draw_lot, ranks

RULES = [
    Rule("greedy"),
    Rule("greedy", "cardinality"),
    Rule("phragmen"),
    Rule("phragmen", completion="utilitarian"),
    *(
        Rule("mes", utility, completion)
        for utility in ("cost", "cardinality")
        for completion in ("none", "add1", "utilitarian", "add1-utilitarian")
    ),
]
INSTANCES = st.integers(0, 10**9).map(lambda seed: small(random.Random(seed)))


@given(INSTANCES, st.sampled_from(RULES))
@settings(max_examples=300, deadline=None)
def test_money_is_never_overspent_and_payments_are_the_costs(instance, rule):
    costs, budget, rows = instance
    made = election(costs, budget, rows)
    found = count(made, rule)
    assert found.cost <= found.budget == budget
    assert len(set(found.bought)) == len(found.bought) == len(found.selected)
    spent: dict[frozenset[str], Fraction] = {}
    for one in found.purchases:
        payments = found.payments(one.id)
        if one.completion or rule.name == "greedy":
            assert payments == [] and one.price is None
            continue
        assert sum(payment.together for payment in payments) == one.cost
        assert sum(payment.voters for payment in payments) == one.votes
        assert all(one.id in payment.ballot and payment.each >= 0 for payment in payments)
        for payment in payments:
            ballot = frozenset(payment.ballot)
            spent[ballot] = spent.get(ballot, Fraction(0)) + payment.each
        if rule.name == "mes":
            assert all(payment.each <= one.price for payment in payments)
            assert one.in_full + one.with_rest == one.votes
            assert one.in_full * one.price + one.rest == one.cost
    if found.endowment is not None:
        assert all(paid <= found.endowment for paid in spent.values())
        assert found.endowment == Fraction(budget, len(rows)) + found.steps


@given(INSTANCES, st.sampled_from(RULES), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_ballots_changes_nothing(instance, rule, dice):
    costs, budget, rows = instance
    shuffled = dice.sample([dice.sample(row, len(row)) for row in rows], len(rows))
    one, other = count(election(costs, budget, rows), rule), count(election(costs, budget, shuffled), rule)
    assert (one.bought, one.endowment) == (other.bought, other.endowment)
    assert explain(one) == explain(other)
    assert [one.payments(p) for p in one.bought] == [other.payments(p) for p in other.bought]


@given(INSTANCES, st.sampled_from(RULES))
@settings(max_examples=150, deadline=None)
def test_every_project_is_told_its_reason(instance, rule):
    costs, budget, rows = instance
    found = count(election(costs, budget, rows), rule)
    told = explain(found)
    assert list(told) == found.election.ids
    for fate in found.fates:
        assert fate.won == (fate.id in found.selected) == ("入选" in told[fate.id])
        assert ("落选" in told[fate.id]) != fate.won
        if fate.why in ("short", "no-room", "too-dear"):
            assert fate.had < fate.cost and fate.missing == fate.cost - fate.had > 0


@given(INSTANCES)
@settings(max_examples=100, deadline=None)
def test_no_loser_could_still_be_paid_by_its_supporters(instance):
    """Equal Shares ends only when every loser's supporters together have too little: priceability."""
    costs, budget, rows = instance
    found = count(election(costs, budget, rows), Rule("mes"))
    for fate in found.fates:
        if not fate.won and fate.votes:
            paid = {}
            for one in found.bought:
                for payment in found.payments(one):
                    paid[frozenset(payment.ballot)] = paid.get(frozenset(payment.ballot), 0) + payment.each
            number = int(fate.id[1:])
            left = sum(found.endowment - paid.get(frozenset(f"p{n}" for n in row), 0) for row in rows if number in row)
            assert left == fate.had < fate.cost


# --- ties ----------------------------------------------------------------------------------------------


def test_ties_follow_the_keys_in_their_order():
    made = election([2, 1, 1, 1], 10, [[0, 1], [0, 2], [2, 3]])
    assert [made.ids[n] for n in np.argsort(ranks(made, "lexicographic"))] == ["p0", "p1", "p2", "p3"]
    assert [made.ids[n] for n in np.argsort(ranks(made, "cost-votes-lot"))] == ["p2", "p1", "p3", "p0"]
    lot = ("p3", "p2", "p1", "p0")
    assert [made.ids[n] for n in np.argsort(ranks(made, "cost-votes-lot", lot))] == ["p2", "p3", "p1", "p0"]
    with pytest.raises(ValueError, match="签里"):
        ranks(made, "cost-votes-lot", ("p1",))
    assert draw_lot(made.ids, "2026") == draw_lot(made.ids[::-1], "2026") != draw_lot(made.ids, "2027")


def test_the_lot_decides_between_twins():
    rows = [[0, 1]] * 3
    for lot in (("p0", "p1"), ("p1", "p0")):
        for name in ("greedy", "mes"):
            assert count(election([5, 5], 5, rows), Rule(name, lot=lot)).bought == [lot[0]]
        # Phragmén stops where any of the projects that come next does not fit
        assert count(election([5, 5], 9, rows), Rule("phragmen", lot=lot)).bought == [lot[0]]


# --- rules that cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings_of_rule", "words"),
    [
        ({"name": "best"}, "没有“best”"),
        ({"completion": "more"}, "没有“more”"),
        ({"name": "greedy", "completion": "add1"}, "只用于均分法"),
        ({"step": Fraction(0)}, "大于零"),
    ],
)
def test_rules_that_cannot_be(settings_of_rule, words):
    with pytest.raises(ValueError, match=words):
        Rule(**settings_of_rule)


def test_counts_that_cannot_be():
    made = election([5], 5, [[0]])
    with pytest.raises(ValueError, match="最小单位"):
        count(made, Rule("mes", completion="add1", step=Fraction(1, 3)))
    with pytest.raises(ValueError, match="至少是 1"):
        add1(made, "cost", [0], step=0, stop_when_exhaustive=True)
    with pytest.raises(ValueError, match="只能数赞成票"):
        count(election([5], 5, [{0: 2}], "cumulative"), Rule("phragmen"))


def test_nobody_voted():
    for rule in RULES:
        found = count(election([5, 1], 5, []), rule)
        assert found.selected == [] and {fate.why for fate in found.fates} == {"unsupported"}


# --- large and awkward ---------------------------------------------------------------------------------


def test_numbers_far_apart_are_decided_exactly():
    """Two projects whose prices differ by less than the doubles can tell: the true cheaper one is bought."""
    huge = 10**15
    rows = [[0]] * 3 + [[1]] * 3
    made = election([huge, huge - 1], 2 * huge, rows)
    assert equal_shares(made, "cardinality", [0, 1], Fraction(2 * huge, 6)).order[0] == 1
    assert count(made, Rule("phragmen")).bought[0] == "p1"
    assert count(election([huge, huge - 1], 2 * huge, rows), Rule("mes", "cardinality", "add1")).bought[0] == "p1"


def test_supporters_who_must_give_all_pay_what_the_richest_has():
    """The doubles may say that nobody can pay the price where, exactly, everybody gives all: the band decides then."""
    for points in (None, np.array([1.0, 2.0])):
        weights = np.array([3.0, 1.0]) if points is None else np.array([3.0, 2.0])
        support = Support(np.array([0, 1], dtype=np.int32), weights, points, np.array([3.0, 1.0]), int(weights.sum()))
        purses = np.array([1.0, 2.0]) * (1 - 1e-12)
        price, rich = _price(support, purses, 5.0, 5 / support.total)
        assert price == pytest.approx(2.0 if points is None else 1.0) and rich >= 1


def test_giving_everything_is_exact():
    """Three thirds of a budget that no double holds: the supporters' last money is exactly the cost."""
    for dice in map(random.Random, range(60)):
        costs = [dice.randint(1, 9), dice.randint(1, 9)]
        rows = [[0, 1]] * dice.randint(1, 7)
        found = count(election(costs, sum(costs), rows), Rule("mes"))
        assert sorted(found.bought) == ["p0", "p1"] and found.cost == sum(costs)


def test_who_is_too_poor_is_decided_exactly():
    """A purse that lacks half a unit in a million million: no double band may call it rich."""
    share = 10**12
    made = election([3, 2 * share - 1], 4 * share, [[0, 1], [0], [0], [1]])
    found = count(made, Rule("mes", "cardinality"))
    assert found.bought == ["p0", "p1"]
    assert [(len(one.ballot), one.each) for one in found.payments("p1")] == [(1, share), (2, share - 1)]


def test_amounts_are_said_as_they_are():
    assert amount(Fraction(1234567)) == "1,234,567"
    assert amount(Fraction(5, 2)) == "2.50" and amount(Fraction(1, 3)) == "约 0.33"


def test_reasons_in_words():
    rows = [[0, 1]] * 3 + [[2]] * 2 + [[3]]
    made = election([30, 31, 100, 60, 5], 120, rows)
    told = explain(count(made, Rule("mes")))
    assert told["p0"] == "“p0”第 1 个入选：得 3 票。费用 30，由 3 位支持者每人付 10。"
    assert told["p1"].startswith("“p1”落选：得 3 票。费用 31，计到最后它的支持者手里一共还有 30，还差 1。")
    assert told["p4"] == "“p4”落选：没有人选它。"
    assert "比全部预算 20 还多 80" in explain(count(election([100], 20, [[0]]), Rule("phragmen")))["p0"]
    stopped = explain(count(election([5, 5], 9, [[0, 1]]), Rule("phragmen")))
    assert "计数在下一个项目超出预算时停止，那时它的支持者已攒到 5，够了，但预算已装不下" in stopped["p1"]
    added = explain(count(election([30, 31, 5], 66, [[0, 1]] * 2 + [[2]]), Rule("mes", completion="utilitarian")))
    assert "由按票补足时用剩下的预算支付" in "".join(added.values())
    points = explain(count(election([6, 9], 12, [{0: 2, 1: 1}, {0: 1}], "cumulative"), Rule("mes")))
    assert points["p0"] == "“p0”第 1 个入选：得 3 分。费用 6，由 2 位支持者每 1 分付 2。"
    free = explain(count(election([0, 1], 5, [[0]]), Rule("mes")))
    assert free["p0"] == "“p0”第 1 个入选：得 1 票，不需要花钱。"
    rest = explain(count(election([4, 6, 6], 12, [[0, 1], [1], [2, 1]]), Rule("mes", "cardinality")))
    assert "付出手里剩下的全部" in "".join(rest.values()) or "位支持者每人付" in rest["p1"]
