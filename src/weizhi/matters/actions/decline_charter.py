"""Put a proposed charter aside: whoever may confirm it may also say no, and who proposed it may take it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.matters.deciding import draft_for, unsettled
from weizhi.people.models import CharterDraft, Person
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def decline_charter(draft_id: UUID, *, by: Person, at: datetime | None = None) -> CharterDraft:
    now = the_clock(at)
    draft = draft_for(draft_id, by, now)
    with transaction.atomic():
        register = lock_register(draft.community, "charter")
        draft = unsettled(draft_id)
        append(register, "decline", Deed(at=now, actor=by, public={"proposal": str(draft.by_entry)}))
        draft.settled_at, draft.settled_by = now, by
        draft.save(update_fields=["settled_at", "settled_by"])
        return draft
