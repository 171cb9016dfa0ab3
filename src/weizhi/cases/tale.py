"""A tale: what happens to one matter, act by act, in the hours in which people do such things."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from weizhi.cases.language import Act

MORNING, EVENING, NIGHT = 8.5, 18.0, 22.0


@dataclass
class Tale:
    """Acts with their local times, always forward. `name` is how they call the matter."""

    name: str
    now: datetime
    acts: list[tuple[datetime, Act]] = field(default_factory=list)

    def raised(self, by: str, kind: str, **more: Any) -> None:
        self._tell(by=by, **{"raise": kind, "as": self.name, **more})

    def done(self, hours: float, by: str, do: str, **more: Any) -> None:
        """Somebody in a post does it, so many hours later, between morning and evening."""
        self.now = within(self.now + timedelta(hours=hours), MORNING, EVENING)
        self._tell(by=by, matter=self.name, do=do, **more)

    def said(self, hours: float, by: str, do: str, **more: Any) -> None:
        """A resident does it, from after breakfast until late."""
        self.now = within(self.now + timedelta(hours=hours), 7.0, NIGHT)
        self._tell(by=by, matter=self.name, do=do, **more)

    def aside(self, hours: float, by: str, do: str, **more: Any) -> None:
        """Somebody joins in meanwhile; what comes next does not wait for it."""
        at = within(self.now + timedelta(hours=hours), 7.0, NIGHT)
        self.acts.append((at, _act(by=by, matter=self.name, do=do, **more)))

    def at_once(self, by: str, do: str, **more: Any) -> None:
        """At the hour that it is."""
        self._tell(by=by, matter=self.name, do=do, **more)

    def wait(self, days: float) -> None:
        self.now += timedelta(days=days)

    def _tell(self, **told: Any) -> None:
        self.acts.append((self.now, _act(**told)))


def within(at: datetime, first: float, last: float) -> datetime:
    """The instant, or a fair time in the next morning where it falls into the night. Minutes are kept."""
    hour = at.hour + at.minute / 60
    if first <= hour < last:
        return at
    day = at if hour < first else at + timedelta(days=1)
    start = day.replace(hour=0, minute=0) + timedelta(hours=first)
    return start + timedelta(minutes=at.minute % 60 + 3 * (at.day % 20))


def _act(**told: Any) -> Act:
    return Act.model_validate({key: value for key, value in told.items() if value not in (None, "", {}, ())})
