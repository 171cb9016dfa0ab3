"""The demo community 幸福里: founded by the record's verbs, lived in for three weeks through the matters' own doors.

Everything but ids, salts and the moment it is made is the same every time. The people are invented.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from weizhi.cases.doing import Doing
from weizhi.cases.language import ZONE, Act, Head, Member, Table
from weizhi.cases.residents import invented
from weizhi.cases.stage import Stage, give_post, next_door
from weizhi.charters.loading import load
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.refused import Refused
from weizhi.matters.registry import specs
from weizhi.people.models import Person
from weizhi.places.models import Community, Place
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.found_community import found_community
from weizhi.record.actions.set_grid import set_grid
from weizhi.record.models import Origin
from weizhi.record.origin import made_as

CHARTER = "qingshan"
SCRIPT = Path(__file__).with_name("demo.toml")
TODAY = 21  # the day of the script that is today
FOUNDED = timedelta(days=90)
ESTATES = {"e1": ("幸福里一期", "123"), "e2": ("幸福里二期", "456")}
SPACES = {
    "plaza": ("中心广场", "e1"),
    "east-gate": ("东门", "e1"),
    "garden": ("儿童乐园", "e1"),
    "shed": ("自行车棚", "e2"),
}
GRIDS = {  # the square lies in no grid: the committee looks after it
    "g1": ("第一网格", ("1", "2", "east-gate")),
    "g2": ("第二网格", ("3", "4", "garden")),
    "g3": ("第三网格", ("5", "6", "shed")),
}
FLOORS, STAIRWELLS = (1, 2, 3, 4, 5), "12"

# The named cast, and those beside whom they work: name, posts, the place of the post, the home.
CAST: dict[str, Member] = {
    "lin": Member(name="林姨", status=("owner", "resident"), home="3-2-301"),
    "zhou": Member(name="小周", post="grid-officer", at="g2"),
    "wang": Member(name="王主任", post="committee-director"),
    "chen": Member(name="陈经理", post="property-manager", at="e1"),
    "zhao": Member(name="赵律师", post="public-lawyer", status=("owner", "resident"), home="1-1-201"),
    "guo": Member(name="郭先生", status=("owner", "resident"), community="another"),
    "wu": Member(name="小吴", post="grid-officer", at="g1"),
    "zheng": Member(name="小郑", post="grid-officer", at="g3"),
    "liu": Member(name="刘经理", post="property-manager", at="e2"),
    "li": Member(name="李书记", post="party-secretary", body="party-committee"),
    "sun": Member(name="孙大姐", post="mediator"),
    "he": Member(name="何科长", post="street-clerk"),
}
TENANTS_EVERY = 5  # every fifth household rents


class Script(Table):
    """demo.toml: the acts of each matter together."""

    matters: tuple["Telling", ...]


class Telling(Table):
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Made:
    """What the demo holds now."""

    community: Community
    people: int
    matters: int
    acts: int


def exists() -> bool:
    """Whether anything lives in this database already."""
    return Community.objects.exists()


def make(now: datetime | None = None) -> Made:
    """Found 幸福里 in an empty database and let three weeks pass until `now`."""
    now = now or timezone.now()
    with transaction.atomic():  # all or nothing: half a community would never be filled by `--if-empty`
        made_as(Origin.MadeAs.DEMO, now)
        stage = found(now - FOUNDED)
        acts = live(stage, now)
    people = Person.objects.count()
    return Made(stage.community, people, Community.objects.get(pk=stage.community.pk).matters, acts)


def found(at: datetime) -> Stage:
    """Street, community and neighbour, places, grids, charters, people."""
    street = found_community("xinghe", "星河街道", level="street", at=at)
    community = found_community("xingfuli", "幸福里", parent=street, at=at)
    other = found_community("guangmingli", "光明里", parent=street, at=at)
    stage = Stage(community, other, load(CHARTER, specs=specs()))
    places = add_places(community, _places(), at=at)
    add_places(other, next_door(), at=at)
    for code, (_, covered) in GRIDS.items():
        set_grid(community, places[code], [places[unit] for unit in covered], since=at.date(), at=at)
    adopt_charter(community, stage.charter, at=at)
    adopt_charter(other, load("base", specs=specs()), at=at)
    stage.places = {place.code: place for place in Place.objects.all()}
    for login, member in CAST.items():
        stage.people[login] = _come_in(stage, login, member, at)
    _move_in(stage, at)
    return stage


def _places() -> Iterator[NewPlace]:
    for estate, (name, buildings) in ESTATES.items():
        yield NewPlace("estate", estate, name)
        for building in buildings:
            yield NewPlace("building", building, f"{building} 号楼", estate)
            for stairwell in STAIRWELLS:
                code = f"{building}-{stairwell}"
                yield NewPlace("stairwell", code, f"{stairwell} 单元", building)
                for floor in FLOORS:
                    yield NewPlace("household", f"{code}-{floor}01", f"{floor}01 室", code, floor=floor)
    for code, (name, estate) in SPACES.items():
        yield NewPlace("space", code, name, estate)
    for code, (name, _) in GRIDS.items():
        yield NewPlace("grid", code, name)


def _come_in(stage: Stage, login: str, member: Member, at: datetime) -> Person:
    person = Person.objects.create_user(login, member.name)
    if member.community == "another":
        enrol(stage.other, person, stage.places["9-1-101"], member.status, at=at)
    elif member.home:
        enrol(stage.community, person, stage.places[member.home], member.status, at=at)
    for post in member.held:
        give_post(stage, person, member, post, at)
    return person


def _move_in(stage: Stage, at: datetime) -> None:
    """One invented person for every other household; the script names them by their door."""
    taken = {member.home for member in CAST.values()}
    households = (place for place in stage.places.values() if place.kind == "household")
    free = [place.code for place in households if place.community_id == stage.community.pk and place.code not in taken]
    for n, (code, name) in enumerate(invented(sorted(free))):
        person = Person.objects.create_user(f"home-{code}", name)
        status = ["tenant"] if n % TENANTS_EVERY == 0 else ["owner", "resident"]
        enrol(stage.community, person, stage.places[code], status, at=at)
        stage.people[code] = person


def live(stage: Stage, now: datetime) -> int:
    """Play the script in the order of its times, timers between the acts, and come to rest at `now`."""
    script = Script.model_validate(tomllib.loads(SCRIPT.read_text(encoding="utf-8")))
    homes = {login: member.home for login, member in CAST.items() if member.home}
    doing = Doing(stage.people, stage.places, homes)
    acts = sorted(((_instant(act, now), act) for telling in script.matters for act in telling.acts), key=_time)
    for at, act in acts:
        run_due(at)
        try:
            done = doing.do(act, at)
        except Refused as refused:
            refused.add_note(f"demo.toml: {act.at} {act.by} {act.do} {act.matter}")
            raise
        if act.as_:
            doing.matters[act.as_] = done.matter_id
    run_due(now)
    tell(now)
    return len(acts)


def _time(told: tuple[datetime, Act]) -> datetime:
    return told[0]


def _instant(act: Act, now: datetime) -> datetime:
    """When it happened. Today's acts are drawn together into the part of the day that has passed."""
    local = now.astimezone(ZONE)
    midnight = datetime.combine(local.date(), time.min, ZONE)
    day_0 = (local - timedelta(days=TODAY)).replace(tzinfo=None)
    head = Head(name="demo", title="幸福里", charter=CHARTER, starts=day_0)
    at = head.instant(act.at) if act.at is not None else now
    return at if at < midnight else midnight + (at - midnight) * ((now - midnight) / timedelta(days=1))
