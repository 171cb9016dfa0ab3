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
