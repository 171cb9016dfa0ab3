"""What time could not do at its instant, and tries again a day later, as the step remembers it. Pure.

A step that refuses to open (no area is registered, a level is missing) would otherwise be tried at every tick, and
since time acts first, it would hold up whatever people do on the matter.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

PUT_OFF: Final = "put-off"  # in the step's memory, and the verb of the entry that says so
AGAIN_AFTER: Final = timedelta(days=1)


def put_off(memory: dict[str, Any], wanted_at: datetime, now: datetime, why: str) -> bool:
    """Remember it. Tells whether the reason is a new one, which the record has not said yet."""
    before = memory.get(PUT_OFF, {})
    since = before.get("since", wanted_at.isoformat())
    memory[PUT_OFF] = {"since": since, "until": (now + AGAIN_AFTER).isoformat(), "why": why}
    return bool(before.get("why") != why)


def wanted_since(memory: Mapping[str, Any]) -> datetime | None:
    """From when on time has something to do that it could not do."""
    return datetime.fromisoformat(memory[PUT_OFF]["since"]) if PUT_OFF in memory else None


def tries_again_at(memory: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(memory[PUT_OFF]["until"]) if PUT_OFF in memory else None


def why_put_off(memory: Mapping[str, Any]) -> str:
    """In plain words what hinders it; nothing where nothing does."""
    return str(memory.get(PUT_OFF, {}).get("why", ""))
