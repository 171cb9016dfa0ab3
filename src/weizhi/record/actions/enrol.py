"""Enrol a person in a household: who lives there, owns it, rents it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from weizhi.people.models import Person, Residence
from weizhi.places.models import Community, Place
from weizhi.record.actions.append import Deed, Part, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def enrol(
    community: Community,
    person: Person,
    household: Place,
    statuses: Sequence[str],
    *,
    proof: str = "",
    share: str = "",
    by: Person | None = None,
    at: datetime | None = None,
) -> list[Residence]:
    """Write the person's statuses in the household (resident, owner, tenant, member), as one entry."""
    now = the_clock(at)
    with transaction.atomic():
        register = lock_register(community, "people")
        parts = [Part("person", {"person": str(person.pk), "household": household.path, "as": list(statuses)}, grade=2)]
        append(register, "enrol", Deed(at=now, actor=by, public={"proof": proof}), parts)
        return Residence.objects.bulk_create(
            Residence(
                community=community, person=person, household=household, status=status, proof=proof, since=now,
                share=share if status == Residence.Status.OWNER else "",
            )
            for status in statuses
        )  # fmt: skip
