"""A charter with a mediation, and how far tests carry one."""

from datetime import datetime
from typing import Any

from weizhi.charters.periods import ZONE
from weizhi.deliberation.models import Mediation
from weizhi.matters.actions.done import Done
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body
from weizhi.record.actions.appoint import appoint

CHARTER = """
[charter]
language = 1
name = "here"
title = "这里"
extends = ["base"]
[bodies.talking-room]
title = "说说吧"
at = "community"
seats = [{ post = "mediator", count = 2 }]
[posts]
mediator = { title = "调解员", at = "community" }
[calendar.lawyer-day]
title = "律师日"
body = "talking-room"
rrule = "FREQ=WEEKLY;BYDAY=TH"
[kinds.mediation]
title = "调解"
procedure = "mediation"
visible = "parties"
relations = ["other-side"]
relation_titles = { other-side = "另一方" }
always = ["comment", "note"]
[procedures.mediation]
title = "调解"
[procedures.mediation.steps.ask]
kind = "raise"
title = "请人调解"
by = ["resident"]
fields = [{ key = "words", type = "text", title = "和谁、什么事", required = true }]
then = "talk"
[procedures.mediation.steps.talk]
kind = "mediate"
title = "调解"
by = ["talking-room", "raiser", "other-side"]
within = "30 days"
when_due = "failed"
calendar = ["lawyer-day"]
slots = ["09:00", "10:00"]
minutes = 50
where = "社区二楼"
reasons = ["court"]
outcomes = { agreed = "agreed", declined = "declined", court = "to-court", failed = "failed" }
outcome_titles = { agreed = "双方签了协议", declined = "有一方不愿意", court = "去法院", failed = "没有谈成" }
[procedures.mediation.ends]
agreed = { counts = "solved", title = "谈好了" }
declined = { counts = "withdrawn", title = "没有调" }
to-court = { counts = "elsewhere", title = "去法院" }
failed = { counts = "failed", title = "没有谈成" }
[kinds.report]
title = "报事"
procedure = "report"
document = "report"
visible = "community"
[procedures.report]
title = "报事"
[procedures.report.steps.say]
kind = "raise"
by = ["resident", "grid-officer"]
fields = [{ key = "words", type = "text", title = "什么事", required = true }]
then = "talks"
[procedures.report.steps.talks]
kind = "open"
title = "请人调解"
opens = "mediation"
within = "40 days"
when_due = "over"
outcomes = { solved = "over", elsewhere = "over", failed = "over", withdrawn = "over", merged = "over" }
[procedures.report.ends]
over = { counts = "elsewhere", title = "说过了" }
"""
THURSDAY = datetime(2026, 3, 5, 9, 0, tzinfo=ZONE)
SLOT = f"lawyer-day {THURSDAY.isoformat()}"
TEXT = "楼上本月修好防水，吊顶一家一半。"


def mediating(stage: Stage) -> Stage:
    """With the charter, and 赵律师 as the mediator."""
    stage.adopt(CHARTER)
    room = Body.objects.create(community=stage.community, key="talking-room", name="说说吧", place=stage.places["xfl"])
    appoint(
        stage.community, stage.people["zhao"], room, "mediator", "调解员", place=stage.places["xfl"],
        at=stage.later(minutes=1),
    )  # fmt: skip
    return stage


def asked(stage: Stage, words: str = "楼上漏水，说了几次没结果") -> Done:
    return stage.report("lin", kind="mediation", words=words, place="3-2-301")


def invited(stage: Stage, done: Done, **data: Any) -> Done:
    return stage.act(done, "invite", "zhao", data=data or {"person": str(stage.people["chen"].pk)})


def booked(stage: Stage, done: Done) -> Done:
    stage.act(done, "take-part", "chen")
    return stage.act(done, "book", "lin", data={"slot": SLOT})


def written(stage: Stage, text: str = TEXT) -> tuple[Done, Mediation]:
    """Lin and chen talked, zhao wrote down what they agreed on."""
    done = asked(stage)
    invited(stage, done)
    booked(stage, done)
    stage.act(done, "write-down", "zhao", data={"text": text})
    return done, Mediation.objects.get(matter=done.matter_id)
