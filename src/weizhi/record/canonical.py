"""Canonical JSON: one value, one sequence of bytes, in any language. Format: docs/record-format.md.

Keys sorted by code point, no spaces, UTF-8 without escapes beyond what JSON demands. Numbers are integers
that JavaScript can hold; floats are refused because languages print them differently (write micro-degrees,
fen, minutes). Instants are aware and written in UTC with microseconds.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

LARGEST_INTEGER = 2**53 - 1
TO_MICROSECOND = len("2026-11-22T09:30:00.000000")

JSONValue = None | bool | int | str | list["JSONValue"] | dict[str, "JSONValue"]


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a value; ValueError names what cannot be written."""
    text = _written(plain(value))
    try:
        return text.encode()
    except UnicodeEncodeError as broken:
        raise ValueError(f"not valid Unicode: {text[broken.start : broken.end]!a}") from None


def plain(value: object) -> JSONValue:
    """Turn UUIDs, dates and instants into text and refuse whatever has no single canonical form."""
    as_usual = _USUAL.get(type(value))
    return _plain(value) if as_usual is None else as_usual(value)


def _plain(value: object) -> JSONValue:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"integer out of range: {value}")
        return value
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date | UUID):
        return str(value)
    raise ValueError(f"{type(value).__name__} has no canonical form: {value!r:.60}")


def instant(at: datetime) -> str:
    """Write an instant in UTC to the microsecond, as it stands in the record."""
    if at.tzinfo is None:
        raise ValueError(f"an instant without a time zone: {at!r}")
    same = at if at.tzinfo is UTC else at.astimezone(UTC)
    return same.isoformat(timespec="microseconds")[:TO_MICROSECOND] + "Z"


def minute(at: datetime) -> str:
    """Write the minute of an instant: what a leaf tells of time."""
    return instant(at)[:16] + "Z"


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(f"a key that is not text: {key!r}")
    return _text(key)


def _text(value: str) -> str:
    # PostgreSQL stores no NUL in text or JSON; the same act must not pass on one database only.
    if "\x00" in value:
        raise ValueError("text with a NUL character")
    return value


_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
# The types themselves, without asking of each value what it is all kinds of: a count of many ballots writes millions.
_USUAL: dict[type, Callable[[Any], JSONValue]] = {
    str: _text,
    bool: lambda value: value,
    type(None): lambda value: value,
    UUID: str,
    datetime: instant,
    list: lambda value: [plain(item) for item in value],
    dict: lambda value: {_key(key): plain(item) for key, item in value.items()},
}
