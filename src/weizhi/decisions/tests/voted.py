"""Twelve homes decide on a lift over every channel: what the tests of published and printed things stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from weizhi.charters.loading import load
from weizhi.decisions.actions.cast import cast
from weizhi.decisions.actions.name_speaker import name_speaker
from weizhi.decisions.actions.record_ballot import record_ballot
from weizhi.decisions.models import Entitlement, Vote
from weizhi.decisions.publishing import FORMAT, each_leaf
from weizhi.decisions.rolls import line_of
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.set_grid import set_grid
from weizhi.record.canonical import plain

HOMES = [f"{floor}0{side}" for floor in range(1, 7) for side in (1, 2)]
OWNERS = ["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王九", "冯十", "陈十一", "褚十二"]
AREA = 8937  # 89.37 m²
PLAN = "六层没有电梯，老人下不了楼。在单元门北面加装一部十一层站的电梯，占用绿地 6 平方米，施工 90 天。"


@dataclass
class Voted:
    stage: Stage
    vote: Vote
    owners: dict[str, Person]

    @property
    def matter(self) -> Matter:
        return Matter.objects.get(pk=self.vote.matter_id)

    def line(self, home: str) -> Entitlement:
        return Entitlement.objects.get(roll=self.vote.roll_id, label=f"L-{home}")

    def at(self, day: int) -> datetime:
        return self.vote.opens_at + timedelta(days=day)

    def cast(self, home: str, choice: str, *, by: Person | None = None, day: int = 1) -> None:
        line = self.line(home).pk
        cast(self.vote.pk, [choice], by=by or self.owners[home], entitlement=line, at=self.at(day))

    def write_down(self, home: str, choice: str, channel: str, evidence: str, *, is_signed: bool = True) -> None:
        record_ballot(
            self.vote.pk, [choice], by=self.stage.people["wang"], entitlement=self.line(home).pk, channel=channel,
            evidence=evidence, is_signed=is_signed, at=self.at(3),
        )  # fmt: skip

    def count(self) -> "Voted":
        run_due(self.vote.closes_at + timedelta(minutes=1))
        self.vote = Vote.objects.select_related("roll", "matter__community", "community").get(pk=self.vote.pk)
        return self


def opened(stage: Stage, kind: str = "lift-by-law") -> Voted:
    """lin owns 602, two brothers own 401 together, everybody else one home; 601 is nobody's who is registered."""
    early = stage.now
    homes = [NewPlace("household", f"L-{home}", f"{home} 室", "L", area_cm2=AREA) for home in HOMES]
    stairs = [NewPlace("building", "8", "8 号楼", "e1"), NewPlace("stairwell", "L", "1 单元", "8")]
    places = add_places(stage.community, [*stairs, *homes], at=early)
    set_grid(stage.community, stage.places["g2"], [places["8"]], since=early.date(), at=early)
    owners = {"602": stage.people["lin"]}
    for home, name in zip(HOMES[:-2], OWNERS, strict=False):
        owners[home] = stage.people[f"h{home}"] = Person.objects.create_user(f"h{home}", name)
    brother = stage.people["brother"] = Person.objects.create_user("brother", "郑八")
    for home, person in owners.items():
        enrol(stage.community, person, places[f"L-{home}"], ["owner", "resident"], at=early)
    enrol(stage.community, brother, places["L-401"], ["owner"], at=early)
    adopt_charter(stage.community, load("tianning"), at=stage.later(minutes=1))
    stage.places |= places
    done = stage.report(kind=kind, words=PLAN, place="L", data={"cost": 48_000_000})
    vote = Vote.objects.select_related("roll", "matter__community", "community").get(matter=done.matter_id)
    return Voted(stage, vote, owners)


def published(vote: Vote) -> dict[str, Any]:
    """The published file as one object; what is written for everybody is written row by row."""
    lines = Entitlement.objects.filter(roll=vote.roll_id).standing().order_by("n")
    return file_of(leaves(vote), vote.root, [line_of(line) for line in lines])


def leaves(vote: Vote) -> list[dict[str, Any]]:
    return list(each_leaf(vote))


def file_of(leaves: Sequence[Any], root: str, lines: Sequence[Any]) -> dict[str, Any]:
    """The published file as plain JSON, in the very form in which it is hashed."""
    found = plain({"format": FORMAT, "leaves": list(leaves), "lines": list(lines), "root": root})
    assert isinstance(found, dict)
    return found


def lift(stage: Stage) -> Voted:
    """Everybody has spoken in some way; not yet counted."""
    here = opened(stage)
    here.cast("602", "no")
    here.cast("602", "yes", day=2)
    here.write_down("101", "no", "paper", "纸票 0001")
    here.write_down("102", "yes", "telephone", "录音 0301-1")
    here.write_down("201", "yes", "door", "上门登记表 1")
    wang, proxy = stage.people["wang"], here.owners["301"]
    name_speaker(here.vote.pk, here.line("202").pk, proxy, by=wang, evidence="委托书 1", at=here.at(4))
    here.cast("202", "yes", by=proxy, day=5)
    for home, choice in (("301", "yes"), ("302", "abstain"), ("401", "yes"), ("402", "yes"), ("501", "yes")):
        here.cast(home, choice, day=5)
    here.cast("401", "no", by=stage.people["brother"], day=6)
    here.write_down("502", "yes", "paper", "纸票 0002", is_signed=False)
    return here
