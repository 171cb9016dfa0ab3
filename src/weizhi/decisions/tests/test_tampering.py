"""A database administrator at work: edits, additions, deletions and swaps, fifty of each, before and after the count.

Before, receipts and seals find them (with the newest receipts that people hold); afterwards the root that stands in
the record, over what is published. Nothing here has the key file: that is the line which docs/votes.md draws.
"""

import random
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.checking import faults
from weizhi.decisions.choices import packed
from weizhi.decisions.models import Ballot, Entitlement, Envelope, Receipt, Speaker, Vote
from weizhi.decisions.publishing import root_of_vote
from weizhi.decisions.receipts import bound, receipt_hash
from weizhi.decisions.rolls import root_hex
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.decisions.tests.voted import published
from weizhi.record.models import Entry
from weizhi.secrets.ballots import seal

__all__ = ["estate"]

TIMES = 50
HOMES = 12
Deed = Callable[[Vote, random.Random], None]


@pytest.fixture
def cast_vote(estate: Estate) -> tuple[Vote, list[str]]:
    """Twelve homes of different size; nine ballots by phone, by paper, by proxy; the newest receipts."""
    for n in range(1, HOMES + 1):
        estate.home(str(n), f"o{n}", area=8_000 + n * 100)
    vote = estate.open("ordinary")
    name_speaker(
        vote.pk,
        estate.line(vote, "9"),
        estate.people["o1"],
        by=estate.people["wang"],
        evidence="委托书",
        at=estate.later(),
    )
    for n in range(1, 6):
        estate.cast(vote, f"o{n}", "no", **({"home": "1"} if n == 1 else {}))
    for n in range(2, 6):
        estate.cast(vote, f"o{n}", "yes")
    for n in range(6, 9):
        estate.paper(vote, str(n), "yes")
    estate.cast(vote, "o1", "yes", home="9")
    vote.refresh_from_db()
    return vote, list(Envelope.objects.values_list("receipt", flat=True))


def one(chance: random.Random, rows: Any) -> Any:
    return chance.choice(list(rows.order_by("pk")))


def two(chance: random.Random, rows: Any) -> list[Any]:
    return chance.sample(list(rows.order_by("pk")), 2)


def alter(model: Any, row: Any, **columns: Any) -> None:
    model.objects.filter(pk=row.pk).update(**columns)


# --- before the count ----------------------------------------------------------------------------------


def flip_a_bit(vote: Vote, chance: random.Random) -> None:
    row = one(chance, Envelope.objects)
    sealed = bytearray(row.sealed)
    sealed[chance.randrange(len(sealed))] ^= 1 << chance.randrange(8)
    alter(Envelope, row, sealed=bytes(sealed))


def seal_another_choice(vote: Vote, chance: random.Random) -> None:
    """The public half lies in the database: the best that an administrator can do, with the receipt made to fit."""
    row = one(chance, Envelope.objects)
    sealed = seal(packed(["no"]), vote.envelope_size, bytes(vote.public_key), bound(row))
    alter(Envelope, row, sealed=sealed, receipt=receipt_hash(sealed, bound(row)))
    Receipt.objects.filter(pk=row.receipt).delete()
    Receipt.objects.create(hash=receipt_hash(sealed, bound(row)), vote=vote, signature=secrets.token_bytes(32))


def edit_how_it_came(vote: Vote, chance: random.Random) -> None:
    row = one(chance, Envelope.objects)
    column, value = chance.choice(
        [
            ("signed", False), ("rank", 1 - row.rank), ("channel", "door"), ("evidence", "另一张"),
            ("voice", f"person:{uuid4()}"), ("cast_at", row.cast_at - timedelta(days=1)),
        ]
    )  # fmt: skip
    alter(Envelope, row, **{column: value})


def edit_the_roll(vote: Vote, chance: random.Random) -> None:
    row = one(chance, Entitlement.objects)
    column, value = chance.choice(
        [("area", row.area + 1), ("head", "somebody"), ("grid", "elsewhere"), ("struck_at", vote.opens_at), ("n", 99)]
    )
    alter(Entitlement, row, **{column: value})


def edit_the_question(vote: Vote, chance: random.Random) -> None:
    column, value = chance.choice(
        [
            ("rule", {"rule": None}), ("brief", {**vote.brief, "text": "另一份方案"}), ("secret", True),
            ("closes_at", vote.closes_at - timedelta(days=9)), ("revote", False), ("public_key", bytes(32)),
        ]
    )  # fmt: skip
    alter(Vote, vote, **{column: value})


def give_a_line_to_another(vote: Vote, chance: random.Random) -> None:
    row, other = two(chance, Entitlement.objects)
    alter(Entitlement, row, person=other.person)


def go_back_to_the_first_word(vote: Vote, chance: random.Random) -> None:
    old = one(chance, Receipt.objects.filter(state="replaced"))
    row = one(chance, Envelope.objects)
    Receipt.objects.filter(pk=row.receipt).update(state="replaced")
    Receipt.objects.filter(pk=old.pk).update(state="issued")
    alter(Envelope, row, receipt=old.hash)


def add_an_envelope(vote: Vote, chance: random.Random) -> None:
    line = one(chance, Entitlement.objects.filter(envelopes__isnull=True))
    row = Envelope(
        vote=vote, entitlement=line, voice=f"person:{line.person_id}", channel="paper", cast_at=vote.opens_at,
        cast_by=line.person, evidence="纸票 99",
    )  # fmt: skip
    row.sealed = seal(packed(["no"]), vote.envelope_size, bytes(vote.public_key), bound(row))
    row.receipt = receipt_hash(row.sealed, bound(row))
    row.save(force_insert=True)
    if chance.random() < 0.7:
        Receipt.objects.create(hash=row.receipt, vote=vote, signature=secrets.token_bytes(32))


def add_a_receipt(vote: Vote, chance: random.Random) -> None:
    Receipt.objects.create(hash=secrets.token_hex(32), vote=vote, signature=secrets.token_bytes(32))


def add_a_line(vote: Vote, chance: random.Random) -> None:
    row = one(chance, Entitlement.objects)
    row.pk, row.n = uuid4(), 50
    row.save(force_insert=True)


def add_a_proxy(vote: Vote, chance: random.Random) -> None:
    row, other = two(chance, Entitlement.objects)
    as_what = chance.choice([Speaker.As.PROXY, Speaker.As.OWNER])
    Speaker.objects.create(entitlement=row, person=other.person, as_what=as_what, since=vote.opens_at, by_entry=uuid4())


def delete_an_envelope(vote: Vote, chance: random.Random) -> None:
    row = one(chance, Envelope.objects)
    what = chance.choice(["envelope", "receipt", "both", "emptied", "its proxy's paper"])
    if what == "emptied":
        alter(Envelope, row, sealed=None)
    if what in ("envelope", "both"):
        row.delete()
    if what in ("receipt", "both"):
        Receipt.objects.filter(pk=row.receipt).delete()
    if what == "its proxy's paper":
        Speaker.objects.filter(as_what="proxy").update(by_entry=None)


def delete_a_line(vote: Vote, chance: random.Random) -> None:
    one(chance, Entitlement.objects.filter(envelopes__isnull=True)).delete()


def swap_column(model: Any, *columns: str) -> Deed:
    def swap(vote: Vote, chance: random.Random) -> None:
        a, b = two(chance, model.objects.filter(**({"vote": vote} if model is not Entitlement else {})))
        column = chance.choice(columns)
        left, right = getattr(a, column), getattr(b, column)
        if column in ("receipt", "n"):  # unique: by way of a third
            alter(model, a, **{column: 999 if column == "n" else "x"})
        if column == "entitlement_id":
            alter(model, a, voice="x")
        alter(model, b, **{column: left})
        alter(model, a, **{column: right})

    return swap


BEFORE: dict[str, list[Deed]] = {
    "edits": [
        flip_a_bit, seal_another_choice, edit_how_it_came, edit_the_roll, edit_the_question, give_a_line_to_another,
        go_back_to_the_first_word,
    ],
    "additions": [add_an_envelope, add_a_receipt, add_a_line, add_a_proxy],
    "deletions": [delete_an_envelope, delete_a_line],
    "swaps": [
        swap_column(Envelope, "sealed", "receipt", "voice", "entitlement_id"),
        swap_column(Entitlement, "person_id", "area", "head", "n"),
    ],
}  # fmt: skip


def tried(vote: Vote, deeds: list[Deed], found: Callable[[], bool], seed: int) -> list[str]:
    """Do fifty deeds, each taken back; the names of those that nothing found."""
    chance, missed = random.Random(seed), []
    for n in range(TIMES):
        deed = deeds[n % len(deeds)]
        with transaction.atomic():
            deed(vote, chance)
            if not found():
                missed.append(f"{n} {deed.__name__}")
            transaction.set_rollback(True)
    return missed


@pytest.mark.parametrize("deed", list(BEFORE))
def test_fifty_of_each_before_the_count_are_found_by_the_receipts(cast_vote: tuple[Vote, list[str]], deed: str):
    vote, given_out = cast_vote

    def found() -> bool:
        return next(iter(faults(Vote.objects.select_related("roll").get(pk=vote.pk), given_out)), None) is not None

    assert not found(), "an honest vote has no fault"
    assert tried(vote, BEFORE[deed], found, seed=len(deed)) == []
    assert not found()


def test_what_nobody_was_answered_for_is_not_counted_and_the_result_says_so(
    estate: Estate, cast_vote: tuple[Vote, list[str]]
):
    vote, _given_out = cast_vote
    chance = random.Random(5)
    flip_a_bit(vote, chance)  # before the other is added: ids are drawn by chance, and it could be the one that flips
    add_an_envelope(vote, chance)
    edit_the_question(vote, random.Random(1))
    vote.refresh_from_db()
    estate.close(vote)
    counts = {key: vote.result[key] for key in ("unreceipted", "unreadable", "changed")}
    assert counts["changed"] is True and counts["unreceipted"] + counts["unreadable"] == 2
    assert Ballot.objects.filter(vote=vote).count() == 8


# --- after the count -----------------------------------------------------------------------------------


def edit_the_count(vote: Vote, chance: random.Random) -> None:
    what = chance.choice(["ballot", "receipt", "line", "result", "outcome", "question"])
    if what == "ballot":
        row = one(chance, Ballot.objects)
        alter(Ballot, row, choice=["abstain"])
    elif what == "receipt":
        row = one(chance, Receipt.objects)
        alter(Receipt, row, state="aside" if row.state == "counted" else "counted")
    elif what == "line":
        edit_the_roll(vote, chance)
    elif what == "result":
        alter(Vote, vote, result={**vote.result, "page": "未通过"})
    elif what == "outcome":
        alter(Vote, vote, outcome="failed")
    else:
        alter(Vote, vote, brief={**vote.brief, "question": "另一个问题"})


def add_after(vote: Vote, chance: random.Random) -> None:
    what = chance.choice([add_a_receipt, add_a_line, add_a_ballot])
    what(vote, chance)


def add_a_ballot(vote: Vote, chance: random.Random) -> None:
    Ballot.objects.create(vote=vote, choice=["yes"], entitlement=one(chance, Entitlement.objects))


def delete_after(vote: Vote, chance: random.Random) -> None:
    model = chance.choice([Ballot, Receipt, Entitlement])
    rows = model.objects.filter(envelopes__isnull=True) if model is Entitlement else model.objects
    one(chance, rows).delete()


def swap_after(vote: Vote, chance: random.Random) -> None:
    """Ballots that say different things, receipts that came to different things, two homes' areas."""
    what = chance.choice(["ballots", "receipts", "lines"])
    if what == "lines":
        swap_column(Entitlement, "area", "head", "n")(vote, chance)
        return
    model, column = (Ballot, "choice") if what == "ballots" else (Receipt, "state")
    rows = list(model.objects.filter(vote=vote).order_by("pk"))
    chance.shuffle(rows)
    a = rows[0]
    b = next(row for row in rows if getattr(row, column) != getattr(a, column))
    alter(model, a, **{column: getattr(b, column)})
    alter(model, b, **{column: getattr(a, column)})


AFTER: dict[str, Deed] = {
    "edits": edit_the_count, "additions": add_after, "deletions": delete_after, "swaps": swap_after,
}  # fmt: skip


@pytest.mark.parametrize("deed", list(AFTER))
def test_fifty_of_each_after_the_count_are_found_by_the_root(
    estate: Estate, cast_vote: tuple[Vote, list[str]], deed: str
):
    vote, _given_out = cast_vote
    estate.cast(vote, "o12", "no")
    estate.close(vote)
    told = Entry.objects.get(stream=vote.matter.stream_id, verb="counted").public  # in the sealed, append-only record

    def found() -> bool:
        now = Vote.objects.select_related("roll").get(pk=vote.pk)
        lines = root_hex(published(now)["lines"])
        return (root_of_vote(now), lines, now.roll.root) != (told["root"], told["roll"], told["roll"])

    assert not found(), "an honest count makes its root again"
    assert tried(vote, [AFTER[deed]], found, seed=len(deed)) == []
    assert not found()
