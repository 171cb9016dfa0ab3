"""Adopt a charter: new matters follow it from now on; running ones keep the rules they started with."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.charters.lines import line_map
from weizhi.charters.models import Charter
from weizhi.people.models import CharterAdoption, CharterText, Person
from weizhi.places.models import Community
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.plan_dates import plan_dates
from weizhi.record.actions.registers import lock_register
from weizhi.record.binding import CharterContradicts, above, contradictions
from weizhi.record.origin import the_clock


def adopt_charter(
    community: Community,
    charter: Charter,
    *,
    source: str = "",
    by: Person | None = None,
    proposal: UUID | None = None,
    at: datetime | None = None,
) -> CharterAdoption:
    """Keep the charter's text under its hash and adopt it; refused where a charter of a level above says otherwise.

    `proposal` is the entry of whoever proposed it, where two people stand behind it.
    """
    now = the_clock(at)
    file = f"{charter.name}.toml"
    origins = {path: (file, line) for path, line in line_map(source).items()} if source else {}
    if found := contradictions(charter, above(community, now), origins, file):
        raise CharterContradicts(found)
    with transaction.atomic():
        register = lock_register(community, "charter")
        text, _ = CharterText.objects.get_or_create(hash=charter.hash, defaults={"text": charter.canonical()})
        public = {"charter": charter.name, "hash": charter.hash, **({"proposal": str(proposal)} if proposal else {})}
        entry = append(register, "adopt", Deed(at=now, actor=by, charter_hash=charter.hash, public=public))
        plan_dates(community, charter, now)
        return CharterAdoption.objects.create(
            community=community, name=charter.name, text=text, source=source, since=now, by_entry=entry.id
        )
