"""`visible_to` (SQL), `may_see` (Python) and the meaning of the keys in the world agree, in random worlds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from weizhi.matters.access import explain, may_see, seeing
from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.tests.conftest import CAST, Stage
from weizhi.people.access import NOBODY, person_key, standing
from weizhi.people.models import Body, CharterText, Holding, Person, Residence
from weizhi.places.models import Place
from weizhi.record.actions.found_community import found_community
from weizhi.record.leaves import new_salt
from weizhi.record.models import Stream

PEOPLE = sorted(CAST)
HOUSEHOLDS = ("3-1-101", "3-2-301", "9-101")
SEATS = (  # post, body, where the post stands, where the body stands
    ("grid-officer", "station", "g1", "xfl"),
    ("grid-officer", "station", "g2", "xfl"),
    ("property-manager", "property", "e1", "e1"),
    ("committee-director", "committee", "xfl", "xfl"),
    ("committee-director", "committee", "guangming", "guangming"),
)
AUDIENCES = ("*", "-", "xfl", "xfl/e1", "xfl/e1/3", "xfl/g1", "xfl/g2", "guangming", "xfl/e1/3/3-2/3-2-301")
KEYS = (
    *(f"person:{login}" for login in PEOPLE),
    *(f"status:{status}@{path}" for status in Residence.Status.values for path in ("xfl", "xfl/e1/3", "xfl/g1")),
    *(f"post:grid-officer@xfl/{grid}" for grid in ("g1", "g2")),
    "post:committee-director@xfl", "body:committee@xfl", "body:committee@guangming", "body:property@xfl/e1",
    "body:station@xfl", "signed-in",
)  # fmt: skip
DAYS = st.sampled_from([None, -1, 0, 1])  # until: never, yesterday, this instant, tomorrow


@dataclass(frozen=True)
class Lives:
    login: str
    household: str
    status: str
    until: int | None


@dataclass(frozen=True)
class Holds:
    login: str
    seat: tuple[str, str, str, str]
    until: int | None


@dataclass(frozen=True)
class Raised:
    audience: str
    parties: tuple[tuple[str, bool], ...]  # (key, whether a step waits for it)


@dataclass(frozen=True)
class World:
    lives: frozenset[Lives]
    holds: frozenset[Holds]
    matters: tuple[Raised, ...]


people = st.sampled_from(PEOPLE)
worlds = st.builds(
    World,
    lives=st.frozensets(
        st.builds(Lives, people, st.sampled_from(HOUSEHOLDS), st.sampled_from(Residence.Status.values), DAYS),
        max_size=5,
    ),
    holds=st.frozensets(st.builds(Holds, people, st.sampled_from(SEATS), DAYS), max_size=4),
    matters=st.lists(
        st.builds(
            Raised,
            st.sampled_from(AUDIENCES),
            st.lists(st.tuples(st.sampled_from(KEYS), st.booleans()), max_size=4, unique=True).map(tuple),
        ),
        min_size=1,
        max_size=5,
    ).map(tuple),
)


def lasts(until: int | None) -> bool:
    """A residence or post ends at its `until`: that instant it holds no more."""
    return until is None or until > 0


def inside(place: Place, path: str) -> bool:
    return place.path == path or place.path.startswith(f"{path}/") or place.levels.get("grid") == path


def sees(world: World, login: str, matter: Raised, places: dict[str, Place]) -> bool:
    """What the charter's words mean, told without keys."""
    homes = [(places[row.household], row.status) for row in world.lives if row.login == login and lasts(row.until)]
    seats = [row.seat for row in world.holds if row.login == login and lasts(row.until)]
    if matter.audience == "*":
        return True
    works_at = {places[seat[2]].path for seat in seats} | {places[seat[2]].levels["community"] for seat in seats}
    if matter.audience in works_at or any(inside(home, matter.audience) for home, _ in homes):
        return True
    return any(_is(login, key, homes, seats, places) for key, _ in matter.parties)


def _is(login: str, key: str, homes: list[tuple[Place, str]], seats: list[Any], places: dict[str, Place]) -> bool:
    kind, _, rest = key.partition(":")
    name, _, path = rest.partition("@")
    if kind == "status":
        # Who rents a home lives in it.
        return any(inside(home, path) and (name == s or (name, s) == ("resident", "tenant")) for home, s in homes)
    if kind == "post":
        return any(seat[0] == name and places[seat[2]].path == path for seat in seats)
    if kind == "body":
        return any(seat[1] == name and places[seat[3]].path == path for seat in seats)
    return key == "signed-in" or name == login


@pytest.fixture
def make(stage: Stage) -> Callable[[World], list[Matter]]:
    """A function that writes a world; nobody lives or works anywhere before."""
    places = stage.places
    places["guangming"] = Place.objects.get(path="guangming")
    bodies = {
        (body, where): Body.objects.get_or_create(
            community_id=places[where].community_id, key=body, place=places[where], defaults={"name": body}
        )[0]
        for _, body, _, where in SEATS
    }
    Holding.objects.all().delete()
    Residence.objects.all().delete()
    digest = CharterText.objects.values_list("pk", flat=True).first()
    since = stage.now - timedelta(days=9)

    def write(world: World) -> list[Matter]:
        def until(days: int | None) -> Any:
            return None if days is None else stage.now + timedelta(days=days)

        Residence.objects.bulk_create(
            Residence(
                community_id=places[row.household].community_id, person=stage.people[row.login],
                household=places[row.household], status=row.status, since=since + timedelta(seconds=n),
                until=until(row.until),
            )
            for n, row in enumerate(world.lives)
        )  # fmt: skip
        Holding.objects.bulk_create(
            Holding(
                community_id=places[row.seat[2]].community_id, person=stage.people[row.login],
                body=bodies[row.seat[1], row.seat[3]], post=row.seat[0], title="岗位", place=places[row.seat[2]],
                since=since, until=until(row.until),
            )
            for row in world.holds
        )  # fmt: skip
        streams = [Stream(id=uuid7(), community=stage.community, kind="matter", salt=new_salt()) for _ in world.matters]
        Stream.objects.bulk_create(streams)
        matters = Matter.objects.bulk_create(
            Matter(
                stream=stream, community=stage.community, kind="report", charter_id=digest, number=n, title="一件事",
                place=places["square"], audience=raised.audience, top=stream, raised_at=since, changed_at=since,
            )
            for n, (stream, raised) in enumerate(zip(streams, world.matters, strict=True), 1)
        )  # fmt: skip
        steps = Step.objects.bulk_create(
            Step(matter=matter, community=stage.community, key="handle", kind="handle", path="xfl", opened_at=since)
            for matter in matters
        )
        Party.objects.bulk_create(
            Party(
                matter=matter, community=stage.community, who=key_of(stage, key), relation="interested",
                step=step if waits else None,
            )
            for matter, step, raised in zip(matters, steps, world.matters, strict=True)
            for key, waits in raised.parties
        )  # fmt: skip
        return matters

    return write


def key_of(stage: Stage, key: str) -> str:
    kind, _, name = key.partition(":")
    return person_key(stage.people[name].pk) if kind == "person" else key


@given(world=worlds)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_lists_and_the_rule_say_the_same(stage: Stage, make: Callable[[World], list[Matter]], world: World):
    with transaction.atomic():
        matters = make(world)
        parties = {matter.pk: list(matter.parties.all()) for matter in matters}
        for login in PEOPLE:
            who = standing(stage.people[login], stage.now)
            listed = set(Matter.objects.visible_to(who).values_list("pk", flat=True))
            for matter, raised in zip(matters, world.matters, strict=True):
                expected = sees(world, login, raised, stage.places)
                assert may_see(matter, parties[matter.pk], who) is expected, (login, raised)
                assert (matter.pk in listed) is expected, (login, raised)
        public = {matter.pk for matter in matters if matter.audience == "*"}
        assert set(Matter.objects.visible_to(NOBODY).values_list("pk", flat=True)) == public
        transaction.set_rollback(True)


def test_the_reason_is_given_with_the_charters_line(stage: Stage):
    matter = stage.matter(stage.report())
    parties = list(matter.parties.all())
    who = {login: standing(stage.people[login], stage.now) for login in ("lin", "zhao", "guo")}
    assert seeing(matter, parties, who["zhao"]).reason == "place"
    assert seeing(matter, parties, who["guo"]).reason == "outside"
    matter.audience = Matter.PARTIES_ONLY
    assert (seeing(matter, parties, who["lin"]).reason, seeing(matter, parties, who["lin"]).relation) == (
        "party", "raiser",
    )  # fmt: skip
    words, line = explain(matter, parties, who["guo"])
    assert "不公开" in words and line.endswith("kinds.report.visible = community")


@pytest.mark.parametrize("slug", ["-", "*", "a/b", "a@b", "", "幸福里"])
def test_no_community_can_be_called_what_means_parties_or_everybody(stage: Stage, slug: str):
    """A place path stands in keys and in `audience`: a community called "-" would have read all closed matters."""
    with pytest.raises(ValueError, match="请"):
        found_community(slug, "坏名字", at=stage.now)
    assert Person.objects.count() == len(CAST)
