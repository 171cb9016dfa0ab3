"""Draw halls' maps anew, off the request path; of a hall that is shut the last one, which its matter then takes.

While it is open the map changes only once five people more have spoken: who watches it before and after a neighbour
spoke must not read off what he said.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Count, Q

from weizhi.deliberation.drawing import Redrawn, redrawn, rows_of
from weizhi.deliberation.models import Hall, Statement, Voice
from weizhi.deliberation.opinions import LEAST_SHOWN
from weizhi.matters.models import Step
from weizhi.places import bulk
from weizhi.record.origin import the_clock

NOT_SOONER = timedelta(minutes=1)
BATCH = 500


def waiting(now: datetime | None = None) -> list[Hall]:
    """Halls whose map is to be drawn: those that are shut first."""
    at = the_clock(now)
    shut = Hall.objects.filter(final_at__isnull=True, shut_at__isnull=False)
    old = Q(drawn_at__isnull=True) | Q(drawn_at__lte=at - NOT_SOONER)
    fresh = Hall.objects.open_at(at).filter(old).annotate(new=Count("voices", filter=Q(voices__stirred=True)))
    return [*shut.order_by("pk"), *fresh.filter(new__gte=LEAST_SHOWN).order_by("pk")]


def draw_halls(now: datetime | None = None) -> int:
    """Draw every map that waits for it. Returns how many."""
    at = the_clock(now)
    halls = waiting(at)
    for hall in halls:
        draw_hall(hall, at)
    return len(halls)


def draw_hall(hall: Hall, at: datetime) -> Redrawn:
    """One map. What is said while it is drawn counts for the next one; nothing is said any more once it is shut."""
    shut = hall.shut_at is not None  # asked before the rows are read: what came before it was shut is in them
    Voice.objects.filter(hall=hall, stirred=True).update(stirred=False)
    found = redrawn(rows_of(hall))
    _keep(hall, found)  # by itself: whoever speaks now holds the hall and waits for his voice
    with transaction.atomic():
        row = Hall.objects.select_for_update().get(pk=hall.pk)
        if row.final_at is not None:
            return found
        row.drawn, row.drawn_at = found.drawn.kept(), at
        if shut:
            row.final_at = at
            Step.objects.filter(pk=row.step_id, closed_at__isnull=True).update(wakes_at=at)
        row.save(update_fields=["drawn", "drawn_at", "final_at"])
    return found


def _keep(hall: Hall, found: Redrawn) -> None:
    _set(Statement, ("priority", "id"), [(value, pk) for pk, value in found.priorities.items()])
    voices = Voice.objects.filter(hall=hall).order_by("pk").values_list("pk", flat=True)
    nowhere = (None, None, None)
    _set(Voice, ("group", "x", "y", "id"), [(*found.stands.get(pk, nowhere), pk) for pk in voices])


def _set(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Some at a time: nobody who speaks waits long for his voice."""
    for start in range(0, len(rows), BATCH):
        with transaction.atomic():
            bulk.update(model, columns, rows[start : start + BATCH])
