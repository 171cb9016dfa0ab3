"""New rows into a table, with the SQL made once a process: what each act does five to ten times.

`Model.save` and `bulk_create` build the text of an INSERT anew at every call, which costs ten times its running.
The rules are Django's own: a field says how its value is stored, and this module only remembers the text, and which
values are stored as they are. For what may be many rows at once, `bulk_create` remains.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from django.db import connection, models, transaction

from weizhi.places.prepared import cursor_by_key

M = TypeVar("M", bound=models.Model)
Field: TypeAlias = "models.Field[Any, Any]"
AT_ONCE: Final = 12  # each number of rows is a text of its own
TAKES: Final = {str: (models.CharField, models.TextField), bool: (models.BooleanField,)}


def insert(rows: Sequence[M], *, ignore_conflicts: bool = False) -> list[M]:
    """As ``bulk_create(rows, ignore_conflicts=…)``: new rows of one model, in the order given. No query for none.

    The keys must be made here (UUID, a text), not by the database. Raises IntegrityError as `save` does.
    """
    new = list(rows)
    if not new:
        return new
    model = type(new[0])
    if len(new) > AT_ONCE:
        return list(model._default_manager.bulk_create(new, ignore_conflicts=ignore_conflicts))
    values = [value for row in new for value in values_of(row)]
    with transaction.mark_for_rollback_on_error(using=connection.alias), cursor_by_key() as cursor:
        cursor.execute(_text(model, len(new), ignore_conflicts), values)
    for row in new:
        row._state.adding, row._state.db = False, connection.alias
    return new


def values_of(row: models.Model) -> list[Any]:
    """Of each column in its order, as this database stores it: for a statement of one's own."""
    return [read(row) for read in _columns(type(row), connection.vendor)]


def insert_one(row: M) -> M:
    """As ``row.save(force_insert=True)``."""
    return insert([row])[0]


@lru_cache(maxsize=500)
def _text(model: type[models.Model], rows: int, ignore_conflicts: bool) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    holes = f"({', '.join(['%s'] * len(model._meta.concrete_fields))})"
    table = quote(model._meta.db_table)
    told = f"INSERT INTO {table} ({names}) VALUES {', '.join([holes] * rows)}"  # noqa: S608  # names of the model alone
    return f"{told} ON CONFLICT DO NOTHING" if ignore_conflicts else told


@lru_cache(maxsize=200)
def _columns(model: type[models.Model], vendor: str) -> tuple[Callable[[models.Model], Any], ...]:
    """How each column's value is read off an instance, for this kind of database."""
    fields: Sequence[Field] = model._meta.concrete_fields
    if isinstance(model._meta.pk, models.AutoField) or any(field.has_db_default() for field in fields):
        raise TypeError(f"The database itself fills columns of {model.__name__}: save it by Django.")
    return tuple(_reader(field) for field in fields)


def _reader(field: Field) -> Callable[[models.Model], Any]:
    name, stored = field.attname, _storing(field)
    asks_the_row = type(field).pre_save is not models.Field.pre_save and not _is_plain_instant(field)

    def read(row: models.Model) -> Any:
        value = field.pre_save(row, True) if asks_the_row else row.__dict__[name]
        if value is None:
            return None
        found = stored.get(type(value))
        return field.get_db_prep_save(value, connection) if found is None else found(value)

    return read


def _storing(field: Field) -> dict[type, Callable[[Any], Any]]:
    """What becomes of a value of just the field's own type; any other the field itself makes fit, or refuses."""
    kept, ops = kept_as(field), connection.ops
    if isinstance(kept, models.UUIDField):
        return {UUID: _as_it_is if connection.features.has_native_uuid_field else attrgetter("hex")}
    if type(kept) is models.DateTimeField:
        return {datetime: lambda value: ops.adapt_datetimefield_value(_aware(value))}
    if isinstance(kept, models.IntegerField):
        kind = kept.get_internal_type()
        return {int: lambda value: ops.adapt_integerfield_value(value, kind)}
    return {one: _as_it_is for one in (str, bool) if type(kept) in TAKES[one]}


def kept_as(field: Field) -> Field:
    """The field itself, or the key that it points to in the end."""
    return kept_as(field.target_field) if isinstance(field, models.ForeignKey) else field


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"An instant without a time zone: {value}")
    return value


def _as_it_is(value: Any) -> Any:
    return value


def _is_plain_instant(field: Field) -> bool:
    return type(field) is models.DateTimeField and not (field.auto_now or field.auto_now_add)
