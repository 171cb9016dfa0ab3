"""Erase what a community holds of a person who may ask for it (个人信息保护法 47), and keep what must remain.

What goes: the name, the sign-in, telephone and ID number, and every word and photo that was the person's own, with the
titles made of them. What remains: that something was done, when and to what effect, in the entries and their proof;
what the person did in a post, which is the community's; and homes and posts as dated facts of nobody with a name.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from weizhi.matters import searching
from weizhi.matters.models import Matter
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.recorded import CLAIM
from weizhi.matters.refused import Refused
from weizhi.matters.registry import forget
from weizhi.people import vault
from weizhi.people.models import Holding, NoticeChoice, Person, Residence
from weizhi.places.models import Community
from weizhi.record.actions.append import Deed, Part, append, lock
from weizhi.record.actions.erase import ErasureRefused, erase
from weizhi.record.actions.registers import lock_register
from weizhi.record.models import Entry, Payload
from weizhi.record.origin import the_clock

NOBODY_NOW = "（已删除）"


def erase_person(
    community: Community, person: Person, *, by: Person, second: Person, ground: str, at: datetime | None = None
) -> int:
    """Erase the person in this community, and the account where no other community has to do with it.

    Returns how many parts went. Two people who hold posts here do it; raises Refused.
    """
    now = the_clock(at)
    if Holding.objects.open_at(now).filter(person=person).exists():
        raise Refused("not-yet", _("这个人还担任职务。请先免去职务，再删除。"))
    if person.pk in (by.pk, second.pk):
        raise Refused("not-yours", _("不能由本人来办。请由两位在任的同事一起办。"))
    with transaction.atomic():
        gone = _words(community, person, by, second, ground, now)
        forget(community.pk, person)
        Residence.objects.open_at(now).filter(community=community, person=person).update(until=now)
        if not Residence.objects.open_at(now).filter(person=person).exists():
            _account(community, person, by, now)
    return gone


def _words(community: Community, person: Person, by: Person, second: Person, ground: str, now: datetime) -> int:
    own = Q(entry__actor=person, entry__holding__isnull=True, entry__on_behalf_of__isnull=True)
    # What an officer wrote down from a caller is the caller's own since the slip was claimed.
    claimed = Entry.objects.filter(actor=person, verb=CLAIM, community=community).values("stream")
    own |= Q(entry__on_behalf_of=person) | Q(entry__n=1, entry__stream__in=claimed)
    rows = Payload.objects.filter(own, entry__community=community)
    parts: Sequence[Payload] = list(rows.filter(entry__stream__kind="matter").select_related("entry"))
    if not parts:
        return 0
    titled = _with_what_they_opened({part.entry.stream_id for part in parts if part.entry.n == 1})
    lock(matter.top_id for matter in titled)  # before the register, as each act does
    for matter in titled:
        matter.title = charter_by_hash(matter.charter_id).kinds[matter.kind].title
        matter.save(update_fields=["title"])
    try:
        erase(community, parts, by=by, second=second, ground=ground, at=now)
    except ErasureRefused as refused:
        raise Refused("not-yours", str(refused)) from None
    searching.remember_anew([*{part.entry.stream_id for part in parts} | {matter.pk for matter in titled}])
    return len(parts)


def _with_what_they_opened(raised: set[UUID]) -> list[Matter]:
    """These matters and those that a step of theirs opened: such a one carries the title on."""
    found, new = set(raised), set(raised)
    while new:
        new = set(Matter.objects.filter(opened_by__matter__in=new).values_list("pk", flat=True)) - found
        found |= new
    return list(Matter.objects.filter(pk__in=found))


def _account(community: Community, person: Person, by: Person, now: datetime) -> None:
    for field in (vault.PHONE, vault.ID_NUMBER):
        vault.put(person, field, "")
    person.name, person.login, person.email = NOBODY_NOW, f"erased-{person.pk.hex}", ""
    person.is_active, person.erased_at = False, now
    person.set_unusable_password()
    person.save()
    NoticeChoice.objects.filter(person=person).delete()
    part = Part("person", {"person": str(person.pk)}, grade=2)
    append(lock_register(community, "people"), "erase-person", Deed(at=now, actor=by), [part])
