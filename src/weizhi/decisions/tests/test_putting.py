"""What a ballot costs the database, and that the constraint alone decides which of two is a voice's first."""

from typing import Any

import pytest
from django.db import connection, transaction

from weizhi.decisions import rolls
from weizhi.decisions.actions.cast import cast
from weizhi.decisions.boxes import hold, hold_for
from weizhi.decisions.models import Envelope, Receipt, Vote
from weizhi.decisions.putting import put_first
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.matters.refused import Refused

__all__ = ["estate"]


@pytest.fixture
def vote(estate: Estate) -> Vote:
    estate.homes(2)
    estate.home("3", "jia", "yi")
    return estate.open("ordinary")


def test_a_first_ballot_is_one_read_and_one_writing(estate: Estate, vote: Vote, query_budget: Any):
    cast(vote.pk, ["yes"], by=estate.people["o1"], at=estate.later())  # what a process does once
    writing = 1 if connection.vendor == "postgresql" else 2  # envelope and receipt; SQLite is no way off
    asks_the_clock = 1  # the test does
    with query_budget(asks_the_clock + 1 + writing):
        cast(vote.pk, ["yes"], by=estate.people["o2"], key="k", at=estate.later())
    with query_budget(asks_the_clock + 3):  # read, tried, and looked at what lies there
        assert cast(vote.pk, ["yes"], by=estate.people["o2"], key="k", at=estate.later()).again


def test_of_one_voice_a_second_envelope_is_not_put_in_and_neither_is_its_receipt(estate: Estate, vote: Vote):
    estate.cast(vote, "o1", "yes")
    lies = Envelope.objects.get()
    with transaction.atomic():
        again = Envelope(
            vote=vote, entitlement_id=lies.entitlement_id, voice=lies.voice, sealed=b"x", receipt="f" * 64,
            channel="phone", cast_at=lies.cast_at, cast_by_id=lies.cast_by_id,
        )  # fmt: skip
        assert not put_first(again, Receipt(hash="f" * 64, vote=vote, signature=b"s"))
    assert Envelope.objects.get().receipt == lies.receipt and Receipt.objects.count() == 1


def test_what_is_held_is_the_vote_with_what_a_ballot_needs_of_it(estate: Estate, vote: Vote):
    """And what it does not need is read where somebody asks for it."""
    with transaction.atomic():
        whole, (held, mine) = hold(vote.pk), hold_for(vote.pk, estate.people["yi"].pk)
        for one in (whole, held):
            assert (one.closes_at, bytes(one.public_key), one.step.closed_at) == (
                vote.closes_at, bytes(vote.public_key), None,
            )  # fmt: skip
            assert "private_key" in one.get_deferred_fields() and one.brief == vote.brief
        [line] = mine
        assert (line.line.pk, line.as_what, line.line.label) == (estate.line(vote, "3"), "owner", "3")
        assert hold_for(vote.pk, estate.people["wang"].pk)[1] == []
        with pytest.raises(Refused, match=r"^not-found:"):
            hold_for(estate.line(vote, "3"), estate.people["yi"].pk)


def test_a_ballot_of_a_roll_just_drawn_up_does_not_go_through_its_lines(estate: Estate, monkeypatch: Any):
    """PostgreSQL plans by what it saw of a table last, and keeps the plan: it must have seen the new lines."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans without having looked.")
    monkeypatch.setattr(rolls, "MANY", 2)
    estate.homes(3)
    estate.open("ordinary")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'decisions_entitlement'")
        assert cursor.fetchone()[0] >= 3
