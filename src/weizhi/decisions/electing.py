"""Who stands on a roll: the lines of an electorate at an instant, read from homes, owners, residents and posts."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from weizhi.charters.periods import ZONE
from weizhi.charters.rulebook import Electorate
from weizhi.people.access import person_key
from weizhi.people.models import Holding, Person, Residence
from weizhi.people.vault import ID_NUMBER, opened
from weizhi.places.models import Place, PlaceQuerySet

GRID = "grid"
HOUSEHOLD, PARKING = "household", "parking"
HALVES = 2
HEAD_AT_MOST = 120
BIRTH = slice(6, 14)  # of an ID number (GB 11643)
STATUSES: Mapping[str, tuple[str, ...]] = {
    "owners": (Residence.Status.OWNER,),
    "households": (Residence.Status.RESIDENT, Residence.Status.OWNER, Residence.Status.TENANT),
    "residents": (Residence.Status.RESIDENT, Residence.Status.TENANT),
    "tenants": (Residence.Status.TENANT,),
    "members": (Residence.Status.MEMBER,),
}


@dataclass(frozen=True)
class NewLine:
    """A line before it is numbered. others: who else may speak for it (co-owners, the household)."""

    kind: str
    label: str
    name: str
    head: str
    place: UUID | None = None
    person: UUID | None = None
    others: tuple[UUID, ...] = ()
    area: int = 0
    grid: str = ""


def masked(name: str) -> str:
    """A name as public notices show it (个人信息保护法 25): 张*, 张*三."""
    return name if len(name) < HALVES else name[0] + "*" + (name[-1] if len(name) > HALVES else "")


def lines_of(electorate: Electorate, community: UUID, path: str, at: datetime) -> list[NewLine]:
    """Every line of the electorate within `path`, in the order of its roll. At most three queries."""
    where = inside(electorate, path)
    if electorate.of == "owners":
        return list(_owners(electorate, community, where, at))
    if electorate.of == "deputies":
        return list(_seats(electorate, community, where, at))
    if electorate.of == "households":
        return list(_households(community, where, at))
    return list(_people(electorate, community, where, at))


def inside(electorate: Electorate, path: str) -> PlaceQuerySet:
    """The places at a path and below it; a grid is no parent of homes, it covers them."""
    if electorate.within == GRID:
        return Place.objects.filter(Q(path=path) | Q(levels__grid=path))
    return Place.objects.under(path)


def _homes(community: UUID, where: PlaceQuerySet, kinds: Sequence[str]) -> list[Place]:
    return list(where.filter(community=community, kind__in=kinds).order_by("path"))


def _living(
    community: UUID, where: PlaceQuerySet, at: datetime, statuses: Sequence[str]
) -> Mapping[UUID, list[tuple[UUID, str]]]:
    """Home → (person, name), those who came first before."""
    rows = (
        Residence.objects.open_at(at)
        .filter(community=community, status__in=statuses, household__in=where)
        .order_by("since", "person")
        .values_list("household", "person", "person__name")
    )
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    for home, person, name in rows:
        found[home].setdefault(person, name)
    return {home: list(people.items()) for home, people in found.items()}


def _owners(electorate: Electorate, community: UUID, where: PlaceQuerySet, at: datetime) -> Iterator[NewLine]:
    """A home is a line; all homes of the same owners are one head (最高法区分所有权解释 9)."""
    kinds = [HOUSEHOLD, *([PARKING] if electorate.parking else [])]
    owned = _living(community, where, at, STATUSES["owners"])
    for place in _homes(community, where, kinds):
        owners = owned.get(place.pk, [])
        names = "、".join(masked(name) for _, name in owners)
        yield NewLine(
            kind="parking" if place.kind == PARKING else "home",
            label=place_label(place),
            name=names or "业主未登记",
            head=head_of([person for person, _ in owners]) or f"unknown:{place.code}",
            place=place.pk,
            person=owners[0][0] if len(owners) == 1 else None,
            others=tuple(person for person, _ in owners) if len(owners) > 1 else (),
            area=place.area_cm2 or 0,
            grid=place.at_level(GRID) or "",
        )


def head_of(owners: Sequence[UUID]) -> str:
    """Who is one head: the same owners together. Many owners are written by their hash, to fit the column."""
    found = "+".join(sorted(map(str, owners)))
    return found if len(found) <= HEAD_AT_MOST else "many:" + hashlib.sha256(found.encode()).hexdigest()


def _households(community: UUID, where: PlaceQuerySet, at: datetime) -> Iterator[NewLine]:
    """A household sends one delegate: whoever of it votes first speaks for it."""
    living = _living(community, where, at, STATUSES["households"])
    for place in _homes(community, where, [HOUSEHOLD]):
        if people := living.get(place.pk):
            yield NewLine(
                "household", place_label(place), f"{masked(people[0][1])}家", f"home:{place.code}", place.pk,
                people[0][0] if len(people) == 1 else None,
                tuple(person for person, _ in people) if len(people) > 1 else (), 0, place.at_level(GRID) or "",
            )  # fmt: skip


def _people(electorate: Electorate, community: UUID, where: PlaceQuerySet, at: datetime) -> Iterator[NewLine]:
    """A person is a line, once, whatever homes and statuses he has.

    Who is too young is left out where an ID number tells it; nothing of the number is kept or shown. Where none is
    registered nobody is left out: that is what the days for objections are for (组织法 17).
    """
    statuses = STATUSES[electorate.of]
    rows = (
        Residence.objects.open_at(at)
        .filter(community=community, status__in=statuses, household__in=where)
        .filter(person__erased_at__isnull=True, person__is_machine=False)
        .order_by("household__path", "person", "since")
        .values_list("person", "person__name", "household", "household__levels", "person__id_number_cipher")
    )
    seen: set[UUID] = set()
    for person, name, home, levels, number in rows.iterator(chunk_size=5000):
        if person not in seen:
            seen.add(person)
            if electorate.age and number and too_young(opened(person, ID_NUMBER, bytes(number)), electorate.age, at):
                continue
            shown = masked(name)
            yield NewLine(
                "person", shown, shown, person_key(person), home, person, grid=str((levels or {}).get(GRID) or "")
            )


def _seats(electorate: Electorate, community: UUID, where: PlaceQuerySet, at: datetime) -> Iterator[NewLine]:
    """Deputies: whoever holds one of the posts within the place; a person of two posts has one vote."""
    held = (
        Holding.objects.open_at(at)
        .filter(community=community, post__in=electorate.posts, place__in=where)
        .order_by("place__path", "since", "person")
        .select_related("person", "place")
    )
    seen: set[UUID] = set()
    for holding in held:
        if holding.person_id not in seen:
            seen.add(holding.person_id)
            yield NewLine(
                "seat", f"{holding.title} {holding.person.name}", holding.person.name,
                person_key(holding.person_id), holding.place_id, holding.person_id,
                grid=holding.place.at_level(GRID) or "",
            )  # fmt: skip


def place_of(electorate: Electorate, person: Person, community: UUID, path: str, at: datetime) -> Place | None:
    """Where somebody who is added to a roll belongs: his home within `path`, else where he works. Two queries."""
    here = inside(electorate, path)
    own = {"community": community, "person": person}
    lives = Residence.objects.open_at(at).filter(household__in=here, **own).order_by("household__path")
    if home := lives.select_related("household").first():
        return home.household
    works = Holding.objects.open_at(at).filter(place__in=here, **own).order_by("place__path")
    post = works.select_related("place").first()
    return post.place if post else None


def too_young(id_number: str, age: int, at: datetime) -> bool:
    """Whether an ID number says that its holder has not reached the age on the civil day of `at`."""
    try:
        born = date.fromisoformat(id_number[BIRTH])
    except ValueError:
        return False
    day = at.astimezone(ZONE).date()
    return (day.year - born.year) - ((day.month, day.day) < (born.month, born.day)) < age


def place_label(place: Place) -> str:
    """What a notice calls a home: its code, which is what stands on the door."""
    return place.code
