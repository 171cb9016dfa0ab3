"""A charter with a text in it: written, posted, looked at by an expert, decided; for the tests of all of these."""

from uuid import UUID

from weizhi.matters.actions.done import Done
from weizhi.matters.models import Step
from weizhi.matters.tests.conftest import Stage

CHARTER = """
[charter]
language = 1
name = "here"
title = "这里"
extends = ["base"]
[posts]
legal-expert = { title = "法律专家", at = "community" }
[bodies.experts]
title = "专家组"
at = "community"
seats = [{ post = "legal-expert", count = 3 }]
[kinds.rules]
title = "公约"
procedure = "rules"
visible = "community"
always = ["comment", "follow"]
[procedures.rules]
title = "定公约"
[procedures.rules.steps.say]
kind = "raise"
by = ["resident"]
fields = [{ key = "words", type = "text", title = "什么事", required = true }]
then = "write"
[procedures.rules.steps.write]
kind = "draft"
title = "拟方案"
by = ["committee"]
from = "say"
then = "board"
[procedures.rules.steps.board]
kind = "notice"
title = "张榜公示"
by = ["committee"]
about = "write"
for_days = 7
outcomes = { clear = "look", upheld = "write" }
[procedures.rules.steps.look]
kind = "review"
title = "专家审查"
by = ["legal-expert"]
about = "write"
answers = ["committee"]
outcomes = { passed = "passed", changes = "write", failed = "failed" }
[procedures.rules.ends]
passed = { counts = "solved", title = "通过" }
failed = { counts = "refused", title = "没有通过" }
"""

FIRST = "楼道公约\n第一条 楼道里不放杂物。\n第二条 电动车不进楼。"
SECOND = "楼道公约\n第一条 楼道里不放杂物，也不放鞋柜。\n第二条 电动车不进楼，到车棚充电。"


def begun(stage: Stage) -> Done:
    return stage.report("lin", kind="rules", words="楼道里堆满了东西", place="3-2")


def written(stage: Stage, text: str = FIRST) -> Done:
    done = begun(stage)
    stage.act(done, "write", "wang", data={"text": text, "words": "先写两条"})
    return done


def posted(stage: Stage, text: str = FIRST) -> Done:
    done = written(stage, text)
    stage.act(done, "draft", "wang")
    return done


def row_of(done: Done | UUID, kind: str) -> Step:
    """The newest step of a kind."""
    pk = done.matter_id if isinstance(done, Done) else done
    return Step.objects.filter(matter=pk, kind=kind).order_by("-round", "-opened_at")[0]
