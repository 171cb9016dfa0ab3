"""The lock of one hall, as that of a ballot box: many speak at once, and when it is shut nobody does.

A stance takes the hall's row shared, a new statement and the end take it alone. On SQLite the IMMEDIATE transaction
is all of it.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.deliberation.models import Channel, Hall, Voice
from weizhi.deliberation.taking_part import adds, runs, takes_part, voice_of
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.places.prepared import Prepared
from weizhi.places.writing import insert

LONG = ("drawn", "matter__place__geometry")  # and not asked for here
_shared: Prepared[Hall] = Prepared(
    lambda hall: Hall.objects.filter(pk=hall).select_related("matter__place", "step").defer(*LONG),
    by_key=True,
    lock="FOR SHARE OF deliberation_hall",
)
KEYS_KEPT = 8
WRITTEN_DOWN = (Channel.PAPER, Channel.VOICE, Channel.MEETING)


def hold(hall_id: UUID) -> Hall:
    """The hall while somebody speaks. Raises Refused."""
    assert transaction.get_connection().in_atomic_block
    found = _shared.first(hall_id)
    if found is None:
        raise Refused("not-found", "没有这个议事厅，或者您看不到它。")
    return found


def take(hall_id: UUID) -> Hall:
    """The hall alone."""
    rows = Hall.objects.select_for_update(of=("self",)).select_related("matter__place", "step").defer(*LONG)
    found = rows.filter(pk=hall_id).first()
    if found is None:
        raise Refused("not-found", "没有这个议事厅，或者您看不到它。")
    return found


def speaker(hall: Hall, by: Person, of: Person | None, who: Standing, at: datetime, *, adding: bool) -> Person:
    """Whose word it is. Raises Refused where it may not be said, or not be written down by `by`."""
    own = of is None or of.pk == by.pk
    if not own and not runs(hall, who):
        raise Refused("not-yours", "替别人记，要由负责议事厅的人来做。请交给居委会。")
    whose = by if of is None else of
    stands = who if own else standing(whose, at)
    if not (adds if adding else takes_part)(hall, stands):
        told = "这次议事厅不收您的话。" if own else "这个人不在可以参加的人里。请再看一遍名字。"
        raise Refused("not-yours", f"{told}能参加的人写在这件事的规则里。", field="person")
    return whose


def way_of(channel: str, *, recorded: bool) -> str:
    """How a word came in: the own hand's is always the phone's. Raises Refused."""
    if not recorded:
        return Channel.PHONE
    if channel not in WRITTEN_DOWN:
        raise Refused("bad-data", "请选是怎么说的：纸上、口头，还是会上。", field="channel")
    return channel


def voice_for(hall: Hall, person: Person, channel: str) -> Voice:
    """The person's one voice here, held until the transaction ends: whatever comes in by another way waits."""
    who = voice_of(hall.pk, person.pk)
    mine = Voice.objects.select_for_update().filter(hall=hall, who=who)
    if (found := mine.first()) is None:
        insert([Voice(hall=hall, who=who, channel=channel)], ignore_conflicts=True)
        found = mine.get()
    if not found.stirred:
        found.stirred = True
        found.save(update_fields=["stirred"])
    return found
