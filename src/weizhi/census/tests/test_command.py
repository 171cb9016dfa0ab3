"""``weizhi census import`` as a process of its own: killed outright and run again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from weizhi.census.tests.files import workbook
from weizhi.people.models import Person, Residence
from weizhi.places.models import Place
from weizhi.record.actions.found_community import found_community
from weizhi.record.models import Entry

HOMES, PEOPLE = 1500, 4500


def large(path: Path) -> None:
    homes = [["楼栋", "单元", "房号"]] + [[n // 50 + 1, 1, n % 50 + 101] for n in range(HOMES)]
    people = [["楼栋", "单元", "房号", "姓名", "关系", "电话"]]
    people += [[*homes[n // 3 + 1], f"居民{n}", "居民", str(13800000000 + n)] for n in range(PEOPLE)]
    workbook(path, {"住户": homes, "居民": people})


@pytest.fixture
def run(database_url: str, tmp_path: Path):
    large(tmp_path / "large.xlsx")
    found_community("xfl", "幸福里")
    connection.close()
    environment = {**os.environ, "DATABASE_URL": database_url, "WEIZHI_HOME": str(tmp_path)}

    def start(*more: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "weizhi", "census", "import", str(tmp_path / "large.xlsx"), *more]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    return start


def kill_at(process: "subprocess.Popen[str]", words: str) -> None:
    """Kill outright as soon as the command says so."""
    assert process.stderr
    for line in process.stderr:
        if words in line:
            break
    else:
        pytest.fail(f"it never said {words}")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_killed_while_writing_it_goes_on_from_its_plan_and_doubles_nothing(run, tmp_path: Path):
    entries = Entry.objects.count()
    for words in ("核对居民", "写入楼栋", "写入居民"):
        kill_at(run(), words)
        assert (Place.objects.count(), Person.objects.count(), Residence.objects.count()) == (1, 0, 0)
    assert list((tmp_path / "imports").glob("*.plan")), "what was checked is kept"
    out, err = run().communicate(timeout=120)
    assert "接着写入" in err and "读了" not in err
    assert "楼栋 30 栋、单元 30 个、住户 1500 户、居民 4500 人、住户关系 4500 条" in out
    again, _ = run().communicate(timeout=120)
    assert "没有新的" in again
    assert (Person.objects.count(), Residence.objects.count()) == (PEOPLE, PEOPLE)
    assert Entry.objects.count() == entries + 1 and not list((tmp_path / "imports").iterdir())


def test_a_dry_run_writes_nothing(run, tmp_path: Path):
    out, err = run("--dry-run").communicate(timeout=120)
    assert out == "" and "可以导入" in err and not list((tmp_path / "imports").iterdir())
    assert Person.objects.count() == 0


def test_readers_see_nothing_until_all_is_there(run):
    """Somebody counts all the while: never a number between none and all."""
    process, seen = run(), set()
    while process.poll() is None:
        seen.add((Person.objects.count(), Residence.objects.count()))
        time.sleep(0.02)
    seen.add((Person.objects.count(), Residence.objects.count()))
    assert {people for people, _ in seen} == {0, PEOPLE} and process.wait() == 0
    process.communicate()
