"""Propose a charter: checked at once, in force only when a second person has confirmed it."""

from datetime import datetime

from django.db import transaction

from weizhi.matters.deciding import check_for, permit, usable
from weizhi.matters.refused import Refused
from weizhi.people.access import standing
from weizhi.people.models import CharterDraft, Person
from weizhi.places.models import Community
from weizhi.record.actions.append import Deed, Part, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def propose_charter(
    community: Community, source: str, *, by: Person, why: str = "", at: datetime | None = None
) -> CharterDraft:
    """Keep the text as a draft, with an entry that says who proposed which hash."""
    now = the_clock(at)
    here = permit(standing(by, now), community, now)
    charter = usable(check_for(community, source, now))
    if here is not None and here.charter.hash == charter.hash and here.source:
        raise Refused("bad-data", "和现在用的章程一样，没有改动。")
    with transaction.atomic():
        register = lock_register(community, "charter")
        public = {"charter": charter.name, "hash": charter.hash}
        parts = [Part("words", why)] if why else []
        entry = append(register, "propose", Deed(at=now, actor=by, charter_hash=charter.hash, public=public), parts)
        return CharterDraft.objects.create(
            community=community, name=charter.name, source=source, hash=charter.hash,
            base=here.charter.hash if here else "", why=why[:300], by=by, at=now, by_entry=entry.id,
        )  # fmt: skip
