"""Who may answer for what a survey asks: the person asked, or whoever of the home has to do with it now."""

from datetime import datetime
from uuid import UUID

from weizhi.deliberation.models import Asked, Survey
from weizhi.people.access import person_key
from weizhi.people.models import Residence


def may_speak(survey: Survey, person: UUID, at: datetime) -> list[Asked]:
    """What this person is asked, for himself or for a home of his. Two queries at most."""
    rows = Asked.objects.filter(survey=survey.pk).order_by("n")
    if survey.asks == Survey.Asks.RESIDENTS:
        return list(rows.filter(person=person))
    homes = Residence.objects.open_at(at).filter(
        person=person, community=survey.community_id, status__in=survey.statuses
    )
    return list(rows.filter(place__in=homes.values("household")).select_related("place"))


def keys_asked(survey: Survey, at: datetime, *, silent: bool = False) -> list[str]:
    """The keys of all who are told that they are asked; or of those from whom nothing came yet. One query."""
    rows = Asked.objects.filter(survey=survey.pk)
    if silent:
        rows = rows.filter(answer__isnull=True)
    if survey.asks == Survey.Asks.RESIDENTS:
        people = list(rows.values_list("person", flat=True))
    else:
        living = Residence.objects.open_at(at).filter(
            community=survey.community_id, status__in=survey.statuses, household__in=rows.values("place")
        )
        people = list(living.values_list("person", flat=True))
    return sorted({person_key(pk) for pk in people if pk})


def named(survey: Survey, whom: object) -> Asked | None:
    """The row that an officer means: the code on the paper, the home's code, or the person."""
    rows = Asked.objects.filter(survey=survey.pk)
    if isinstance(whom, UUID):
        return rows.filter(person=whom).first()
    text = "".join(str(whom).split())
    return rows.filter(code=text).first() or rows.filter(place__code=text, person__isnull=True).first()
