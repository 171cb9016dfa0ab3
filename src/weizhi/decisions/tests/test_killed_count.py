"""The counting job dies at ten points and runs again: the same result, and no ballot lies open in between."""

from typing import Any

import pytest
from django.db.models.query import QuerySet

from weizhi.decisions import settling
from weizhi.decisions.actions import count as counting
from weizhi.decisions.kinds import closing
from weizhi.decisions.models import Ballot, Envelope, Receipt, Vote
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.matters.actions.wake import run_due

__all__ = ["estate"]

# Each before or after a piece of the count; `bulk_create` dies after its ballots are written.
POINTS: list[tuple[Any, str, str]] = [
    (counting, "take", "after"),
    (counting, "_ours", "after"),
    (counting, "_opened", "after"),
    (counting, "tallied", "before"),
    (counting, "tallied", "after"),
    (QuerySet, "bulk_create", "after"),
    (counting, "_write_ballots", "after"),
    (settling, "_mark", "after"),
    (counting, "settle", "after"),
    (counting, "root_of_vote", "after"),
    (closing, "said_of", "after"),
]


class Killed(BaseException):
    """As a process that is ended: nothing catches it on the way."""


def ballots(vote: Vote) -> list[Any]:
    return sorted(Ballot.objects.filter(vote=vote).values_list("choice", flat=True))


def said(estate: Estate, vote: Vote) -> None:
    for n in range(1, 9):
        estate.cast(vote, f"o{n}", "yes" if n % 3 else "no")
    estate.cast(vote, "o1", "abstain")


def test_a_count_killed_at_ten_points_and_run_again_is_the_same(estate: Estate, monkeypatch: Any):
    estate.homes(9, status="resident")
    twin, vote = estate.open("secret"), estate.open("secret")
    for one in (twin, vote):
        said(estate, one)
    sealed = dict(Envelope.objects.filter(vote=vote).values_list("pk", "sealed"))
    run_due(twin.closes_at, matter=twin.matter_id)
    for where, name, when in POINTS:
        with monkeypatch.context() as patched:
            whole = getattr(where, name)

            def dies(*args: Any, whole: Any = whole, when: str = when, **rest: Any) -> Any:
                if when == "after":
                    whole(*args, **rest)
                raise Killed

            patched.setattr(where, name, dies)
            with pytest.raises(Killed):
                run_due(vote.closes_at, matter=vote.matter_id)
        vote.refresh_from_db()
        assert (vote.counted_at, vote.result, vote.step.closed_at) == (None, {}, None), name
        assert vote.private_key is not None and not Ballot.objects.filter(vote=vote).exists(), name
        assert dict(Envelope.objects.filter(vote=vote).values_list("pk", "sealed")) == sealed, name
        assert not Receipt.objects.filter(vote=vote, state__in=["counted", "aside"]).exists(), name
    run_due(vote.closes_at, matter=vote.matter_id)
    twin.refresh_from_db()
    vote.refresh_from_db()
    assert (vote.outcome, vote.result, ballots(vote)) == (twin.outcome, twin.result, ballots(twin))
    run_due(vote.closes_at, matter=vote.matter_id)
    assert len(ballots(vote)) == 8
