"""空转: meetings after which nothing was done, from acts alone: their items, and the marks of steps closed since."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from weizhi.deliberation.models import Item, Sitting
from weizhi.deliberation.resolved import DONE
from weizhi.matters.models import Step
from weizhi.people.access import Standing

TIME_TO_ACT = timedelta(days=90)
LOOKS_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Meetings:
    """Those that were held and had their ninety days, within a year: how many, and which came to nothing."""

    held: int
    idle: tuple[Sitting, ...]


def idle_meetings(community: UUID, who: Standing, now: datetime) -> Meetings:
    """One query. A meeting that decided nothing, or of whose resolutions none was done within ninety days."""
    done = Step.objects.filter(
        matter=OuterRef("step__matter"), mark__contains=DONE, closed_at__gte=OuterRef("at"),
        closed_at__lte=OuterRef("sitting__closed_at") + TIME_TO_ACT,
    )  # fmt: skip
    solved = Q(
        step__matter__counts="solved", step__matter__ended_at__gte=F("at"),
        step__matter__ended_at__lte=F("sitting__closed_at") + TIME_TO_ACT,
    )  # fmt: skip
    acted = Item.objects.filter(Q(Exists(done)) | solved, sitting=OuterRef("pk")).exclude(outcome="")
    held = Sitting.objects.visible_to(who).filter(
        community=community, opened_at__isnull=False, closed_at__lte=now - TIME_TO_ACT, closed_at__gt=now - LOOKS_BACK
    )
    rows = list(held.annotate(acted=Exists(acted)).select_related("matter").order_by("-closed_at"))
    return Meetings(len(rows), tuple(row for row in rows if not row.acted))
