"""A person died: homes and posts end on that day, nobody signs in any more. What was done stays done."""

from datetime import datetime

from django.db import transaction

from weizhi.people.models import Holding, Person, Residence
from weizhi.places.models import Community
from weizhi.record.actions.append import Deed, Part, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def record_death(person: Person, *, by: Person, at: datetime | None = None) -> None:
    """End everything the person was, in every community, each with its entry."""
    now = the_clock(at)
    with transaction.atomic():
        open_homes = Residence.objects.open_at(now).filter(person=person)
        open_posts = Holding.objects.open_at(now).filter(person=person)
        ids = {*open_homes.values_list("community", flat=True), *open_posts.values_list("community", flat=True)}
        for community in Community.objects.filter(pk__in=ids).order_by("pk"):
            part = Part("person", {"person": str(person.pk)}, grade=2)
            append(lock_register(community, "people"), "died", Deed(at=now, actor=by), [part])
        open_homes.update(until=now)
        open_posts.update(until=now)
        person.is_active = False
        person.save(update_fields=["is_active"])
