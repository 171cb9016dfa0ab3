"""Secret papers: who handed one in stands on the roll, what they say is nobody's; read by two, counted together."""

from datetime import timedelta
from typing import Any

import pytest

from weizhi.decisions.actions.empty_urn import empty_urn
from weizhi.decisions.actions.enter_paper import Reading, enter_paper
from weizhi.decisions.actions.hand_in import hand_in
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.actions.read_urn import UrnSaid, read_urn
from weizhi.decisions.actions.record_ballot import record_ballot
from weizhi.decisions.checking import faults
from weizhi.decisions.models import Ballot, Envelope, Receipt, Spoken, UrnPaper, UrnReading, Vote
from weizhi.decisions.paper_numbers import is_printed, new_number, plain, shown
from weizhi.decisions.recount import recount
from weizhi.decisions.recount_kinds import check_urn
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.decisions.tests.urned import (
    both_read,
    line_of,
    marked,
    number,
    read_out,
    reads,
    second_clerk,
    secret_vote,
    time_is_over,
)
from weizhi.decisions.tests.voted import published
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.record.models import Delivery, Entry

__all__ = ["estate"]


@pytest.fixture
def vote(estate: Estate) -> Vote:
    return secret_vote(estate)


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}:")


def recounted(vote: Vote) -> str:
    assert check_urn, "put into the program"
    return "\n".join(recount(published(vote)))


def test_envelopes_and_papers_are_counted_together(estate: Estate, vote: Vote):
    """Three by phone, four papers of which one is blank; one of the four had voted by phone before."""
    for n, choice in ((1, "yes"), (2, "no"), (3, "yes"), (4, "no")):
        estate.cast(vote, f"o{n}", choice)
    mark = marked(estate, vote, "o4")
    assert mark.changed
    told = Entry.objects.get(stream=vote.matter.stream_id, verb="paper-replaces")
    assert {str(one.to) for one in Delivery.objects.filter(entry=told)} == {str(estate.people["o4"])}
    assert "o4" not in str(told.public), "the story does not say who"
    for n in (5, 6, 7):
        marked(estate, vote, f"o{n}")
    assert list(faults(vote, [mark.receipt])) == []
    # Whoever had not voted is told too: a clerk who marks lines that stayed away does not do it unseen.
    first = Entry.objects.filter(stream=vote.matter.stream_id, verb="paper-marked").order_by("n")[0]
    assert {str(one.to) for one in Delivery.objects.filter(entry=first)} == {str(estate.people["o5"])}
    assert "o5" not in str(first.public)
    time_is_over(estate, vote)
    assert vote.counted_at is None, "the urn is read first"
    for n, choice in ((1, "yes"), (2, "yes"), (3, "abstain")):
        both_read(estate, vote, n, choice)
    paper = both_read(estate, vote, 4, blank=True)
    assert list(faults(vote, [mark.receipt, paper])) == []
    read_out(estate, vote)
    assert {side: one["heads"] for side, one in vote.result["sides"].items()} == {"yes": 4, "no": 1, "abstain": 1}
    assert vote.outcome == "passed" and vote.result["channels"] == {"paper": 3, "phone": 3}
    assert vote.result["urn"] == {
        "marked": 4, "found": 4, "counted": 3, "blank": 1, "spoilt": 0, "once": 0, "broken": 0, "why": "",
    }  # fmt: skip
    assert dict(Receipt.objects.values_list("hash", "state"))[mark.receipt] == "urn"
    assert Receipt.objects.get(pk=paper).state == "aside"
    assert Ballot.objects.filter(vote=vote).count() == 6
    assert not UrnReading.objects.exists() and set(UrnPaper.objects.values_list("sealed", flat=True)) == {None}
    assert list(faults(vote)) == []
    assert "名册上记了 4 位交纸票，票箱里读出 4 张" in recounted(vote)


def test_after_a_paper_nothing_changes_any_more(estate: Estate, vote: Vote):
    marked(estate, vote, "o1")
    with refused("meanwhile"):
        estate.cast(vote, "o1", "yes")
    with refused("meanwhile"):
        marked(estate, vote, "o1")
    first, told = marked(estate, vote, "o2", key="k"), Entry.objects.filter(verb="paper-marked")
    before = told.count()
    assert marked(estate, vote, "o2", key="k").receipt == first.receipt, "sent again"
    assert told.count() == before == 2, "and told once"


@pytest.mark.parametrize("channel", ["telephone", "door", "meeting", "proxy", "paper"])
def test_nobody_writes_down_what_somebody_chose(estate: Estate, vote: Vote, channel: str):
    wang, line = estate.people["wang"], line_of(estate, vote, "o1")
    with refused("not-yours"):
        record_ballot(
            vote.pk, ["yes"], by=wang, entitlement=line, channel=channel, evidence="录音 1", at=estate.later()
        )  # fmt: skip
    with refused("not-yours"):
        enter_paper(vote.pk, Reading(("yes",)), by=wang, entitlement=line, at=estate.later())
    assert not Envelope.objects.exists()


def test_who_may_mark_what(estate: Estate, vote: Vote):
    wang = estate.people["wang"]
    with refused("not-yours"):
        marked(estate, vote, "o1", by=estate.people["o2"])
    with refused("bad-data"):
        hand_in(vote.pk, entitlement=vote.pk, by=wang, at=estate.later())
    with refused("bad-data"):  # no authority on file
        marked(estate, vote, "o1", proxy=True)
    for whose, proxy in (("o1", "o2"), ("o3", "o4")):
        line, person = line_of(estate, vote, whose), estate.people[proxy]
        name_speaker(vote.pk, line, person, by=wang, evidence="委托书", at=estate.later())
    marked(estate, vote, "o1", proxy=True)
    with refused("meanwhile"):  # the paper that the proxy brought lies in the urn
        estate.cast(vote, "o1", "yes")
    estate.cast(vote, "o3", "yes")
    with refused("meanwhile"):  # an own word stands over a proxy's paper
        marked(estate, vote, "o3", proxy=True)
    with refused("closed"):
        marked(estate, vote, "o5", at=vote.closes_at)


def test_a_named_vote_has_no_urn(estate: Estate):
    estate.homes(3)
    vote = estate.open("ordinary")
    with refused("bad-data"):
        marked(estate, vote, "1")
    with refused("bad-data"):
        reads(estate, vote, 1, "yes")


def test_a_home_of_several_owners_hands_in_one_paper_and_nothing_beside_it(estate: Estate):
    """Nobody can compare an anonymous paper with what the other owner said."""
    estate.home("1", "jia", "yi")
    estate.home("2", "bing", "ding")
    second_clerk(estate)
    vote = estate.open("owners-in-secret")
    with refused("bad-data"):
        marked(estate, vote, "1")
    marked(estate, vote, "1", of=estate.people["jia"])
    with refused("meanwhile"):
        estate.cast(vote, "yi", "yes")
    with refused("meanwhile"):
        marked(estate, vote, "1", of=estate.people["yi"])
    estate.cast(vote, "bing", "yes")
    with refused("meanwhile"):
        marked(estate, vote, "2", of=estate.people["ding"])
    line, ding = line_of(estate, vote, "2"), estate.people["ding"]
    name_speaker(vote.pk, line, ding, by=estate.people["wang"], proxy=False, evidence="推选书", at=estate.later())
    marked(estate, vote, "2", of=ding)
    time_is_over(estate, vote)
    both_read(estate, vote, 1, "no")
    both_read(estate, vote, 2, "no")
    second = Envelope.objects.get(voice=f"person:{estate.people['bing'].pk}").receipt
    read_out(estate, vote)
    assert {side: one["heads"] for side, one in vote.result["sides"].items()} == {"yes": 0, "no": 2, "abstain": 0}
    assert Receipt.objects.get(pk=second).state == "aside", "the one whom the owners named stands"


@pytest.mark.parametrize("chosen_first", [True, False])
def test_a_home_whose_chosen_owner_hands_in_a_paper_is_counted_once_however_few_papers_are_found(
    estate: Estate, chosen_first: bool
):
    """The other owner had voted by phone; the paper of the chosen one is lost. It was counted as two, and refused."""
    for n in range(1, 6):
        estate.home(f"{n}", f"a{n}", f"b{n}")
    second_clerk(estate)
    vote = estate.open("owners-in-secret")
    if not chosen_first:
        estate.cast(vote, "b1", "yes")
    line, chosen = line_of(estate, vote, "1"), estate.people["a1"]
    name_speaker(vote.pk, line, chosen, by=estate.people["wang"], proxy=False, evidence="推选书", at=estate.later())
    if chosen_first:
        estate.cast(vote, "b1", "yes")
    marked(estate, vote, "1", of=chosen)
    time_is_over(estate, vote)
    read_out(estate, vote, why="找不到")
    assert vote.result["urn"]["marked"] == 1 and vote.result["channels"] == {}
    assert Spoken.objects.count() == 1
    assert set(Receipt.objects.values_list("state", flat=True)) == {"urn", "aside"}


def test_two_who_read_it_out_before_the_timer_open_it_themselves(estate: Estate, vote: Vote):
    for n in range(1, 5):
        estate.cast(vote, f"o{n}", "yes")
    marked(estate, vote, "o5")
    estate.now = vote.closes_at
    both_read(estate, vote, 1, "no")
    read_out(estate, vote)
    assert vote.result["sides"]["no"]["heads"] == 1
    assert Step.objects.get(pk=vote.step_id).closed_at is not None
    assert not Entry.objects.filter(stream=vote.matter.stream_id, verb="urn-opened").exists()


def test_the_urn_stays_closed_until_the_time_is_over(estate: Estate, vote: Vote):
    marked(estate, vote, "o1")
    with refused("not-yet"):
        reads(estate, vote, 1, "yes")
    with refused("not-yet"):
        empty_urn(vote.pk, by=estate.people["wang"], at=estate.later())
    time_is_over(estate, vote)
    step = Step.objects.get(pk=vote.step_id)
    assert step.closed_at is None and step.due == vote.closes_at + timedelta(days=3)
    assert Entry.objects.get(stream=vote.matter.stream_id, verb="urn-opened").public["papers"] == 1
    assert not Entry.objects.filter(stream=vote.matter.stream_id, verb="overdue").exists()
    with refused("closed"):
        estate.cast(vote, "o2", "yes")


def test_what_two_read_differently_does_not_land(estate: Estate, vote: Vote):
    marked(estate, vote, "o1")
    time_is_over(estate, vote)
    assert not reads(estate, vote, 1, "yes").receipt
    assert not reads(estate, vote, 1, "yes").receipt, "nobody is both"
    assert b"yes" not in bytes(UrnReading.objects.get().sealed)
    other = reads(estate, vote, 1, "no", by="li")
    assert other.others == (("住户wang", UrnSaid(("yes",))),) and not other.receipt
    assert not reads(estate, vote, 1, by="li", spoilt=True).receipt, "spoilt is another reading"
    assert reads(estate, vote, 1, "yes", by="li").receipt and not UrnReading.objects.exists()


def test_what_cannot_be_read(estate: Estate, vote: Vote):
    marked(estate, vote, "o1")
    time_is_over(estate, vote)
    both_read(estate, vote, 1, "yes")
    with refused("meanwhile"):  # it landed
        reads(estate, vote, 1, "yes")
    with refused("not-yours"):
        reads(estate, vote, 2, "yes", by="o1")
    good = number(vote, 2)
    for wrong in ("", "12", good[:-1] + "x", good[:-1] + str((int(good[-1]) + 1) % 10), good + "1"):
        with refused("bad-data"):
            read_urn(vote.pk, UrnSaid(("yes",)), by=estate.people["wang"], number=wrong, at=estate.later())
    for choice in ((), ("yes", "no"), ("maybe",)):
        with refused("bad-data"):
            reads(estate, vote, 3, *choice)


def test_two_say_that_the_urn_is_read_out(estate: Estate, vote: Vote):
    marked(estate, vote, "o1")
    marked(estate, vote, "o2")
    time_is_over(estate, vote)
    both_read(estate, vote, 1, "yes")
    wang, li = estate.people["wang"], estate.people["li"]
    with refused("bad-data"):  # one paper is missing: why?
        empty_urn(vote.pk, by=wang, at=estate.later())
    with refused("not-yours"):
        empty_urn(vote.pk, by=estate.people["o1"], at=estate.later())
    for _again in range(2):
        assert not empty_urn(vote.pk, by=wang, why="一位领了票没有投", at=estate.later()), "nobody is both"
    reads(estate, vote, 2, "no")
    vote.refresh_from_db()
    assert vote.urn == {}, "there was one more"
    assert not empty_urn(vote.pk, by=li, why="第二张只读了一遍", at=estate.later())
    assert empty_urn(vote.pk, by=wang, at=estate.later())
    vote.refresh_from_db()
    assert vote.result["urn"] == {
        "marked": 2, "found": 1, "counted": 1, "blank": 0, "spoilt": 0, "once": 1, "broken": 0,
        "why": "第二张只读了一遍",
    }  # fmt: skip
    assert vote.result["present"]["heads"] == 1
    assert "少 1 张" in recounted(vote)
    with refused("closed"):
        reads(estate, vote, 3, "yes")
    with refused("closed"):
        empty_urn(vote.pk, by=wang, at=estate.later())


def test_a_clock_counts_what_nobody_read(estate: Estate, vote: Vote):
    """The matter cannot lie for ever; what was not read is told."""
    marked(estate, vote, "o1")
    estate.cast(vote, "o2", "yes")
    time_is_over(estate, vote)
    run_due(vote.closes_at + timedelta(days=3, minutes=1))
    vote.refresh_from_db()
    assert (vote.result["urn"]["marked"], vote.result["urn"]["found"]) == (1, 0)
    assert vote.result["present"]["heads"] == 1
    recounted(vote)


def test_more_papers_than_voters_make_the_vote_void(estate: Estate, vote: Vote):
    for n in range(1, 9):
        estate.cast(vote, f"o{n}", "yes")
    marked(estate, vote, "o9")
    time_is_over(estate, vote)
    both_read(estate, vote, 1, "yes")
    both_read(estate, vote, 2, "yes")
    read_out(estate, vote, why="票箱里就是两张")
    assert vote.outcome == "no-quorum" and "多出 1 张" in vote.result["page"]
    assert vote.urn["over"], "what the chip beside the question says"
    assert not Ballot.objects.exists() and not Receipt.objects.filter(state="counted").exists()
    assert "多于" in recounted(vote)


def test_a_number_is_drawn_and_checked_and_belongs_to_one_vote(estate: Estate, vote: Vote):
    drawn = {new_number(vote.pk) for _n in range(200)}
    assert len(drawn) == 200 and all(is_printed(vote.pk, one) for one in drawn)
    other = estate.open("secret")
    assert sum(is_printed(other.pk, one) for one in drawn) < 5
    assert {len(one) for one in drawn} == {16}, "a town prints 100,000: of 9e8 numbers some would come twice"
    one = drawn.pop()
    assert plain(f" {shown(one)} ") == plain(f"https://x/votes/1/urn?paper={one}") == one
    assert plain("１２３４ 5678-9012 3456") == "1234567890123456"
