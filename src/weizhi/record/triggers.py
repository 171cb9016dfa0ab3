"""The database itself refuses to change the record, whoever asks through it.

Installed after every migrate: Django remakes a table on SQLite when it changes it, and the triggers of the old
table go with it without a word (ENGINE.md §4).
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Entries, leaves and roots stay as they are; a payload may go (by erasing) but never change.
REFUSED = {
    "record_entry": ("UPDATE", "DELETE"),
    "record_leaf": ("UPDATE", "DELETE"),
    "record_root": ("UPDATE", "DELETE"),
    "record_payload": ("UPDATE",),
}
FUNCTION = "record_refuse_change"
CREATE_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'the record is append-only: % on % refused', TG_OP, TG_TABLE_NAME;
END
$body$
"""


def name_of(table: str, operation: str) -> str:
    """Return the trigger's name."""
    return f"{table}_no_{operation.lower()}"


def wanted(vendor: str) -> Iterator[tuple[str, str, str]]:
    """Yield table, trigger and the statement that creates it."""
    for table, operations in REFUSED.items():
        for operation in operations:
            name = name_of(table, operation)
            yield table, name, _create(vendor, name, table, operation)
        if vendor == "postgresql" and "DELETE" in operations:
            name = name_of(table, "TRUNCATE")
            yield table, name, _create_for_statement(name, table)


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Create the triggers anew on the tables that exist."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(CREATE_FUNCTION)
        for table, name, create in wanted(connection.vendor):
            if table in tables:
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
                cursor.execute(create)


def install_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    """Install after the migrate command, and with `sender` only once a run."""
    install(using)


def verify_triggers(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the triggers that are missing, switched off or not ours: `serve` refuses to start with any."""
    connection = connections[using]
    found = _installed(connection)
    expected = {name: create for _, name, create in wanted(connection.vendor)}
    if connection.vendor == "postgresql":
        return sorted(name for name in expected if name not in found)
    return sorted(name for name, create in expected.items() if found.get(name) != create)


def _create(vendor: str, name: str, table: str, operation: str) -> str:
    if vendor == "postgresql":
        return f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
    refusal = f"the record is append-only: {operation} on {table} refused"
    return f"CREATE TRIGGER {name} BEFORE {operation} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"


def _create_for_statement(name: str, table: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"


def _installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    if connection.vendor == "postgresql":
        query = (
            "SELECT t.tgname, p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND p.proname = %s "
            "AND t.tgrelid = to_regclass(regexp_replace(t.tgname, '_no_[a-z]+$', ''))"
        )
        arguments = [FUNCTION]
    else:
        query, arguments = "SELECT name, sql FROM sqlite_master WHERE type = %s", ["trigger"]
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return dict(cursor.fetchall())
