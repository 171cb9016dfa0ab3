"""The way back to the start of a demo: its database kept as it was made, and put back whole.

This is the one way past the triggers of the record, so it is locked twice: the database must have been made as a demo
and still be that one demo, and what was kept must be of this very demo and of this very version of the tables.
SQLite: a file beside the database, by its backup call. PostgreSQL: copies of the tables in a schema of their own.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from weizhi.record import clock
from weizhi.record.models import Origin

SCHEMA = "demo_start"
MIGRATIONS = "SELECT app, name FROM {}django_migrations ORDER BY app, name"
MADE = "SELECT made_as, made_at FROM {}record_origin"


class NoWayBack(Exception):
    """Nothing was kept that could be put back here."""


def keep_start() -> None:
    """Keep the demo as it stands now. Outside a transaction: what is kept is what was committed."""
    _demo()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_beside())) as kept:
            connection.ensure_connection()
            connection.connection.backup(kept)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in _tables(cursor):
            cursor.execute(f"CREATE TABLE {SCHEMA}.{table} AS TABLE public.{table}")


def may_go_back() -> bool:
    """Whether the start of this demo was kept, by this version of the tables."""
    if not Origin.objects.filter(made_as=Origin.MadeAs.DEMO).exists():
        return False
    if connection.vendor == "sqlite":
        return _beside().exists() and _same(_kept_file())
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.record_origin"])
        there = cursor.fetchone()[0] is not None
    return there and _same(_kept_schema())


def go_back() -> None:
    """Put everything back as it was made; the demo's clock shows that moment again. Raises NoWayBack."""
    origin = _demo()
    if not may_go_back():
        raise NoWayBack("没有留下开始时的样子，或者是旧版本留下的。请重新建一次演示社区。")
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(_beside())) as kept:
            kept.backup(connection.connection)
    else:
        _refill()
    clock.stand_at(origin.made_at)


def _demo() -> Origin:
    """Refused in a live database, whoever asks."""
    found = Origin.objects.filter(made_as=Origin.MadeAs.DEMO).first()
    if found is None:
        raise clock.ClockRefused("只有演示用的数据库才能回到开始。")
    if connection.in_atomic_block:
        raise NoWayBack("还在一笔改动里，不能回到开始。")
    return found


def _beside() -> Path:
    name = Path(str(connection.settings_dict["NAME"]))
    return name.with_name(f"{name.name}.start")


Facts = tuple[list[Any], list[Any]]


def _facts(cursor: Any, schema: str = "") -> Facts:
    cursor.execute(MIGRATIONS.format(schema))
    applied = [tuple(row) for row in cursor.fetchall()]
    cursor.execute(MADE.format(schema))
    return applied, [str(value) for row in cursor.fetchall() for value in row]


def _kept_file() -> Facts:
    with closing(sqlite3.connect(_beside())) as kept, closing(kept.cursor()) as cursor:
        return _facts(cursor)


def _kept_schema() -> Facts:
    with connection.cursor() as cursor:
        return _facts(cursor, f"{SCHEMA}.")


def _same(kept: Facts) -> bool:
    """Asked past Django's own reading of instants, so that both sides say them in one way."""
    if connection.vendor == "sqlite":
        with closing(connection.connection.cursor()) as cursor:
            return kept == _facts(cursor)
    with connection.cursor() as cursor:
        return kept == _facts(cursor, "public.")


# --- PostgreSQL ---------------------------------------------------------------------------------------


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [row[0] for row in cursor.fetchall()]


def _columns(cursor: Any, table: str) -> Iterator[str]:
    """Those that are written; a generated one writes itself."""
    cursor.execute(
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [f"public.{table}"],
    )
    yield from (row[0] for row in cursor.fetchall())


def _refill() -> None:
    """One transaction under exclusive locks: nobody sees it half done. Foreign keys are checked before it ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = _tables(cursor)
        for table in tables:
            cursor.execute(f"ALTER TABLE public.{table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(f'public.{table}' for table in tables)}")
        for table in tables:
            columns = ", ".join(_columns(cursor, table))
            cursor.execute(
                f"INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE "  # noqa: S608 - names of our own tables
                f"SELECT {columns} FROM {SCHEMA}.{table}"
            )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE public.{table} ENABLE TRIGGER USER")
