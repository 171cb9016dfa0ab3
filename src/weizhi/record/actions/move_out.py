"""End a residence: the person moved away, sold, or gave the flat back. What was done from there stays done."""

from datetime import datetime

from django.db import transaction

from weizhi.people.models import Person, Residence
from weizhi.record.actions.append import Deed, Part, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def move_out(residence: Residence, *, by: Person | None = None, proof: str = "", at: datetime | None = None) -> None:
    """From now on the person has nothing to do with the household by this status. Done twice it is done once."""
    now = the_clock(at)
    with transaction.atomic():
        register = lock_register(residence.community, "people")
        ended = Residence.objects.filter(pk=residence.pk, until__isnull=True).update(until=now)
        if not ended:
            return
        told = {"person": str(residence.person_id), "household": residence.household.path, "as": [residence.status]}
        append(register, "move-out", Deed(at=now, actor=by, public={"proof": proof}), [Part("person", told, grade=2)])
    residence.until = now
