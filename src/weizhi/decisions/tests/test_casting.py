"""The verbs of the box: what they write, what they refuse, and what nobody can do any more once it is closed."""

from datetime import timedelta
from typing import Any

import pytest

from weizhi.decisions.actions.cast import cast
from weizhi.decisions.actions.count import count
from weizhi.decisions.actions.end_speaker import end_speaker
from weizhi.decisions.actions.enter_paper import Reading, enter_paper
from weizhi.decisions.actions.hand_in import hand_in
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.checking import faults, seal_of
from weizhi.decisions.doors import cast_door
from weizhi.decisions.mine import lines_of
from weizhi.decisions.models import Ballot, Channel, Entitlement, Envelope, PaperEntry, Receipt, Speaker, Vote
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.matters.refused import Refused
from weizhi.methods import owners
from weizhi.people import vault
from weizhi.people.models import Body, Person, Residence
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Entry

__all__ = ["estate"]


@pytest.fixture
def vote(estate: Estate) -> Vote:
    """Homes 1 to 4 of o1 to o4, home 5 of two."""
    estate.homes(4)
    estate.home("5", "jia", "yi")
    return estate.open("ordinary")


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}:")


def names(estate: Estate, vote: Vote, home: str, person: str, **rest: Any) -> Entry:
    values: dict[str, Any] = {"by": estate.people["wang"], "evidence": "委托书 1"} | rest
    return name_speaker(vote.pk, estate.line(vote, home), estate.people[person], at=estate.later(), **values)


def test_a_ballot_is_sealed_receipted_and_says_nothing(estate: Estate, vote: Vote):
    done = estate.cast(vote, "o1", "yes")
    envelope, receipt = Envelope.objects.get(), Receipt.objects.get()
    assert (envelope.receipt, receipt.hash, receipt.state, done.changed) == (
        done.receipt,
        done.receipt,
        "issued",
        False,
    )
    assert (envelope.channel, envelope.voice, envelope.rank) == (
        Channel.PHONE, f"person:{estate.people['o1'].pk}", 1,
    )  # fmt: skip
    assert b"yes" not in bytes(envelope.sealed or b"")
    assert list(faults(vote, [done.receipt])) == []


def test_a_change_of_mind_replaces_and_is_counted_once(estate: Estate, vote: Vote):
    first, second = estate.cast(vote, "o1", "no"), estate.cast(vote, "o1", "yes")
    assert second.changed and Envelope.objects.count() == 1
    states = dict(Receipt.objects.values_list("hash", "state"))
    assert states == {first.receipt: "replaced", second.receipt: "issued"}
    estate.close(vote)
    assert [ballot.choice for ballot in Ballot.objects.all()] == [["yes"]]
    assert dict(Receipt.objects.values_list("hash", "state")) == {first.receipt: "replaced", second.receipt: "counted"}


def test_the_same_sending_is_answered_again_also_after_closing_and_a_late_one_changes_nothing(
    estate: Estate, vote: Vote
):
    first = estate.cast(vote, "o1", "no", key="a")
    again = estate.cast(vote, "o1", "no", key="a")
    assert (again.receipt, again.again, Receipt.objects.count()) == (first.receipt, True, 1)
    second = estate.cast(vote, "o1", "yes", key="b")
    with refused("key-reused"):
        estate.cast(vote, "o1", "no", key="a")
    estate.close(vote)
    assert estate.cast(vote, "o1", "yes", key="b").receipt == second.receipt
    assert [ballot.choice for ballot in Ballot.objects.all()] == [["yes"]]


def test_the_keys_of_a_secret_vote_go_with_the_count(estate: Estate):
    """They are made with the choice: beside the line they would tell it to whoever has the key file."""
    estate.home("1", "one", status="resident")
    vote = estate.open("secret")
    first = estate.cast(vote, "one", "no", key="a")
    second = estate.cast(vote, "one", "yes", key="b")
    assert estate.cast(vote, "one", "yes", key="b", at=vote.closes_at).receipt == second.receipt != first.receipt
    estate.close(vote)
    assert Envelope.objects.filter(key="", past_keys=[]).count() == 1
    with refused("closed"):
        estate.cast(vote, "one", "yes", key="b")


def test_who_may_not_cast(estate: Estate, vote: Vote):
    with refused("not-yours"):
        estate.cast(vote, "guo", "yes")
    with refused("bad-data"):
        estate.cast(vote, "o1", "yes", "no")
    with refused("not-yours"):
        estate.cast(vote, "o1", "yes", home="2")
    with refused("bad-data"):
        estate.cast(vote, "o1", "yes", channel="paper")
    with refused("not-found"):
        cast(vote.matter_id, ["yes"], by=estate.people["o1"], at=estate.now)
    with refused("not-yet"):
        estate.cast(vote, "o1", "yes", at=vote.opens_at - timedelta(seconds=1))
    Vote.objects.update(phone=False)
    with refused("not-yours"):
        estate.cast(vote, "o1", "yes")
    with refused("not-yours"):  # saying that it was at the meeting is no way around it
        cast_door(
            vote.matter_id, by=estate.people["o1"], data={"choice": "yes", "channel": "meeting"}, at=estate.later()
        )
    assert not Envelope.objects.exists() and not Receipt.objects.exists()


def test_nothing_is_accepted_after_closing_even_when_the_count_is_late(estate: Estate, vote: Vote):
    estate.cast(vote, "o1", "yes", at=vote.closes_at - timedelta(microseconds=1))
    with refused("closed"):
        estate.cast(vote, "o2", "yes", at=vote.closes_at)
    estate.now = vote.closes_at + timedelta(hours=3)
    with refused("closed"):
        estate.paper(vote, "2", "yes")
    with refused("closed"):
        names(estate, vote, "2", "o3")
    assert estate.close(vote).result["present"]["heads"] == 1
    assert count(vote.pk, estate.later()).counted_at == vote.counted_at


def test_papers_are_written_down_by_who_runs_the_vote_with_something_to_go_back_to(estate: Estate, vote: Vote):
    estate.paper(vote, "1", "yes", channel="telephone", evidence="录音 12")
    envelope = Envelope.objects.get()
    assert (envelope.channel, envelope.evidence, envelope.recorded_by) == (
        "telephone", "录音 12", estate.people["wang"],
    )  # fmt: skip
    for code, wrong in (
        ("not-yours", {"by": estate.people["o2"]}),
        ("bad-data", {"evidence": " "}),
        ("bad-data", {"channel": "phone"}),
        ("bad-data", {"channel": "pigeon"}),
        ("bad-data", {"of": "o3"}),
    ):
        with refused(code):
            estate.paper(vote, "2", "yes", **wrong)
    with refused("bad-data"):  # of whom of the two?
        estate.paper(vote, "5", "yes")
    estate.paper(vote, "5", "yes", of="yi")
    assert Envelope.objects.get(entitlement__label="5").voice == f"person:{estate.people['yi'].pk}"


def test_a_paper_after_the_phone_is_the_same_voice_but_an_unsigned_one_replaces_nothing(estate: Estate, vote: Vote):
    estate.cast(vote, "o1", "no")
    with refused("meanwhile"):
        estate.paper(vote, "1", "yes", is_signed=False)
    assert estate.paper(vote, "1", "yes").changed
    estate.paper(vote, "2", "yes", is_signed=False)
    assert estate.paper(vote, "2", "yes").changed
    estate.close(vote)
    assert vote.result["sides"]["yes"]["heads"] == 2 and vote.result["channels"] == {"paper": 2}


def test_a_proxy_by_a_paper_that_an_own_word_stands_over(estate: Estate, vote: Vote):
    entry = names(estate, vote, "1", "o2")
    assert (entry.verb, entry.public) == ("speaker", {"line": 1, "proxy": True, "lasts": False})
    with refused("bad-data"):  # two votes in hand: for which?
        estate.cast(vote, "o2", "yes")
    estate.cast(vote, "o2", "no", home="1")
    assert Envelope.objects.get().channel == Channel.PROXY
    estate.cast(vote, "o1", "yes")
    with refused("meanwhile"):
        estate.cast(vote, "o2", "no", home="1")
    assert list(faults(vote)) == []
    estate.close(vote)
    assert (vote.result["sides"]["yes"]["heads"], vote.result["present"]["heads"]) == (1, 1)


def test_who_cannot_be_named(estate: Estate, vote: Vote):
    for code, home, person, rest in (
        ("bad-data", "1", "o2", {"evidence": ""}),
        ("bad-data", "1", "o1", {}),
        ("not-yours", "1", "o2", {"by": estate.people["o3"]}),
        ("bad-data", "5", "o2", {}),  # of which of the two?
        ("bad-data", "5", "o2", {"of": estate.people["o3"]}),
        ("bad-data", "5", "o2", {"proxy": False}),
    ):
        with refused(code):
            names(estate, vote, home, person, **rest)
    names(estate, vote, "5", "o2", of=estate.people["yi"])
    with refused("meanwhile"):
        names(estate, vote, "5", "o2", of=estate.people["jia"])
    estate.cast(vote, "o2", "yes", home="5")
    assert Envelope.objects.get().voice == f"person:{estate.people['yi'].pk}"


def test_a_proxy_is_taken_back_by_whoever_gave_it(estate: Estate, vote: Vote):
    names(estate, vote, "1", "o2")
    line = estate.line(vote, "1")
    with refused("not-yours"):
        end_speaker(vote.pk, line, estate.people["o2"], by=estate.people["o3"], at=estate.later())
    end_speaker(vote.pk, line, estate.people["o2"], by=estate.people["o1"], at=estate.later())
    with refused("not-yours"):
        estate.cast(vote, "o2", "no", home="1")
    with refused("bad-data"):
        end_speaker(vote.pk, line, estate.people["o2"], by=estate.people["o1"], at=estate.later())
    assert Speaker.objects.get(as_what="proxy").until is not None


def another_ballot(vote: Vote) -> Vote:
    """A second vote on the same roll, as a run-off is."""
    step, again = vote.step, Vote.objects.get(pk=vote.pk)
    step.pk, step.round = None, step.round + 1
    step.save(force_insert=True)
    again.pk, again.step = None, step
    again.seal = seal_of(again)
    again.save(force_insert=True)
    return again


def test_a_proxy_holds_for_one_ballot_unless_the_paper_says_so(estate: Estate, vote: Vote):
    names(estate, vote, "1", "o2")
    names(estate, vote, "3", "o2", lasts=True)
    again = another_ballot(vote)
    estate.cast(vote, "o2", "no", home="1")
    with refused("not-yours"):
        estate.cast(again, "o2", "no", home="1")
    estate.cast(again, "o2", "no", home="3")
    assert {(mine.vote, mine.line.label) for mine in lines_of([vote, again], estate.people["o2"]) if mine.proxy} == {
        (vote.pk, "1"), (vote.pk, "3"), (again.pk, "3"),
    }  # fmt: skip
    names(estate, again, "1", "o4")  # another paper, for the second ballot
    with refused("meanwhile"):
        names(estate, again, "3", "o4")
    assert list(faults(vote)) == []
    Speaker.objects.filter(entitlement__label="1", person=estate.people["o2"]).update(vote=None)
    assert [fault.where for fault in faults(vote)] == ["1"]


def test_papers_of_two_owners_of_one_home_lie_apart_until_both_are_read_again(estate: Estate, vote: Vote):
    line = estate.line(vote, "5")
    first, second = estate.people["wang"], second_clerk(estate)
    readings = {"yi": "yes", "jia": "no"}
    for who, choice in readings.items():
        said = Reading((choice,), of=str(estate.people[who].pk))
        assert not enter_paper(vote.pk, said, by=first, entitlement=line, at=estate.later()).others
    assert PaperEntry.objects.count() == 2
    for who, choice in readings.items():
        said = Reading((choice,), of=str(estate.people[who].pk))
        assert enter_paper(vote.pk, said, by=second, entitlement=line, at=estate.later()).in_box
    assert PaperEntry.objects.count() == 0 and Envelope.objects.count() == 2
    assert [why for _home, why in estate.close(vote).result["aside"]] == [owners.DISAGREED]


def second_clerk(estate: Estate) -> Person:
    body = Body.objects.get(key="committee")
    return appoint(
        estate.community, estate.person("li"), body, "committee-director", "副主任", place=estate.places["xfl"],
        at=estate.now,
    ).person  # fmt: skip


def test_where_a_choice_cannot_be_changed_the_first_stands_but_an_own_word_still_stands_over_a_proxys(estate: Estate):
    estate.homes(3)
    vote = estate.open("once")
    estate.cast(vote, "o1", "yes")
    with refused("too-often"):
        estate.cast(vote, "o1", "no")
    names(estate, vote, "3", "o2")
    estate.cast(vote, "o2", "no", home="3")
    estate.cast(vote, "o3", "yes")
    estate.close(vote)
    assert vote.result["sides"]["yes"]["heads"] == 2


def test_a_household_has_one_voice_whoever_speaks_first(estate: Estate):
    estate.home("1", "ma", "ba", status="resident")
    estate.home("2", "alone", status="tenant")
    vote = estate.open("doors")
    estate.cast(vote, "ma", "yes")
    with refused("meanwhile"):
        estate.cast(vote, "ba", "no")
    estate.cast(vote, "ma", "yes")
    estate.cast(vote, "alone", "yes")
    line, wang = estate.line(vote, "1"), estate.people["wang"]
    hand_in(vote.pk, entitlement=line, of=estate.people["ba"], by=wang, at=estate.later())
    with refused("meanwhile"):  # now the paper is the household's word
        estate.cast(vote, "ma", "no")
    assert Envelope.objects.get(entitlement=line).voice == "line:1", "the household's one voice"


def test_who_is_too_young_by_the_id_number_stands_on_no_roll(estate: Estate):
    estate.home("1", "old", "young", "unknown", status="resident")
    numbers = {"old": "110101200803020014", "young": "110101200803030010"}  # 18 today, and tomorrow
    for login, number in numbers.items():
        vault.put(estate.people[login], vault.ID_NUMBER, number)
        estate.people[login].save()
    vote = estate.open("secret")
    assert {line.person for line in Entitlement.objects.filter(roll=vote.roll_id)} == {
        estate.people["old"], estate.people["unknown"],
    }  # fmt: skip


def test_many_owners_of_one_home_are_one_head(estate: Estate):
    estate.home("1", *(f"heir{n}" for n in range(7)))
    estate.home("2", *(f"heir{n}" for n in range(7)))
    estate.home("3", "heir0")
    vote = estate.open("ordinary")
    assert (vote.roll.size, vote.roll.heads) == (3, 2)
    assert list(faults(vote)) == []


def test_homes_without_owner_are_each_a_head_and_vote_on_paper(estate: Estate):
    estate.home("1")
    estate.home("2")
    vote = estate.open("ordinary")
    estate.paper(vote, "1", "yes")
    assert (vote.roll.heads, Envelope.objects.get().voice) == (2, "line:1")


def test_a_vote_by_area_does_not_open_without_areas(estate: Estate):
    estate.home("1", "o1", area=0)
    with refused("not-yet"):
        estate.open("ordinary")


def test_of_two_votes_of_one_matter_the_door_asks_which(estate: Estate, vote: Vote):
    twin = Vote.objects.get(pk=vote.pk)
    step = vote.step
    step.pk, step.key, step.closed_at = None, "again", estate.now
    step.save(force_insert=True)
    twin.pk, twin.step = None, step
    twin.save(force_insert=True)
    with refused("bad-data"):
        cast_door(vote.matter_id, by=estate.people["o1"], data={"choice": "yes"}, at=estate.later())


def test_a_secret_vote_with_few_ballots_publishes_sums_alone(estate: Estate):
    from weizhi.decisions.publishing import root_of_vote
    from weizhi.decisions.tests.voted import leaves, published

    estate.homes(6, status="resident")
    small, large = estate.open("secret"), estate.open("secret")
    for n in range(1, 7):
        estate.cast(large, f"o{n}", "yes")
        if n < 5:
            estate.cast(small, f"o{n}", "yes")
    for vote, shown in ((estate.close(small), 0), (estate.close(large), 6)):
        assert sum("ballot" in leaf for leaf in leaves(vote)) == shown
        assert published(vote)["root"] == root_of_vote(vote)
    assert small.result["sides"]["yes"]["heads"] == 4


def test_a_moved_resident_keeps_the_vote_of_the_frozen_roll(estate: Estate):
    estate.homes(3, status="resident")
    vote = estate.open("secret")
    Residence.objects.filter(person=estate.people["o1"]).update(until=estate.now)
    estate.lives("2", "newcomer", status="resident")
    estate.cast(vote, "o1", "yes")
    with refused("not-yours"):
        estate.cast(vote, "newcomer", "yes")
    assert estate.close(vote).result["roll"]["heads"] == 3


def test_the_page_of_a_poll_is_what_people_said(estate: Estate):
    estate.homes(3)
    vote = estate.open("poll")
    estate.cast(vote, "o1", "2")
    estate.cast(vote, "o2", "2")
    estate.cast(vote, "o3", "1")
    estate.close(vote)
    assert (vote.outcome, vote.result["page"], vote.result["winner"]) == ("passed", "“黄”最多，2 人", "2")
    assert Entry.objects.filter(stream=vote.matter.stream_id, verb="counted").get().public["page"] == "“黄”最多，2 人"
