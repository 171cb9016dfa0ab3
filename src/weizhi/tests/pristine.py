"""A new database after each test that commits, instead of Django's flush.

The record's triggers refuse DELETE, so a flush fails, and must (ENGINE.md §4). The migrated database is kept
aside once and copied back: SQLite by its backup call, PostgreSQL by CREATE DATABASE … TEMPLATE.
"""

import sqlite3
from pathlib import Path

from django.db import connection, connections
from django.test import TransactionTestCase


def keep() -> None:
    """Remember the database as the migrations left it."""
    if connection.vendor == "sqlite":
        copy_sqlite(name(), kept())
    else:
        # Django closes its own connections; a template must have none.
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{kept()}" TEMPLATE "{name()}"')


def restore() -> None:
    connections.close_all()
    if connection.vendor == "sqlite":
        copy_sqlite(kept(), name())
    else:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name()}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name()}" TEMPLATE "{kept()}"')


def drop() -> None:
    if connection.vendor == "sqlite":
        Path(kept()).unlink(missing_ok=True)
    else:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{kept()}" WITH (FORCE)')


def name() -> str:
    return str(connection.settings_dict["NAME"])


def kept() -> str:
    return f"{name()}_pristine"


def copy_sqlite(source: str, target: str) -> None:
    with sqlite3.connect(source) as old, sqlite3.connect(target, timeout=30) as new:
        old.backup(new)
    old.close()
    new.close()


def use_for_committing_tests() -> None:
    def teardown(_: TransactionTestCase) -> None:
        restore()

    # setattr: the method has no place in the published types.
    setattr(TransactionTestCase, "_fixture_teardown", teardown)  # noqa: B010 - for the reason above
