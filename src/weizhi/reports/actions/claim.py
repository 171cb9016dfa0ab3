"""Claim by a slip: what an officer wrote down for a caller was said by me. From then on it is my own report."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from weizhi.matters import moving
from weizhi.matters.merging import ask_as_well, went_into
from weizhi.matters.models import Matter, Party
from weizhi.matters.recorded import CHANNEL, CLAIM
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene, load
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
    into = went_into(slip.matter)
    while (done := _claim(slip.matter_id, slip.matter.top_id, into, by, now)) is None:
        into = went_into(Matter.objects.get(pk=slip.matter_id))  # merged in this very instant: lock that one as well
    return done


def _claim(matter_id: UUID, top: UUID, into: Matter | None, by: Person, now: datetime) -> Entry | None:
    """Claim under the lock of this matter and of the one it went into; None where it went elsewhere meanwhile."""
    with transaction.atomic():
        lock([top, *([into.top_id] if into else [])])
        matter = Matter.objects.preloaded().get(pk=matter_id)
        if went_into(matter) != into:
            return None
        writer = _writer(matter)
        scene = load(matter, now)
        Party.objects.filter(matter=matter, who=person_key(writer), relation=Party.RAISER).delete()
        _waits_go_over(scene, person_key(writer), person_key(by.pk))
        moving.add_relation(scene, Party.RAISER, person_key(by.pk))
        Party.objects.bulk_create(moving.new_parties(scene))
        if into:
            _goes_along(into.pk, person_key(by.pk), now)
        return append(matter.stream, CLAIM, Deed(at=now, actor=by, charter_hash=matter.charter_id))


def _goes_along(into: UUID, by: str, now: datetime) -> None:
    """It was merged meanwhile: the caller follows the matter that goes on, and is asked there as well."""
    goes_on = load(Matter.objects.preloaded().get(pk=into), now)
    if goes_on.matter.ended_at is None:
        moving.add_relation(goes_on, Party.FOLLOWER, by)
        ask_as_well(goes_on, [by])
        Party.objects.bulk_create(moving.new_parties(goes_on))


def _waits_go_over(scene: Scene, writer: str, by: str) -> None:
    """What waits for whoever raised it (was it done well?) waits for the caller from now on. What the officer has to
    do himself stays with him, and nobody waits twice."""
    steps = scene.procedure.steps
    asked = [row for row in scene.open_rows if Party.RAISER in steps[row.key].by]
    waits = Party.objects.filter(step__in=asked)
    known = set(waits.filter(who=by).values_list("step", flat=True))
    waits.filter(who=writer, step__in=known).delete()
    waits.filter(who=writer).update(who=by)


def _writer(matter: Matter) -> UUID:
    """Who wrote it down, where nobody registered was named and nobody has claimed it yet."""
    first = matter.stream.entries.get(n=1)
    claimed = matter.stream.entries.filter(verb=CLAIM).exists()
    if claimed or first.on_behalf_of_id or CHANNEL not in first.public or first.actor_id is None:
        raise Refused("closed", _("这件事已经有人认了。要是您的，请找居委会说一声。"))
    return first.actor_id
