"""Start a real community: found it, adopt its charter, seat the first people. Each step may be done again."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from weizhi.charters.models import Charter
from weizhi.matters.pinned import hash_in_force
from weizhi.matters.refused import Refused
from weizhi.matters.rules import COMMUNITY, level_of, owner_of
from weizhi.people import vault
from weizhi.people.models import Body, Holding, Person
from weizhi.places.models import Community, Place
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.found_community import found_community
from weizhi.record.models import Origin
from weizhi.record.origin import ClockRefused, is_play, made_as

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are mistaken for each other on paper


class CannotStart(Exception):
    """Nothing real can start here; says what to do."""


@dataclass(frozen=True)
class Seat:
    """A post that somebody must hold for the charter to run, at its place."""

    body: str
    body_title: str
    post: str
    title: str
    place: Place
    home: Place  # where the body stands
    single: bool
    held_by: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.post if self.place.path == self.place.community.slug else f"{self.post}@{self.place.code}"


@dataclass(frozen=True)
class Seated:
    """Who got a post, and with what they sign in the first time; the password is kept nowhere in clear."""

    name: str
    title: str
    login: str
    password: str


def refuse_demo() -> None:
    """A database that was made for a demo or a test never takes a real community."""
    if is_play():
        raise CannotStart(
            "这个数据库是演示或测试用的，不能放真的社区。请用 WEIZHI_HOME 指一个新的文件夹"
            "（或 DATABASE_URL 指一个新的数据库），不要设 WEIZHI_DEMO，运行 weizhi prepare，再来一次。"
        )


def found(slug: str, name: str) -> Community:
    """The community of this short name, founded if it is not there yet."""
    refuse_demo()
    known = Community.objects.filter(slug=slug).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            made_as(Origin.MadeAs.LIVE)
            return found_community(slug, name)
    except (ClockRefused, ValueError) as error:
        raise CannotStart(str(error)) from None


def has_charter(community: Community, now: datetime) -> bool:
    try:
        hash_in_force(community.pk, now)
    except Refused:
        return False
    return True


def adopt(community: Community, charter: Charter) -> None:
    refuse_demo()
    adopt_charter(community, charter)


def seats(community: Community, charter: Charter, now: datetime) -> list[Seat]:
    """The posts that some step of the charter waits for, the owner's body first; each at every place of its level."""
    wanted = {
        name for procedure in charter.procedures.values() for step in procedure.steps.values() for name in step.by
    }
    owner = owner_of(charter)
    order = sorted(charter.bodies, key=lambda key: key != owner)
    named = [(body, post) for body in order for post in _posts(charter, body, wanted, first=body == owner)]
    known = {post for _, post in named}
    station = "service-station" if "service-station" in charter.bodies else owner
    named += [(station, post) for post in charter.posts if post in wanted and post not in known]
    places = list(Place.objects.filter(community=community).select_related("community").order_by("path"))
    return [seat for body, post in named for seat in _seats(community, charter, body, post, places, now)]


def _posts(charter: Charter, body: str, wanted: set[str], *, first: bool) -> Iterator[str]:
    """The posts of a body that steps name; its first one where they name the body, or where it is the owner."""
    posts = [seat.post for seat in charter.bodies[body].seats if seat.post]
    for n, post in enumerate(posts):
        if post in wanted or (n == 0 and (first or body in wanted)):
            yield post


def _seats(
    community: Community, charter: Charter, body: str, post: str, places: list[Place], now: datetime
) -> Iterator[Seat]:
    root = next(place for place in places if place.path == community.slug)
    for place in _at(level_of(charter, post), root, places):
        home = next((one for one in _at(level_of(charter, body), root, places) if _inside(place, one)), None)
        if home is None:
            continue
        open_ones = Holding.objects.open_at(now).filter(community=community, post=post, place=place)
        told = charter.posts.get(post)
        yield Seat(
            body, charter.bodies[body].title or body, post, (told.title if told else "") or post, place, home,
            bool(told and told.single), tuple(open_ones.values_list("person__name", flat=True)),
        )  # fmt: skip


def _at(level: str, root: Place, places: list[Place]) -> list[Place]:
    return [root] if level in (COMMUNITY, root.kind) else [place for place in places if place.kind == level]


def _inside(place: Place, home: Place) -> bool:
    return place.path == home.path or place.path.startswith(f"{home.path}/")


def give(seat: Seat, name: str, phone: str = "") -> Seated:
    """Seat a person: one whom the census knows by name and telephone, or somebody new."""
    refuse_demo()
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    with transaction.atomic():
        person = _person(name, phone, seat)
        person.set_password(password)
        person.save()
        body, _ = Body.objects.get_or_create(
            community=seat.place.community, key=seat.body, place=seat.home, defaults={"name": seat.body_title}
        )
        appoint(seat.place.community, person, body, seat.post, seat.title, place=seat.place, single=seat.single)
    return Seated(person.name, seat.title, person.login, password)


def _person(name: str, phone: str, seat: Seat) -> Person:
    found = None
    if phone:
        blind = vault.blind(vault.PHONE, phone)
        found = Person.objects.filter(name=name, phone_blind=blind, erased_at__isnull=True).first()
    person = found or Person(name=name)
    if not found or not person.has_usable_password():
        person.login = _free_login(seat.key.replace("@", "-"))
    if phone and not person.phone_blind:
        vault.put(person, vault.PHONE, phone)
    return person


def _free_login(wanted: str) -> str:
    taken = set(Person.objects.filter(login__startswith=wanted).values_list("login", flat=True))
    names = (wanted if n == 1 else f"{wanted}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
