"""What changes from one charter to the next, in sentences: for whoever has to say yes and does not read TOML."""

from collections.abc import Iterator, Mapping

from .models import Charter
from .steps import Procedure, Step
from .titles import outcome_title, place_title, step_title, who_titles


def compare(old: Charter, new: Charter) -> list[str]:
    """Return a sentence for everything that residents and officers would notice."""
    return [
        *_kinds(old, new),
        *(
            sentence
            for key, kind in new.kinds.items()
            if key in old.kinds
            for sentence in _procedure(old, new, old.procedure_of(key), new.procedure_of(key), kind.title)
        ),
        *_tables("清单", {key: duty.title for key, duty in old.duties.items()}, new.duties),
        *_tables("组织", {key: body.title or key for key, body in old.bodies.items()}, new.bodies),
        *_tables("职务", {key: post.title or key for key, post in old.posts.items()}, new.posts),
        *_tables("日子", {key: entry.title or key for key, entry in old.calendar.items()}, new.calendar),
    ]


def _kinds(old: Charter, new: Charter) -> Iterator[str]:
    for key, kind in new.kinds.items():
        before = old.kinds.get(key)
        if before is None:
            yield f"多了一种事：“{kind.title}”。"
        elif before.visible != kind.visible:
            yield f"“{kind.title}”谁能看到，改了。"
    for key in old.kinds.keys() - new.kinds.keys():
        yield f"不再有“{old.kinds[key].title}”这种事。"


def _procedure(old: Charter, new: Charter, before: Procedure, after: Procedure, title: str) -> Iterator[str]:
    for key, step in after.steps.items():
        was = before.steps.get(key)
        if was is None:
            about = "，".join(
                part for part in (who_titles(step.by, new), step.period.words if step.period else "") if part
            )
            yield f"“{title}”多了一步“{step_title(step)}”{f'：{about}' if about else ''}。"
        else:
            for change in _step(old, new, was, step, before, after):
                yield f"“{title}”的“{step_title(step)}”：{change}。"
    for key in before.steps.keys() - after.steps.keys():
        yield f"“{title}”少了一步“{step_title(before.steps[key])}”。"


def _step(old: Charter, new: Charter, was: Step, step: Step, before: Procedure, after: Procedure) -> Iterator[str]:
    if was.period != step.period:
        yield f"期限从{_words(was)}改为{_words(step)}"
    if was.by != step.by:
        yield f"由{who_titles(was.by, old) or '系统'}办，改为由{who_titles(step.by, new) or '系统'}办"
    if was.people != step.people:
        yield f"从 {was.people} 人改为 {step.people} 人一起办"
    if was.escalate != step.escalate or was.when_due != step.when_due:
        yield "晚了怎么办，改了"
    if was.then != step.then and step.then:
        yield f"之后改为到“{place_title(step.then, after)}”"
    for outcome, target in step.outcomes.items():
        if outcome not in was.outcomes:
            yield f"多了一个选择“{outcome_title(step, outcome)}”"
        elif was.outcomes[outcome] != target:
            goes = f"从到“{place_title(was.outcomes[outcome], before)}”改为到“{place_title(target, after)}”"
            yield f"“{outcome_title(step, outcome)}”以后，{goes}"
    for outcome in was.outcomes.keys() - step.outcomes.keys():
        yield f"不能再选“{outcome_title(was, outcome)}”"
    if was.fields != step.fields:
        yield "要填的内容改了"


def _words(step: Step) -> str:
    return f"“{step.period.words}”" if step.period else "“没有期限”"


def _tables(what: str, old: Mapping[str, str], new: Mapping[str, object]) -> Iterator[str]:
    for key, entry in new.items():
        title = getattr(entry, "title", "") or key
        if key not in old:
            yield f"{what}多了“{title}”。"
        elif old[key] != title:
            yield f"{what}“{old[key]}”改叫“{title}”。"
    for key in old.keys() - new.keys():
        yield f"{what}去掉了“{old[key]}”。"
