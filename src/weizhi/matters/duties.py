"""How the duties of the lists were met in a month: counted from the steps that fell due, and the matters behind."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet

from weizhi.charters.flow import CANCELLED, SENT
from weizhi.charters.lists import FORBIDS, steps_of
from weizhi.charters.models import Charter
from weizhi.charters.people_tables import Duty
from weizhi.matters.models import Party, Step

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Performance:
    """A duty in a month: of the steps that fell due, how many were done in time, late, or not at all so far."""

    duty: str
    due: int = 0
    in_time: int = 0
    late: int = 0

    @property
    def undone(self) -> int:
        return self.due - self.in_time - self.late


def month_of(day: date) -> tuple[datetime, datetime]:
    """First instant of the month and of the next, by the clocks of Shanghai."""
    first = day.replace(day=1)
    after = (first.replace(day=28) + (date(2000, 1, 5) - date(2000, 1, 1))).replace(day=1)
    return datetime.combine(first, time(), ZONE), datetime.combine(after, time(), ZONE)


def counted(charter: Charter) -> list[Duty]:
    """The lines whose performance can be counted: they name acts, and do not forbid them."""
    return [duty for duty in charter.duties.values() if duty.does and duty.sort != FORBIDS]


def due_steps(community: UUID, charter: Charter, duties: Iterable[Duty], month: date, now: datetime) -> QuerySet[Step]:
    """The steps of these duties whose day lay in the month and has come."""
    first, after = month_of(month)
    named = Q(pk__in=[])
    for duty in duties:
        for kind, step in steps_of(charter, duty):
            named |= Q(matter__kind=kind, key=step.key)
    steps = Step.objects.filter(named, community=community, due__gte=first, due__lt=min(after, now))
    return steps.exclude(outcome=CANCELLED)  # withdrawn or merged: nobody owed it any more


def performances(community: UUID, charter: Charter, month: date, now: datetime) -> list[Performance]:
    """One query. A duty under which nothing fell due is told with 0 of 0: that is a figure too."""
    duties = counted(charter)
    done = Q(closed_at__isnull=False) & ~Q(outcome__startswith=SENT)  # what time sent on, nobody did
    in_time, late = done & Q(closed_at__lte=F("due")), done & Q(closed_at__gt=F("due"))
    rows = (
        due_steps(community, charter, duties, month, now)
        .order_by()
        .values("matter__kind", "key")
        .annotate(all=Count("pk"), done=Count("pk", filter=in_time), overdue=Count("pk", filter=late))
    )
    found = {(row["matter__kind"], row["key"]): (row["all"], row["done"], row["overdue"]) for row in rows}
    told = []
    for duty in duties:
        counts = [found.get((kind, step.key), (0, 0, 0)) for kind, step in steps_of(charter, duty)]
        told.append(Performance(duty.key, *(sum(column) for column in zip(*counts, strict=True))))
    return told


def waiting(community: UUID, charter: Charter, duties: Iterable[Duty], keys: Collection[str]) -> dict[str, int]:
    """How many acts of each duty wait for these keys now. One query."""
    owned = Party.objects.waiting().for_keys(keys).filter(community=community)
    rows = owned.values("matter__kind", "step__key").annotate(number=Count("step", distinct=True))
    found = {(row["matter__kind"], row["step__key"]): row["number"] for row in rows}
    return {duty.key: sum(found.get((kind, step.key), 0) for kind, step in steps_of(charter, duty)) for duty in duties}
