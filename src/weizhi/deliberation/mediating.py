"""Who takes part in a mediation, which times are free, what an agreement is: read by its acts and its pages."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from weizhi.charters.falls import falls_from
from weizhi.charters.mediating import MediateParams
from weizhi.charters.models import Charter
from weizhi.charters.periods import ZONE
from weizhi.charters.steps import Step
from weizhi.charters.workdays import WorkCalendar
from weizhi.deliberation.models import Appointment, Side
from weizhi.matters.models import Party
from weizhi.record.canonical import canonical

# Parts of the record: the name of a side without an account, the time, the agreement.
NAME, TIME, AGREEMENT = "party", "time", "agreement"
APART: Final = " "  # between the calendar and the instant in the name of a time


@dataclass(frozen=True)
class Slot:
    """A time that may be booked."""

    series: str
    starts_at: datetime

    @property
    def key(self) -> str:
        return f"{self.series}{APART}{self.starts_at.isoformat()}"


def slots(charter: Charter, params: MediateParams, now: datetime, calendar: WorkCalendar) -> Iterator[Slot]:
    """All times of the coming days, from tomorrow on: whoever is there must know the day before."""
    tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
    last = tomorrow + timedelta(days=params.book_days)
    for series in params.calendar:
        for fall in falls_from(charter.calendar[series], tomorrow, calendar, charter.office_hours):
            if fall.rule_day > last:
                break
            if tomorrow <= fall.day <= last:
                for clock in params.slots:
                    yield Slot(series, datetime.combine(fall.day, time.fromisoformat(clock), ZONE))


def free_slots(
    charter: Charter, params: MediateParams, community: UUID, now: datetime, calendar: WorkCalendar
) -> list[Slot]:
    """Those that nobody has booked, the earliest first; two calendars of one hour are two people. One query."""
    booked = Appointment.objects.standing().filter(community=community, starts_at__gt=now)
    taken = {(series, at.astimezone(ZONE)) for series, at in booked.values_list("series", "starts_at")}
    found = [slot for slot in slots(charter, params, now, calendar) if (slot.series, slot.starts_at) not in taken]
    return sorted(found, key=lambda slot: (slot.starts_at, slot.series))


def other_relation(charter: Charter, kind: str, step: Step) -> str:
    """What the charter calls the other side: the kind's own relation in `by`."""
    return next(name for name in step.by if name in charter.kinds[kind].relations)


def keys_of_sides(parties: Collection[Party], other: str) -> dict[str, list[str]]:
    """The keys of those who stand on each side."""
    own = [party for party in parties if party.step_id is None]
    relations = {Side.FIRST: Party.RAISER, Side.OTHER: other}
    return {str(side): [p.who for p in own if p.relation == name] for side, name in relations.items()}


def side_of(sides: Mapping[str, Sequence[str]], keys: Collection[str]) -> str:
    """On which side somebody with these keys stands; "" on neither."""
    return next((side for side, own in sides.items() if not set(own).isdisjoint(keys)), "")


def hash_of(agreement: Mapping[str, Any]) -> str:
    """What is signed: the text with whom it binds and which mediation it is of."""
    return hashlib.sha256(canonical(dict(agreement))).hexdigest()


def name_part(side: str) -> str:
    return f"{NAME}:{side}"
