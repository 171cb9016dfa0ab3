"""A question put to eight residents without names, on paper and by phone: what tests of the urn stand on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from weizhi.decisions.actions.hand_in import hand_in
from weizhi.decisions.models import Entitlement, Vote
from weizhi.decisions.paper_numbers import LOWEST, completed
from weizhi.matters.actions.raise_matter import raise_matter
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body, Person
from weizhi.record import clock
from weizhi.record.actions.appoint import appoint
from weizhi.record.actions.enrol import enrol

VOTERS = ["赵一", "钱二", "孙三", "李四", "周五", "吴六"]
CHARTER = """
[charter]
language = 1
name = "unnamed"
title = "不记名的表决"
extends = ["base"]
[electorates.neighbours]
title = "居民"
of = "residents"
within = "community"
secret = true
[kinds.question]
title = "问大家"
procedure = "question"
visible = "community"
[procedures.question]
title = "问大家"
[procedures.question.steps.propose]
kind = "raise"
title = "提出"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事", required = true }]
then = "decide"
[procedures.question.steps.decide]
kind = "vote"
title = "表决"
by = ["committee"]
about = "propose"
electorate = "neighbours"
rule = "residents-meeting"
open_for = "20 hours"
question = "夜里十点以后关广场的灯，您同意吗？"
outcomes = { passed = "agreed", failed = "refused", no-quorum = "not-held" }
[procedures.question.ends]
agreed = { counts = "solved" }
refused = { counts = "refused" }
not-held = { counts = "failed" }
"""


@dataclass
class Secret:
    stage: Stage
    vote: Vote

    def line(self, login: str) -> Entitlement:
        return Entitlement.objects.get(roll=self.vote.roll_id, person=self.stage.people[login])

    def number(self, n: int) -> str:
        """What is printed on the paper."""
        return completed(self.vote.pk, str(LOWEST + n))

    def hands_in(self, *logins: str) -> None:
        for login in logins:
            hand_in(
                self.vote.pk, by=self.stage.people["wang"], entitlement=self.line(login).pk, at=self.vote.opens_at
            )  # fmt: skip


def secret(stage: Stage, opened: datetime | None = None) -> Secret:
    """Open since a moment, or since `opened`. 王主任 and 李会计 run it."""
    early, now = stage.now, opened or clock.now() - timedelta(minutes=5)
    for n, name in enumerate(VOTERS, 1):
        person = stage.people[f"h{n}"] = Person.objects.create_user(f"h{n}", name)
        enrol(stage.community, person, stage.places["3-1-101"], ["resident"], at=early)
    stage.people["li"] = Person.objects.create_user("li", "李会计")
    committee = Body.objects.get(community=stage.community, key="committee")
    appoint(stage.community, stage.people["li"], committee, "committee-director", "居委会副主任", at=early)
    stage.adopt(CHARTER)
    done = raise_matter(
        stage.community, "question", by=stage.people["wang"], place=stage.places["xfl"].pk, at=now,
        data={"words": "灯亮到半夜，睡不着。"},
    )  # fmt: skip
    return Secret(stage, Vote.objects.select_related("roll", "step", "matter").get(matter=done.matter_id))


def over(stage: Stage) -> Secret:
    """Its time is over: four papers lie in the urn, nobody has read one."""
    found = secret(stage, clock.now() - timedelta(days=1))
    found.hands_in("lin", "h1", "h2", "h3")
    run_due()
    return found
