"""Meetings: the body has seats, the series is a calendar's, the day is asked before, what waits has its meeting."""

from ..findings import Path
from ..graph import StepGraph
from ..steps import Step
from ..words import parse_fraction
from .references import field_for
from .scene import Scene

MEET, SIT, MINUTES = "meet", "sit", "minutes"


def check_meetings(scene: Scene) -> None:
    """Check every `meet` and `sit` step of a charter whose room stands."""
    if SIT not in scene.specs:
        return
    _shares(scene)
    sits = [step for _procedure, step, _path in scene.steps() if step.kind == SIT]
    for graph, path in scene.graphs():
        for step in graph.procedure.steps.values():
            here = (*path, "steps", step.key)
            if step.kind in (MEET, SIT):
                _names(scene, step, here)
            if step.kind == SIT:
                _day(scene, graph, step, here)
            if step.kind == MEET:
                _served(scene, step, sits, here)
                _tasks(scene, graph, step, here)
            if step.kind == MINUTES:
                _minutes(scene, graph, step, here)


def _names(scene: Scene, step: Step, path: Path) -> None:
    charter, body, calendar = scene.charter, step.params.get("body"), step.params.get("calendar")
    if body is not None and body not in charter.bodies:
        scene.faults.add((*path, "body"), f"没有叫“{body}”的组织。", expected=charter.bodies, near=str(body))
    elif body is not None and not charter.bodies[str(body)].seats:
        scene.faults.add((*path, "body"), f"组织“{body}”没有席位，开不了会。请给它写 seats。")
    else:
        _each(scene, step, path)
    if calendar is None:
        return
    if calendar not in charter.calendar:
        scene.faults.add(
            (*path, "calendar"), f"没有叫“{calendar}”的日历。", expected=charter.calendar, near=str(calendar)
        )
    elif body is None and charter.calendar[str(calendar)].body is None:
        scene.faults.add((*path, "calendar"), f"日历“{calendar}”没有说是哪个组织的会。请在这一步或日历里写 body。")


def _each(scene: Scene, step: Step, path: Path) -> None:
    """A quorum asks only for classes of seats that the body has."""
    calendar = scene.charter.calendar.get(str(step.params.get("calendar")))
    body = scene.charter.bodies.get(str(step.params.get("body") or (calendar.body if calendar else "")))
    quorum = step.params.get("quorum")
    known = {seat.group for seat in body.seats if seat.group} if body else set()
    for group in quorum.get("each", {}) if isinstance(quorum, dict) else ():
        if group not in known:
            at = (*path, "quorum", "each", str(group))
            scene.faults.add(
                at, f"这个组织没有“{group}”一类的席位。请在席位里写 group。", expected=known, near=str(group)
            )


def _shares(scene: Scene) -> None:
    """A share of the seats that is promised is there: counted in seats, whoever sits on them."""
    for key, body in scene.charter.bodies.items():
        total = sum(seat.count for seat in body.seats)
        for n, share in enumerate(body.shares):
            own = sum(seat.count for seat in body.seats if seat.group == share.group)
            upper, lower = parse_fraction(share.at_least)
            if own * lower < upper * total:
                scene.faults.add(
                    ("bodies", key, "shares", n),
                    f"“{share.title or share.group}”在 {total} 席里只有 {own} 席，不到 {share.at_least}。"
                    "请加这一类的席位。",
                )


def _day(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    name = str(step.params.get("day", ""))
    found = field_for(scene, graph, step, name, (*path, "day"))
    if found is not None and found.type != "date":
        scene.faults.add((*path, "day"), f'“{name}”不是日期字段，不能当开会的日子。请引用 type = "date" 的字段。')


def _served(scene: Scene, step: Step, sits: list[Step], path: Path) -> None:
    """What waits for a meeting needs one of its series and of its level; a body without any keeps its own minutes."""
    calendar = step.params.get("calendar")
    series = scene.charter.calendar.get(str(calendar)) if calendar else None
    body = step.params.get("body") or (series.body if series else None)
    own = [sit for sit in sits if body and sit.params.get("body") == body]
    if not own:
        return
    if series is not None and all(sit.params.get("calendar") != calendar for sit in own):
        scene.faults.add(
            (*path, "calendar"), f"没有一个会（sit）属于日历“{calendar}”，这件事永远上不了会。请给会写 calendar。"
        )
    elif all(sit.at != step.at for sit in own):
        scene.faults.add((*path, "at"), "会（sit）和这一步不在同一级，这件事永远上不了会。请写一样的 at。")


def _tasks(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    """Outcomes that need somebody and a day are outcomes; a later step that waits for the day always has one."""
    tasks = tuple(step.params.get("tasks", ()))
    for n, outcome in enumerate(tasks):
        if outcome not in step.outcomes:
            scene.faults.add(
                (*path, "tasks", n), f"这一步没有“{outcome}”这个结果。", expected=step.outcomes, near=str(outcome)
            )
    waiting = [
        other.key for other in graph.procedure.steps.values()
        if f"field:{step.key}.until" in (other.within, other.open_for)
    ]  # fmt: skip
    for outcome, target in step.outcomes.items():
        late = [key for key in waiting if key in graph.reached(target, without=[step.key])]
        if late and outcome not in tasks:
            scene.faults.add(
                (*path, "tasks"),
                f"“{late[0]}”的期限是会上定的日子，选“{outcome}”时可能没有写日子。请把 {outcome} 写进 tasks。",
            )


def _minutes(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    """Minutes are of a meeting that was held before, and whoever held it and the others who sign may act here."""
    of = str(step.params.get("of", ""))
    sits = {one.key: one for one in graph.procedure.steps.values() if one.kind == SIT}
    if of not in sits:
        scene.faults.add((*path, "of"), f"这个流程没有叫“{of}”的会（sit）。", expected=sits, near=of)
        return
    if of not in graph.dominators.get(step.key, {of}):
        scene.faults.add((*path, "of"), f"走到“{step.key}”时，会“{of}”不一定已经开过，没有可记的。")
    if missing := [name for name in sits[of].by if name not in step.by]:
        scene.faults.add((*path, "by"), f"开会的人（{'、'.join(missing)}）要签记录。请把他们写进 by。")
    for n, name in enumerate(step.params.get("signed_by", ())):
        if name not in step.by:
            scene.faults.add(
                (*path, "signed_by", n), f"“{name}”要签字，可是 by 里没有。", expected=step.by, near=str(name)
            )
