"""Forty projects: the vote's own count, the command on its published file, and pabutools name the same winners."""

import argparse
import json
import random
import subprocess
from pathlib import Path

import pytest

from weizhi.cli.methods.budget import register
from weizhi.decisions.models import Vote
from weizhi.decisions.pabulib import text_of
from weizhi.decisions.tests.budgeted import rows, voting
from weizhi.decisions.tests.test_budget import PEER
from weizhi.matters.tests.conftest import Stage
from weizhi.methods.budgeting.tests.test_real_files import peer_python

PROJECTS, VOTERS, SUM, EACH = 40, 60, 10_000, 5
COSTS = {f"项目 {n + 1}": 150 + 75 * (n * 7 % 23) for n in range(PROJECTS)}


@pytest.fixture
def file(stage: Stage, tmp_path: Path) -> tuple[Vote, Path]:
    """Each voter ticks up to five of forty; projects near the front of the list are liked more."""
    here, dice = voting(stage, COSTS, SUM, VOTERS), random.Random(7)
    names = list(COSTS)
    for voter in range(VOTERS):
        liked = {names[min(int(dice.expovariate(0.08)), PROJECTS - 1)] for _ in range(EACH)}
        here.cast(voter, *sorted(liked))
    vote, published = here.count(), tmp_path / "published.pb"
    published.write_text(text_of(vote), encoding="utf-8")
    return vote, published


def test_the_command_and_pabutools_name_the_winners_of_the_vote(
    file: tuple[Vote, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    vote, published = file
    won = [row["key"] for row in rows(vote) if row["place"] is not None]
    assert 5 < len(won) < PROJECTS and len(rows(vote)) == PROJECTS
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    asked = ["budget", str(published), "--rule", "mes", "--utility", "cost", "--completion", "add1", "--json"]
    arguments = parser.parse_args(asked)
    assert arguments.run(arguments) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["selected"] == won and said["cost"] * 100 == vote.result["budget"]["spent"]
    peer = [peer_python(), "-c", PEER, str(published)]  # skipped from here where pabutools is not installed
    found = subprocess.run(peer, capture_output=True, text=True, check=True).stdout
    assert sorted(found.split()) == sorted(won)
