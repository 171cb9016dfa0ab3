"""Claim by a slip: what an officer wrote down for a caller was said by me. From then on it is my own report."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from weizhi.matters import moving
from weizhi.matters.models import Matter, Party
from weizhi.matters.recorded import CHANNEL, CLAIM
from weizhi.matters.refused import Refused
from weizhi.matters.scene import load
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.record.actions.append import Deed, append, lock
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock
from weizhi.reports.slips import slip_with


def claim(code: str, *, by: Person, at: datetime | None = None) -> Entry:
    """The holder of the slip becomes the one who raised it, in place of the officer. Raises Refused."""
    now = the_clock(at)
    slip = slip_with(code)
    if slip is None:
        raise Refused("not-found", _("没有这个查询码。请对着小票再看一遍。"), field="code")
    with transaction.atomic():
        lock([slip.matter.top_id])
        matter = Matter.objects.preloaded().get(pk=slip.matter_id)
        writer = _writer(matter)
        scene = load(matter, now)
        Party.objects.filter(matter=matter, who=person_key(writer), relation=Party.RAISER).delete()
        # What waits for whoever raised it (was it done well?) waits for the caller from now on.
        Party.objects.filter(matter=matter, who=person_key(writer), step__isnull=False).update(who=person_key(by.pk))
        moving.add_relation(scene, Party.RAISER, person_key(by.pk))
        Party.objects.bulk_create(moving.new_parties(scene))
        return append(matter.stream, CLAIM, Deed(at=now, actor=by, charter_hash=matter.charter_id))


def _writer(matter: Matter) -> UUID:
    """Who wrote it down, where nobody registered was named and nobody has claimed it yet."""
    first = matter.stream.entries.get(n=1)
    claimed = matter.stream.entries.filter(verb=CLAIM).exists()
    if claimed or first.on_behalf_of_id or CHANNEL not in first.public or first.actor_id is None:
        raise Refused("closed", _("这件事已经有人认了。要是您的,请找居委会说一声。"))
    return first.actor_id
