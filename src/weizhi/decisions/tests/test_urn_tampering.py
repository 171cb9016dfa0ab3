"""A database administrator at the urn: papers edited, added, taken out, swapped; before the count and after it; a
count that dies over the urn; and that no paper leads to who handed one in."""

import random
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from weizhi.decisions import pouring
from weizhi.decisions.actions import count as counting
from weizhi.decisions.actions.count import count
from weizhi.decisions.checking import faults
from weizhi.decisions.choices import packed
from weizhi.decisions.models import Ballot, Envelope, Receipt, UrnPaper, UrnReading, Vote
from weizhi.decisions.publishing import root_of_vote
from weizhi.decisions.receipts import receipt_hash
from weizhi.decisions.recount import recount
from weizhi.decisions.recount_kinds import check_urn
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.decisions.tests.test_tampering import alter, one, tried, two
from weizhi.decisions.tests.urned import both_read, marked, number, read_out, secret_vote, time_is_over
from weizhi.decisions.tests.voted import published
from weizhi.decisions.urns import bound_paper
from weizhi.people.models import Person
from weizhi.record.models import Entry
from weizhi.secrets.ballots import seal

__all__ = ["estate"]


@pytest.fixture
def read(estate: Estate) -> tuple[Vote, list[str]]:
    """Four by phone, six papers read by two: the newest receipts, those noted on the papers among them."""
    vote = secret_vote(estate)
    for n in range(1, 5):
        estate.cast(vote, f"o{n}", "no")
    for n in range(5, 11):
        marked(estate, vote, f"o{n}")
    time_is_over(estate, vote)
    for n in range(1, 7):
        both_read(estate, vote, n, "yes" if n < 5 else "no")
    receipts = [
        *Envelope.objects.values_list("receipt", flat=True),
        *UrnPaper.objects.values_list("receipt", flat=True),
    ]
    return vote, receipts


def flip_a_bit(vote: Vote, chance: random.Random) -> None:
    row = one(chance, UrnPaper.objects)
    sealed = bytearray(row.sealed)
    sealed[chance.randrange(len(sealed))] ^= 1 << chance.randrange(8)
    alter(UrnPaper, row, sealed=bytes(sealed))


def seal_another_choice(vote: Vote, chance: random.Random) -> None:
    """As well as it can be done without the key file: the receipt made to fit, its signature by chance."""
    row = one(chance, UrnPaper.objects)
    sealed = seal(packed(["no"]), vote.envelope_size, bytes(vote.public_key), bound_paper(row))
    hash_ = receipt_hash(sealed, bound_paper(row))
    Receipt.objects.filter(pk=row.receipt).delete()
    Receipt.objects.create(hash=hash_, vote=vote, signature=secrets.token_bytes(32))
    alter(UrnPaper, row, sealed=sealed, receipt=hash_)


def edit_the_paper(vote: Vote, chance: random.Random) -> None:
    row = one(chance, UrnPaper.objects)
    column, value = chance.choice(
        [("number", "999999999999"), ("second_id", row.first_id), ("first_id", row.second_id), ("sealed", None)]
    )
    alter(UrnPaper, row, **{column: value})


def add_a_paper(vote: Vote, chance: random.Random) -> None:
    first, second = Person.objects.filter(login__in=["wang", "li"])
    paper = UrnPaper(vote=vote, number=number(vote, 50), first=first, second=second)
    paper.sealed = seal(packed(["no"]), vote.envelope_size, bytes(vote.public_key), bound_paper(paper))
    paper.receipt = receipt_hash(paper.sealed, bound_paper(paper))
    paper.save(force_insert=True)
    if chance.random() < 0.5:
        Receipt.objects.create(hash=paper.receipt, vote=vote, signature=secrets.token_bytes(32))


def delete_a_paper(vote: Vote, chance: random.Random) -> None:
    row = one(chance, UrnPaper.objects)
    what = chance.choice(["paper", "receipt", "both"])
    if what != "receipt":
        row.delete()
    if what != "paper":
        Receipt.objects.filter(pk=row.receipt).delete()


def delete_a_mark(vote: Vote, chance: random.Random) -> None:
    one(chance, Envelope.objects.filter(channel="paper")).delete()


def swap_what_they_say(vote: Vote, chance: random.Random) -> None:
    a, b = two(chance, UrnPaper.objects)
    alter(UrnPaper, a, sealed=bytes(b.sealed))
    alter(UrnPaper, b, sealed=bytes(a.sealed))


BEFORE = [
    flip_a_bit, seal_another_choice, edit_the_paper, add_a_paper, delete_a_paper, delete_a_mark, swap_what_they_say,
]  # fmt: skip


def test_fifty_deeds_at_the_urn_before_the_count_are_found(read: tuple[Vote, list[str]]):
    vote, given_out = read

    def found() -> bool:
        return next(iter(faults(Vote.objects.select_related("roll").get(pk=vote.pk), given_out)), None) is not None

    assert not found(), "an honest urn has no fault"
    assert tried(vote, BEFORE, found, seed=7) == []
    assert not found()


@pytest.mark.parametrize("deed", [flip_a_bit, seal_another_choice, add_a_paper])
def test_a_paper_that_was_altered_or_added_is_not_counted_and_the_result_says_so(
    estate: Estate, read: tuple[Vote, list[str]], deed: Callable[[Vote, random.Random], None]
):
    vote, _given_out = read
    deed(vote, random.Random(3))
    read_out(estate, vote, why="对不上")
    added = deed is add_a_paper
    assert vote.outcome == "failed", "one row in a table makes no vote void"
    told = vote.result["urn"]
    assert (told["broken"], told["found"], told["counted"]) == ((1, 6, 6) if added else (1, 5, 5))
    recount_file = "\n".join(recount(published(vote)))
    assert check_urn and f"票箱里读出 {told['found']} 张" in recount_file


def test_a_mark_that_was_altered_is_no_mark_and_its_receipt_says_so(estate: Estate, read: tuple[Vote, list[str]]):
    vote, _given_out = read
    mark = Envelope.objects.filter(channel="paper").order_by("pk")[0]
    alter(Envelope, mark, evidence="别的凭据")
    UrnPaper.objects.filter(number=number(vote, 6)).delete()
    read_out(estate, vote, why="少一张")
    assert vote.result["urn"]["marked"] == Receipt.objects.filter(state="urn").count() == 5
    assert Receipt.objects.get(pk=mark.receipt).state == "aside"


def alter_the_count(vote: Vote, chance: random.Random) -> None:
    what = chance.choice(["receipt", "urn", "ballot", "more"])
    if what == "receipt":
        row = one(chance, Receipt.objects.filter(state="urn"))
        alter(Receipt, row, state="counted")
    elif what == "urn":
        told = {**vote.result["urn"], chance.choice(["marked", "found", "blank"]): 9}
        alter(Vote, vote, result={**vote.result, "urn": told})
    elif what == "ballot":
        alter(Ballot, one(chance, Ballot.objects), choice=["abstain"])
    else:
        Ballot.objects.create(vote=vote, choice=["yes"])


def test_fifty_deeds_after_the_count_are_found_by_the_root(estate: Estate, read: tuple[Vote, list[str]]):
    vote, _given_out = read
    read_out(estate, vote)
    told = Entry.objects.get(stream=vote.matter.stream_id, verb="counted").public

    def found() -> bool:
        return root_of_vote(Vote.objects.select_related("roll").get(pk=vote.pk)) != told["root"]

    assert not found(), "an honest count makes its root again"
    assert tried(vote, [alter_the_count], found, seed=8) == []


@pytest.mark.parametrize("where", ["pour", "_write_ballots", "settle", "root_of_vote"])
def test_a_count_that_dies_over_the_urn_leaves_it_as_it_was(
    estate: Estate, read: tuple[Vote, list[str]], where: str, monkeypatch: Any
):
    vote, given_out = read

    def dies(*_args: Any) -> Any:
        raise RuntimeError("killed")

    monkeypatch.setattr(counting, where, dies)
    with pytest.raises(RuntimeError), transaction.atomic():
        count(vote.pk, estate.later())
    monkeypatch.undo()
    assert not Ballot.objects.exists() and list(faults(vote, given_out)) == []
    read_out(estate, vote)
    assert {side: one["heads"] for side, one in vote.result["sides"].items()} == {"yes": 4, "no": 6, "abstain": 0}


def test_no_paper_leads_to_who_handed_one_in(estate: Estate, read: tuple[Vote, list[str]], monkeypatch: Any):
    """No column is shared; what is drawn for the count is drawn by chance and written nowhere."""
    vote, _given_out = read
    lengths = {len(bytes(row.sealed)) for row in Envelope.objects.all()}
    assert lengths == {len(bytes(row.sealed)) for row in UrnPaper.objects.all()}, "all are as long"
    marks = list(Envelope.objects.filter(channel="paper"))
    papers = list(UrnPaper.objects.all())
    theirs = {
        str(value) for row in marks for value in (row.pk, row.entitlement_id, row.receipt, row.voice, row.cast_at)
    }
    assert not theirs & {str(value) for row in papers for value in (row.pk, row.number, row.receipt)}
    assert {field.name for field in UrnPaper._meta.fields} == {
        "id", "vote", "number", "sealed", "receipt", "first", "second",
    }  # fmt: skip
    assert "at" not in {field.name for field in UrnReading._meta.fields}
    draws = []

    class Chance(pouring.secrets.SystemRandom):  # type: ignore[misc]  # the very class that the count uses
        def shuffle(self, rows: list[Any]) -> None:
            draws.append(len(rows))
            super().shuffle(rows)

    monkeypatch.setattr(pouring.secrets, "SystemRandom", Chance)
    read_out(estate, vote)
    assert draws == [6, 6], "voters and papers are both shuffled"
    assert {(ballot.entitlement_id, ballot.voice) for ballot in Ballot.objects.all()} == {(None, "")}
    numbers = {row.number for row in papers}
    assert not any(one in str(published(vote)) for one in numbers), "no number is published beside a choice"
