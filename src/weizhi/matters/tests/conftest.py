"""The named cast in 幸福里, made through the same verbs as a real community, and an outsider next door."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from weizhi.charters.loading import load, parse_text
from weizhi.matters.actions.act import Done, act, raise_matter
from weizhi.matters.models import Matter, Step
from weizhi.people.models import Body, Person
from weizhi.places.models import Community, Place
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.found_community import found_community
from weizhi.record.actions.set_grid import set_grid
from weizhi.record.origin import made_as

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@dataclass
class Stage:
    community: Community
    other: Community
    people: dict[str, Person]
    places: dict[str, Place]
    now: datetime = MONDAY

    def later(self, **span: int) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def adopt(self, toml: str) -> None:
        """Adopt a charter given as text; what the checker says against it fails the test."""
        checked = parse_text(toml, "test.toml")
        assert checked.charter is not None, "\n".join(map(str, checked.findings))
        adopt_charter(self.community, checked.charter, at=self.later(seconds=1))

    def report(self, by: str = "lin", words: str = "三单元楼道灯坏了", place: str = "3-2-301", **rest: Any) -> Done:
        kind = rest.pop("kind", "report")
        return raise_matter(
            self.community, kind, by=self.people[by], data={"words": words} | rest.pop("data", {}),
            place=self.places[place].pk, at=self.later(minutes=1), **rest,
        )  # fmt: skip

    def act(self, matter: Done | UUID, verb: str, by: str, outcome: str | None = None, **rest: Any) -> Done:
        pk = matter.matter_id if isinstance(matter, Done) else matter
        return act(
            pk, verb, by=self.people[by], outcome=outcome, at=rest.pop("at", None) or self.later(minutes=1), **rest
        )

    def matter(self, done: Done) -> Matter:
        return Matter.objects.get(pk=done.matter_id)

    def stands_at(self, done: Done) -> list[str]:
        return list(Step.objects.open().filter(matter=done.matter_id).order_by("key").values_list("key", flat=True))


@pytest.fixture
def stage(db: None, tmp_path: Any, settings: Any) -> Stage:
    settings.FILES = tmp_path / "files"
    return build()


@pytest.fixture
def committed_stage(transactional_db: None, tmp_path: Any, settings: Any) -> Stage:
    """The same for tests with several connections."""
    settings.FILES = tmp_path / "files"
    return build()


def build() -> Stage:
    made_as("test", MONDAY)
    community = found_community("xfl", "幸福里", at=MONDAY)
    other = found_community("guangming", "光明里", at=MONDAY)
    places = add_places(community, HOMES, at=MONDAY)
    places |= add_places(
        other, [NewPlace("building", "9", "9 号楼"), NewPlace("household", "9-101", "101", "9")], at=MONDAY
    )
    set_grid(community, places["g1"], [places["3"]], since=date(2026, 1, 1), at=MONDAY)
    charter = load(Path(__file__).with_name("stage.toml"))
    adopt_charter(community, charter, at=MONDAY)
    adopt_charter(other, charter, at=MONDAY)
    people = {login: Person.objects.create_user(login, name) for login, name in CAST.items()}
    places = {place.code: place for place in Place.objects.all()}
    enrol(community, people["lin"], places["3-2-301"], ["owner", "resident"], at=MONDAY)
    enrol(community, people["zhao"], places["3-1-101"], ["resident"], at=MONDAY)
    enrol(other, people["guo"], places["9-101"], ["owner", "resident"], at=MONDAY)
    for login, body, post, title, where in POSTS:
        found, _ = Body.objects.get_or_create(
            community=community, key=body, place=places[where if body == "property" else "xfl"], defaults={"name": body}
        )
        appoint(community, people[login], found, post, title, place=places[where], at=MONDAY)
    return Stage(community, other, people, places)


CAST = {"lin": "林姨", "zhou": "小周", "wang": "王主任", "chen": "陈经理", "zhao": "赵律师", "guo": "郭先生"}
POSTS: list[tuple[str, str, str, str, str]] = [
    ("zhou", "station", "grid-officer", "网格员", "g1"),
    ("wang", "committee", "committee-director", "居委会主任", "xfl"),
    ("chen", "property", "property-manager", "物业经理", "e1"),
]
HOMES = [
    NewPlace("estate", "e1", "幸福里一期"),
    NewPlace("building", "3", "3 号楼", "e1"),
    NewPlace("stairwell", "3-1", "1 单元", "3"),
    NewPlace("stairwell", "3-2", "2 单元", "3"),
    NewPlace("household", "3-1-101", "101 室", "3-1", area_cm2=8900),
    NewPlace("household", "3-2-301", "301 室", "3-2", area_cm2=8900),
    NewPlace("space", "square", "中心广场"),
    NewPlace("grid", "g1", "第一网格"),
    NewPlace("grid", "g2", "第二网格"),
]
Player = Callable[..., Done]
