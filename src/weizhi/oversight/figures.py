"""The community's figures of twelve weeks, counted by the database in a few grouped queries.

They say the same to everybody, and change only with an act or with the hour: what was counted is kept in the process
under the newest change, so that a board that hangs in a hall costs one small read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Expression

from weizhi.charters.models import Charter
from weizhi.matters.models import Matter, Step
from weizhi.matters.pinned import charter_by_hash
from weizhi.oversight import rules
from weizhi.oversight.rules import DECIDED, RESPONDED, Ended, From, Origin, Raised, Rated, raised_by, weeks_until
from weizhi.people.access import EVERYBODY
from weizhi.places.models import Community
from weizhi.places.prepared import Prepared
from weizhi.record.models import Entry

RATES: Final = "rate"  # the step kind, not a step's name: its outcomes are fixed by the language
KEPT: Final = 16
RAISED, ENDED, RATED = range(3)
NO: Final = Value(False, output_field=BooleanField())


@dataclass(frozen=True)
class Rates:
    """Three rates of twelve weeks, and what they were counted from, for the weeks one by one."""

    weeks: tuple[datetime, ...]
    raised: tuple[Raised, ...]
    ended: tuple[Ended, ...]
    rated: tuple[Rated, ...]

    @property
    def response(self) -> rules.Rate:
        return rules.response(self.raised)

    @property
    def solution(self) -> rules.Rate:
        return rules.solution(self.ended)

    @property
    def satisfaction(self) -> rules.Rate:
        return rules.satisfaction(self.rated)

    @property
    def came_in(self) -> list[int]:
        """How many were raised in each week."""
        return self._weekly(self.raised)

    @property
    def went_out(self) -> list[int]:
        """How many ended in each week."""
        return self._weekly(self.ended)

    def by_week(self) -> list[tuple[rules.Rate, rules.Rate, rules.Rate]]:
        return [
            (
                rules.response(row for row in self.raised if row.week == week),
                rules.solution(row for row in self.ended if row.week == week),
                rules.satisfaction(row for row in self.rated if row.week == week),
            )
            for week in range(rules.WEEKS)
        ]

    @staticmethod
    def _weekly(rows: Iterable[Raised | Ended]) -> list[int]:
        found = [0] * rules.WEEKS
        for row in rows:
            found[row.week] += row.number
        return found


@dataclass(frozen=True)
class About:
    """How many matters of a category came from a grid. `seen` is False for those that only some may read."""

    category: str
    grid: str
    seen: bool
    number: int
    open: int


@dataclass(frozen=True)
class Sources:
    """Where matters come from, over twelve weeks."""

    weeks: tuple[datetime, ...]
    origins: tuple[Origin, ...]
    about: tuple[About, ...]


_newest: Prepared[datetime] = Prepared(
    lambda community: (
        Matter.objects.filter(community=community)
        .order_by()
        .values("community")
        .annotate(newest=Max("changed_at"))
        .values_list("newest", flat=True)
    )
)


def as_of(community: Community, now: datetime) -> datetime:
    """The instant up to which figures are counted: the newest change, or the hour that has begun since. One query."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    newest = _newest.first(community.pk)
    return max(hour, min(newest, now)) if newest else hour


def rates(community: Community, at: datetime) -> Rates:
    """One query, or none where nothing has changed since it was asked."""
    return _rates(community.pk, at)


def sources(community: Community, charter: Charter, at: datetime) -> Sources:
    """Two queries, or none."""
    return _sources(community.pk, community.slug, charter.hash, at)


@lru_cache(maxsize=KEPT)
def _rates(community: UUID, at: datetime) -> Rates:
    weeks = weeks_until(at)
    matters = Matter.objects.filter(community=community)
    raised = _of_weeks(matters, "raised_at", weeks).annotate(
        word=F("counts"),
        first=Exists(Step.objects.filter(_marked(RESPONDED), matter=OuterRef("pk"))),
        second=Exists(Step.objects.open().filter(Q(due__isnull=True) | Q(due__gt=at), matter=OuterRef("pk"))),
    )
    asked = Step.objects.filter(kind=RATES, matter__community=community, closed_at__isnull=False)
    ended = _of_weeks(matters, "ended_at", weeks).annotate(word=F("counts"), first=NO, second=NO)
    rated = _of_weeks(asked, "matter__ended_at", weeks).annotate(word=F("outcome"), first=NO, second=NO)
    rows = _tagged(raised, RAISED).union(_tagged(ended, ENDED), _tagged(rated, RATED), all=True)
    found = list(rows)
    return Rates(
        weeks,
        tuple(
            Raised(week, word, bool(first), bool(second), n)
            for what, week, word, first, second, n in found
            if what == RAISED
        ),
        tuple(Ended(week, word, n) for what, week, word, _f, _s, n in found if what == ENDED),
        tuple(Rated(week, word, n) for what, week, word, _f, _s, n in found if what == RATED),
    )


def _tagged(rows: QuerySet[Any], what: int) -> QuerySet[Any, Any]:
    """The rows grouped and counted, as one part of a union."""
    said = rows.order_by().annotate(what=Value(what, output_field=IntegerField()))
    return said.values_list("what", "week", "word", "first", "second").annotate(number=Count("pk"))


@lru_cache(maxsize=KEPT)
def _sources(community: UUID, slug: str, digest: str, at: datetime) -> Sources:
    weeks = weeks_until(at)
    origins = _origins(community, charter_by_hash(digest), weeks)
    return Sources(weeks, tuple(origins), tuple(_about(community, slug, weeks)))


def _origins(community: UUID, charter: Charter, weeks: Sequence[datetime]) -> list[Origin]:
    """Grouped by what the first entry says of whoever raised it, and by the channel that the room of reports keeps."""
    decided = Exists(Step.objects.filter(_marked(DECIDED), matter=OuterRef("stream")))
    first = Entry.objects.filter(
        n=1, stream__matter__community=community, stream__matter__raised_at__gte=weeks[0],
        stream__matter__raised_at__lt=weeks[-1],
    )  # fmt: skip
    rows = (
        first.order_by()
        .annotate(
            decided=decided,
            acted=Case(When(actor__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField()),
            told=Case(When(on_behalf_of__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField()),
        )
        .values_list(
            "acted", "told", "holding__body__key", "holding__community__level", "stream__matter__report__channel",
            "decided",
        )
        .annotate(number=Count("pk"))
    )  # fmt: skip
    found: dict[tuple[From, str], list[int]] = {}
    for acted, told, body, level, channel, reached, number in rows:
        known = charter.bodies.get(body or "")
        who = raised_by(
            acted=bool(acted),
            body=body or "",
            body_kind=(known.kind or "") if known else "",
            level=level or "",
            told=bool(told) or channel in SAID_BY_RESIDENTS,
        )
        sums = found.setdefault((who, channel or ""), [0, 0])
        sums[0] += number
        sums[1] += number if reached else 0
    return [Origin(who, channel, *sums) for (who, channel), sums in sorted(found.items())]


SAID_BY_RESIDENTS: Final = ("call", "door", "paper", "chat")


def _about(community: UUID, slug: str, weeks: Sequence[datetime]) -> list[About]:
    """Category and grid, told apart by whether everybody of the community may read them."""
    seen = Case(When(audience__in=[EVERYBODY, slug], then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = (
        Matter.objects.filter(community=community, raised_at__gte=weeks[0], raised_at__lt=weeks[-1])
        .order_by()
        .annotate(seen=seen)
        .values_list("category", "place__levels__grid", "seen")
        .annotate(number=Count("pk"), open=Count("pk", filter=Q(ended_at__isnull=True)))
    )
    return [About(category, grid or "", bool(seen), number, still) for category, grid, seen, number, still in rows]


def _marked(marks: Iterable[str]) -> Q:
    """Steps that gave one of these marks. A step may give several, joined by commas; no mark is part of another."""
    found = Q()
    for mark in marks:
        found |= Q(mark__contains=mark)
    return found


def _of_weeks(rows: QuerySet[Any], name: str, weeks: Sequence[datetime]) -> QuerySet[Any]:
    """Rows of the twelve weeks, with the week's number. By comparing: SQLite would truncate each date in Python."""
    steps: list[Expression | When] = [When(**{f"{name}__lt": end}, then=Value(n)) for n, end in enumerate(weeks[1:])]
    found = rows.filter(**{f"{name}__gte": weeks[0], f"{name}__lt": weeks[-1]})
    return found.annotate(week=Case(*steps, output_field=IntegerField()))
