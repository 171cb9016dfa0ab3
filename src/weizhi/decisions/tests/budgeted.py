"""A budget vote of any size, by the library's charter and through the matter's own doors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from weizhi.charters.loading import load
from weizhi.decisions.actions.cast import cast
from weizhi.decisions.models import Vote
from weizhi.matters.actions.act import raise_matter
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.enrol import enrol

LAWFUL = ["不违反法律", "在社区能管的地方", "不是哪一家的私事"]
FEASIBLE = ["做得到", "费用核过"]
YUAN = 100


@dataclass
class Budgeted:
    stage: Stage
    works: Done
    projects: dict[str, Done] = field(default_factory=dict)
    voters: list[Person] = field(default_factory=list)

    @property
    def vote(self) -> Vote:
        return Vote.objects.select_related("roll", "matter", "community").get(matter=self.works.matter_id)

    def key(self, name: str) -> str:
        return str(self.projects[name].number)

    def cast(self, voter: int, *names: str) -> None:
        vote = self.vote
        cast(vote.pk, [self.key(name) for name in names], by=self.voters[voter], at=vote.opens_at + timedelta(hours=1))

    def count(self) -> Vote:
        run_due(self.vote.closes_at + timedelta(minutes=1))
        return self.vote


def voting(stage: Stage, costs: Mapping[str, int], yuan: int, voters: int) -> Budgeted:
    """The vote is open: these projects at these costs (in yuan), as many residents beside 林姨, who proposed all."""
    found = proposed(stage, costs, yuan)
    for n in range(voters):
        person = Person.objects.create_user(f"v{n}", f"选民{n}")
        enrol(stage.community, person, stage.places["3-1-101"], ["resident"], at=stage.now)
        found.voters.append(person)
    run_due(stage.later(days=25))
    return found


def proposed(stage: Stage, costs: Mapping[str, int], yuan: int) -> Budgeted:
    """Announced, proposed and checked; the intake is still open."""
    charter = load("nanjing-wuwei")
    adopt_charter(stage.community, charter, at=stage.later(seconds=1))
    works = raise_matter(
        stage.community, "small-works", by=stage.people["wang"], data={"words": "今年的微实事", "sum": yuan * YUAN},
        at=stage.later(minutes=1),
    )  # fmt: skip
    found = Budgeted(stage, works)
    for name, cost in costs.items():
        done = stage.report(words=name, kind="proposal", place="square", data={"cost": cost * YUAN})
        stage.act(done, "check", "wang", "yes", data={"met": LAWFUL})
        stage.act(done, "check", "wang", "yes", data={"met": FEASIBLE, "cost": cost * YUAN})
        found.projects[name] = done
    return found


def rows(vote: Vote) -> Sequence[dict[str, Any]]:
    listed: Sequence[dict[str, Any]] = vote.result["budget"]["projects"]
    return listed
