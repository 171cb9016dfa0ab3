"""Wishes and volunteers: optimal where small, proved near where large; visits: quota and a short way."""

import itertools
import random
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.methods.matching import UNMATCHED, Household, MatchingError, Volunteer, Wish, pair, pairing, plan, visiting
from weizhi.methods.matching.visiting import length, nearest_neighbour, two_opt
from weizhi.methods.matching.wishes import fairness

DAY = date(2026, 11, 21)


def wish(name, x=0.0, skill="灯", times="12", urgency=1):
    return Wish(name, x, 0.0, skill, frozenset(times), urgency)


def helper(name, x=0.0, skills=("灯",), times="12", load=0):
    return Volunteer(name, x, 0.0, frozenset(skills), frozenset(times), load)


def invented(seed: int, wishes: int, volunteers: int):
    chance = random.Random(seed)
    skills, times = "abc", [str(n) for n in range(70)]
    return (
        [
            Wish(
                f"w{n}",
                chance.random() * 900,
                chance.random() * 900,
                chance.choice(skills),
                frozenset(chance.sample(times, 20)),
                chance.randint(1, 3),
            )
            for n in range(wishes)
        ],
        [
            Volunteer(
                f"v{n}",
                chance.random() * 900,
                chance.random() * 900,
                frozenset(chance.sample(skills, 2)),
                frozenset(chance.sample(times, 20)),
                chance.randint(0, 4),
            )
            for n in range(volunteers)
        ],
    )


def cheapest(wishes, volunteers) -> int:
    """By trying everything."""

    def cost(one, other):
        if one.skill not in other.skills or not one.times & other.times:
            return UNMATCHED
        return round(((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5) * one.urgency + int(fairness(other.load))

    places = [*volunteers, *[None] * len(wishes)]
    return min(
        sum(UNMATCHED if other is None else cost(one, other) for one, other in zip(wishes, chosen, strict=True))
        for chosen in itertools.permutations(places, len(wishes))
    )


@pytest.mark.parametrize("small", [0, 1000])
@pytest.mark.parametrize("seed", range(8))
def test_the_cost_is_the_least_of_all_pairings(seed, small):
    wishes, volunteers = invented(seed, 3, 2 + seed % 3)
    found = pair(wishes, volunteers, small=small)
    assert found.cost == cheapest(wishes, volunteers) == found.bound and found.gap == 0


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_over_all_arcs_is_under_the_optimum_and_near(seed):
    wishes, volunteers = invented(seed, 130, 100)
    exact, few = pair(wishes, volunteers), pair(wishes, volunteers, small=0, near=3)
    assert few.bound <= exact.cost <= few.cost and few.gap <= 0.002
    assert (few.qualified == exact.qualified).all()
    used = few.volunteer[few.volunteer >= 0]
    assert len(set(used.tolist())) == len(used)


def test_arcs_that_were_left_out_are_added_until_the_passes_are_used_up(monkeypatch):
    """With one arc a wish and a gap never good enough, every pass must bring in arcs that help."""
    wishes, volunteers = invented(1, 60, 60)
    exact, once = pair(wishes, volunteers), pair(wishes, volunteers, small=0, near=1)
    monkeypatch.setattr(pairing, "GOOD", -1.0)
    wide = pair(wishes, volunteers, small=0, near=1)
    assert wide.bound <= exact.cost <= wide.cost <= once.cost
    monkeypatch.setattr(pairing, "PASSES", 1)
    narrow = pair(wishes, volunteers, small=0, near=1)
    assert narrow.cost > wide.cost and narrow.bound <= exact.cost


def test_nobody_qualified_is_told_and_not_paid_for_with_a_wrong_pairing():
    found = pair([wish("a", skill="电"), wish("b", times="9"), wish("c")], [helper("v")])
    assert found.volunteer.tolist() == [-1, -1, 0] and found.qualified.tolist() == [0, 0, 1]
    assert found.cost == 2 * UNMATCHED
    assert pair([wish("a")], []).volunteer.tolist() == [-1] and pair([], [helper("v")]).gap == 0


def test_the_price_of_fairness_is_convex_and_asks_the_rested_first():
    prices = fairness(np.arange(6)).tolist()
    assert prices[0] == 0 and all(b - a < c - b for a, b, c in zip(prices, prices[1:], prices[2:], strict=False))
    found = pair([wish("a")], [helper("near", 10, load=5), helper("far", 200)])
    assert found.volunteer.tolist() == [1]


def test_the_more_urgent_wish_gets_the_nearer_volunteer():
    found = pair([wish("calm", 0), wish("urgent", 0, urgency=3)], [helper("near", 10), helper("far", 100)])
    assert found.volunteer.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("wishes", "volunteers", "words"),
    [
        ([wish("a"), wish("a")], [], "愿望的编号有重复"),
        ([], [helper("v"), helper("v")], "志愿者的编号有重复"),
        ([wish("a", urgency=0)], [], "紧急"),
        ([wish("a", float("inf"))], [], "米"),
        ([], [helper("v", float("nan"))], "米"),
    ],
)
def test_what_cannot_be_matched_is_refused_in_words(wishes, volunteers, words):
    with pytest.raises(MatchingError, match=words):
        pair(wishes, volunteers)


# --- visits --------------------------------------------------------------------------------------------


def home(n, every="month", ago=None):
    return Household(f"h{n}", 37.0 * n % 101, 53.0 * n % 97, every, None if ago is None else DAY - timedelta(days=ago))


def test_everyone_due_is_visited_and_at_least_five():
    tour = plan([home(n, ago=n) for n in range(40)], DAY)
    assert tour.due == 10 and set(tour.households) == {f"h{n}" for n in range(30, 40)}
    quiet = plan([home(n, "quarter", ago=n) for n in range(40)], DAY)
    assert quiet.due == 0 and set(quiet.households) == {f"h{n}" for n in range(35, 40)}
    assert len(plan([home(1), home(2)], DAY).households) == 2
    mixed = plan([home(0, "week", 7), home(1, "week", 6), home(2), home(3, "month", 29)], DAY, least=0)
    assert mixed.due == 2 and set(mixed.households) == {"h0", "h2"}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=25))
def test_a_tour_is_never_longer_than_nearest_neighbours(points):
    places = np.array(points, dtype=np.float64)
    first = nearest_neighbour(places)
    better = two_opt(places, first)
    assert sorted(better.tolist()) == list(range(len(points))) and better[0] == 0
    assert length(places, better) <= length(places, first) + 1e-9


def test_two_opt_uncrosses_a_way():
    places = np.array([(0.0, 0), (10, 10), (10, 0), (0, 10)])
    assert length(places, two_opt(places, np.arange(4))) == 40


def test_the_work_on_a_way_is_counted(monkeypatch):
    places = np.array([(0.0, 0), (10, 10), (10, 0), (0, 10)])
    monkeypatch.setattr(visiting, "ROUNDS", 0)
    assert two_opt(places, np.arange(4)).tolist() == [0, 1, 2, 3]


def test_visits_refuse_in_words():
    with pytest.raises(MatchingError, match="走访类别"):
        plan([home(1, "year", 3)], DAY)
    with pytest.raises(MatchingError, match="重复"):
        plan([home(1), home(1)], DAY)
