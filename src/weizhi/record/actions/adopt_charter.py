"""Adopt a charter: new matters follow it from now on; running ones keep the rules they started with."""

from datetime import datetime

from django.db import transaction

from weizhi.charters.models import Charter
from weizhi.people.models import CharterAdoption, CharterText, Person
from weizhi.places.models import Community
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def adopt_charter(
    community: Community, charter: Charter, *, by: Person | None = None, at: datetime | None = None
) -> CharterAdoption:
    """Keep the charter's text under its hash and adopt it."""
    now = the_clock(at)
    with transaction.atomic():
        register = lock_register(community, "charter")
        text, _ = CharterText.objects.get_or_create(hash=charter.hash, defaults={"text": charter.canonical()})
        public = {"charter": charter.name, "hash": charter.hash}
        entry = append(register, "adopt", Deed(at=now, actor=by, charter_hash=charter.hash, public=public))
        return CharterAdoption.objects.create(
            community=community, name=charter.name, text=text, since=now, by_entry=entry.id
        )
