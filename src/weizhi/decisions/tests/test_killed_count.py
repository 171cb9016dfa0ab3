"""The counting job is killed at a dozen points and runs again: the same result, and no ballot lies open in between."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from weizhi.decisions.models import Ballot, Envelope, Receipt, Vote
from weizhi.decisions.tests.homes import Estate, committed_estate
from weizhi.matters.actions.wake import run_due

__all__ = ["committed_estate"]

COUNT, WAKE = "weizhi.decisions.actions.count", "weizhi.matters.actions.wake"
POINTS = [
    f"{COUNT} take after",
    f"{COUNT} _issued after",
    f"{COUNT} _envelopes after",
    f"{COUNT} _opened after",
    f"{COUNT} tallied before",
    f"{COUNT} tallied after",
    "weizhi.places.bulk insert after",
    f"{COUNT} _write_ballots after",
    "weizhi.decisions.settling _empty after",
    f"{COUNT} settle after",
    f"{COUNT} root_of_vote after",
    "weizhi.decisions.kinds.closing said_of after",
]
COMMITTED = f"{WAKE} wake_step after"  # the last: then it is counted


class Job:
    """Counting jobs in processes of their own, each ended where it is asked for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, point: str) -> int:
        """How it ended: 0, or the signal that ended it as a negative number."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{point}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def ballots(vote: Vote) -> list[Any]:
    return sorted(Ballot.objects.filter(vote=vote).values_list("choice", flat=True))


@pytest.fixture
def votes(committed_estate: Estate) -> tuple[Vote, Vote]:
    """Two secret votes in which the same was said; the first was counted in peace."""
    committed_estate.homes(9, status="resident")
    twin, vote = committed_estate.open("secret"), committed_estate.open("secret")
    for one in (twin, vote):
        for n in range(1, 9):
            committed_estate.cast(one, f"o{n}", "yes" if n % 3 else "no")
        committed_estate.cast(one, "o1", "abstain")
    run_due(twin.closes_at, matter=twin.matter_id)
    twin.refresh_from_db()
    return twin, vote


@pytest.fixture
def job(votes: tuple[Vote, Vote], database_url: str) -> Iterator[Job]:
    words = [sys.executable, "-m", "weizhi.decisions.tests.dying_job", votes[1].closes_at.isoformat()]
    environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "weizhi.site.settings"}
    with subprocess.Popen(
        words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:  # its input ends here, and so does it
        yield Job(process)


@pytest.mark.slow
def test_a_count_killed_at_a_dozen_points_and_run_again_is_the_same(votes: tuple[Vote, Vote], job: Job):
    twin, vote = votes
    sealed = dict(Envelope.objects.filter(vote=vote).values_list("pk", "sealed"))
    for point in POINTS:
        assert job.run(point) == -signal.SIGKILL, point
        with transaction.atomic():  # waits until the database, too, knows that the job is dead
            now = Vote.objects.select_for_update(of=("self",)).select_related("step").get(pk=vote.pk)
        assert (now.counted_at, now.result, now.step.closed_at) == (None, {}, None), point
        assert now.private_key is not None and not Ballot.objects.filter(vote=vote).exists(), point
        assert dict(Envelope.objects.filter(vote=vote).values_list("pk", "sealed")) == sealed, point
        assert not Receipt.objects.filter(vote=vote, state__in=["counted", "aside"]).exists(), point
    for point in (COMMITTED, "none", "none"):
        assert job.run(point) == (0 if point == "none" else -signal.SIGKILL)
        vote.refresh_from_db()
        assert (vote.outcome, vote.result, ballots(vote)) == (twin.outcome, twin.result, ballots(twin)), point
        assert vote.private_key is None and not Envelope.objects.filter(vote=vote, sealed__isnull=False).exists()
