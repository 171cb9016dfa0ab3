"""The ground of the other tests: commits, threads and processes see one database, and each test a new one."""

import os
import subprocess
import sys
import threading

import pytest
from django.db import connection

from weizhi.places.models import Community


def make_community(slug: str) -> None:
    Community.objects.create(name="幸福里", slug=slug)


@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_finds_nothing_of_the_one_before(transactional_db, turn):
    assert not Community.objects.exists()
    make_community("xfl")
    assert Community.objects.count() == 1


def test_another_thread_sees_what_was_committed(transactional_db):
    make_community("xfl")
    seen = []

    def look():
        seen.append(Community.objects.count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


def test_another_process_sees_what_was_committed(database_url):
    make_community("xfl")
    program = (
        "import django; django.setup(); from weizhi.places.models import Community; print(Community.objects.get().slug)"
    )
    environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "weizhi.site.settings"}
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "xfl"


def test_the_chosen_database_is_the_one_in_use(db, request):
    vendor = {"sqlite": "sqlite", "postgres": "postgresql"}[request.config.getoption("--db")]
    assert connection.vendor == vendor
