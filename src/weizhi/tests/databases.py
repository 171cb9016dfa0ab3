"""Which database the tests run on: ``pytest`` takes SQLite, ``pytest --db=postgres`` a PostgreSQL of its own.

Loaded with ``-p`` (pyproject.toml), because the choice must be made before pytest-django reads the settings.
"""

import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from weizhi.tests import postgres

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("weizhi").addoption(
        "--db",
        choices=["sqlite", "postgres"],
        default="sqlite",
        help="the database to test on; with postgres only the tests that use a database run, without a browser",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Before any settings are read. The workers of pytest-xdist inherit what is chosen here."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ.pop("DATABASE_URL", None)  # never a developer's own database
        if early_config.known_args_namespace.db == "postgres":
            start_postgres(early_config)
        home = tempfile.TemporaryDirectory(prefix="weizhi-tests-", ignore_cleanup_errors=True)
        early_config.add_cleanup(home.cleanup)
        os.environ["WEIZHI_HOME"] = home.name
        (Path(home.name) / "static").mkdir()  # where nothing was collected WhiteNoise warns on each request
        os.environ["WEIZHI_TESTING"] = "1"
    return (yield)


def start_postgres(config: pytest.Config) -> None:
    try:
        cluster = postgres.Cluster()
    except postgres.Absent as absent:
        pytest.exit(str(absent), returncode=1)
    config.add_cleanup(cluster.stop)
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url("weizhi")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what talks to a database runs again: pure tests cannot come out differently there.

    Nor can what a browser draws: the same pages are asked there without one.
    """
    if config.getoption("--db") != "postgres":
        return
    chosen: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        uses = item.get_closest_marker("django_db") or DATABASE_FIXTURES & fixtures
        (chosen if uses and "browser" not in fixtures else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = chosen


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--db')}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What `make test` could not run at all on this machine stands beside what was skipped."""
    if left_out := os.environ.get("WEIZHI_LEFT_OUT"):
        terminalreporter.write_sep("!", f"NOT RUN: {left_out}", red=True, bold=True)
