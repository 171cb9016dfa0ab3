"""Seats: what a charter's own shares change, how ties are settled, ways of nomination, what the checker sees."""

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from weizhi.charters import loading
from weizhi.charters.loading import parse_text
from weizhi.charters.nominating import Way, way_of
from weizhi.decisions.counting_seats import one_a_line
from weizhi.decisions.kinds.elect import Elect
from weizhi.decisions.models import Entitlement, Envelope
from weizhi.methods import owners
from weizhi.methods.elections.committee import CommitteeRule, first_round, run_off
from weizhi.methods.thresholds import Bound

THREE = ["甲", "乙", "丙"]
TIED = [["甲", "乙"], ["甲", "丙"], ["甲", "乙"], ["甲", "丙"]]
MOST = Bound(Fraction(0), strict=True)


@pytest.mark.parametrize(
    ("tie", "elected", "left"), [("run-off", ("甲",), 1), ("fewer-seats", ("甲",), 0), ("lot", ("甲", "丙"), 0)]
)
def test_a_tie_at_the_last_seat_is_settled_as_the_rule_says(tie, elected, left):
    rule = CommitteeRule("electors", 2, tie=tie, lot=("丙", "乙", "甲"), elected=Bound(Fraction(1, 2)))
    found = first_round(rule, 4, THREE, TIED)
    assert found.elected == elected and found.open_seats == left
    assert any("同为 2 票" in note for note in found.notes)


def test_seats_that_a_tie_leaves_empty_are_not_voted_again_unless_nobody_was_elected():
    rule = CommitteeRule("electors", 2, tie="fewer-seats")
    found = first_round(rule, 4, THREE, TIED)
    assert (found.outcome, found.vacant, found.candidates_next) == ("run-off", 0, ("乙", "丙")), "too few votes: again"
    rule = CommitteeRule("electors", 2, tie="fewer-seats", elected=Bound(Fraction(1, 2)))
    found = first_round(rule, 4, THREE, TIED)
    assert (found.outcome, found.elected, found.vacant, found.candidates_next) == ("filled", ("甲",), 1, ())
    assert "名额空缺" in found.notice and "另行选举" not in found.notice
    one_seat = CommitteeRule("electors", 1, tie="fewer-seats", elected=Bound(Fraction(1, 2)))
    nobody = first_round(one_seat, 2, ["甲", "乙"], [["甲"], ["乙"]])
    assert (nobody.outcome, nobody.elected, nobody.vacant) == ("run-off", (), 0), "a body of nobody is none"


def test_a_charter_may_ask_for_other_shares_than_the_law():
    few = [["甲"], ["甲"]]
    assert first_round(CommitteeRule("electors", 1), 9, ["甲", "乙"], few).outcome == "void"
    own = CommitteeRule("electors", 1, attend=Bound(Fraction(1, 5)))
    assert first_round(own, 9, ["甲", "乙"], few).elected == ("甲",)
    nobody_asked = CommitteeRule("electors", 1, attend=None)
    found = first_round(nobody_asked, 9, ["甲", "乙"], few)
    assert found.attend is None and found.outcome == "filled"


def test_of_owners_who_differ_no_paper_elects_unless_they_named_one():
    """As LAW.md §1 has it of every vote: one home, two papers."""
    yi, jia, far = uuid4(), uuid4(), uuid4()
    home = Entitlement(id=uuid4(), n=1, kind="home", head="a+b", label="1")
    other = Entitlement(id=uuid4(), n=2, kind="home", head="c", label="2", person_id=far)

    def said(line, person, *choice, **rest):
        return Envelope(entitlement=line, voice=f"person:{person}", **rest), choice

    theirs = [said(home, yi, "1"), said(home, jia, "2"), said(other, far, "1", signed=False)]
    assert one_a_line([home, other], theirs, secret=False) == (
        [], [["2", "没有签名"], ["1", owners.DISAGREED]],
    )  # fmt: skip
    spoke, aside = one_a_line([home], [said(home, yi, "1"), said(home, jia, "1")], secret=False)
    assert ([choice for _one, choice in spoke], aside) == ([("1",)], [])
    home.person_id = jia
    spoke, aside = one_a_line([home], theirs[:2], secret=True)
    assert ([choice for _one, choice in spoke], aside) == ([("2",)], [])


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


def test_next_in_line_is_who_reached_the_share_and_found_no_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    standings = [("1", "甲", True), ("2", "乙", False), ("3", "丙", False)]
    result = {
        "checks": [{"name": "参加投票的选民", "met": True}]
        + [{"name": name, "met": name != "丙"} for _key, name, _elected in standings],
        "standings": [{"key": key, "name": name, "elected": elected} for key, name, elected in standings],
    }
    people = {key: uuid4() for key, _name, _elected in standings}
    found = [SimpleNamespace(number=int(key), person_id=pk) for key, pk in people.items()]
    monkeypatch.setattr(Elect, "_vote", lambda *_asked: SimpleNamespace(result=result))
    monkeypatch.setattr("weizhi.decisions.candidates.standing", lambda *_asked: found)
    monkeypatch.setattr("weizhi.decisions.candidates.nominations_of", lambda *_asked: "nominate")
    assert Elect().reserve(None, SimpleNamespace(key="ballot")) == [people["2"]]  # type: ignore[arg-type]  # stand-ins
