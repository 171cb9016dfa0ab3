"""Many rows at once, past the ORM's objects: executemany on SQLite, COPY on PostgreSQL.

For what comes by the hundred thousand (a census, a community that moves house). The caller has checked the rows;
the database's own constraints still hold. A UUID may come as 32 hexadecimal digits, a JSON value as `JsonText`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, models

BATCH, COPIED = 2000, 20_000
CACHE_KB = 200_000
Row = Sequence[Any]


class JsonText(str):
    """A JSON value as its text already; any other text is a value like others and gets its quotes."""

    __slots__ = ()


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows of values in the order of `columns` (attribute names); returns how many.

    Columns that are not named get the model's own default.
    """
    rest = [field for field in model._meta.concrete_fields if field.attname not in columns and not _counted(field)]
    columns = [*columns, *(field.attname for field in rest)]
    usual = [field.get_default() for field in rest]
    table = connection.ops.quote_name(model._meta.db_table)
    fields = _fields(model, columns)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    adapted = _adapted([_adapter(field) for field in fields], ((*row, *usual) for row in rows))
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({names}) FROM STDIN", adapted)
    holes = ", ".join(["%s"] * len(fields))
    return _execute(f"INSERT INTO {table} ({names}) VALUES ({holes})", adapted)  # noqa: S608 - names of our models


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Set the columns but the last, which is the primary key that says of which row."""
    quote = connection.ops.quote_name
    fields = _fields(model, columns)
    *names, key = (quote(str(field.column)) for field in fields)
    holes = ", ".join(f"{name} = %s" for name in names)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {holes} WHERE {key} = %s"  # noqa: S608 - names of our models
    return _execute(sql, _adapted([_adapter(field) for field in fields], rows))


def looked_at(model: type[models.Model]) -> None:
    """Let PostgreSQL see at once what it would see within minutes: until then it plans as if the rows were not there,
    and keeps such a plan. In the transaction that wrote them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


@contextmanager
def large_cache() -> Iterator[None]:
    """Room for the indexes of many rows: without it SQLite writes the same pages to disk over and over."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {before}")


def _fields(model: type[models.Model], columns: Sequence[str]) -> "list[models.Field[Any, Any]]":
    """The fields by their attribute names, as rows have them (`community_id`)."""
    known = {field.attname: field for field in model._meta.concrete_fields}
    return [known[name] for name in columns]


def _counted(field: "models.Field[Any, Any]") -> bool:
    """A key that the database itself counts up."""
    return isinstance(field, models.AutoField | models.BigAutoField | models.SmallAutoField)


def _execute(sql: str, rows: Iterator[list[Any]]) -> int:
    count = 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(sql, batch)
            count += len(batch)
    return count


def _copy(sql: str, rows: Iterator[list[Any]]) -> int:
    """Each batch is taken before its COPY begins: rows that ask the database themselves would wait for it for ever."""
    count = 0
    while batch := list(islice(rows, COPIED)):
        with connection.cursor() as cursor, cursor.cursor.copy(sql) as copy:
            for row in batch:
                copy.write_row(row)
        count += len(batch)
    return count


def _adapted(adapters: list[Callable[[Any], Any] | None], rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Only what this database takes otherwise is touched: rows are many, and few of their columns need it."""
    needed = [(n, adapt) for n, adapt in enumerate(adapters) if adapt is not None]
    for row in rows:
        taken = list(row)
        if len(taken) != len(adapters):
            raise ValueError(f"{len(adapters)} columns, but a row has {len(taken)}: {taken!r:.80}")
        for n, adapt in needed:
            if taken[n] is not None:
                taken[n] = adapt(taken[n])
        yield taken


def _adapter(field: Any) -> Callable[[Any], Any] | None:
    """How this database takes a value of the field; None as it is."""
    if isinstance(field, models.ForeignKey | models.OneToOneField):
        return _adapter(field.target_field)
    if isinstance(field, models.JSONField):
        return lambda value: value if isinstance(value, JsonText) else json.dumps(value, ensure_ascii=False)
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.UUIDField):
        return lambda value: value if isinstance(value, str) else value.hex
    if isinstance(field, models.DateTimeField):
        return lru_cache(maxsize=64)(connection.ops.adapt_datetimefield_value)  # a batch has few instants
    if isinstance(field, models.DateField):
        return lru_cache(maxsize=64)(connection.ops.adapt_datefield_value)
    return None
