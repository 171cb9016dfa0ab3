"""No ballot of a secret vote leads to a person: by no key, order, time, size, nor by what the database itself keeps."""

import random
from typing import Any

import pytest
from django.db import connection, models

from weizhi.decisions.actions import count as counting
from weizhi.decisions.models import Ballot, Envelope, Receipt, Vote
from weizhi.decisions.tests.homes import Estate, estate

__all__ = ["estate"]

VOTERS = 240
SIGMAS = 5


@pytest.fixture
def counted(estate: Estate, monkeypatch: Any) -> tuple[Vote, list[str], set[int]]:
    """The first half says yes, the second no: whatever keeps an order would tell who. The keys' chance is fixed, so
    that the test is the same every time. Returns the vote, what each said in the order of casting, sealed lengths."""
    monkeypatch.setattr(counting.secrets, "randbits", random.Random(20260302).getrandbits)
    estate.homes(VOTERS, status="resident")
    vote = estate.open("secret")
    said = ["yes" if n < VOTERS // 2 else "no" for n in range(VOTERS)]
    for n, choice in enumerate(said, 1):
        estate.cast(vote, f"o{n}", choice)
    lengths = {len(bytes(sealed)) for sealed in Envelope.objects.values_list("sealed", flat=True)}
    return estate.close(vote), said, lengths


def physical(model: Any, *columns: str) -> list[Any]:
    """Rows in the order in which they lie in the file, which whoever owns the database sees."""
    order = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table} ORDER BY {order}")
        return cursor.fetchall()


def agree_by_chance(left: list[str], right: list[str]) -> bool:
    """Whether two orders of as many yes and no agree as often as strangers do (hypergeometric, five sigmas)."""
    n, half = len(left), len(left) // 2
    same = sum(a == b == "yes" for a, b in zip(left, right, strict=True))
    deviation = (half * half * half * half / (n * n * (n - 1))) ** 0.5
    return abs(same - half * half / n) <= SIGMAS * deviation


def test_nothing_joins_a_ballot_to_a_person(counted: tuple[Vote, list[str], set[int]]):
    vote, _said, lengths = counted
    ballots = list(Ballot.objects.filter(vote=vote).order_by("pk"))
    assert len(ballots) == VOTERS and vote.result["sides"]["yes"]["heads"] == VOTERS // 2
    # by a column: none points anywhere
    assert {(ballot.entitlement_id, ballot.voice) for ballot in ballots} == {(None, "")}
    # by key: no ballot's key occurs on the other side, nor is it made of the instant
    keys = {ballot.pk.hex for ballot in ballots}
    others = {value.hex for row in Envelope.objects.values_list("pk", "entitlement", "cast_by") for value in row}
    assert not keys & others and len({ballot.pk.hex[:8] for ballot in ballots}) == VOTERS
    # by time: a ballot has none
    assert not [field for field in Ballot._meta.get_fields() if isinstance(field, models.DateField)]
    # by size: every envelope was equally long, whatever was in it
    assert len(lengths) == 1
    # what was sealed is gone
    assert not Envelope.objects.filter(vote=vote, sealed__isnull=False).exists() and vote.private_key is None


def test_no_order_of_the_ballots_is_that_of_the_voters(counted: tuple[Vote, list[str], set[int]]):
    vote, said, _lengths = counted
    by_line = dict(Envelope.objects.values_list("receipt", "entitlement__n"))
    as_they_lie = [Ballot(pk=pk).pk for (pk,) in physical(Ballot, "id")]
    # They lie in the order of keys that chance drew, so where they lie tells no more than the keys do.
    assert [str(pk) for pk in as_they_lie] == sorted(str(pk) for pk in as_they_lie)
    choices = dict(Ballot.objects.filter(vote=vote).values_list("pk", "choice"))
    in_order = [choices[pk][0] for pk in sorted(choices)]
    assert agree_by_chance(said, in_order)
    # The count touches envelopes and receipts too; the order in which they now lie says nothing of the ballots'.
    for model, column in ((Envelope, "receipt"), (Receipt, "hash")):
        lies = [said[by_line[receipt] - 1] for (receipt,) in physical(model, column)]
        assert agree_by_chance(lies, in_order), model
    assert not agree_by_chance(said, said), "the measure itself would notice"


def test_what_the_database_keeps_of_transactions_is_the_same_for_all(counted: tuple[Vote, list[str], set[int]]):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps no transaction with a row.")
    for model in (Ballot, Envelope):
        assert len({str(row) for row in physical(model, "xmin")}) == 1, model
