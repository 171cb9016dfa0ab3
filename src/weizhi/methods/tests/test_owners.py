"""LAW.md §1: every case of the table, and brute force on small electorates."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.methods.owners import REGIMES, REGULATION_2018, OwnersRule, Paper, Unit, owners_vote

SPECIAL, ORDINARY = 7, 9


def homes(count, owner=None, area=10_000, start=0):
    return [Unit(f"h{n}", owner or f"o{n}", area) for n in range(start, start + count)]


def papers(choice, *numbers):
    return [Paper(f"h{n}", choice) for n in numbers]


def outcome(rule, roll, cast):
    return owners_vote(rule if isinstance(rule, OwnersRule) else OwnersRule(rule), roll, cast).outcome


@pytest.mark.parametrize(
    ("item", "yes", "present", "wanted"),
    [
        (SPECIAL, 6, 8, "passed"),
        (SPECIAL, 5, 8, "failed"),
        (ORDINARY, 4, 8, "failed"),
        (ORDINARY, 5, 8, "passed"),
        (ORDINARY, 7, 7, "no-quorum"),
        (SPECIAL, 7, 7, "no-quorum"),
    ],
)
def test_boundaries_of_twelve_equal_homes(item, yes, present, wanted):
    assert outcome(item, homes(12), papers("yes", *range(yes)) + papers("no", *range(yes, present))) == wanted


def test_all_homes_of_one_owner_are_one_head():
    roll = homes(5, "big") + homes(7, start=5)
    both = owners_vote(OwnersRule(ORDINARY), roll, papers("yes", *range(10)))
    assert both.electorate.heads == 8 and both.present.heads == 6 and both.outcome == "passed"
    without = owners_vote(OwnersRule(ORDINARY), roll, papers("yes", *range(5, 12)))
    assert (without.present.heads, without.present.area, without.outcome) == (7, 70_000, "no-quorum")
    area, heads = without.decision.checks[:2]
    assert not area.met and heads.met and area.missing == 10_000


def test_the_developers_unsold_homes_are_one_head():
    roll = homes(40, "developer") + homes(60, start=40)
    silent = owners_vote(OwnersRule(ORDINARY), roll, papers("yes", *range(40, 100)))
    assert (silent.electorate.heads, silent.outcome) == (61, "no-quorum")
    against = papers("no", *range(40)) + papers("yes", *range(40, 100))
    assert outcome(SPECIAL, roll, against) == "failed"
    assert outcome(ORDINARY, roll, against) == "passed"


def test_an_abstention_takes_part_and_silence_does_not():
    cast = papers("yes", 0, 1, 2, 3) + papers("no", 4, 5)
    assert outcome(ORDINARY, homes(9), cast + papers("abstain", 6, 7, 8)) == "failed"
    assert outcome(ORDINARY, homes(9), cast) == "passed"
    assert outcome(ORDINARY, homes(9), cast + papers("silent", 6, 7, 8)) == "passed"


def test_parking_counts_only_by_rule():
    spaces = [Unit(f"p{n}", f"outsider{n}", 1_300, "parking") for n in range(6)]
    cast = papers("yes", 0, 1, 2, 3)
    assert outcome(ORDINARY, homes(6) + spaces, cast) == "passed"
    counted = owners_vote(OwnersRule(ORDINARY, parking=True), homes(6) + spaces, cast)
    assert (counted.electorate.heads, counted.outcome) == (12, "no-quorum")


def test_followers_abstain_where_area_and_heads_differ():
    roll = [Unit("h0", "o0", 60_000), *homes(6, start=1)]
    rule = OwnersRule(ORDINARY, follow=True, citation="本市物业管理条例第 40 条")
    cast = papers("yes", 0) + papers("no", 1, 2) + papers("follow", 3, 4, 5, 6)
    split = owners_vote(rule, roll, cast)
    assert (split.followed, split.outcome, split.abstain.heads) == ("abstain", "failed", 4)
    assert "本市物业管理条例第 40 条" in split.minutes


@pytest.mark.parametrize(("first", "wanted"), [("yes", "passed"), ("no", "failed")])
def test_followers_go_with_a_clear_majority(first, wanted):
    rule = OwnersRule(ORDINARY, silence="majority", follow=True, citation="地方规定")
    found = owners_vote(rule, homes(6), papers(first, 0, 1) + papers("follow", 2) + papers("silent", 3, 4))
    assert (found.followed, found.outcome, found.present.heads) == (first, wanted, 5)


def test_follow_is_an_abstention_where_no_rule_allows_it():
    found = owners_vote(OwnersRule(ORDINARY), homes(3), papers("yes", 0) + papers("follow", 1, 2))
    assert (found.abstain.heads, found.followed, found.outcome) == (2, None, "failed")
    with pytest.raises(ValueError, match="citation"):
        OwnersRule(ORDINARY, silence="majority")


def test_co_owners_who_disagree_speak_through_their_representative():
    two = [Paper("h0", "yes", by="甲"), Paper("h0", "no", by="乙")]
    rest = papers("yes", 1)
    unnamed = owners_vote(OwnersRule(ORDINARY), homes(2), two + rest)
    assert (unnamed.present.heads, unnamed.outcome) == (1, "no-quorum")
    assert unnamed.set_aside == (("h0", "共有人意见不一，又没有书面推选代表"),)
    named = [Unit("h0", "o0", 10_000, representative="甲"), *homes(1, start=1)]
    assert owners_vote(OwnersRule(ORDINARY), named, two + rest).yes.heads == 2
    agreeing = [Paper("h0", "yes", by="甲"), Paper("h0", "yes", by="乙")]
    assert owners_vote(OwnersRule(ORDINARY), homes(2), agreeing + rest).yes.heads == 2


def test_unsigned_papers_of_a_delegate_do_not_take_part():
    cast = [Paper(f"h{n}", "yes", by="楼组长", signed=n >= 3) for n in range(20)]
    found = owners_vote(OwnersRule(ORDINARY), homes(20), cast)
    assert found.present.heads == 17 and len(found.set_aside) == 3
    assert "另有 3 张票不计入：h0 没有签名" in found.notice
    assert "同意 17 人、1,700 平方米" in found.minutes


def test_an_owner_of_two_minds_has_one_head_that_abstains():
    found = owners_vote(OwnersRule(ORDINARY), homes(2, "big"), papers("yes", 0) + papers("no", 1))
    assert (found.yes.area, found.yes.heads, found.abstain.heads, found.present.heads) == (10_000, 0, 1, 1)


def test_the_older_regulation_measures_on_everybody():
    rule = OwnersRule(5, REGULATION_2018)
    assert outcome(rule, homes(12), papers("yes", *range(8))) == "passed"
    assert outcome(rule, homes(12), papers("yes", *range(7)) + papers("no", 8, 9)) == "failed"
    assert outcome(OwnersRule(1, REGULATION_2018), homes(12), papers("yes", *range(6))) == "no-quorum"
    assert set(REGIMES) == {"civil-code", "regulation-2018"}


def test_strangers_papers_and_impossible_rolls():
    found = owners_vote(OwnersRule(ORDINARY), homes(1), [*papers("yes", 0), Paper("x9", "yes")])
    assert found.set_aside == (("x9", "不在这次的名册里"),) and found.page == "通过"
    for roll, word in (
        (homes(1) + homes(1), "两次"),
        ([Unit("a", "o", 0)], "没有面积"),
        ([Unit("a", "", 5)], "没有写业主"),
    ):
        with pytest.raises(ValueError, match=word):
            owners_vote(OwnersRule(ORDINARY), roll, [])
    with pytest.raises(ValueError, match="没有第 12 项"):
        OwnersRule(12)
    with pytest.raises(ValueError, match="不认识表决意见"):
        owners_vote(OwnersRule(ORDINARY), homes(1), [Paper("h0", "maybe")])


ROLLS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 400)), min_size=1, max_size=8)


@given(ROLLS, st.data(), st.sampled_from([SPECIAL, ORDINARY]))
@settings(max_examples=300, deadline=None)
def test_small_electorates_by_brute_force(sizes, data, item):
    roll = [Unit(f"h{n}", f"o{owner}", area) for n, (owner, area) in enumerate(sizes)]
    owners = sorted({unit.owner for unit in roll})
    said = data.draw(st.fixed_dictionaries({o: st.sampled_from(["yes", "no", "abstain", None]) for o in owners}))
    cast = [Paper(u.id, said[u.owner]) for u in roll if said[u.owner]]
    area, heads = Fraction(sum(u.area for u in roll)), Fraction(len(owners))
    part_area = Fraction(sum(u.area for u in roll if said[u.owner]))
    part_heads = Fraction(sum(1 for o in owners if said[o]))
    yes_area = Fraction(sum(u.area for u in roll if said[u.owner] == "yes"))
    yes_heads = Fraction(sum(1 for o in owners if said[o] == "yes"))
    if part_area / area < Fraction(2, 3) or part_heads / heads < Fraction(2, 3):
        wanted = "no-quorum"
    elif item == SPECIAL:
        enough = yes_area / part_area >= Fraction(3, 4) and yes_heads / part_heads >= Fraction(3, 4)
        wanted = "passed" if enough else "failed"
    else:
        enough = yes_area / part_area > Fraction(1, 2) and yes_heads / part_heads > Fraction(1, 2)
        wanted = "passed" if enough else "failed"
    found = owners_vote(OwnersRule(item), roll, cast)
    assert found.outcome == wanted
    assert found.decision.passed == (wanted == "passed")
