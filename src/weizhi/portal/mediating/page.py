"""One mediation as a page: read once, for either side and for the mediator."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.deliberating import DELIBERATING
from weizhi.charters.mediating import AGREED, DECLINED, MediateParams
from weizhi.charters.models import Charter
from weizhi.charters.periods import ZONE
from weizhi.charters.steps import Step
from weizhi.charters.workdays import state_calendar
from weizhi.deliberation import mediating as m
from weizhi.deliberation.models import Appointment, Mediation, Side, Signature
from weizhi.matters import reads
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter, Party
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.scene import outcome_title, title_in
from weizhi.people.access import Standing
from weizhi.people.models import Person, Residence
from weizhi.people.queries import belongs_to
from weizhi.portal import pieces as p
from weizhi.portal.acting import UNHAPPY, drafted
from weizhi.portal.forms import Draft
from weizhi.portal.mediating import forms
from weizhi.portal.saying import matter_url, number, place_words, today, when
from weizhi.record.models import Payload

FOUND_AT_MOST = 8
DAYS_SHOWN = 4


@dataclass(frozen=True)
class Hour:
    key: str
    words: str
    who: str  # the calendar's title: who is there


@dataclass(frozen=True)
class Day:
    words: str
    hours: tuple[Hour, ...]


@dataclass(frozen=True)
class Signed:
    name: str
    words: str  # "" where this side has not signed


@dataclass(frozen=True)
class MediationPage:
    matter: Matter
    number: str
    url: str
    title: str
    chip: p.Chip
    mine: str
    words: str
    sides: tuple[tuple[str, str], ...]
    when: str
    where: str
    who: str
    acts: tuple[p.Action, ...]
    find: bool  # first of all somebody is looked for
    found: str
    days: tuple[Day, ...]
    more_days: tuple[Day, ...]
    book_key: str
    text: str
    written: str
    signed: tuple[Signed, ...]
    paper: str
    day: str


@dataclass
class Table:
    """A mediation, read for one person. `find`: the name that the mediator looks for."""

    talks: Mediation
    who: Standing
    now: datetime
    draft: Draft
    find: str = ""
    times: bool = False  # asked for another time

    @cached_property
    def charter(self) -> Charter:
        return charter_by_hash(self.talks.matter.charter_id)

    @cached_property
    def step(self) -> Step:
        return self.charter.procedure_of(self.talks.matter.kind).steps[self.talks.step.key]

    @cached_property
    def params(self) -> MediateParams:
        found: MediateParams = self.step.parsed(DELIBERATING["mediate"])
        return found

    @cached_property
    def parties(self) -> list[Party]:
        return reads.parties(self.talks.matter_id)

    @cached_property
    def sides(self) -> dict[str, list[str]]:
        return m.keys_of_sides(self.parties, m.other_relation(self.charter, self.talks.matter.kind, self.step))

    @cached_property
    def side(self) -> str:
        return m.side_of(self.sides, self.who.keys)

    @cached_property
    def mediates(self) -> bool:
        handlers = {party.who for party in self.parties if party.relation == Party.HANDLER}
        return not self.side and not handlers.isdisjoint(self.who.keys)

    @cached_property
    def said(self) -> dict[str, Payload]:
        """The newest of what the page shows, and with what words it began. One query."""
        shown = [m.AGREEMENT, *(m.name_part(side) for side in Side.values)]
        rows = Payload.objects.filter(entry__stream=self.talks.matter_id)
        rows = rows.filter(Q(part__in=shown) | Q(part=WORDS, entry__n=1)).select_related("entry__actor")
        return {row.part: row for row in rows.order_by("entry__n")}

    @cached_property
    def names(self) -> dict[str, str]:
        """What each side is called: by the register, or as the mediator wrote it."""
        keys = {key: side for side, own in self.sides.items() for key in own}
        people = Person.objects.filter(pk__in=[key.partition(":")[2] for key in keys]).only("name", "erased_at")
        found = {keys[f"person:{one.pk}"]: one.name for one in people}
        for side in Side.values:
            if side not in found and self.talks.by_paper(side) and (row := self.said.get(m.name_part(side))):
                found[side] = str(row.read())
        return found

    @cached_property
    def appointment(self) -> Appointment | None:
        if self.talks.accepted_at is None:
            return None
        return Appointment.objects.current().filter(mediation=self.talks).first()

    @cached_property
    def signatures(self) -> dict[str, Signature]:
        if not self.talks.text_hash:
            return {}
        rows = Signature.objects.filter(mediation=self.talks, text_hash=self.talks.text_hash)
        return {row.side: row for row in rows}

    @property
    def over(self) -> bool:
        return self.talks.step.closed_at is not None

    @property
    def agreement(self) -> Mapping[str, Any]:
        row = self.said.get(m.AGREEMENT) if self.talks.text_hash else None
        return row.read() if row else {}

    def name(self, side: str) -> str:
        if side == self.side:
            return _("您")
        return self.names.get(side) or _("还没有写是谁")


def mediation_page(table: Table) -> MediationPage:
    """At most six queries beside what every page asks."""
    talks, matter, booked = table.talks, table.talks.matter, table.appointment
    days = tuple(_days(table))
    acts = tuple(drafted(form, n, table.draft) for n, form in enumerate(_acts(table)))
    words = table.said.get(WORDS)
    series = table.charter.calendar[booked.series].title if booked else ""
    by = table.said[m.AGREEMENT].entry.actor if table.agreement else None
    return MediationPage(
        matter=matter, number=number(matter), url=matter_url(matter.pk),
        title=title_in(table.charter.procedure_of(matter.kind), table.step.key), chip=_chip(table), mine=_mine(table),
        words=str(words.read()) if words else "",
        sides=tuple((str(Side(side).label), table.name(side)) for side in Side.values),
        when=_spoken(booked.starts_at, table.now) if booked else "", where=booked.where if booked else "", who=series,
        acts=acts, find=_names_somebody(table) is not None and not table.find, found=table.find,
        days=days[:DAYS_SHOWN], more_days=days[DAYS_SHOWN:],
        book_key=f"{talks.pk}:{table.now.timestamp()}",
        text=str(table.agreement.get("text", "")),
        written=_("%(who)s写的，%(when)s") % {"who": by.name if by else "", "when": when(talks.written_at, table.now)}
        if talks.written_at else "",
        signed=tuple(_signed(table, side) for side in Side.values) if talks.text_hash else (),
        paper=reverse("portal:mediation-agreement", args=[matter.pk]) if talks.text_hash else "",
        day=reverse("portal:mediations") if table.mediates else "",
    )  # fmt: skip


def stage_of(talks: Mediation, booked: Appointment | None, now: datetime) -> tuple[str, str]:
    """How far it is, in words and as a chip's state."""
    if talks.step.closed_at is not None:
        return _("结束了"), "done"
    if talks.text_hash:
        return _("等双方签字"), "waiting"
    if talks.invited_at is None:
        return _("等调解员邀请对方"), "waiting"
    if talks.accepted_at is None:
        return _("等对方答复"), "waiting"
    if booked is None:
        return _("等约时间"), "waiting"
    return (_("约好了"), "ok") if booked.starts_at > now else (_("正在谈"), "moving")


def _chip(table: Table) -> p.Chip:
    row = table.talks.step
    if row.closed_at is None:
        return p.Chip(*stage_of(table.talks, table.appointment, table.now))
    if row.outcome in table.step.outcomes:
        return p.Chip(outcome_title(table.step, row.outcome), "done" if row.outcome == AGREED else "moving")
    return p.Chip(_("到期结束了"), "paused")


def _mine(table: Table) -> str:
    if table.mediates:
        return _("您是这次的调解员。")
    return _("这里说的话，只有双方和调解员看得到，别人看不到，也查不到。")


def _spoken(at: datetime, now: datetime) -> str:
    return f"{today(at)} {at.astimezone(ZONE):%H:%M}"


def _signed(table: Table, side: str) -> Signed:
    found = table.signatures.get(side)
    if found is None:
        return Signed(table.name(side), "")
    return Signed(table.name(side), f"{found.get_channel_display()}，{when(found.at, table.now)}")


def _days(table: Table) -> Iterator[Day]:
    """Free times by day, where one is to be booked."""
    talks = table.talks
    if table.over or talks.accepted_at is None or talks.text_hash or not (table.side or table.mediates):
        return
    if table.appointment is not None and not table.times:
        return
    free = m.free_slots(table.charter, table.params, talks.community_id, table.now, state_calendar())
    for _day, slots in groupby(free, key=lambda slot: slot.starts_at.date()):
        hours = tuple(slots)
        yield Day(today(hours[0].starts_at), tuple(_hour(table.charter, one) for one in hours))


def _hour(charter: Charter, slot: m.Slot) -> Hour:
    return Hour(slot.key, f"{slot.starts_at:%H:%M}", charter.calendar[slot.series].title or slot.series)


def _names_somebody(table: Table) -> Side | None:
    """The side that the mediator has to name now."""
    if table.over or not table.mediates or table.talks.accepted_at is not None:
        return None
    if not table.sides[Side.FIRST] and not table.talks.first_by_paper:
        return Side.FIRST
    return Side.OTHER


def _acts(table: Table) -> Iterator[p.Action]:
    """What is to do now, the most pressing first."""
    talks = table.talks
    if table.over:
        return
    if (side := _names_somebody(table)) is not None and table.find:
        yield forms.inviting(side, _found(table), table.find)
    answers = talks.invited_at is not None and talks.accepted_at is None
    if answers and (table.side == Side.OTHER or (table.mediates and talks.other_by_paper)):
        yield forms.willing(table.mediates)
    if table.side and talks.text_hash and table.side not in table.signatures:
        yield forms.signing(talks.version)
    if table.mediates:
        yield from _of_mediator(table)
    if table.side:
        yield forms.leaving(None, answers and table.side == Side.OTHER)


def _of_mediator(table: Table) -> Iterator[p.Action]:
    talks = table.talks
    if talks.accepted_at is not None:
        unsigned = [(Side(side), table.name(side)) for side in Side.values if side not in table.signatures]
        if talks.text_hash and unsigned:
            yield forms.signed_on_paper(unsigned)
        yield forms.writing(str(table.agreement.get("text", "")))
    yield forms.ending([*_ways(table)])
    for side in Side:
        if talks.by_paper(side):
            yield forms.leaving(side, refused_first=False)


def _ways(table: Table) -> Iterator[p.Outcome]:
    """Where it may go instead, in the charter's words."""
    ends = table.charter.procedure_of(table.talks.matter.kind).ends
    for outcome, target in table.step.outcomes.items():
        if outcome not in (AGREED, DECLINED):
            bad = target in ends and ends[target].counts in UNHAPPY
            yield p.Outcome(outcome, outcome_title(table.step, outcome), "refuse" if bad else "plain")


def _found(table: Table) -> Sequence[p.Choice]:
    """Neighbours of this name, with their homes: two of one name are not the same. Two queries."""
    community = table.talks.community_id
    people = belongs_to(Person.objects.filter(name__icontains=table.find), community, table.now)
    rows = list(people.order_by("name", "pk")[:FOUND_AT_MOST])
    homes: dict[UUID, str] = {}
    lives = Residence.objects.open_at(table.now).filter(person__in=rows, community=community)
    for home in lives.select_related("household__parent__parent"):
        homes.setdefault(home.person_id, place_words(home.household))
    return [p.Choice(str(one.pk), one.name, homes.get(one.pk, "")) for one in rows]
