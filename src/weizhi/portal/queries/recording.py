"""The page on which an officer writes down what others say: the form, whom it may be, what was written today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.matters.models import Matter
from weizhi.matters.pinned import places_with_charter
from weizhi.matters.recorded import BY_PROGRAM, CALLER, CHANNEL, CHANNELS
from weizhi.people.access import Standing, people_where
from weizhi.people.models import Person, Residence
from weizhi.people.vault import PHONE, blind
from weizhi.places.models import Community, Place, uuid_parameter
from weizhi.portal import pieces as p
from weizhi.portal.accounts.numbers import as_number
from weizhi.portal.forms import Draft
from weizhi.portal.picking.listing import LISTED
from weizhi.portal.picking.panel import place_list
from weizhi.portal.saying import number, place_words, when
from weizhi.record.models import Entry, Payload
from weizhi.reports.mentioned import mentioned
from weizhi.reports.slips import code_of, said

SUGGESTED: Final = 8
WRITTEN: Final = 12
USUAL: Final = "call"
AT_MOST: Final = 600  # places in the list; what is not in it is said in the words


@dataclass(frozen=True)
class Written:
    """A line of what was written down today."""

    number: str
    title: str
    url: str
    slip: str
    code: str
    line: str


@dataclass(frozen=True)
class RecordPage:
    key: str
    channel: p.Field
    who: p.Field
    phone: p.Field
    place: p.Field
    words: p.Field
    photos: p.Field
    errors: tuple[tuple[str, str], ...]
    last: Written | None
    written: tuple[Written, ...]


def record_page(
    standing: Standing, community: Community, draft: Draft, kept: Mapping[str, str], now: datetime
) -> RecordPage:
    """Two queries: the places, and what this officer wrote down today. `kept`: the last channel and place."""
    channels = tuple(p.Choice(key, str(title)) for key, title in CHANNELS.items() if key != BY_PROGRAM)
    fields = {
        "channel": p.Field(
            "channel", "place", _("怎么收到的？"), required=True, choices=channels, value=kept.get("channel") or USUAL
        ),
        "who": p.Field(
            "who", "search", _("谁说的？"), _("打名字或门牌，从单子里选；不在册的，写个称呼。"), compact=True
        ),
        "phone": p.Field("phone", "phone", _("电话"), _("加密保存；不在册的人好回话。"), compact=True),
        "place": p.Field(
            "place", "choice", _("在哪里？"), compact=True, value=kept.get("place", ""),
            placeholder=_("按话里说的，或他家楼下"),
            choices=place_list(community)[:AT_MOST],
        ),
        "words": p.Field("words", "text", _("什么事？"), required=True),
        "photos": p.Field("photos", "photo", _("拍下纸条"), compact=True),
    }  # fmt: skip
    if draft.sent:
        fields = {key: draft.filled(field) for key, field in fields.items()}
    wrong = next((field.id for field in fields.values() if field.error), "")
    errors = ((draft.refused.message, wrong),) if draft.refused else ()
    written = written_today(standing, community, now)
    last = next((one for one in written if one.url.endswith(kept.get("last") or "-")), None)
    return RecordPage(key=str(uuid4()), errors=errors, last=last, written=written, **fields)


def written_today(standing: Standing, community: Community, now: datetime) -> tuple[Written, ...]:
    """The newest first, with the code that is read out over the telephone."""
    morning = datetime.combine(now.astimezone(ZONE).date(), time(), ZONE)
    rows = Entry.objects.filter(
        community=community, actor=standing.person_id, verb="raise", at__gte=morning, public__has_key=CHANNEL
    ).select_related("on_behalf_of", "stream__matter__report", "stream__matter__place__parent__parent")
    callers = Payload.objects.filter(entry=OuterRef("pk"), part=CALLER)
    rows = rows.annotate(caller=Subquery(callers.values("body")[:1]))
    return tuple(_written(entry, now) for entry in rows.order_by("-at", "-id")[:WRITTEN])


def _written(entry: Entry, now: datetime) -> Written:
    matter: Matter = entry.stream.matter
    named = entry.on_behalf_of.name if entry.on_behalf_of else str(getattr(entry, "caller", None) or "")
    parts = (place_words(matter.place), str(CHANNELS.get(entry.public[CHANNEL], "")), named, when(entry.at, now))
    return Written(
        number=number(matter),
        title=matter.title,
        url=reverse("portal:matter", args=[matter.pk]),
        slip=reverse("portal:slip-print", args=[matter.pk]),
        code=said(code_of(matter.pk, matter.report.turn)),
        line=" · ".join(part for part in parts if part),
    )


# --- who, and where --------------------------------------------------------------------------------------


def people_like(community: Community, typed: str, now: datetime) -> tuple[str, ...]:
    """Those in the register whose name holds what was typed, or whose home's number begins with it. One query."""
    typed = typed.strip()
    if not typed:
        return ()
    rows = Residence.objects.open_at(now).filter(community=community, person__erased_at__isnull=True)
    found = rows.filter(Q(person__name__contains=typed) | Q(household__code__startswith=typed))
    named = found.order_by("household__path", "person__name").values_list("person__name", "household__code").distinct()
    return tuple(_label(name, code) for name, code in named[:SUGGESTED])


def _label(name: str, code: str) -> str:
    return f"{name} {code}"


# Who of this name lives behind this door, or has this telephone number.
_BY_DOOR = """q.erased_at IS NULL AND q.name = %s AND q.id IN (
    SELECT x.person_id FROM people_residence x JOIN places_place y ON y.id = x.household_id
    WHERE x.community_id = %s AND y.code = %s AND x.since <= %s AND (x.until IS NULL OR x.until > %s)
)"""
_BY_NUMBER = "q.erased_at IS NULL AND q.phone_blind = %s AND NOT q.is_machine"


def person_meant(community: Community, typed: str, phone: str, now: datetime) -> tuple[Person, Standing] | None:
    """The registered person: chosen from the list by name and home, else known by the telephone number.

    A name alone names nobody: namesakes would be told each other's affairs. One query, with what the person is.
    """
    name, _space, code = (part.strip() for part in typed.strip().rpartition(" "))
    number = as_number(phone)
    index = blind(PHONE, number) if number else ""
    at = connection.ops.adapt_datetimefield_value(now)
    conditions: list[tuple[str, list[Any]]] = []
    if name and code:
        conditions.append((_BY_DOOR, [name, uuid_parameter(community.pk), code, at, at]))
    if index:
        conditions.append((_BY_NUMBER, [index]))
    if not conditions:
        return None
    asked = " OR ".join(f"({condition})" for condition, _values in conditions)
    found = people_where(asked, [value for _condition, values in conditions for value in values], now)
    here = [one for one in found if community.pk in one[1].communities]
    by_number = (one for one in here if index and one[0].phone_blind == index)
    return _the_only(one for one in here if _lives_at(one, name, code)) or _the_only(by_number)


def _lives_at(one: tuple[Person, Standing], name: str, code: str) -> bool:
    person, stands = one
    return bool(code) and person.name == name and any(home.rpartition("/")[2] == code for home in stands.homes)


def _the_only(found: Iterable[tuple[Person, Standing]]) -> tuple[Person, Standing] | None:
    people = list(found)
    return people[0] if len(people) == 1 else None


def place_meant(
    community: Community, chosen: UUID | None, kept: UUID | None, words: str, person: Standing | None, now: datetime
) -> Place | UUID | None:
    """Chosen now; else said in the words; else kept from the last one; else where the person lives.

    One query or none. Below the home: the stairwell, which is nobody's secret.
    """
    if chosen and chosen != kept:
        return chosen
    slug = community.slug
    home = next((path.rpartition("/")[0] for path in person.homes if path.startswith(f"{slug}/")), "") if person else ""
    known = places_with_charter(community, LISTED, [slug, home or slug], now)
    if said_place := mentioned((place for place in known if place.kind in LISTED), words):
        return said_place
    if chosen:
        return next((place for place in known if place.pk == chosen), chosen)
    return next((place for place in known if place.path == (home or slug)), None)
