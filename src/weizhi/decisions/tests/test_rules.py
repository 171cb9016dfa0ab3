"""The count as a pure function: LAW.md's table with the charter's own rules, polls, rankings, ties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.charters.loading import load
from weizhi.decisions.choices import Option, Paper, with_follow, yes_no
from weizhi.decisions.rules import Counted, Counting, Line, Said, count
from weizhi.decisions.wording import notice_of, page_of
from weizhi.methods.owners import OwnersRule, Unit, owners_vote
from weizhi.methods.owners import Paper as OwnersPaper

RULES = load("base").rules
SPECIAL, ORDINARY = RULES["owners-special"], RULES["owners-ordinary"]
COLOURS = Paper("choice", (Option("1", "红"), Option("2", "黄"), Option("3", "蓝")))
ORDER = Paper("ranking", COLOURS.options, 3)


def homes(many, head="", start=0, area=10_000):
    return [Line(f"h{n}", head or f"o{n}", area) for n in range(start, start + many)]


def say(choice, *numbers, **rest):
    return [Said(f"h{n}", (choice,), f"o{n}", **rest) for n in numbers]


@pytest.mark.parametrize(
    ("rule", "yes", "present", "wanted"),
    [
        (SPECIAL, 6, 8, "passed"), (SPECIAL, 5, 8, "failed"), (ORDINARY, 4, 8, "failed"), (ORDINARY, 5, 8, "passed"),
        (ORDINARY, 7, 7, "no-quorum"), (SPECIAL, 7, 7, "no-quorum"),
    ],
)  # fmt: skip
def test_boundaries(rule, yes, present, wanted):
    said = say("yes", *range(yes)) + say("no", *range(yes, present))
    assert count(yes_no(), rule, homes(12), said).outcome == wanted


def test_one_owner_with_five_of_twelve():
    roll = homes(5, "big") + homes(7, start=5)
    both = count(yes_no(), ORDINARY, roll, say("yes", *range(10)))
    assert (both.roll.heads, both.present.heads, both.outcome) == (8, 6, "passed")
    without = count(yes_no(), ORDINARY, roll, say("yes", *range(5, 12)))
    assert (without.present.heads, without.present.area, without.outcome) == (7, 70_000, "no-quorum")


def test_a_developer_with_forty_unsold():
    roll = homes(40, "developer") + homes(60, start=40)
    silent = count(yes_no(), ORDINARY, roll, say("yes", *range(40, 100)))
    assert (silent.roll.heads, silent.outcome) == (61, "no-quorum")
    against = say("no", *range(40)) + say("yes", *range(40, 100))
    assert count(yes_no(), SPECIAL, roll, against).outcome == "failed"
    assert count(yes_no(), ORDINARY, roll, against).outcome == "passed"


def test_abstention_and_silence():
    said = say("yes", *range(4)) + say("no", 4, 5)
    assert count(yes_no(), ORDINARY, homes(9), said + say("abstain", 6, 7, 8)).outcome == "failed"
    assert count(yes_no(), ORDINARY, homes(9), said).outcome == "passed"


def test_parking():
    spaces = [Line(f"p{n}", f"outsider{n}", 1_300, "parking") for n in range(6)]
    said = say("yes", *range(4))
    assert count(yes_no(), ORDINARY, homes(6) + spaces, said, Counting(parking=False)).outcome == "passed"
    counted = count(yes_no(), ORDINARY, homes(6) + spaces, said, Counting(parking=True))
    assert (counted.roll.heads, counted.outcome) == (12, "no-quorum")


def test_followers_and_delivered_silence():
    roll = [Line("h0", "o0", 60_000), *homes(6, start=1)]
    said = say("yes", 0) + say("no", 1, 2) + say("follow", 3, 4, 5, 6)
    split = count(with_follow(yes_no()), ORDINARY, roll, said, Counting(follow=True))
    assert (split.outcome, split.sides["abstain"].heads, len(split.counted)) == ("failed", 4, 7)
    silence = Counting(silence="majority")
    given_out = count(yes_no(), ORDINARY, homes(6), say("yes", 0, 1), silence, delivered={"h2", "h3"})
    assert (given_out.outcome, given_out.present.heads, len(given_out.counted)) == ("passed", 4, 2)
    assert count(yes_no(), ORDINARY, homes(6), say("yes", 0, 1), silence).outcome == "no-quorum"
    assert count(yes_no(), ORDINARY, homes(6), say("yes", 0, 1), delivered={"h2", "h3"}).outcome == "no-quorum"


def test_co_owners():
    two = [Said("h0", ("yes",), "jia"), Said("h0", ("no",), "yi")]
    unnamed = count(yes_no(), ORDINARY, homes(2), two + say("yes", 1))
    assert (unnamed.present.heads, unnamed.outcome) == (1, "no-quorum")
    assert unnamed.aside == (("h0", "共有人意见不一，又没有书面推选代表"),)
    named = [Line("h0", "o0", 10_000, person="yi"), *homes(1, start=1)]
    spoken = count(yes_no(), ORDINARY, named, two + say("yes", 1))
    assert (spoken.sides["no"].heads, spoken.counted) == (1, {("h0", "yi"), ("h1", "o1")})
    agreed = count(yes_no(), ORDINARY, homes(2), [two[0], Said("h0", ("yes",), "yi"), *say("yes", 1)])
    assert (agreed.outcome, agreed.counted) == ("passed", {("h0", "jia"), ("h1", "o1")})


def test_unsigned_papers_of_a_delegate():
    said = say("yes", *range(3, 20)) + say("yes", 0, 1, 2, signed=False)
    found = count(yes_no(), ORDINARY, homes(20), said)
    assert (found.present.heads, len(found.aside)) == (17, 3)


@pytest.mark.parametrize("paper", [COLOURS, ORDER])
def test_of_one_home_with_two_owners_a_poll_hears_one_thing_or_nothing(paper):
    """Both chose what did not win: as “no” they would agree, and the home would stand behind two options."""
    said = [Said("h0", ("2",), "jia"), Said("h0", ("3",), "yi"), *say("1", 1, 2)]
    found = count(paper, None, homes(3), said)
    assert (found.winner, found.present.heads, found.aside[0][0]) == ("1", 2, "h0")
    assert [found.sides[key].heads for key in "123"] == [2, 0, 0]


def test_a_poll_counts_heads_and_no_unsigned_paper_leads():
    roll = homes(3, "big") + homes(2, start=3)
    said = say("1", 0, 1, 2) + say("2", 3, 4)
    found = count(COLOURS, None, roll, said)
    assert (found.winner, found.ranking) == ("2", (("2", 2), ("1", 1), ("3", 0)))
    assert (found.sides["1"].heads, found.sides["1"].area) == (1, 30_000)
    assert page_of(found, COLOURS) == "“黄”最多，2 人"
    unsigned = count(COLOURS, None, homes(3), say("1", 0) + say("2", 1, 2, signed=False))
    assert unsigned.winner == "1"


def test_a_tie_has_no_winner_and_says_so():
    found = count(COLOURS, None, homes(4), say("1", 0) + say("3", 1))
    assert (found.winner, found.tied) == ("", ("1", "3"))
    assert page_of(found, COLOURS) == "“红”、“蓝”并列最多，各 1 人"
    assert count(COLOURS, RULES["residents-meeting"], homes(2), say("1", 0) + say("3", 1)).outcome == "failed"
    nobody = count(COLOURS, None, homes(2), [])
    assert (page_of(nobody, COLOURS), nobody.tied) == ("没有人参加", ())


def test_a_ranking_by_points():
    said = [Said("h0", ("1", "2", "3")), Said("h1", ("2", "3", "1")), Said("h2", ("2",))]
    found = count(ORDER, None, homes(3), said)
    assert found.ranking == (("2", 5), ("1", 2), ("3", 1))
    assert (page_of(found, ORDER), found.sides["2"].heads) == ("“黄”最多，5 分", 2)


def test_a_poll_of_yes_and_no_neither_passes_nor_fails():
    found = count(yes_no(), None, homes(3), say("yes", 0, 1) + say("no", 2))
    assert page_of(found, yes_no()) == "同意 2 人，反对 1 人，弃权 0 人"
    assert "通过" not in notice_of(found, yes_no())


def test_a_home_without_area_counts_by_heads_and_is_refused_by_area():
    roll = [Line("h0", "o0", 0), Line("h1", "o1", 9_000)]
    assert count(yes_no(), RULES["residents-meeting"], roll, say("yes", 0, 1)).present.heads == 2
    with pytest.raises(ValueError, match="没有面积"):
        count(yes_no(), ORDINARY, roll, [])


WORLD = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 400)), min_size=1, max_size=8)
SIDE = st.sampled_from(["yes", "no", "abstain", None])


@given(WORLD, st.data(), st.sampled_from([(SPECIAL, 7), (ORDINARY, 9)]))
def test_the_charters_rules_say_what_the_law_says(world, data, rule):
    sides = [data.draw(SIDE) for _ in world]
    lines = [Line(f"h{n}", f"o{head}", area) for n, (head, area) in enumerate(world)]
    units = [Unit(f"h{n}", f"o{head}", area) for n, (head, area) in enumerate(world)]
    said = [Said(f"h{n}", (side,), "x") for n, side in enumerate(sides) if side]
    papers = [OwnersPaper(f"h{n}", side) for n, side in enumerate(sides) if side]
    ours: Counted = count(yes_no(), rule[0], lines, said)
    law = owners_vote(OwnersRule(rule[1]), units, papers)
    assert (ours.outcome, ours.present, ours.sides["yes"]) == (law.outcome, law.present, law.yes)
    assert len(ours.counted) == len(said)
