"""Twelve homes of one stairwell and a lift to decide on: what the tests of votes stand on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import time_machine

from weizhi.charters.loading import load
from weizhi.decisions.actions.cast import Cast, cast
from weizhi.decisions.models import Entitlement, Vote
from weizhi.matters.actions.raise_matter import raise_matter
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.record import clock
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.set_grid import set_grid

HOMES = [f"{floor}0{side}" for floor in range(1, 7) for side in (1, 2)]
OWNERS = ["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王九", "冯十", "陈十一", "褚十二"]
AREA = 8937  # 89.37 m²


@dataclass
class Lift:
    """The vote, whoever owns a home (by its number), and what the charter calls it."""

    stage: Stage
    vote: Vote
    owners: dict[str, Person] = field(default_factory=dict)

    def line(self, home: str) -> Entitlement:
        return Entitlement.objects.get(roll=self.vote.roll_id, label=f"L-{home}")

    def cast(self, home: str, choice: str, by: Person | None = None, at: datetime | None = None) -> Cast:
        """By phone; a moment ago, since a browser's clock goes on."""
        who = by or self.owners[home]
        return cast(self.vote.pk, [choice], by=who, entitlement=self.line(home).pk, at=at)

    def close(self) -> Vote:
        with time_machine.travel(self.vote.closes_at + timedelta(minutes=1), tick=False):
            run_due()
        self.vote.refresh_from_db()
        return self.vote


def lift(stage: Stage, kind: str = "lift-by-law", cost: int = 48_000_000, **data: Any) -> Lift:
    """Raise the lift now: lin owns 602, two brothers own 401 together, everybody else one home."""
    now = clock.now() - timedelta(minutes=5)
    early = stage.now
    homes = [NewPlace("household", f"L-{home}", f"{home} 室", "L", area_cm2=AREA) for home in HOMES]
    house = [NewPlace("building", "8", "8 号楼", "e1"), NewPlace("stairwell", "L", "1 单元", "8")]
    places = add_places(stage.community, [*house, *homes], at=early)
    set_grid(stage.community, stage.places["g2"], [places["8"]], since=early.date(), at=early)
    owners: dict[str, Person] = {"602": stage.people["lin"]}
    for home, name in zip(HOMES, OWNERS, strict=False):
        person = Person.objects.create_user(f"h{home}", name)
        stage.people[f"h{home}"] = owners[home] = person
    brother = stage.people["brother"] = Person.objects.create_user("brother", "郑八")
    for home, person in owners.items():
        enrol(stage.community, person, places[f"L-{home}"], ["owner", "resident"], at=early)
    enrol(stage.community, brother, places["L-401"], ["owner"], at=early)
    adopt_charter(stage.community, load("tianning"), at=early + timedelta(minutes=1))
    done = raise_matter(
        stage.community, kind, by=stage.people["lin"], place=places["L"].pk, at=now,
        data={"words": "六层没有电梯，老人下不了楼。在北面加装一部。", "cost": cost, **data},
    )  # fmt: skip
    vote = Vote.objects.select_related("roll").get(matter=done.matter_id)
    return Lift(stage, vote, owners)
