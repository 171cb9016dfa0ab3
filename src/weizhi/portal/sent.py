"""What a form or an address named, read without trust: an id, a number; what is no such thing names nothing."""

from typing import Final
from uuid import UUID

DIGITS: Final = 6  # of a version: longer numbers are nobody's, and reading them would cost


def id_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def version_or_zero(text: str) -> int:
    """The number of a version; 0 where none is named."""
    return int(text) if text.isdecimal() and len(text) < DIGITS else 0
