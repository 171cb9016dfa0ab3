"""The register of people as those who keep it see it: find somebody, see the homes, say what has changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.periods import ZONE
from weizhi.people.models import Holding, Person, Residence
from weizhi.people.queries import belongs_to
from weizhi.people.vault import PHONE, blind
from weizhi.places.models import Community, Place
from weizhi.portal import pieces as p
from weizhi.portal.accounts.home_codes import HOUSEHOLD
from weizhi.portal.accounts.numbers import as_number
from weizhi.portal.queries.homes import day_of
from weizhi.portal.saying import place_words

FOUND: Final = 20
STATUSES: Final = (
    Residence.Status.RESIDENT, Residence.Status.OWNER, Residence.Status.TENANT, Residence.Status.MEMBER,
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    name: str
    homes: str
    url: str


@dataclass(frozen=True)
class HomeLine:
    id: UUID
    place: str
    status: str
    since: str
    proof: str


@dataclass(frozen=True)
class PersonPage:
    person: Person
    homes: tuple[HomeLine, ...]
    has_number: bool
    holds_post: bool
    doubles: tuple[p.Choice, ...]
    status_pairs: tuple[tuple[str, str], ...]
    active: bool


def people_found(community: Community, typed: str, now: datetime) -> tuple[Found, ...]:
    """By name, by home, or by a whole telephone number. One query."""
    typed = typed.strip()
    if not typed:
        return ()
    if number := as_number(typed):
        asked = Q(person__phone_blind=blind(PHONE, number))
    else:
        asked = Q(person__name__contains=typed) | Q(household__code__startswith=typed)
    rows = Residence.objects.open_at(now).filter(asked, community=community, person__erased_at__isnull=True)
    by_person: dict[UUID, list[Residence]] = {}
    for row in rows.select_related("person", "household__parent__parent").order_by("household__path")[: FOUND * 3]:
        by_person.setdefault(row.person_id, []).append(row)
    return tuple(
        Found(
            rows[0].person.name,
            "、".join(dict.fromkeys(place_words(row.household) for row in rows)),
            reverse("portal:person", args=[pk]),
        )
        for pk, rows in list(by_person.items())[:FOUND]
    )


def person_of_ours(community: Community, pk: UUID, now: datetime) -> Person | None:
    """Somebody who lives, owns or works here; nobody else exists for this register."""
    return belongs_to(Person.objects.filter(pk=pk, erased_at__isnull=True), community.pk, now).first()


def person_page(community: Community, person: Person, now: datetime) -> PersonPage:
    """Three queries: the homes here, posts anywhere, and others of the same name here."""
    homes = Residence.objects.open_at(now).filter(community=community, person=person).order_by("since", "id")
    same = belongs_to(Person.objects.filter(name=person.name, is_active=True), community.pk, now).exclude(pk=person.pk)
    return PersonPage(
        person=person,
        homes=tuple(_line(home) for home in homes.select_related("household__parent__parent")),
        has_number=bool(person.phone_blind),
        holds_post=Holding.objects.open_at(now).filter(person=person).exists(),
        doubles=tuple(
            p.Choice(str(one.pk), _("%(name)s（%(more)s）") % {"name": one.name, "more": one.login})
            for one in same[:FOUND]
        ),
        status_pairs=tuple((str(status.value), str(status.label)) for status in STATUSES),
        active=person.is_active,
    )


def _line(home: Residence) -> HomeLine:
    since = day_of(home.since.astimezone(ZONE).date())
    seen = _("凭信") if home.proof == "letter" else home.proof
    return HomeLine(home.pk, place_words(home.household), str(home.get_status_display()), since, seen)


def household_called(community: Community, code: str) -> Place | None:
    return Place.objects.filter(community=community, kind=HOUSEHOLD, code=code.strip()).first()
