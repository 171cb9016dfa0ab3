"""Confirm a proposed charter: a second person, the check once more, then it is in force for whatever is new."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.charters.models import Charter
from weizhi.matters.deciding import check_for, draft_for, unsettled, usable
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.models import CharterAdoption, CharterDraft, Person
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
        if here is not None:
            _check_decided(draft, here.charter, now)
        adoption = adopt_charter(draft.community, charter, source=draft.source, by=by, proposal=draft.by_entry, at=now)
        draft.settled_at, draft.settled_by, draft.adoption = now, by, adoption
        draft.save(update_fields=["settled_at", "settled_by", "adoption"])
        return adoption


def _check_decided(draft: CharterDraft, charter: Charter, now: datetime) -> None:
    """A statute is changed by its own rule: what it asks for was raised when the draft lay open, and was carried."""
    kind = charter.charter.amended_by
    if kind is None:
        return
    matters = Matter.objects.filter(community=draft.community, kind=kind, raised_at__gte=draft.at)
    if not matters.filter(ended_at__lte=now, counts="solved").exists():
        raise Refused(
            "not-yet",
            f"按章程，改章程要先由大家定：这份修改提出以后，还没有一件“{charter.kinds[kind].title}”通过。请先提出来表决。",
            line=f"{charter.name}: charter.amended_by",
        )
