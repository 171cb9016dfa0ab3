"""The spans in which the clock of a step stands still because somebody said so, as the step remembers them. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

PAUSES: Final = "pauses"
Span = tuple[datetime, datetime]


def pauses_of(memory: Mapping[str, Any], closed_at: datetime | None = None) -> list[Span]:
    """In order. What was done meanwhile ended the pause of its step."""
    spans = [(datetime.fromisoformat(since), datetime.fromisoformat(until)) for since, until in memory.get(PAUSES, ())]
    return [(since, min(until, closed_at) if closed_at else until) for since, until in spans]


def standing_still(memory: Mapping[str, Any], at: datetime) -> datetime | None:
    """Until when the clock stands still at `at`, if it does."""
    return next((until for since, until in pauses_of(memory) if since <= at < until), None)
