"""Letters become reports with their own dates: once each, whatever happens in between."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from weizhi.cli.reports import bring_in
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter, Step
from weizhi.matters.queries import waits
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.people.models import Holding
from weizhi.record.models import Delivery, Entry, Origin
from weizhi.record.origin import ClockRefused
from weizhi.reports.models import Report

FIRST = datetime(2019, 4, 1, 2, 0, tzinfo=UTC)


def letters(folder: Path, count: int, name: str = "letters.jsonl") -> Path:
    file = folder / name
    with file.open("w", encoding="utf-8") as out:
        for n in range(count):
            at = (FIRST + timedelta(hours=n)).strftime("%Y-%m-%d %H:%M:%S")
            out.write(json.dumps({"id": n, "at": at, "title": f"第 {n} 封", "text": "路灯坏了"}) + "\n")
    return file


def test_letters_become_reports_with_their_own_past_date(stage: Stage, tmp_path: Path, capsys):
    assert bring_in(letters(tmp_path, 3), None, "a") == 0
    matters = list(Matter.objects.order_by("number"))
    assert [(m.number, m.title, m.raised_at.year) for m in matters] == [(n + 1, f"第 {n} 封", 2019) for n in range(3)]
    assert {report.channel for report in Report.objects.all()} == {"imported"}
    assert set(Entry.objects.filter(verb="raise").values_list("actor__name", "holding__title")) == {
        ("导入的来信", "来信登记")
    }
    assert (
        waits(standing(stage.people["zhou"], timezone.now())).count()
        + waits(standing(stage.people["wang"], timezone.now())).count()
        >= 3
    )
    assert "新导入 3 件，以前导入过 0 件，没能导入 0 行。" in capsys.readouterr().out


def test_again_brings_nothing_new_and_a_longer_file_only_the_rest(stage: Stage, tmp_path: Path, capsys):
    bring_in(letters(tmp_path, 3), None, "a")
    before = Entry.objects.count()
    assert bring_in(letters(tmp_path, 3), None, "a") == 0
    assert "新导入 0 件，以前导入过 3 件" in capsys.readouterr().out
    assert Entry.objects.count() == before
    bring_in(letters(tmp_path, 5), None, "a")
    assert "新导入 2 件，以前导入过 3 件" in capsys.readouterr().out
    assert Holding.objects.filter(title="来信登记").count() == 1


def test_equal_numbers_of_another_source_are_other_letters(stage: Stage, tmp_path: Path):
    bring_in(letters(tmp_path, 2), None, "a")
    bring_in(letters(tmp_path, 2), None, "b")
    assert Matter.objects.count() == 4


def test_a_bad_line_loses_no_other_and_is_told_with_file_and_line(stage: Stage, tmp_path: Path, capsys):
    file = letters(tmp_path, 2)
    with file.open("a", encoding="utf-8") as out:
        out.write('{"id": 8\n{"id": 9, "at": "2199-01-01", "text": "将来的信"}\n')
        out.write(json.dumps({"id": 10, "at": "2019-05-01", "text": "长" * 5000}) + "\n")
    assert bring_in(file, "xfl", "a") == 1
    said = capsys.readouterr()
    assert f"{file}:3：" in said.err and f"{file}:4：时间" in said.err
    assert "新导入 3 件，以前导入过 0 件，没能导入 2 行。" in said.out
    long = Entry.objects.get(stream__matter__number=3, verb="raise").parts.get(part="words").read()
    assert len(long) == 2000 and long.endswith("（原文 5000 字，导入时截短）")


def test_what_time_did_since_then_stands_at_its_own_instant_and_alarms_nobody(stage: Stage, tmp_path: Path):
    bring_in(letters(tmp_path, 2), None, "a")
    assert run_due() == 0
    assert set(Entry.objects.filter(verb="overdue").values_list("at__year", flat=True)) == {2019}
    tell()
    assert not Delivery.objects.exists()


def test_a_database_that_serves_people_takes_no_letters(stage: Stage, tmp_path: Path):
    Origin.objects.update(made_as="live")
    with pytest.raises(ClockRefused):
        bring_in(letters(tmp_path, 1), None, "a")
    assert not Matter.objects.exists()


def run(file: Path, environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "weizhi", "reports", "import", str(file)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def environment(committed_stage: Stage, database_url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database_url}


def killed_in_the_middle(file: Path, after: int, environment: dict[str, str]) -> int:
    """Start an import, kill it once `after` letters are in; how many were in then."""
    process = run(file, environment)
    deadline = time.monotonic() + 120
    while Matter.objects.count() < after and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return Matter.objects.count()


def finished(file: Path, environment: dict[str, str]) -> str:
    process = run(file, environment)
    out, err = process.communicate()
    assert process.returncode == 0, err
    return out


def test_killed_in_the_middle_and_run_again_it_is_complete(environment: dict[str, str], tmp_path: Path):
    file = letters(tmp_path, 80)
    there = killed_in_the_middle(file, 10, environment)
    assert 10 <= there < 80
    assert f"新导入 {80 - there} 件，以前导入过 {there} 件" in finished(file, environment)
    assert sorted(Matter.objects.values_list("number", flat=True)) == list(range(1, 81))
    assert Step.objects.open().count() == 80
    assert "新导入 0 件，以前导入过 80 件" in finished(file, environment)


@pytest.mark.slow
def test_the_1200_messages_go_in_killed_in_the_middle_and_completed(environment: dict[str, str], shared: Path):
    file = shared / "data" / "messages" / "messages.jsonl"
    there = killed_in_the_middle(file, 400, environment)
    assert 400 <= there < 1200
    assert f"新导入 {1200 - there} 件，以前导入过 {there} 件" in finished(file, environment)
    assert Matter.objects.count() == Step.objects.open().count() == 1200
    assert "新导入 0 件，以前导入过 1200 件" in finished(file, environment)
