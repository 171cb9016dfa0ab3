"""Querysets whose SQL is made once a process.

Django builds the text of a query anew at every request, which for the small reads of a page costs several times
their running. What is asked a hundred times a second is prepared here: the queryset stays what it is, in Django's
own language, and is compiled at its first use with holes where the values go.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators

from weizhi.places.models import uuid_parameter
from weizhi.places.rows import converting, maker, quickened

T = TypeVar("T")
UNMADE: Final = "not yet made"
M = TypeVar("M", bound=Model)
Rows = Sequence[Sequence[Any]]
SHAPES_AT_MOST: Final = 200  # people hold different numbers of keys; each number is a text of its own


class Prepared(Generic[T]):
    """``Prepared(build)(*values)`` gives ``list(build(*values))``, with the SQL of the first time.

    A value may be a text, a UUID, an instant, or a set or sequence of these: they go into the holes. Integers, true,
    false and None are part of the query's shape. Each value must stand in the query as it is (no `icontains`);
    a queryset that does something else with it is refused with a ValueError at its first use.

    ``by_key``: whatever the values are, the rows are found by a key. Then a database that can plans it once too.
    ``lock``: what Django has no word for, such as ``FOR SHARE OF some_table``; for a database that locks rows.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, T]], *, by_key: bool = False, lock: str = "") -> None:
        self._build = build
        self._by_key = by_key
        self._lock = lock
        self._made: dict[tuple[object, ...], _Made | None] = {}

    def __call__(self, *values: object) -> list[T]:
        given = [tuple(value) if isinstance(value, frozenset | set | list) else value for value in values]
        shape = tuple(_shape(value) for value in given)
        made = self._made.get(shape, UNMADE)  # asked once: another thread may empty the store meanwhile
        if isinstance(made, str):
            made = _make(self._build, given, self._lock)
            if len(self._made) >= SHAPES_AT_MOST:
                self._made.clear()
            self._made[shape] = made
        return [] if made is None else made.run(list(_flat(given)), by_key=self._by_key)

    def first(self, *values: object) -> T | None:
        """The first row, or None; the queryset itself says how many it reads."""
        return next(iter(self(*values)), None)


@dataclass(frozen=True)
class _Made:
    """The text, what stands in its holes (a constant, or the number of a value), and how rows become what is asked."""

    sql: str
    constants: tuple[object, ...]
    places: tuple[int | None, ...]
    read: Callable[[Rows], list[Any]]

    def run(self, values: Sequence[object], *, by_key: bool) -> Any:
        pairs = zip(self.places, self.constants, strict=True)
        filled: list[Any] = [constant if n is None else _bound(values[n]) for n, constant in pairs]
        with cursor_by_key() if by_key else connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            return self.read(cursor.fetchall())


def cursor_by_key() -> CursorWrapper:
    """A cursor whose statements the database plans once a connection, where it can (`places.postgresql`)."""
    planned_once: Callable[[], CursorWrapper] = getattr(connection, "planned_once", connection.cursor)
    return planned_once()


def _shape(value: object) -> object:
    if isinstance(value, tuple):
        return (tuple, len(value), type(value[0]) if value else None)
    return type(value) if _is_hole(value) else value


def _is_hole(value: object) -> bool:
    return isinstance(value, str | UUID | datetime)


def _flat(values: Sequence[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, tuple):
            yield from value
        elif _is_hole(value):
            yield value


def _bound(value: object) -> object:
    """A value as this database's driver takes it."""
    if isinstance(value, UUID):
        return uuid_parameter(value)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _make(build: Callable[..., QuerySet[Any, Any]], values: Sequence[object], lock: str) -> _Made | None:
    marks: list[object] = []
    query = build(*(_marked(value, marks) for value in values))
    compiler = query.query.get_compiler(using=query.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None  # such as IN of nothing: no row, and no question to the database
    known = {_bound(mark): n for n, mark in enumerate(marks)}
    places = tuple(known.get(param) if isinstance(param, str | UUID | datetime) else None for param in params)
    if {n for n in places if n is not None} != set(range(len(marks))):
        raise ValueError(f"Not every value stands in the query as it is: {sql}")
    if lock and connection.features.has_select_for_update:
        sql = f"{sql} {lock}"
    return _Made(sql, tuple(params), places, _reader(query, compiler))


def _marked(value: object, marks: list[object]) -> object:
    """The value with a mark in place of each text, UUID and instant, by which its place in the query is known."""
    if isinstance(value, tuple):
        return tuple(_marked(one, marks) for one in value)
    if not _is_hole(value):
        return value
    n = len(marks)
    mark: object = f"\N{BLACK DIAMOND}{n}"
    if isinstance(value, UUID):
        mark = UUID(int=0xD1A << 116 | n)
    elif isinstance(value, datetime):
        mark = datetime(1911, 1, 1, tzinfo=UTC) + timedelta(seconds=n)
    marks.append(mark)
    return mark


def _reader(query: QuerySet[Any, Any], compiler: Any) -> Callable[[Rows], list[Any]]:
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
    converted = converting(converters, compiler.connection)
    kind = query._iterable_class  # how Django itself knows what a row becomes
    if kind is ValuesListIterable:
        return lambda rows: [tuple(row) for row in converted(rows)]
    if kind is FlatValuesListIterable:
        return lambda rows: list(chain.from_iterable(converted(rows)))
    if kind is not ModelIterable:
        raise ValueError(f"Rows of {kind.__name__} cannot be prepared.")
    models = _models(query, compiler)
    return lambda rows: [models(row) for row in converted(rows)]


def _models(query: QuerySet[Any, Any], compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """As Django's own ModelIterable: the row's columns, those of the rows it points to, and annotations."""
    info, selected, using = compiler.klass_info, compiler.select, query.db
    fields = info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in selected[start:end]]
    found_beside = get_related_populators(info, selected, using)  # type: ignore[call-arg]  # the stubs are of Django 6
    beside = quickened(found_beside, using)
    annotated = tuple(compiler.annotation_col_map.items())
    make = maker(info["model"], using, names)

    def read(row: Sequence[Any]) -> Any:
        found = make(row[start:end])
        for populator in beside:
            populator.populate(row, found)
        for name, column in annotated:
            setattr(found, name, row[column])
        return found

    return read


def columns_of(model: type[M], alias: str) -> tuple[str, Callable[[Sequence[Any]], M]]:
    """For a query written by hand that reads rows of a model whole: its columns, and how they become a row."""
    compiler = model._default_manager.all().query.get_compiler(using=connection.alias)
    fields = model._meta.concrete_fields
    quoted = ", ".join(f"{alias}.{connection.ops.quote_name(str(field.column))}" for field in fields)
    converters = compiler.get_converters([field.get_col(model._meta.db_table) for field in fields])
    converted = converting(converters, connection)
    make = maker(model, connection.alias, [field.attname for field in fields])
    return quoted, lambda row: make(converted([row])[0])
