"""What a count of many does in a shorter way is what the long way says."""

import gc
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from weizhi.decisions import lean
from weizhi.decisions.models import Envelope, Receipt, Spoken
from weizhi.decisions.publishing import each_leaf, root_of_vote
from weizhi.decisions.receipts import bound
from weizhi.decisions.rolls import root_hex
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.record import merkle
from weizhi.record.canonical import canonical

__all__ = ["estate"]

MONDAY = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)


@given(st.uuids(), TEXT, TEXT, st.integers(0, 9), st.booleans(), st.integers(0, 10**12), st.none() | st.uuids())
def test_what_stands_on_an_envelope_is_written_canonically(
    one: UUID, voice: str, evidence: str, rank: int, signed: bool, after: int, recorded: UUID | None
) -> None:
    at = MONDAY + timedelta(microseconds=after)
    outside = lean.Outside(one, one, one, voice, "", "phone", at, one, recorded, evidence, signed, rank)
    assert bound(outside) == canonical([one, one, voice, "phone", rank, signed, at, one, recorded, evidence])


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 23])
def test_a_root_by_subtrees_is_that_of_the_log_that_grew(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merkle, "SUBTREE", 4)
    leaves = [merkle.leaf_hash(bytes([n])) for n in range(size)]
    assert merkle.root_of(leaves) == merkle.Frontier(leaves).root()


@pytest.mark.parametrize("of", ["secret", "named"])
def test_the_root_of_a_vote_is_over_its_leaves_as_they_are_published(of: str, estate: Estate) -> None:
    estate.homes(8, status="resident" if of == "secret" else "owner")
    vote = estate.open("secret" if of == "secret" else "ordinary")
    for n in range(1, 8):
        estate.cast(vote, f"o{n}", "yes" if n % 3 else "no")
    vote = estate.close(vote)
    assert vote.root == root_of_vote(vote) == root_hex(each_leaf(vote))
    # a receipt that somebody wrote into the table need not be hexadecimal
    Receipt.objects.create(hash='"},{"', vote=vote, signature=b"", state=Receipt.State.ASIDE)
    assert root_of_vote(vote) == root_hex(each_leaf(vote)) != vote.root


def test_the_database_refuses_a_second_that_spoke_for_a_line(estate: Estate) -> None:
    estate.homes(3)
    vote = estate.open("ordinary")
    estate.cast(vote, "o1", "yes")
    vote = estate.close(vote)
    spoke = Spoken.objects.get(vote=vote)
    assert spoke.envelope == Envelope.objects.get(vote=vote)
    with pytest.raises(IntegrityError), transaction.atomic():
        Spoken.objects.create(envelope_id=UUID(int=1), vote=vote, entitlement=spoke.entitlement)


@pytest.fixture
def searched() -> Iterator[None]:
    yield
    gc.enable()


def test_a_count_that_fails_leaves_the_process_as_it_was(searched: None) -> None:
    with lean.unsearched():
        assert not gc.isenabled()
    with pytest.raises(ZeroDivisionError), lean.unsearched():
        raise ZeroDivisionError
    assert gc.isenabled()
    gc.disable()
    with lean.unsearched():
        pass
    assert not gc.isenabled(), "who had switched it off finds it off"
