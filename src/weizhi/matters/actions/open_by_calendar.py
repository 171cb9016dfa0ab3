"""The calendar of a charter opens a matter: on its date, for each that it names, once, raised by nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from weizhi.charters.falls import Fall, fall_on
from weizhi.charters.models import Charter
from weizhi.charters.periods import ZONE
from weizhi.charters.rhythm import CalendarEntry
from weizhi.charters.workdays import state_calendar
from weizhi.matters import about, moving, rules
from weizhi.matters.models import CalendarOpening, Matter
from weizhi.matters.numbering import next_number
from weizhi.matters.opening import begin
from weizhi.matters.pinned import charter_by_hash, hash_in_force, place_with_charter
from weizhi.matters.recording import note, values_parts
from weizhi.matters.refused import Refused
from weizhi.matters.registry import document_maker
from weizhi.matters.scene import Act, Scene
from weizhi.matters.settling import settle
from weizhi.people.access import NOBODY
from weizhi.people.models import Body
from weizhi.places.models import Community, Place
from weizhi.places.writing import insert_one
from weizhi.record.actions.registers import lock_register
from weizhi.record.leaves import new_salt
from weizhi.record.models import Stream
from weizhi.record.origin import the_clock

CALENDAR: Final = "calendar"  # the verb of the first entry, and what it names
FROM_PERSON: Final = "raise"  # the one first step that is over as soon as the matter is there
DATE, BODY = "date", "body"  # fields of the first step that the calendar fills


@dataclass(frozen=True)
class Target:
    """What one matter of a date is for: the community, a place of a level, a body; `key` names it once."""

    key: str
    place: Place
    body: str = ""
    name: str = ""


def open_by_calendar(community: Community, entry: str, day: date, *, at: datetime | None = None) -> list[Matter]:
    """Open what the community's calendar `entry` opens on `day`, for each of its targets, in the order of places.

    What this date has opened before is not opened again, and stands in the answer all the same. Raises Refused where
    the charter has no such entry, the entry no such date, or where nothing can be opened; each target is a
    transaction of its own, so what stands by then stands.
    """
    now = the_clock(at)
    charter = charter_by_hash(hash_in_force(community.pk, now))
    found = charter.calendar.get(entry)
    if found is None or found.opens not in charter.kinds:
        raise Refused("not-found", f"章程的日历里没有“{entry}”，或者它不开任何事项。")
    fall = fall_on(charter, found, day, state_calendar())
    if fall is None:
        raise Refused("not-found", f"“{found.title or entry}”没有 {day} 这一天。")
    opened, first = open_all(community, charter, found, fall, now)
    if first is not None:
        raise first
    return opened


def open_all(
    community: Community, charter: Charter, entry: CalendarEntry, fall: Fall, now: datetime
) -> tuple[list[Matter], Refused | None]:
    """Open it for each target; one that is refused does not hold up the others. The first refusal is told."""
    opened: list[Matter] = []
    first: Refused | None = None
    for target in targets(community, charter, entry):
        try:
            opened.append(_once(community, entry, fall, target, now))
        except Refused as refused:
            first = first or refused
    return opened, first


def targets(community: Community, charter: Charter, entry: CalendarEntry) -> list[Target]:
    """What the entry opens a matter for, now."""
    group, name = entry.each
    if group == "place":
        found = Place.objects.filter(community=community, kind=name).order_by("path")
        return [Target(place.path, place, name=place.name) for place in found]
    if group == "body-kind":
        keys = [key for key, body in charter.bodies.items() if body.kind == name]
        bodies = Body.objects.filter(community=community, key__in=keys).select_related("place")
        return [
            Target(f"{body.key}@{body.place.path}", body.place, body.key, body.name)
            for body in bodies.order_by("place__path", "key")
        ]
    whole = Place.objects.get(path=community.slug)
    return [Target(whole.path, whole, entry.body or "")]


def _once(community: Community, entry: CalendarEntry, fall: Fall, target: Target, now: datetime) -> Matter:
    """The matter of this date and target: opened now under the community's lock, or by whoever was first."""
    named = {"community": community, "entry": entry.key, "rule_day": fall.rule_day, "target": target.key}
    before = CalendarOpening.objects.filter(**named).select_related("matter")
    try:
        with transaction.atomic():
            lock_register(community, "charter")  # a charter is not changed while it opens something
            earlier = before.first()
            return earlier.matter if earlier else _open(community, entry, fall, target, now, named)
    except IntegrityError:
        if earlier := before.first():
            return earlier.matter
        raise


def _open(
    community: Community, entry: CalendarEntry, fall: Fall, target: Target, now: datetime, named: dict[str, Any]
) -> Matter:
    scene = _scene(community, str(entry.opens), target, now)
    matter = scene.matter
    insert_one(CalendarOpening(matter=matter, day=fall.day, **named))
    act = Act(verb=CALENDAR, at=now, by=None, who=NOBODY)
    act.data = about.RaiseData(about_whom=target.body if scene.kind.about == BODY else "")
    matter.title = _title(scene, entry, fall, target)
    matter.number = next_number(community.pk)
    for handler in moving.handlers_of(scene.charter, matter.kind, scene.here):
        moving.add_relation(scene, "handler", handler)
    about.settle(scene, act)
    values = dict(_values(scene, fall, target))
    start = scene.procedure.start
    _, events, told = begin(scene, values, waits=start.kind != FROM_PERSON)
    parts = [*values_parts(values, matter.charter_id), *moving.tells(scene, events)]
    note(scene, CALENDAR, {**told, **_said(entry, fall, now)}, step=start.key, parts=parts)
    insert_one(matter)
    if scene.kind.document and (make := document_maker(scene.kind.document)):
        make(matter, act)
    settle(scene, events)
    return matter


def _scene(community: Community, kind: str, target: Target, now: datetime) -> Scene:
    place, digest = place_with_charter(community, target.place.pk, now)
    charter = charter_by_hash(digest)
    found = charter.kinds[kind]
    if found.held_by:
        raise Refused("bad-data", f"“{found.title}”要由另一件事收进来，日历不能开。")
    if found.raised_in and found.raised_in not in place.levels:
        raise Refused("bad-data", f"“{found.title}”要说明在哪里，“{place.name}”太大了。请在章程里写 for_each。")
    here = rules.here_at(place.levels, place.path, found.raised_in)
    stream = Stream(id=uuid7(), community=community, kind="matter", salt=new_salt())
    matter = Matter(
        stream=stream, community=community, kind=kind, charter_id=digest, number=0, place=place,
        audience=rules.audience_of(found.visible, here), top_id=stream.pk, raised_at=now, changed_at=now,
    )  # fmt: skip
    return Scene(matter, charter, now, {}, [])


def _title(scene: Scene, entry: CalendarEntry, fall: Fall, target: Target) -> str:
    """A meeting that comes every month is told from the others by its day, and by whom it is for."""
    day = f"{fall.day.year}年{fall.day.month}月{fall.day.day}日"
    of = f"{day}，{target.name}" if target.name else day
    return f"{entry.title or scene.kind.title}（{of}）"[:80]


def _values(scene: Scene, fall: Fall, target: Target) -> Iterator[tuple[str, str]]:
    """The date, and the body, as far as the first step asks for them."""
    for field in scene.procedure.start.fields:
        if field.key == DATE and field.type == "date":
            yield DATE, fall.day.isoformat()
        elif field.key == BODY and field.type == "body" and target.body:
            yield BODY, target.body


def _said(entry: CalendarEntry, fall: Fall, now: datetime) -> dict[str, Any]:
    said: dict[str, Any] = {CALENDAR: entry.key, "date": fall.day.isoformat()}
    if fall.provisional:
        said["provisional"] = True
    if is_late(fall, now):
        said["late"] = True
    return said


def is_late(fall: Fall, now: datetime) -> bool:
    """Whether it opens on a later day than it should have."""
    return now.astimezone(ZONE).date() > fall.opens_at.astimezone(ZONE).date()
