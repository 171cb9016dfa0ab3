"""Seats: what a charter's own shares change, how ties are settled, ways of nomination, what the checker sees."""

from fractions import Fraction
from pathlib import Path

import pytest

from weizhi.charters import loading
from weizhi.charters.loading import parse_text
from weizhi.charters.nominating import Way, way_of
from weizhi.methods.elections.committee import CommitteeRule, first_round, run_off
from weizhi.methods.thresholds import Bound

THREE = ["甲", "乙", "丙"]
TIED = [["甲", "乙"], ["甲", "丙"], ["甲", "乙"], ["甲", "丙"]]
MOST = Bound(Fraction(0), strict=True)


@pytest.mark.parametrize(
    ("tie", "elected", "left"), [("run-off", ("甲",), 1), ("fewer-seats", ("甲",), 1), ("lot", ("甲", "丙"), 0)]
)
def test_a_tie_at_the_last_seat_is_settled_as_the_rule_says(tie, elected, left):
    rule = CommitteeRule("electors", 2, tie=tie, lot=("丙", "乙", "甲"), elected=Bound(Fraction(1, 2)))
    found = first_round(rule, 4, THREE, TIED)
    assert found.elected == elected and found.open_seats == left
    assert any("同为 2 票" in note for note in found.notes)


def test_a_charter_may_ask_for_other_shares_than_the_law():
    few = [["甲"], ["甲"]]
    assert first_round(CommitteeRule("electors", 1), 9, ["甲", "乙"], few).outcome == "void"
    own = CommitteeRule("electors", 1, attend=Bound(Fraction(1, 5)))
    assert first_round(own, 9, ["甲", "乙"], few).elected == ("甲",)
    nobody_asked = CommitteeRule("electors", 1, attend=None)
    found = first_round(nobody_asked, 9, ["甲", "乙"], few)
    assert found.attend is None and found.outcome == "filled"


def test_exactly_two_thirds_of_the_deputies_are_too_few_and_one_more_is_enough():
    rule = CommitteeRule("deputies", 1)
    assert first_round(rule, 6, ["甲", "乙"], [["甲"]] * 4).outcome == "void"
    assert first_round(rule, 6, ["甲", "乙"], [["甲"]] * 5).elected == ("甲",)


def test_a_run_off_without_a_share_goes_to_whoever_has_most_but_not_to_nobody():
    rule = CommitteeRule("electors", 1, again=None)
    assert run_off(rule, THREE, [["甲"], ["乙"], ["乙"], [], [], [], []]).elected == ("乙",)
    assert run_off(rule, THREE, [[], []]).elected == ()
    assert run_off(CommitteeRule("electors", 1), THREE, [["甲"], ["乙"], ["乙"], [], [], [], []]).elected == ()


def test_a_place_may_let_as_many_stand_as_there_are_seats():
    with pytest.raises(ValueError, match="候选人的名额应当多于应选名额"):
        first_round(CommitteeRule("electors", 1), 2, ["甲"], [["甲"]] * 2)
    assert first_round(CommitteeRule("electors", 1, contested=False), 2, ["甲"], [["甲"]] * 2).elected == ("甲",)


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("by-oneself", Way("by-oneself", "oneself")),
        ("by-ten-electors", Way("by-ten-electors", "electors", 10)),
        ("by-12-electors", Way("by-12-electors", "electors", 12)),
        ("by-party-branch", Way("by-party-branch", "party-branch")),
        ("by-many-electors", None),
        ("by-0-electors", None),
        ("anybody", None),
    ],
)
def test_ways_of_nomination_are_read(kind, way):
    assert way_of(kind) == way


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('"by-ten-electors"', '"by-many-electors"', "看不懂提名方式"),
        ('"by-ten-electors"', '"by-nobody"', "看不懂提名方式"),
        ('seats = "unfilled:ballot"', 'seats = "unfilled:vote"', "不知道选什么"),
        ('mode = "deputies"', 'mode = "households"', "对不上"),
        ('round = "runoff"', 'round = "runoff"\nphone = true', "citation"),
    ],
)
def test_the_checker_sees_an_election_that_cannot_be_held(was, now, said):
    text = (Path(loading.__file__).parent / "library" / "juweihui-xuanju.toml").read_text(encoding="utf-8")
    assert was in text
    found = parse_text(text.replace(was, now), "ours.toml").findings
    assert any(said in finding.message for finding in found), found
