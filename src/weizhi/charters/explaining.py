"""Say in plain Chinese what may happen at a step, by whom and by when, and where the charter says so."""

from collections.abc import Callable, Iterator

from .findings import Origin, Path
from .models import Charter
from .standing import STANDING
from .steps import Field, Procedure, Step
from .titles import outcome_title, place_title, step_title, who_titles

Where = Callable[[Path], Origin]

_KEYS = ("by", "within", "open_for", "for_days", "then", "outcomes", "routes", "at_most", "escalate", "when_due")


def explain(charter: Charter, procedure: str, step: str, where: Where | None = None) -> str:
    """Explain one step; `where` gives file and line of a key path when the text is at hand."""
    found = charter.procedures[procedure]
    return "\n".join(_sentences(charter, found, found.steps[step], where))


def _sentences(charter: Charter, procedure: Procedure, step: Step, where: Where | None) -> Iterator[str]:
    spec = STANDING.get(step.kind)
    yield f"{procedure.title or procedure.key} · {step_title(step)}（{spec.title if spec else step.kind}）"
    if step.by:
        yield f"谁来办：{who_titles(step.by, charter)}。" + (
            f"不能是{who_titles(step.not_by, charter)}。" if step.not_by else ""
        )
    elif spec and (spec.automatic or not spec.needs_by):
        yield "谁来办：不用人办，到这一步自动往下走。"
    if step.people > 1 or step.second_person:
        second = f"，由{who_titles([step.second_person], charter)}复核" if step.second_person else ""
        yield f"几个人：{step.people} 人一起{second}。"
    yield from _times(charter, procedure, step)
    yield from _asked(step)
    yield from _ways(charter, procedure, step)
    if where is not None:
        path: Path = ("procedures", procedure.key, "steps", step.key)
        yield from _lines(step, path, where)


def _times(charter: Charter, procedure: Procedure, step: Step) -> Iterator[str]:
    if step.period is not None:
        after = f"，过期转到“{place_title(step.when_due, procedure)}”" if step.when_due else ""
        yield f"多久：{step.period.words}{after}。"
    for rung in step.escalate:
        late = f"过期 {rung.delay.words}" if rung.delay else "一过期"
        told = f"告诉{who_titles(rung.tell, charter)}" if rung.tell else ""
        moved = f"转到“{place_title(rung.to, procedure)}”" if rung.to else ""
        yield f"晚了：{late}，{'，并'.join(part for part in (told, moved) if part)}。"


def _asked(step: Step) -> Iterator[str]:
    if step.fields:
        words = [f"{field.title or field.key}{_when_asked(step, field)}" for field in step.fields]
        yield f"要填：{'、'.join(words)}。"
    if step.params.get("evidence") == "required":
        only = [outcome_title(step, key) for key in step.params.get("evidence_for", ())]
        yield f"选“{'、'.join(only)}”要附照片或文件。" if only else "要附照片或文件。"
    criteria = step.params.get("criteria")
    if isinstance(criteria, list) and criteria:
        yield f"要达到：{'、'.join(map(str, criteria))}。"


def _when_asked(step: Step, field: Field) -> str:
    only = "、".join(f"“{outcome_title(step, key)}”" for key in field.only_for)
    said = [part for part in ("必填" if field.required else "", f"选{only}时" if only else "") if part]
    return f"（{'，'.join(said)}）" if said else ""


def _ways(charter: Charter, procedure: Procedure, step: Step) -> Iterator[str]:
    offered = step.params.get("to") if step.kind == "sort" else None
    if isinstance(offered, list):
        yield f"可以派给：{who_titles(map(str, offered), charter)}。"
    if step.take_back:
        yield f"派错了：由“{place_title(step.take_back, procedure)}”的人写明原因收回，或改派。"
    if step.then:
        yield f"之后：{place_title(step.then, procedure)}。"
    for outcome, target in step.outcomes.items():
        times = f"（至多 {step.at_most[outcome]} 次）" if outcome in step.at_most else ""
        marks = step.marks_for(outcome)
        given = f"，记作 {'、'.join(marks)}" if marks else ""
        given += "，要写一句为什么" if outcome in step.reasons else ""
        yield f"可以选“{outcome_title(step, outcome)}”{times}：到“{place_title(target, procedure)}”{given}。"
    if step.kind == "route":
        for row in step.parsed(STANDING["route"]).routes:
            because = row.because or ("否则" if not row.when else "条件成立")
            yield f"{because}：到“{place_title(row.to, procedure)}”。"


def _lines(step: Step, path: Path, where: Where) -> Iterator[str]:
    file, line = where(path)
    yield f"章程原文：{file}:{line}"
    for key in _KEYS:
        own = where((*path, key))
        if own != (file, line):
            yield f"  {key}：{own[0]}:{own[1]}"
