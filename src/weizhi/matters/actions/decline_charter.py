"""Put a proposed charter aside: whoever may confirm it may also say no, and who proposed it may take it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.matters.deciding import permit
from weizhi.matters.refused import Refused
from weizhi.people.access import standing
from weizhi.people.models import CharterDraft, Person
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def decline_charter(draft_id: UUID, *, by: Person, at: datetime | None = None) -> CharterDraft:
    now = the_clock(at)
    draft = CharterDraft.objects.select_related("community").filter(pk=draft_id).first()
    if draft is None:
        raise Refused("not-found", "没有这份修改。")
    permit(standing(by, now), draft.community, now)
    with transaction.atomic():
        register = lock_register(draft.community, "charter")
        draft.refresh_from_db()
        if draft.settled_at is not None:
            raise Refused("closed", "这份修改已经处理过了。请刷新看看。")
        append(register, "decline", Deed(at=now, actor=by, public={"proposal": str(draft.by_entry)}))
        draft.settled_at, draft.settled_by = now, by
        draft.save(update_fields=["settled_at", "settled_by"])
        return draft
