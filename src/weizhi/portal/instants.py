"""Instants that programs send: only of years that every zone can tell and every period can be added to."""

from datetime import UTC, datetime
from typing import Final

FIRST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def of_our_time(at: datetime) -> datetime:
    """The instant, with its zone. Raises ValueError."""
    if not FIRST <= at <= LAST:
        raise ValueError(f"{at} is not of our time")
    return at
