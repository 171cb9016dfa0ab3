"""What our own PostgreSQL backend adds to Django's: plans that are kept, and an end that is noticed."""

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from weizhi.places.models import Place
from weizhi.places.postgresql.base import DatabaseWrapper
from weizhi.places.prepared import Prepared

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server: nothing to plan there"),
]


def planned() -> int:
    """How many executions went by a kept plan."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(SUM(generic_plans), 0) FROM pg_prepared_statements WHERE statement LIKE '%place%'"
        )
        return int(cursor.fetchone()[0])


def test_what_is_read_by_key_is_planned_once() -> None:
    by_key = Prepared(lambda path: Place.objects.filter(path=path), by_key=True)
    before = planned()
    with CaptureQueriesContext(connection) as asked:
        for path in ("xfl/1", "xfl/2", "xfl/'3"):
            assert by_key(path) == []
    assert planned() == before + 3
    assert ["'xfl/1'" in one["sql"] for one in asked] == [True, False, False], "the log shows them as any other"


def test_a_list_is_planned_for_its_values() -> None:
    listed = Prepared(lambda path: Place.objects.filter(path__gt=path))
    before = planned()
    for _n in range(8):
        listed("xfl")
    assert planned() == before


def test_a_connection_whose_server_went_away_is_not_used_again() -> None:
    other = connections["default"].copy()
    assert isinstance(other, DatabaseWrapper)
    other.ensure_connection()
    assert other.is_usable()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.connection.info.backend_pid])
    assert not other.is_usable()
    with pytest.raises(psycopg.Error):
        other.connection.execute("SELECT 1")
    other.close()
    assert not other.is_usable(), "closed"


def test_a_read_by_key_notices_too() -> None:
    """The session is the first thing that a request reads, and by its key: a restart must not cost a request."""
    other = connections["default"].copy()
    assert isinstance(other, DatabaseWrapper)
    other.ensure_connection()
    other.health_check_enabled, other.health_check_done = True, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.connection.info.backend_pid])
    with other.planned_once() as again:
        assert again.execute("SELECT %s::int", [7]).fetchone() == (7,)
    other.close()


def test_plans_of_a_column_whose_type_changed_are_made_anew() -> None:
    other = connections["default"].copy()
    assert isinstance(other, DatabaseWrapper)
    with other.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE changing (key int PRIMARY KEY, word varchar(4))")
        cursor.execute("INSERT INTO changing VALUES (1, 'one')")
    for _n in range(2):
        with other.planned_once() as cursor:
            assert cursor.execute("SELECT word FROM changing WHERE key = %s", [1]).fetchone() == ("one",)
    with other.cursor() as cursor:
        cursor.execute("ALTER TABLE changing ALTER COLUMN word TYPE varchar(9)")
    for _n in range(2):
        with other.planned_once() as cursor:
            assert cursor.execute("SELECT word FROM changing WHERE key = %s", [1]).fetchone() == ("one",)
    assert other.connection.prepare_threshold is None, "no text of anybody else's is kept"
    other.close()
