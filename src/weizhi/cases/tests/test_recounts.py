"""Every vote that a story counts is counted again by the file that a neighbour downloads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from weizhi.cases.player import play
from weizhi.cases.reading import read
from weizhi.decisions.models import Vote
from weizhi.decisions.one_file import program
from weizhi.decisions.tests.voted import published

STORIES = {
    "lift": 1,
    "unit-consent": 3,
    "qinghe": 3,
    "committee-election": 4,
    "nanjing-wuwei": 1,
    "beijing-1-1-n": 1,
    "ruiquan": 5,
    "haicang": 4,
    "two-counters": 1,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", STORIES)
def test_a_neighbour_counts_again(name: str, settings, tmp_path: Path) -> None:
    settings.KEYS_FILE, settings.FILES = tmp_path / "keys.json", tmp_path / "files"
    assert play(read(name)).ok
    recount = tmp_path / "recount.py"
    recount.write_text(program(), encoding="utf-8")
    votes = [vote for vote in Vote.objects.filter(counted_at__isnull=False) if vote.outcome != "called-off"]
    assert len(votes) == STORIES[name]
    for vote in votes:
        file = tmp_path / f"{vote.pk}.json"
        file.write_text(json.dumps(published(vote), ensure_ascii=False), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", str(recount), str(file), "--root", vote.root],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
