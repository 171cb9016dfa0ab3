"""Give a person a post, and take it away: both are entries, and a post names the entry that gave it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from weizhi.people.models import Body, Holding, Person
from weizhi.places.models import Community, Place
from weizhi.record.actions.append import Deed, Part, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def appoint(
    community: Community,
    person: Person,
    body: Body,
    post: str,
    title: str,
    *,
    place: Place | None = None,
    single: bool = False,
    until: datetime | None = None,
    by: Person | None = None,
    at: datetime | None = None,
) -> Holding:
    """Let `person` hold `post` of `body` at `place` (the body's own place without one) from now on, or for a term."""
    now = the_clock(at)
    with transaction.atomic():
        register = lock_register(community, "people")
        public = {"post": post, "body": body.key}
        parts = [Part("person", {"person": str(person.pk), "name": person.name})]
        entry = append(register, "appoint", Deed(at=now, actor=by, public=public), parts)
        return Holding.objects.create(
            community=community, person=person, body=body, post=post, title=title, place=place or body.place,
            since=now, until=until, by_entry=entry.id, single=single,
        )  # fmt: skip


def dismiss(holding: Holding, *, by: Person | None = None, at: datetime | None = None, verb: str = "dismiss") -> None:
    """End a holding now. What the person did in the post stays done. Done twice it is done once, on the first day.

    `verb` is suspend where the post may be given back."""
    now = the_clock(at)
    with transaction.atomic():
        register = lock_register(holding.community, "people")
        ends_later = Q(until__isnull=True) | Q(until__gt=now)
        if not Holding.objects.filter(ends_later, pk=holding.pk).update(until=now):
            return
        public = {"post": holding.post, "body": holding.body.key, "given_by": str(holding.by_entry)}
        append(register, verb, Deed(at=now, actor=by, public=public))
    holding.until = now
