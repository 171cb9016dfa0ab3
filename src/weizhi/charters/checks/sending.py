"""Whom a matter is sent to is known before somebody waits for them, and what is asked of outcomes names outcomes."""

from ..findings import Path
from ..graph import StepGraph
from ..steps import Gate, Step
from ..words import RELATIONS, SENT_TO, STATUSES, SUPERIOR
from .references import gates_of
from .scene import Scene


def check_sending(scene: Scene) -> None:
    """Check `to`, `take_back`, every use of sent-to, superiors, the rules of dispatch, and `reasons`."""
    for _, step, path in scene.steps():
        _outcomes(scene, step, path)
        _to(scene, step, path)
    for graph, path in scene.graphs():
        for step in graph.procedure.steps.values():
            _used(scene, graph, step, (*path, "steps", step.key))
        _wanted(scene, graph, path)
    _superiors(scene)
    _dispatch(scene)


def _outcomes(scene: Scene, step: Step, path: Path) -> None:
    """`reasons`, `evidence_for` and a field's `only_for` speak of outcomes of this step."""
    said = [((*path, "reasons", n), name) for n, name in enumerate(step.reasons)]
    said += [((*path, "evidence_for", n), name) for n, name in enumerate(_words(step, "evidence_for"))]
    for f, field in enumerate(step.fields):
        said += [((*path, "fields", f, "only_for", n), name) for n, name in enumerate(field.only_for)]
    for where, name in said:
        if name not in step.outcomes:
            scene.faults.add(where, f"这一步没有“{name}”这个结果。", expected=step.outcomes, near=name)


def _words(step: Step, key: str) -> list[str]:
    value = step.params.get(key)
    return [word for word in value if isinstance(word, str)] if isinstance(value, list | tuple) else []


def _to(scene: Scene, step: Step, path: Path) -> None:
    offices = {*scene.charter.posts, *scene.charter.bodies}
    for n, name in enumerate(_words(step, "to") if step.kind == "sort" else []):
        if name in {*STATUSES, *RELATIONS} or name not in offices:
            scene.faults.add(
                (*path, "to", n), f"“{name}”不是职务，也不是组织，不能派给它。", expected=offices, near=name
            )


def _used(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    before = graph.dominators.get(step.key, set()) - {step.key}
    sent = any(_words(graph.procedure.steps[key], "to") for key in before if key in graph.procedure.steps)
    if not sent and step.key in graph.dominators:
        for where in _mentions(scene, step):
            scene.faults.add(
                (*path, *where),
                "走到这一步时，还不一定派给了谁。请在它之前的 sort 步骤里写 to，列出可以派给哪些职务和组织。",
            )
    if step.take_back is not None:
        _taken_back(scene, graph, step, (*path, "take_back"))


def _mentions(scene: Scene, step: Step) -> list[Path]:
    found: list[Path] = [("by", n) for n, name in enumerate(step.by) if name in (SENT_TO, SUPERIOR)]
    found += [("tell", n) for n, name in enumerate(step.tell) if name in (SENT_TO, SUPERIOR)]
    found += [("for_each",)] if step.params.get("for_each") == SENT_TO else []
    gates: list[tuple[Path, Gate]] = list(gates_of(scene, step))
    return found + [(*where, "gate") for where, gate in gates if gate.gate == SENT_TO]


def _taken_back(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    steps = graph.procedure.steps
    sorts = [key for key, other in steps.items() if other.kind == "sort" and _words(other, "to")]
    if step.take_back not in sorts:
        scene.faults.add(
            path, f"“{step.take_back}”不是能派出去的 sort 步骤，收不回那里。", expected=sorts, near=step.take_back or ""
        )
    elif SENT_TO not in step.by:
        scene.faults.add(path, "这一步不是派给谁办的，没有什么可收回。请在 by 里写 sent-to，或去掉 take_back。")


def _wanted(scene: Scene, graph: StepGraph, path: Path) -> None:
    if any(step.sends for step in graph.procedure.steps.values()):
        return
    for step in graph.procedure.steps.values():
        if step.kind == "sort" and _words(step, "to"):
            scene.faults.add(
                (*path, "steps", step.key, "to"),
                '写了可以派给谁，却没有一步由派到的人来办。请在后面某一步写 by = ["sent-to"]。',
            )


def _superiors(scene: Scene) -> None:
    bodies = scene.charter.bodies
    for body in bodies.values():
        path: Path = ("bodies", body.key, "superior")
        if body.superior is not None and body.superior not in bodies:
            scene.faults.add(path, f"没有叫“{body.superior}”的组织。", expected=bodies, near=body.superior)
            continue
        above, seen = body.superior, {body.key}
        while above in bodies and above not in seen:
            seen.add(above)
            above = bodies[above].superior
        if above == body.key:
            scene.faults.add(path, f"组织“{body.key}”绕了一圈成了自己的上级。请改 superior。")


def _dispatch(scene: Scene) -> None:
    """The first rule that fits is taken: one that an earlier rule always forestalls says nothing."""
    taken: dict[tuple[str, str], int] = {}
    rest = 0
    for n, rule in enumerate(scene.charter.dispatch.values(), start=1):
        path: Path = ("dispatch", rule.key)
        said = [(category, kind) for category in rule.categories or ("",) for kind in rule.classes or ("",)]
        before = [taken[one] for one in said if one in taken]
        if rest:
            scene.faults.add(path, f"第 {rest} 条规则已经管了其余的一切，这一条永远轮不到。请把它移到前面。")
        elif len(before) == len(said):
            scene.faults.add(path, f"第 {before[0]} 条规则已经管了这些，这一条永远轮不到。请合并或删去。")
        rest = rest or (n if not rule.categories and not rule.classes else 0)
        taken |= {one: n for one in said if one not in taken}
