"""Rows of any model as lines of JSON and back, the same from SQLite and PostgreSQL."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.migrations.recorder import MigrationRecorder

AT_ONCE = 2000
Model = type[models.Model]
Row = tuple[Any, ...]


def columns_of(model: Model) -> list[str]:
    """The columns of a row in a file: attribute names, without a key that the database itself counts up."""
    return [field.attname for field in model._meta.concrete_fields if not counted(field)]


def counted(field: Any) -> bool:
    return isinstance(field, models.AutoField | models.BigAutoField | models.SmallAutoField)


def write(path: Path, model: Model, rows: Iterable[Row]) -> int:
    """One line a row, in the order of `columns_of`; returns how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
            count += 1
    return count


def read(path: Path, model: Model) -> Iterator[Row]:
    readers = [_reader(model._meta.get_field(_field_of(model, name))) for name in columns_of(model)]
    with path.open(encoding="utf-8") as file:
        for line in file:
            values = json.loads(line)
            yield tuple(
                value if reader is None or value is None else reader(value)
                for reader, value in zip(readers, values, strict=True)
            )


def state_of_the_schema() -> dict[str, str]:
    """The newest migration of each of our rooms: rows fit only the same shape."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("weizhi.")}
    applied = sorted(name for name in MigrationRecorder.Migration.objects.values_list("app", "name"))
    return {app: name for app, name in applied if app in ours}


def _field_of(model: Model, attname: str) -> str:
    return next(field.name for field in model._meta.concrete_fields if field.attname == attname)


def _plain(value: object) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    raise TypeError(type(value))


def _reader(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, models.ForeignKey | models.OneToOneField):
        return _reader(field.target_field)
    if isinstance(field, models.UUIDField):
        return UUID
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat
    if isinstance(field, models.DateField):
        return date.fromisoformat
    return b64decode if isinstance(field, models.BinaryField) else None
