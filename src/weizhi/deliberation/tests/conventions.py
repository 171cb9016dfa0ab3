"""A charter with a convention: adopted by the committee, changed by what a resident raises, and broken."""

from typing import Any

from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage

CHARTER = """
[charter]
language = 1
name = "here"
title = "这里"
extends = ["base"]
[conventions.residents]
title = "居民公约"
adopted_by = "convention"
amended_by = "change"
[kinds.convention]
title = "定公约"
procedure = "adopt"
visible = "community"
[kinds.change]
title = "改公约"
procedure = "change"
visible = "community"
[kinds.breach]
title = "没有照公约做"
procedure = "breach"
visible = "parties"
hint = "只有您和居委会看得到。"
[procedures.adopt.steps.say]
kind = "raise"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "为什么" }]
then = "draft"
[procedures.adopt.steps.draft]
kind = "draft"
title = "起草"
by = ["committee"]
convention = "residents"
within = "20 days"
when_due = "dropped"
then = "enact"
[procedures.adopt.steps.enact]
kind = "enact"
title = "施行"
about = "draft"
convention = "residents"
outcomes = { in-force = "done", overtaken = "late" }
[procedures.adopt.ends]
done = { counts = "solved", title = "施行了" }
late = { counts = "failed", title = "晚了" }
dropped = { counts = "lapsed", title = "没有写" }
[procedures.change.steps.say]
kind = "raise"
by = ["resident"]
fields = [
  { key = "article", type = "article", title = "哪一条", convention = "residents" },
  { key = "words", type = "text", title = "为什么" },
]
then = "draft"
[procedures.change.steps.draft]
kind = "draft"
title = "起草"
by = ["committee"]
convention = "residents"
within = "20 days"
when_due = "dropped"
then = "enact"
[procedures.change.steps.enact]
kind = "enact"
title = "施行"
about = "draft"
convention = "residents"
outcomes = { in-force = "done", overtaken = "late" }
[procedures.change.ends]
done = { counts = "solved", title = "施行了" }
late = { counts = "failed", title = "晚了" }
dropped = { counts = "lapsed", title = "没有写" }
[procedures.breach.steps.say]
kind = "raise"
by = ["resident"]
fields = [
  { key = "article", type = "article", title = "是哪一条", convention = "residents", required = true },
  { key = "words", type = "text", title = "怎么样", required = true },
]
then = "talk"
[procedures.breach.steps.talk]
kind = "handle"
title = "劝一劝"
by = ["committee"]
within = "5 days"
when_due = "done"
then = "done"
[procedures.breach.ends]
done = { counts = "solved", title = "说开了" }
"""
# The same, and whoever is concerned is asked: he knows what was said of him, and not by whom.
ANSWERED = (
    CHARTER.replace(
        'visible = "parties"\n', 'visible = "parties"\nrelations = ["concerned"]\nalways = ["comment", "withdraw"]\n'
    )
    .replace(
        'by = ["resident"]\nfields = [\n  { key = "article", type = "article", title = "是哪一条"',
        'by = ["resident", "grid-officer"]\nfields = [\n  { key = "article", type = "article", title = "是哪一条"',
    )
    .replace(
        'then = "talk"\n',
        """then = "who"
[procedures.breach.steps.who]
kind = "assign"
title = "问的是哪一位"
by = ["committee"]
within = "3 days"
relations = { concerned = 1 }
then = "answer"
[procedures.breach.steps.answer]
kind = "wait"
title = "请他说一说"
for = "statement"
by = ["concerned"]
within = "7 days"
when_due = "talk"
outcomes = { said = "talk" }
""",
    )
)
FIRST = "居民公约\n住在一起，互相体谅。\n第一条 楼道里不放东西。\n第二条 晚上十点以后不大声放音乐。\n第三条 遛狗牵绳。"
SECOND = FIRST.replace("十点", "九点") + "\n第四条 电动车不进楼充电。"
THIRD = FIRST.replace("牵绳", "牵绳、戴嘴套")


def drafted(stage: Stage, done: Done, text: str) -> None:
    """Write and freeze; what follows from it happens by itself."""
    stage.act(done, "write", "wang", data={"text": text, "words": "这样写"})
    stage.act(done, "draft", "wang")
    run_due(stage.later(minutes=1))


def adopted(stage: Stage, text: str = FIRST) -> Done:
    stage.adopt(CHARTER)
    done = stage.report("wang", kind="convention", words="大家说好", place="3-2")
    drafted(stage, done, text)
    return done


def changing(stage: Stage, article: str = "第二条") -> Done:
    return stage.report("lin", kind="change", words="太晚了", place="3-2", data={"article": article})


def breached(stage: Stage, words: str, by: str = "lin", **rest: Any) -> Done:
    """A neighbour says it, and the committee asks 赵律师."""
    adopted(stage)
    stage.adopt(ANSWERED)
    done = stage.report(by, kind="breach", words=words, place="3-2", data={"article": "第二条"}, **rest)
    stage.act(done, "assign", "wang", data={"people": {"concerned": [str(stage.people["zhao"].pk)]}})
    return done
