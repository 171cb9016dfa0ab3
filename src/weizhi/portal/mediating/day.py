"""The mediator's day: who comes when, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse

from weizhi.charters.periods import ZONE
from weizhi.deliberation.mediating import NAME
from weizhi.deliberation.models import Appointment, Mediation
from weizhi.matters.models import Party
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.portal import pieces as p
from weizhi.portal.mediating.page import stage_of
from weizhi.portal.saying import number, today
from weizhi.record.models import Payload

AT_MOST: Final = 100
NO_SIDE: Final = (Party.HANDLER, Party.WAITS, Party.FOLLOWER, Party.DECLARED)


@dataclass(frozen=True)
class Line:
    clock: str
    number: str
    names: str
    where: str
    chip: p.Chip
    url: str


@dataclass(frozen=True)
class DayPage:
    words: str
    lines: tuple[Line, ...]
    waiting: tuple[Line, ...]
    others: tuple[tuple[str, str, int], ...]  # other days on which somebody comes: words, address, how many
    mediates: bool


def day_page(who: Standing, day: date, now: datetime) -> DayPage:
    """Four queries: the mediations that this reader leads, their times, and who comes."""
    rows = list(_led_by(who)[:AT_MOST])
    names = _names(rows)
    booked = {row.pk: next(iter(row.booked), None) for row in rows}  # type: ignore[attr-defined]  # prefetched below
    lines, waiting, others = [], [], dict[date, int]()
    for row in rows:
        at = booked[row.pk]
        line = _line(row, at, names, now)
        if at is None or at.starts_at < now - timedelta(days=1):
            waiting.append((row.matter.number, line))
        elif (there := at.starts_at.astimezone(ZONE).date()) == day:
            lines.append((at.starts_at, line))
        else:
            others[there] = others.get(there, 0) + 1
    address = reverse("portal:mediations")
    return DayPage(
        words=today(datetime.combine(day, time(12), ZONE)),
        lines=tuple(line for _at, line in sorted(lines, key=lambda one: one[0])),
        waiting=tuple(line for _n, line in sorted(waiting, key=lambda one: one[0])),
        others=tuple((_spoken(one), f"{address}?day={one}", n) for one, n in sorted(others.items())),
        mediates=bool(rows),
    )  # fmt: skip


def _led_by(who: Standing) -> "Sequence[Mediation]":
    """Those that go on and that an office of the reader mediates; what concerns himself is not his to lead."""
    office = Party.objects.filter(matter=OuterRef("matter"), relation=Party.HANDLER, who__in=who.keys)
    own = Party.objects.filter(matter=OuterRef("matter"), step__isnull=True, who=f"person:{who.person_id}")
    times = Prefetch("appointments", Appointment.objects.current(), to_attr="booked")
    rows = Mediation.objects.visible_to(who).going_on().filter(Exists(office)).exclude(Exists(own))
    return rows.select_related("matter", "step").prefetch_related(times).order_by("id")  # type: ignore[return-value]  # a QuerySet is sliced


def _names(rows: Sequence[Mediation]) -> dict[object, str]:
    """Who comes, of each: by the register, and those without an account as they were written down."""
    found: dict[object, dict[str, None]] = {}
    parties = Party.objects.filter(matter__in=[row.matter_id for row in rows], who__startswith="person:")
    keys = parties.exclude(relation__in=NO_SIDE).order_by("id").values_list("matter", "who")
    people = {f"person:{pk}": name for pk, name in _people([who for _matter, who in keys])}
    for matter, who in keys:
        found.setdefault(matter, {})[people.get(who, "")] = None
    paper = [row.matter_id for row in rows if row.first_by_paper or row.other_by_paper]
    for part in Payload.objects.filter(entry__stream__in=paper, part__startswith=f"{NAME}:").select_related("entry"):
        found.setdefault(part.entry.stream_id, {})[str(part.read())] = None
    return {matter: "、".join(name for name in names if name) for matter, names in found.items()}


def _people(keys: Sequence[str]) -> "Sequence[tuple[object, str]]":
    return list(Person.objects.filter(pk__in=[key.partition(":")[2] for key in keys]).values_list("pk", "name"))


def _line(row: Mediation, at: Appointment | None, names: dict[object, str], now: datetime) -> Line:
    return Line(
        clock=f"{at.starts_at.astimezone(ZONE):%H:%M}" if at else "",
        number=number(row.matter), names=names.get(row.matter_id, ""), where=at.where if at else "",
        chip=p.Chip(*stage_of(row, at, now)), url=reverse("portal:mediation", args=[row.matter_id]),
    )  # fmt: skip


def _spoken(day: date) -> str:
    return today(datetime.combine(day, time(12), ZONE))
