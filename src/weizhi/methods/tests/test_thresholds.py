from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.methods import thresholds as th


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 12), st.integers(1, 12), st.booleans())
def test_bounds_are_those_of_fractions(part, whole, numerator, denominator, strict):
    if numerator > denominator or (strict and numerator == denominator):
        with pytest.raises(ValueError, match="不成立"):
            th.Bound(Fraction(numerator, denominator), strict)
        return
    bound = th.Bound(Fraction(numerator, denominator), strict)
    share = Fraction(part, whole)
    assert bound.met(part, whole) == (share > bound.share if strict else share >= bound.share)
    least = bound.least(whole)
    assert bound.met(least, whole) and not (least and bound.met(least - 1, whole))


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        (th.MORE_THAN_HALF, "过半数"),
        (th.HALF, "二分之一以上"),
        (th.TWO_THIRDS, "三分之二以上"),
        (th.MORE_THAN_TWO_THIRDS, "超过三分之二"),
        (th.THREE_QUARTERS, "四分之三以上"),
        (th.ALL, "全部"),
        (th.Bound(Fraction(51, 100)), "100 分之 51以上"),
    ],
)
def test_bounds_have_words(bound, words):
    assert bound.words == words


def test_nobody_meets_nothing():
    assert not th.HALF.met(0, 0)
    empty = th.Check("同意", 0, 0, th.HALF)
    assert not empty.met and "没有可以计算的基数" in empty.sentence and th.percent(0, 0) == "0%"


def test_percentages_are_cut():
    assert th.percent(2, 3) == "66.66%"
    assert th.percent(1, 2) == "50%"
    assert th.percent(1, 40) == "2.5%"


@pytest.mark.parametrize(
    ("base", "yes", "no", "abstain", "wanted"),
    [
        ("present", 5, 4, 1, "failed"),
        ("present", 6, 4, 0, "passed"),
        ("votes", 5, 4, 1, "passed"),
        ("votes", 0, 0, 9, "failed"),
        ("all", 9, 0, 0, "failed"),
        ("all", 11, 0, 0, "passed"),
    ],
)
def test_the_base_is_stated(base, yes, no, abstain, wanted):
    found = th.majority(yes=yes, no=no, abstain=abstain, everybody=20, base=base)
    assert found.outcome == wanted
    assert found.page in ("通过", "未通过")


def test_a_vote_without_quorum_is_none():
    found = th.majority(yes=9, no=0, everybody=20, attend=th.MORE_THAN_HALF, law="本会章程第五条")
    assert found.outcome == "no-quorum" and not found.passed
    assert found.minutes.startswith("依据本会章程第五条，结果：参加的不够，表决无效。")
    assert "参加 9 人，占 20 人的 45%；要求过半数（至少 11 人），未达到，还差 2 人。" in found.notice
    assert th.majority(yes=9, no=2, everybody=20, attend=th.MORE_THAN_HALF).outcome == "passed"


def test_high_majorities():
    assert not th.majority(yes=7, no=3, everybody=10, bound=th.THREE_QUARTERS).passed
    assert th.majority(yes=6, no=2, everybody=10, bound=th.THREE_QUARTERS).passed


def test_unanimity_names_who_is_missing():
    decision, missing = th.unanimity(["甲", "丙"], ["甲", "乙", "丙"], law="民法典第二百七十九条")
    assert (decision.outcome, missing) == ("failed", ["乙"])
    assert th.unanimity(["甲"], ["甲"])[0].passed
    with pytest.raises(ValueError, match="不在应当同意的人里"):
        th.unanimity(["丁"], ["甲"])


def test_seat_shares():
    seats = {"1": "企业", "2": "居民", "3": "居民", "4": "居民", "5": "物业"}
    owed, most = th.seat_shares(
        seats, [th.SeatShare("企业", Fraction(1, 5)), th.SeatShare("物业", Fraction(1, 10), most=True)]
    )
    assert owed.met and not most.met and most.missing == 1
    assert th.seats_owed(7, Fraction(1, 3)) == 3


def test_counts_that_cannot_be():
    with pytest.raises(ValueError, match="不能小于零"):
        th.majority(yes=-1, no=0, everybody=2)
    with pytest.raises(ValueError, match="不能多于"):
        th.majority(yes=2, no=1, everybody=2)
    with pytest.raises(ValueError, match="不能多于"):
        th.quorum(3, 2)
