"""What every room's tests may ask for."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer
    from pytest_django.plugin import DjangoDbBlocker

REPOSITORY = Path(__file__).resolve().parents[2]
# How long an example takes is a matter of the machine and its load; timings belong in benchmarks.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SET ")


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that is not ours to publish; tests that want it skip where it is absent."""
    folder = Path(os.environ.get("WEIZHI_SHARED") or REPOSITORY.parent / "shared")
    if not folder.is_dir():
        # Not a failure in CI either: the folder is no part of the repository, and a clone alone must pass.
        pytest.skip("There is no folder of shared data here (WEIZHI_SHARED names it).")
    return folder


# --- databases -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite as a file, not in memory: a live server's threads and other processes must see the same database."""
    from django.conf import settings

    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        default.setdefault("TEST", {})["NAME"] = str(Path(os.environ["WEIZHI_HOME"]) / f"tests-{worker}.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """Keep the migrated database aside, so that tests that commit start from it and not from a flush."""
    from weizhi.tests import pristine

    pristine.use_for_committing_tests()
    with django_db_blocker.unblock():
        pristine.keep()
    yield
    with django_db_blocker.unblock():
        pristine.drop()


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """For processes of their own (``DATABASE_URL``): the database of this test."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture
def query_budget() -> Callable[[int], AbstractContextManager[None]]:
    """``with query_budget(10): client.get(…)`` — transaction control is not counted; on failure all are shown."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    @contextmanager
    def budget(most: int) -> Generator[None, None, None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        counted = [query["sql"] for query in captured if not query["sql"].startswith(NOT_COUNTED)]
        listed = "\n".join(f"{n:3} {sql}" for n, sql in enumerate(counted, 1))
        assert len(counted) <= most, f"{len(counted)} queries where {most} are allowed:\n{listed}"

    return budget


# --- browsers ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from weizhi.tests.browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def open_page(browser: "Browser", live_server: "LiveServer") -> "Iterator[Callable[[str], Page]]":
    """``page = open_page("phone")`` (or "narrow", "desk"): a new person's browser at the live server."""
    from weizhi.tests.browser import context

    opened: list[Any] = []

    def open_one(width: str = "phone") -> "Page":
        opened.append(context(browser, width, live_server.url))
        page: Page = opened[-1].new_page()
        return page

    yield open_one
    for one in opened:
        one.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
