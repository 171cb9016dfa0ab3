"""Approval, Borda, STV, SNTV, lots and seats."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.methods.elections.apportionment import largest_remainder
from weizhi.methods.elections.scoring import bloc_approval, borda, sntv
from weizhi.methods.elections.sortition import draw, list_hash
from weizhi.methods.elections.stv import UNIT, stv
from weizhi.methods.thresholds import MORE_THAN_HALF

# --- approval, Borda, SNTV -----------------------------------------------------------------------------


def test_bloc_approval_with_a_threshold_and_a_run_off():
    ballots = ["甲乙"] * 4 + ["甲丙"] * 3 + ["丁"] * 2 + ["丙"]
    found = bloc_approval("甲乙丙丁", ballots, 2, bound=MORE_THAN_HALF)
    assert (found.elected, found.open_seats, found.run_off) == (("甲",), 1, ("乙", "丙"))
    assert found.points == {"甲": 7, "乙": 4, "丙": 4, "丁": 2}
    assert found.sentence.endswith("还缺 1 名，由 乙、丙 再选。")
    assert bloc_approval("甲乙", ["甲乙", "甲乙", "乙"], 1, most=1).points == {"乙": 1, "甲": 0}


def test_equal_votes_at_the_last_seat_wait_for_a_lot():
    tied = bloc_approval("甲乙丙", ["甲乙丙", "甲"], 2)
    assert (tied.elected, tied.tied, tied.open_seats) == (("甲",), ("乙", "丙"), 1)
    assert "要另投或抽签" in tied.sentence
    assert bloc_approval("甲乙丙", ["甲乙丙", "甲"], 2, lot="丙乙甲").elected == ("甲", "丙")


def test_sntv_and_borda():
    assert sntv("甲乙丙", ["甲", "甲", "乙", "丙", "丙"], 2).elected == ("甲", "丙")
    assert sntv("甲乙", ["甲"], 2).sentence.endswith("还缺 1 名。")
    assert sntv("甲乙", [], 1).sentence == "收回 0 张票，得票：甲 0；乙 0。还缺 1 名。"
    found = borda("甲乙丙", ["甲乙丙", "乙丙甲", "乙甲"], 1)
    assert found.points == {"乙": 5, "甲": 3, "丙": 1} and found.elected == ("乙",)


def test_ballots_that_cannot_be():
    for call, word in (
        (lambda: borda("甲乙", ["甲甲"], 1), "重复"),
        (lambda: sntv("甲乙", ["丁"], 1), "不是候选人"),
        (lambda: sntv("甲乙", ["甲"], 0), "至少是 1"),
    ):
        with pytest.raises(ValueError, match=word):
            call()


@given(st.lists(st.permutations("甲乙丙丁"), min_size=1, max_size=9))
def test_borda_gives_every_ballot_the_same_points(ballots):
    assert sum(borda("甲乙丙丁", ballots, 2).points.values()) == 6 * len(ballots)


# --- STV -----------------------------------------------------------------------------------------------


def test_stv_by_hand():
    """Quota ⌊20 / 3⌋ + 1 = 7. A has 12: its surplus of 5 moves at 5/12 = 0.41666 a paper, 8 papers to B, 4 to C."""
    ballots = ["ABC"] * 8 + ["ACB"] * 4 + ["B"] * 3 + ["CB"] * 5
    found = stv("ABC", ballots, 2, lot="ABC")
    assert found.quota == 7 * UNIT
    second = found.stages[1].votes
    assert second == {"A": 7 * UNIT, "B": 3 * UNIT + 8 * 41_666, "C": 5 * UNIT + 4 * 41_666}
    assert found.stages[1].lost == 12 * UNIT * 5 // 12 - 12 * 41_666
    assert found.elected == ("A", "C")  # C has 6.66664, B 6.33328: B leaves


def test_stv_excludes_the_last_and_breaks_ties_by_earlier_stages_then_the_lot():
    found = stv("ABCD", ["AB"] * 4 + ["BA"] * 3 + ["CB"] * 2 + ["DB"] * 2, 1, lot="ABCD")
    assert found.stages[1].what.startswith("D") and stv("ABCD", [], 1, lot="DCBA").stages[1].what.startswith("A")
    assert found.elected == ("B",)


@given(
    st.lists(st.lists(st.sampled_from("ABCDE"), max_size=6), max_size=25), st.integers(1, 4), st.permutations("ABCDE")
)
@settings(max_examples=200, deadline=None)
def test_stv_loses_no_vote_unseen(ballots, seats, lot):
    found = stv("ABCDE", ballots, seats, lot=lot)
    assert len(found.elected) == seats == len(set(found.elected))
    valid = sum(bool(ballot) for ballot in ballots)
    for stage in found.stages:
        assert sum(stage.votes.values()) + stage.lost == valid * UNIT
        assert stage.lost >= 0 and min(stage.votes.values()) >= 0
    shuffled = random.Random(1).sample(ballots, len(ballots))
    assert stv("ABCDE", shuffled, seats, lot=lot).elected == found.elected


def test_a_majority_wins_one_seat():
    assert stv("ABC", ["A"] * 6 + ["BC"] * 3 + ["CB"] * 2, 1, lot="CBA").elected == ("A",)
    with pytest.raises(ValueError, match="抽签次序"):
        stv("ABC", [], 1, lot="AB")
    with pytest.raises(ValueError, match="不能重名"):
        stv("AAB", [], 1, lot="AB")


# --- lots ----------------------------------------------------------------------------------------------


def test_a_draw_repeats_and_does_not_depend_on_the_order_of_the_list():
    people = {f"居民{n}": ("女" if n % 2 else "男", f"{n % 3} 网格") for n in range(60)}
    one = draw(people, 12, "2026-05-01 开奖 0712")
    again = draw(dict(reversed(people.items())), 12, "2026-05-01 开奖 0712")
    assert one == again and one.list_hash == list_hash(people)
    assert {share.seats for share in one.strata} == {2} and len(one.strata) == 6
    assert set(one.drawn) | set(one.reserves) == set(people) and len(one.drawn) == 12
    assert "任何人都可以" in one.sentence
    assert draw(people, 12, "another").drawn != one.drawn
    assert draw({**people, "新人": ("女", "0 网格")}, 12, "2026-05-01 开奖 0712").list_hash != one.list_hash


def test_known_tickets_stay_as_they_are():
    """A draw that was published must come out the same for ever."""
    people = dict.fromkeys(("林姨", "小周", "王主任", "陈经理", "赵律师"), ())
    assert draw(people, 2, "2026").drawn == DRAWN_2026


DRAWN_2026 = ("小周", "赵律师")


def test_draws_that_cannot_be():
    for call, word in (
        (lambda: draw({"甲": ()}, 2, "s"), "名单上有 1 人"),
        (lambda: draw({"甲": ()}, 1, ""), "种子"),
        (lambda: draw({"甲\t": ()}, 1, "s"), "制表符"),
    ):
        with pytest.raises(ValueError, match=word):
            call()
    assert draw({}, 0, "s").drawn == ()


# --- seats ---------------------------------------------------------------------------------------------


def test_seats_by_largest_remainder():
    found = largest_remainder({"一网格": 310, "二网格": 290, "三网格": 150}, 20)
    assert [share.seats for share in found] == [8, 8, 4]
    assert found[0].exact == Fraction(310 * 20, 750)
    assert found[0].sentence == "一网格：310，应得 8.267，分到 8 席。"
    assert [s.seats for s in largest_remainder({"a": 1, "b": 1, "c": 1}, 2, order=["c", "b", "a"])] == [0, 1, 1]
    assert [s.seats for s in largest_remainder({"a": 98, "b": 1, "c": 1}, 5, least=1)] == [3, 1, 1]


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8).filter(any), st.integers(0, 60), st.integers(0, 2))
def test_seats_are_all_given_and_near_their_quota(sizes, seats, least):
    groups = {f"g{n}": size for n, size in enumerate(sizes)}
    if least * len(sizes) > seats:
        with pytest.raises(ValueError, match="每组至少"):
            largest_remainder(groups, seats, least=least)
        return
    found = largest_remainder(groups, seats, least=least)
    assert sum(share.seats for share in found) == seats
    assert all(share.seats >= least for share in found)
    if not least:
        assert all(abs(share.seats - share.exact) < 1 for share in found)


def test_seats_that_cannot_be():
    for sizes, seats in (({"a": 0}, 3), ({"a": -1}, 3), ({"a": 1}, -1)):
        with pytest.raises(ValueError):
            largest_remainder(sizes, seats)
