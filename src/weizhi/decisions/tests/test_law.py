"""The table of LAW.md §1 through the doors of the box: real rolls, ballots on paper and by phone, the count."""

from collections.abc import Callable

import pytest

from weizhi.decisions.models import Ballot, Vote
from weizhi.decisions.tests.homes import Estate, estate

__all__ = ["estate"]


def sums(vote: Vote, *names: str) -> list[tuple[int, int]]:
    rows = {**vote.result["sides"], "roll": vote.result["roll"], "present": vote.result["present"]}
    return [(rows[name]["heads"], rows[name]["area"]) for name in names]


@pytest.mark.parametrize(
    ("kind", "yes", "present", "outcome"),
    [
        ("special", 6, 8, "passed"), ("special", 5, 8, "failed"), ("ordinary", 4, 8, "failed"),
        ("ordinary", 5, 8, "passed"), ("ordinary", 7, 7, "no-quorum"), ("special", 7, 7, "no-quorum"),
    ],
)  # fmt: skip
def test_boundaries_of_twelve_equal_homes(estate: Estate, kind: str, yes: int, present: int, outcome: str):
    estate.homes(12)
    vote = estate.open(kind)
    for n in range(1, present + 1):
        estate.cast(vote, f"o{n}", "yes" if n <= yes else "no")
    assert estate.close(vote).outcome == outcome
    assert sums(vote, "roll", "present", "yes") == [(12, 120_000), (present, present * 10_000), (yes, yes * 10_000)]
    assert "《民法典》第 278 条" in vote.result["minutes"]


def test_all_homes_of_one_owner_are_one_head(estate: Estate):
    estate.homes(5, "big")
    estate.homes(7, start=6)
    both, without = estate.open("ordinary"), estate.open("ordinary")
    for n in range(1, 6):
        estate.cast(both, "big", "yes", home=str(n))
    for n in range(6, 11):
        estate.cast(both, f"o{n}", "yes")
    for n in range(6, 13):
        estate.cast(without, f"o{n}", "yes")
    assert estate.close(both).outcome == "passed"
    assert sums(both, "roll", "present") == [(8, 120_000), (6, 100_000)]
    assert estate.close(without).outcome == "no-quorum"
    assert sums(without, "present") == [(7, 70_000)]
    met = {check["unit"]: check["met"] for check in without.result["checks"][:2]}
    assert met == {"人": True, "平方米": False}


def test_what_the_developer_has_not_sold_is_one_head(estate: Estate):
    estate.homes(40, "developer")
    estate.homes(60, start=41)
    silent, against = estate.open("ordinary"), estate.open("special")
    estate.all_say(silent, "yes", range(41, 101))
    estate.all_say(against, "yes", range(41, 101))
    estate.all_say(against, "no", range(1, 41))
    assert (estate.close(silent).outcome, sums(silent, "roll")[0][0]) == ("no-quorum", 61)
    assert (estate.close(against).outcome, sums(against, "yes", "no")) == ("failed", [(60, 600_000), (1, 400_000)])


def test_an_abstention_takes_part_and_silence_does_not(estate: Estate):
    estate.homes(9)
    spoken, silent = estate.open("ordinary"), estate.open("ordinary")
    for vote in (spoken, silent):
        estate.all_say(vote, "yes", range(1, 5))
        estate.all_say(vote, "no", range(5, 7))
    estate.all_say(spoken, "abstain", range(7, 10))
    assert (estate.close(spoken).outcome, estate.close(silent).outcome) == ("failed", "passed")


def test_parking_counts_only_where_a_local_rule_says_so(estate: Estate):
    estate.homes(6)
    for n in range(1, 7):
        estate.home(f"p{n}", f"outsider{n}", area=1_300, kind="parking")
    without, counted = estate.open("ordinary"), estate.open("parking")
    for vote in (without, counted):
        estate.all_say(vote, "yes", range(1, 5))
    assert (estate.close(without).outcome, sums(without, "roll")) == ("passed", [(6, 60_000)])
    assert (estate.close(counted).outcome, sums(counted, "roll")) == ("no-quorum", [(12, 67_800)])


def test_followers_abstain_where_area_and_heads_differ(estate: Estate):
    estate.home("1", "o1", area=60_000)
    estate.homes(6, start=2)
    vote = estate.open("follow")
    assert [option["title"] for option in vote.brief["options"]] == ["同意", "反对", "弃权", "随多数"]
    estate.cast(vote, "o1", "yes")
    estate.all_say(vote, "no", (2, 3))
    for n in range(4, 8):
        estate.cast(vote, f"o{n}", "follow")
    assert estate.close(vote).outcome == "failed"
    assert sums(vote, "yes", "no", "abstain") == [(1, 60_000), (2, 20_000), (4, 40_000)]
    assert Ballot.objects.filter(vote=vote).count() == 7


def test_owners_of_one_home_who_disagree_take_no_part_unless_they_named_one(estate: Estate):
    from weizhi.decisions.actions.name_speaker import name_speaker

    estate.home("1", "jia", "yi")
    estate.home("2", "o2")
    unnamed, named = estate.open("ordinary"), estate.open("ordinary")
    for vote in (unnamed, named):
        estate.cast(vote, "jia", "yes")
        estate.cast(vote, "yi", "no")
        estate.cast(vote, "o2", "yes")
    name_speaker(
        named.pk, estate.line(named, "1"), estate.people["jia"], by=estate.people["wang"], proxy=False,
        evidence="推选书 1", at=estate.later(),
    )  # fmt: skip
    assert (estate.close(unnamed).outcome, sums(unnamed, "present")) == ("no-quorum", [(1, 10_000)])
    assert unnamed.result["aside"] == [["1", "共有人意见不一，又没有书面推选代表"]]
    assert (estate.close(named).outcome, sums(named, "yes")) == ("passed", [(2, 20_000)])
    assert Ballot.objects.filter(vote=named).count() == 2


def test_twenty_papers_of_a_delegate_three_of_them_unsigned(estate: Estate):
    estate.homes(20)
    vote = estate.open("ordinary")
    for n in range(1, 21):
        estate.paper(vote, str(n), "yes", is_signed=n > 3)
    assert estate.close(vote).outcome == "passed"
    assert (sums(vote, "present"), len(vote.result["aside"])) == ([(17, 170_000)], 3)


def test_an_owner_of_three_homes_with_a_proxy_an_own_word_and_a_paper(estate: Estate):
    """Area and heads exact: the proxy's home 1 he overrules himself, home 2 he says by phone and again on paper."""
    from weizhi.decisions.actions.name_speaker import name_speaker

    estate.homes(3, "big")
    estate.homes(3, start=4)
    vote = estate.open("ordinary")
    name_speaker(
        vote.pk, estate.line(vote, "1"), estate.people["o4"], by=estate.people["wang"], evidence="委托书 1",
        at=estate.later(),
    )  # fmt: skip
    estate.cast(vote, "o4", "no", home="1")
    estate.cast(vote, "big", "yes", home="1")
    estate.cast(vote, "big", "no", home="2")
    estate.paper(vote, "2", "yes")
    estate.cast(vote, "big", "yes", home="3")
    estate.cast(vote, "o4", "no", home="4")
    estate.cast(vote, "o5", "yes")
    assert estate.close(vote).outcome == "passed"
    assert sums(vote, "roll", "present", "yes", "no") == [(4, 60_000), (3, 50_000), (2, 40_000), (1, 10_000)]
    assert vote.result["channels"] == {"paper": 1, "phone": 4}


Change = Callable[[Estate], None]


def _sells(estate: Estate) -> None:
    from weizhi.people.models import Residence

    Residence.objects.filter(household=estate.places["1"]).update(until=estate.now)
    estate.lives("1", "buyer")


def _grows(estate: Estate) -> None:
    estate.places["2"].area_cm2 = 90_000
    estate.places["2"].save(update_fields=["area_cm2"])


@pytest.mark.parametrize("change", [_sells, _grows])
def test_a_sale_or_a_new_measure_during_an_open_vote_changes_nothing(estate: Estate, change: Change):
    estate.homes(3)
    vote = estate.open("ordinary")
    change(estate)
    estate.cast(vote, "o1", "yes")
    estate.cast(vote, "o2", "yes")
    assert estate.close(vote).outcome == "passed"
    assert sums(vote, "roll", "present") == [(3, 30_000), (2, 20_000)]
