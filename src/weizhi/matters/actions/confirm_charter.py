"""Confirm a proposed charter: a second person, the check once more, then it is in force for whatever is new."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.matters.deciding import check_for, draft_for, unsettled, usable
from weizhi.matters.refused import Refused
from weizhi.people.models import CharterAdoption, Person
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.registers import lock_register
from weizhi.record.binding import in_force
from weizhi.record.origin import the_clock


def confirm_charter(draft_id: UUID, *, by: Person, at: datetime | None = None) -> CharterAdoption:
    """Adopt the draft. What the levels above have adopted meanwhile counts; so does what was adopted here."""
    now = the_clock(at)
    draft = draft_for(draft_id, by, now)
    if draft.by_id == by.pk:
        raise Refused("not-yours", "提出修改的人不能自己确认。请由另一位来确认。")
    charter = usable(check_for(draft.community, draft.source, now))
    with transaction.atomic():
        lock_register(draft.community, "charter")
        draft = unsettled(draft_id)
        here = in_force(draft.community, now)
        if draft.base != (here.charter.hash if here else ""):
            raise Refused("closed", "章程在这期间换过了。请在新的章程上重新修改。")
        adoption = adopt_charter(draft.community, charter, source=draft.source, by=by, proposal=draft.by_entry, at=now)
        draft.settled_at, draft.settled_by, draft.adoption = now, by, adoption
        draft.save(update_fields=["settled_at", "settled_by", "adoption"])
        return adoption
