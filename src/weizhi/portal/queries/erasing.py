"""What the pages of erasing show: to the person, to those who keep the register."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from weizhi.people.models import Erasure, Holding, Person, Residence
from weizhi.places.models import Community
from weizhi.portal.saying import when
from weizhi.record.actions.erase import GROUNDS

FOUND: Final = 20
# The grounds of 个人信息保护法 47 as they come up at a desk.
AT_THE_DESK: Final[dict[str, Promise]] = {
    "purpose-over": gettext_lazy("搬走了或去世了，不再需要留着（第一项）"),
    "consent-withdrawn": gettext_lazy("本人当面提出（第三项）"),
    "unlawful": gettext_lazy("当初就不该收集（第四项）"),
}


@dataclass(frozen=True)
class MyErasure:
    """What I asked for in one community."""

    community: str
    asked: str
    why_not: str


@dataclass(frozen=True)
class MyErasing:
    holds_post: bool
    open: tuple[MyErasure, ...]
    declined: tuple[MyErasure, ...]


@dataclass(frozen=True)
class Line:
    name: str
    said: str
    url: str


@dataclass(frozen=True)
class ErasingPage:
    person: Person
    asked: Erasure | None
    ground: str
    asked_words: str
    by_self: bool
    first_is_me: bool
    holds_post: bool
    grounds: tuple[tuple[str, str], ...]


def communities_of(person: Person) -> QuerySet[Community]:
    """Where something may be held about the person: wherever he has ever lived or owned."""
    return Community.objects.filter(residence__person=person).distinct().order_by("pk")


def my_erasing(person: Person, now: datetime) -> MyErasing:
    """Two queries."""
    rows = Erasure.objects.filter(person=person).select_related("community").order_by("-asked_at")
    latest: dict[UUID, Erasure] = {}
    for row in rows:
        latest.setdefault(row.community_id, row)
    told = [(row, MyErasure(row.community.name, when(row.asked_at, now), row.why_not)) for row in latest.values()]
    return MyErasing(
        holds_post=Holding.objects.open_at(now).filter(person=person).exists(),
        open=tuple(one for row, one in told if row.settled_at is None),
        declined=tuple(one for row, one in told if row.why_not),
    )


def erasures(community: Community, now: datetime) -> tuple[Line, ...]:
    """What waits, oldest first. One query."""
    rows = Erasure.objects.filter(community=community, settled_at=None).select_related("person").order_by("asked_at")
    return tuple(_line(row.person, when(row.asked_at, now)) for row in rows)


def once_here(community: Community, typed: str) -> tuple[Line, ...]:
    """Whoever lives or lived here, by name: those who moved away or died stand in no other list. One query."""
    if not typed.strip():
        return ()
    homes = Residence.objects.filter(community=community, person__name__contains=typed.strip())
    rows = homes.filter(person__erased_at=None).select_related("person", "household").order_by("person__name", "since")
    lines = {row.person_id: _line(row.person, row.household.code) for row in rows[: FOUND * 3]}
    return tuple(lines.values())[:FOUND]


def _line(person: Person, said: str) -> Line:
    return Line(person.name, said, reverse("portal:erase-person", args=[person.pk]))


def somebody_here(community: Community, pk: UUID) -> Person | None:
    """Somebody of this community's past or present; nobody else exists for its register. Whose account another
    community has erased is still here, as long as it is asked for here as well."""
    lived = Q(residences__community=community) | Q(holdings__community=community)
    left = Q(erased_at=None) | Q(erasures__community=community, erasures__settled_at=None)
    return Person.objects.filter(lived, left, pk=pk, is_machine=False).distinct().first()


def erasing_page(community: Community, person: Person, me: Person, now: datetime) -> ErasingPage:
    """Two queries."""
    asked = Erasure.objects.filter(community=community, person=person, settled_at=None).first()
    return ErasingPage(
        person=person,
        asked=asked,
        ground=str(GROUNDS[asked.ground]) if asked else "",
        asked_words=when(asked.asked_at, now) if asked else "",
        by_self=asked is not None and asked.asked_by_id == person.pk,
        first_is_me=asked is not None and asked.first_id == me.pk,
        holds_post=Holding.objects.open_at(now).filter(person=person).exists(),
        grounds=tuple((key, str(words)) for key, words in AT_THE_DESK.items()),
    )
