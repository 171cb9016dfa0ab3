"""Take a proxy back. What the proxy has cast stands until the one whose word it is says something else."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from weizhi.decisions.actions.cast import check_open
from weizhi.decisions.boxes import hold
from weizhi.decisions.clerks import is_clerk
from weizhi.decisions.models import Speaker
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.access import standing
from weizhi.people.models import Person
from weizhi.record.actions.append import Deed, append, lock
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock

ENDED: Final = "speaker-ended"


def end_speaker(vote_id: UUID, entitlement: UUID, person: Person, *, by: Person, at: datetime | None = None) -> Entry:
    """`person` is no longer proxy for the line: said by whoever gave it, or written down by who runs the vote."""
    now = the_clock(at)
    matter = Matter.objects.preloaded().get(votes=vote_id)
    with transaction.atomic():
        lock([matter.top_id])
        matter = Matter.objects.preloaded().get(pk=matter.pk)
        vote = hold(vote_id)
        check_open(vote, now)
        given = Speaker.objects.speaking(vote.pk).filter(as_what=Speaker.As.PROXY, person=person)
        found = (
            given.filter(entitlement=entitlement, entitlement__roll=vote.roll_id).select_related("entitlement").first()
        )
        if found is None:
            raise Refused("bad-data", "这一户没有委托给这个人。请对着名册再看一遍。", field="person")
        if found.of_person_id != by.pk and not is_clerk(vote, standing(by, now)):
            raise Refused("not-yours", "委托要由委托人自己收回，或者请居委会登记。")
        Speaker.objects.filter(pk=found.pk).update(until=now)
        public = {"line": found.entitlement.n}
        return append(matter.stream, ENDED, Deed(at=now, actor=by, charter_hash=matter.charter_id, public=public))
