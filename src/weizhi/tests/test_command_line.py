"""The command finds its nouns by itself, and starts without Django."""

import subprocess
import sys

from weizhi.tests import sources


def python(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_every_noun_is_found():
    nouns = {path.stem for path in sources.programs() if path.parent.name == "cli"} - {"__init__"}
    told = python("from weizhi.cli import build_parser; print(*build_parser()._subparsers._group_actions[0].choices)")
    assert nouns | {"manage"} <= set(told.split())


def test_the_command_line_imports_no_django_to_start():
    told = python("import sys; from weizhi.cli import build_parser; build_parser(); print('django' in sys.modules)")
    assert told.strip() == "False"
