"""Marks on the roll of a secret vote, corrected by two; and one paper for all homes of one head."""

from typing import Any

import pytest

from weizhi.decisions import urns
from weizhi.decisions.actions.correct_mark import Corrected, Wanted, correct_mark
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.checking import faults
from weizhi.decisions.models import Covered, Entitlement, Envelope, MarkChange, Receipt, TakenBack, Vote
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.decisions.tests.test_urn import recounted, refused
from weizhi.decisions.tests.urned import (
    both_read,
    line_of,
    marked,
    read_out,
    reads,
    second_clerk,
    secret_vote,
    time_is_over,
)
from weizhi.matters.actions.wake import run_due
from weizhi.record.models import Delivery, Entry, Payload

__all__ = ["estate"]
WHY = "签名在 1 号，记到了这一号"


@pytest.fixture
def vote(estate: Estate) -> Vote:
    return secret_vote(estate)


def asks(estate: Estate, vote: Vote, who: str, what: str = "back", by: str = "wang", **more: Any) -> Corrected:
    wanted = Wanted(what, line_of(estate, vote, who), more.pop("why", WHY), **more)
    return correct_mark(vote.pk, wanted, by=estate.people[by], at=estate.later())


def both(estate: Estate, vote: Vote, who: str, what: str = "back", **more: Any) -> Corrected:
    assert not asks(estate, vote, who, what, **more).done
    done = asks(estate, vote, who, what, by="li", **more)
    assert done.done and not MarkChange.objects.exists()
    return done


def sides(vote: Vote) -> dict[str, int]:
    return {side: one["heads"] for side, one in vote.result["sides"].items()}


def told(verb: str) -> set[str]:
    return {str(one.to) for one in Delivery.objects.filter(entry__verb=verb, channel="page")}


def test_a_mark_on_a_wrong_line_is_taken_back_by_two_and_the_vote_by_phone_lies_there_again(estate: Estate, vote: Vote):
    said = estate.cast(vote, "o2", "yes")
    mark = marked(estate, vote, "o2")
    assert Receipt.objects.get(pk=said.receipt).state == "replaced" and Covered.objects.count() == 1
    both(estate, vote, "o2")
    lies = Envelope.objects.get()
    assert (lies.receipt, lies.channel, lies.cast_by) == (said.receipt, "phone", estate.people["o2"])
    assert dict(Receipt.objects.values_list("hash", "state")) == {said.receipt: "issued", mark.receipt: "back"}
    assert not Covered.objects.exists() and list(faults(vote, [said.receipt])) == []
    entry = Entry.objects.get(verb="mark-taken-back")
    assert "o2" not in str(entry.public) and Payload.objects.get(entry=entry, part="words").read() == WHY
    assert told("mark-taken-back") == {str(estate.people["o2"])}
    marked(estate, vote, "o1")  # where the signature stands
    for n in range(3, 7):
        estate.cast(vote, f"o{n}", "yes")
    time_is_over(estate, vote)
    both_read(estate, vote, 1, "no")
    read_out(estate, vote)
    assert sides(vote) == {"yes": 5, "no": 1, "abstain": 0}
    assert "名册上记了 1 位交纸票，票箱里读出 1 张。" in recounted(vote)
    assert Receipt.objects.get(pk=mark.receipt).state == "back" and list(faults(vote)) == []


def test_who_had_not_voted_may_vote_after_it(estate: Estate, vote: Vote):
    marked(estate, vote, "o2")
    with refused("meanwhile"):
        estate.cast(vote, "o2", "yes")
    both(estate, vote, "o2")
    assert not Envelope.objects.exists()
    assert not estate.cast(vote, "o2", "yes").changed
    assert list(faults(vote)) == []


@pytest.mark.parametrize("by", ["wang", "li"])
@pytest.mark.parametrize("by_phone", [False, True])
def test_an_echo_of_a_mark_that_was_taken_back_marks_nothing_again(estate: Estate, vote: Vote, by_phone: bool, by: str):
    """A telephone that stood without a net sends what it has kept, when two have long taken the mark back."""
    said = [estate.cast(vote, "o2", "yes").receipt] if by_phone else []
    first = marked(estate, vote, "o2", key="offline-1")
    assert not first.again and marked(estate, vote, "o2", key="offline-1").receipt == first.receipt
    both(estate, vote, "o2")
    told_before = Entry.objects.count()
    echo = marked(estate, vote, "o2", key="offline-1", by=estate.people[by])
    assert (echo.receipt, echo.again, echo.back, echo.changed) == (first.receipt, True, True, False)
    assert not urns.marks(vote).exists() and Entry.objects.count() == told_before
    assert list(Envelope.objects.values_list("receipt", flat=True)) == said
    anew = marked(estate, vote, "o2", key="offline-2")  # a press of today is no echo
    assert not anew.again and anew.receipt != first.receipt and urns.marks(vote).count() == 1
    assert marked(estate, vote, "o2", key="offline-1").back and urns.marks(vote).count() == 1
    assert marked(estate, vote, "o3", key="offline-1").receipt != first.receipt, "of another line it is no echo"
    assert list(faults(vote, [anew.receipt])) == []


def test_the_keys_of_marks_taken_back_go_with_the_count(estate: Estate, vote: Vote):
    marked(estate, vote, "o2", key="offline-1")
    both(estate, vote, "o2")
    assert TakenBack.objects.count() == 1
    for n in range(3, 8):
        estate.cast(vote, f"o{n}", "yes")
    time_is_over(estate, vote)
    run_due(estate.later(days=4))
    vote.refresh_from_db()
    assert vote.counted_at is not None and not TakenBack.objects.exists()


def test_it_takes_two_and_a_reason_and_a_mark(estate: Estate, vote: Vote):
    marked(estate, vote, "o2")
    with refused("bad-data"):
        asks(estate, vote, "o2", why="  ")
    for _again in range(2):
        assert not asks(estate, vote, "o2").done, "nobody is both"
    assert MarkChange.objects.count() == 1 and Envelope.objects.count() == 1
    with refused("not-yours"):
        asks(estate, vote, "o2", by="o3")
    with refused("bad-data"):  # nothing was marked there
        asks(estate, vote, "o3")
    with refused("bad-data"):
        asks(estate, vote, "o2", "away")
    with refused("bad-data"):  # a line of no such roll
        correct_mark(vote.pk, Wanted("back", vote.pk, WHY), by=estate.people["wang"], at=estate.later())


def test_a_named_vote_has_no_marks(estate: Estate):
    estate.homes(3)
    named = estate.open("ordinary")
    with refused("bad-data"):
        asks(estate, named, "1")


def test_marks_stand_once_a_paper_was_read(estate: Estate, vote: Vote):
    """Else whoever reads the papers could make the roll fit them."""
    marked(estate, vote, "o1")
    marked(estate, vote, "o2")
    time_is_over(estate, vote)
    assert not asks(estate, vote, "o2").done
    reads(estate, vote, 1, "yes")
    for what, who in (("back", "o2"), ("late", "o3")):
        with refused("closed"):
            asks(estate, vote, who, what, by="li")
    reads(estate, vote, 1, "yes", by="li")
    read_out(estate, vote, why="一位领了票没有投")
    assert vote.result["urn"]["marked"] == 2 and not MarkChange.objects.exists(), "what waited goes with the count"
    with refused("closed"):
        asks(estate, vote, "o2")


def test_what_the_desk_forgot_is_marked_after_closing_from_the_signed_sheet(estate: Estate, vote: Vote):
    estate.cast(vote, "o3", "no")
    marked(estate, vote, "o1")
    with refused("not-yet"):
        asks(estate, vote, "o2", "late")
    time_is_over(estate, vote)
    with refused("meanwhile"):
        asks(estate, vote, "o1", "late")
    done = both(estate, vote, "o2", "late", why="签了名，忙中漏记")
    assert done.mark is not None and list(faults(vote, [done.mark.receipt])) == []
    assert (
        "住户wang" in (late := Envelope.objects.get(receipt=done.mark.receipt)).evidence and "住户li" in late.evidence
    )
    assert told("paper-late") == {str(estate.people["o2"])}
    both(estate, vote, "o3", "late", why="签了名，忙中漏记")  # he had voted by phone as well: one voice, one vote
    for n, choice in ((1, "yes"), (2, "yes"), (3, "yes")):
        both_read(estate, vote, n, choice)
    read_out(estate, vote)
    assert sides(vote) == {"yes": 3, "no": 0, "abstain": 0} and vote.result["urn"]["marked"] == 3
    recounted(vote)


def test_where_the_only_mark_is_taken_back_two_say_that_the_urn_is_empty(estate: Estate, vote: Vote):
    estate.cast(vote, "o1", "yes")
    estate.cast(vote, "o2", "yes")
    marked(estate, vote, "o2")
    time_is_over(estate, vote)
    both(estate, vote, "o2")
    read_out(estate, vote)
    assert sides(vote) == {"yes": 2, "no": 0, "abstain": 0}
    with refused("closed"):
        asks(estate, vote, "o3", "late")


def test_a_mark_taken_out_of_the_database_is_found_though_its_receipt_says_taken_back(estate: Estate, vote: Vote):
    one, other = marked(estate, vote, "o1"), marked(estate, vote, "o2")
    both(estate, vote, "o2")
    Envelope.objects.filter(receipt=one.receipt).delete()
    Receipt.objects.filter(pk=one.receipt).update(state="back")
    assert [fault.what for fault in faults(vote)] == ["收回的纸票记号，和记录里的对不上"]
    Receipt.objects.filter(pk=other.receipt).update(state="issued")
    assert [fault.what for fault in faults(vote)] == ["有回执，没有票封"]


# --- an owner of several homes -------------------------------------------------------------------------


@pytest.fixture
def owned(estate: Estate) -> Vote:
    """wu has three homes, jia and yi have two together, three more one each."""
    estate.homes(3, "wu")
    for n in ("4", "5"):
        estate.home(n, "jia", "yi")
    estate.homes(3, start=6)
    second_clerk(estate)
    return estate.open("owners-in-secret")


def test_an_owner_of_three_homes_hands_in_one_paper_and_is_one_head(estate: Estate, owned: Vote):
    estate.cast(owned, "wu", "no", home="2")
    handed = marked(estate, owned, "1")
    assert handed.others == (2, 3) and handed.changed
    assert sorted(Envelope.objects.filter(channel="paper").values_list("entitlement__n", flat=True)) == [1, 2, 3]
    for home in ("1", "2", "3"):
        with refused("meanwhile"):
            marked(estate, owned, home)
        with refused("meanwhile"):
            estate.cast(owned, "wu", "no", home=home)
    assert marked(estate, owned, "4", of=estate.people["jia"]).others == (5,)
    with refused("meanwhile"):
        estate.cast(owned, "yi", "no", home="5")
    for n in (6, 7, 8):
        estate.cast(owned, f"o{n}", "yes")
    time_is_over(estate, owned)
    assert urns.waits_to_be_read(owned) == 2, "papers, not lines"
    both_read(estate, owned, 1, "yes")
    both_read(estate, owned, 2, "no")
    read_out(estate, owned)
    assert sides(owned) == {"yes": 4, "no": 1, "abstain": 0}
    assert (owned.result["roll"]["heads"], owned.result["present"]["heads"]) == (5, 5)
    assert owned.result["urn"] == {
        "marked": 2, "lines": 5, "found": 2, "counted": 2, "blank": 0, "spoilt": 0, "once": 0, "broken": 0, "why": "",
    }  # fmt: skip
    assert sum(grid["cast"] for grid in owned.result["grids"]) == 8, "turnout is by lines"
    assert list(Receipt.objects.filter(state="urn")) and Receipt.objects.filter(state="urn").count() == 5
    recounted(owned)


def test_three_papers_of_one_head_are_two_too_many(estate: Estate, owned: Vote):
    marked(estate, owned, "1")
    time_is_over(estate, owned)
    for n in (1, 2, 3):
        both_read(estate, owned, n, "yes")
    read_out(estate, owned, why="票箱里就是三张")
    assert owned.outcome == "no-quorum" and "多出 2 张" in owned.result["page"]
    recounted(owned)


def test_a_wrong_mark_of_three_homes_is_taken_back_with_all_three(estate: Estate, owned: Vote):
    said = estate.cast(owned, "wu", "no", home="2")
    marked(estate, owned, "3")
    both(estate, owned, "1")
    assert Envelope.objects.get().receipt == said.receipt
    assert list(faults(owned, [said.receipt])) == []
    estate.cast(owned, "wu", "yes", home="1")


def test_a_proxy_brings_the_paper_of_one_head_with_an_authority_for_each_home(estate: Estate, owned: Vote):
    proxy, wang = estate.people["o6"], estate.people["wang"]
    for home in ("1", "2"):
        line = line_of(estate, owned, home)
        name_speaker(owned.pk, line, proxy, by=wang, evidence="委托书", at=estate.later())
    with refused("bad-data"):
        marked(estate, owned, "1", proxy=True)
    assert not Envelope.objects.exists()
    name_speaker(owned.pk, line_of(estate, owned, "3"), proxy, by=wang, evidence="委托书", at=estate.later())
    assert marked(estate, owned, "1", proxy=True).others == (2, 3)


def test_an_election_takes_a_paper_for_each_line(estate: Estate, owned: Vote):
    """Its count is one paper a line, whoever owns it: papers of one owner need not be put together."""
    owned.kind = "elect"
    line = Entitlement.objects.get(pk=line_of(estate, owned, "1"))
    assert [one.n for one in urns.lines_of_paper(owned, line)] == [1]
