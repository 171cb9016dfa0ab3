"""``weizhi cases play`` in a process of its own: an empty database for each case, gone afterwards."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from weizhi.cases.tests.test_reading import GOOD


@dataclass(frozen=True)
class Ran:
    code: int
    said: str
    complained: str
    pid: int


def weizhi(*words: str) -> Ran:
    command = [sys.executable, "-m", "weizhi", "cases", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        said, complained = process.communicate()
    return Ran(process.returncode, said, complained, process.pid)


def left_behind(ran: Ran) -> list[str]:
    if connection.vendor == "sqlite":
        return [str(path) for path in Path(tempfile.gettempdir()).glob(f"weizhi-cases-{ran.pid}-*")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"weizhi_case_{ran.pid}_%"])
        return [name for (name,) in cursor.fetchall()]


def test_a_case_has_a_database_of_its_own_and_what_does_not_hold_makes_the_exit_code_one(db, tmp_path):
    (tmp_path / "lamp.toml").write_text(GOOD.replace('stands_at = "handle"', 'stands_at = "sort"'), encoding="utf-8")
    ran = weizhi("play", str(tmp_path / "lamp.toml"), "--json")
    assert ran.code == 1, ran.complained
    (told,) = json.loads(ran.said)
    assert (told["ok"], told["matters"], told["entries"]) == (False, 1, 2)
    assert told["failures"] == [{"line": 22, "what": "停在", "expected": "sort", "found": "handle"}]
    assert not left_behind(ran)


def test_a_broken_case_is_not_played(tmp_path):
    (tmp_path / "lamp.toml").write_text(GOOD.replace('do = "sort"', 'do = "sotr"'), encoding="utf-8")
    ran = weizhi("play", str(tmp_path / "lamp.toml"))
    assert ran.code == 1
    assert "lamp.toml:20" in ran.complained and "sort" in ran.complained
