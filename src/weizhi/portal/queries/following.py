"""From one matter of a list to the next: a clerk who sorts forty does not go back to the list forty times."""

from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from weizhi.matters.models import Step
from weizhi.people.access import Standing
from weizhi.portal.queries.asked import Asked
from weizhi.portal.queries.desk import waiting_steps


def following(standing: Standing, asked: Asked, after: UUID | None, now: datetime) -> UUID | None:
    """The matter of the next step in the list; after its end the first that was left out, None where none waits.

    `after` is the step just acted at or passed over; its matter is not offered again at once, since an act may well
    open the next step of the same matter for the same person.
    """
    left = Step.objects.filter(pk=after).values_list("pk", "due", "matter_id").first() if after else None
    waits = waiting_steps(standing, asked, now)
    if left is None:
        return _matter(waits.values_list("matter_id", flat=True).first())
    step, due, matter = left
    others = waits.exclude(matter=matter)
    later = Q(first=due, step__gt=step) | Q(first__gt=due) | Q(first=None) if due else Q(first=None, step__gt=step)
    found = others.filter(later).values_list("matter_id", flat=True).first()
    return _matter(found or others.values_list("matter_id", flat=True).first())


def _matter(found: object) -> UUID | None:
    return found if isinstance(found, UUID) else None


def matter_url(matter: UUID, asked: Asked) -> str:
    return f"{reverse('portal:matter', args=[matter])}?queue={quote(asked.queue())}"
