"""What a step reads of earlier steps must be there: the step exists, has the field, and has always been done."""

from collections.abc import Iterator

from ..findings import Path
from ..graph import StepGraph
from ..spec import GATE_NEEDS, KNOWN_KINDS
from ..steps import Field, Gate, Step
from ..words import BUILT_IN_ENDS, COUNTS, LATER_VERBS, VISIBILITIES
from .owners import field_of
from .scene import Scene

DRAFT = "draft"
NUMBERS = ("count", "fen", "date")


def check_references(scene: Scene) -> None:
    """Check gates, date fields, `about`, what `open` hands over and how it maps the child's ends; visibility."""
    for graph, path in scene.graphs():
        _again(scene, graph, path)
        for step in graph.procedure.steps.values():
            here = (*path, "steps", step.key)
            _gates(scene, graph, step, here)
            _dates(scene, graph, step, here)
            _about(scene, graph, step, here)
            if step.kind == "open" and "open" in scene.specs:
                _opens(scene, graph, step, here)
    _visible(scene)
    _verbs(scene)


def _verbs(scene: Scene) -> None:
    """Verbs beside the steps that the language has and nobody can do yet: silence would be taken for a promise."""
    for key, kind in scene.charter.kinds.items():
        for n, verb in enumerate(kind.always):
            if room := LATER_VERBS.get(verb):
                words = f"“{verb}”要等 {room} 这间房做好才能用。请先去掉。"
                scene.faults.add(("kinds", key, "always", n), words, severity="missing")


def _gates(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    for where, gate in gates_of(scene, step):
        of = (*path, *where, "of")
        if (needed := GATE_NEEDS.get(gate.gate)) and needed not in scene.specs:
            scene.faults.add(
                (*path, *where, "gate"),
                f"条件“{gate.gate}”要等“{needed}”步骤（归 {KNOWN_KINDS[needed]} 这间房）装上才能用。",
                severity="missing",
            )
        elif gate.gate == "field":
            found = field_for(scene, graph, step, gate.of or "", of)
            if found is not None:
                _fits(scene, gate, found, (*path, *where))
        elif gate.gate == "raised-again" and not any(end.again for end in graph.procedure.ends.values()):
            scene.faults.add(
                (*path, *where, "gate"), "没有一个结局写了 again，谁也不能再提，这个条件永远不成立。请给结局写 again。"
            )
        elif gate.gate == "rounds" and gate.of not in graph.procedure.steps:
            scene.faults.add(of, f"这个流程没有“{gate.of}”这一步。", expected=graph.procedure.steps, near=gate.of or "")


def _again(scene: Scene, graph: StepGraph, path: Path) -> None:
    """Whose signatures count when an end is raised again."""
    for end in graph.procedure.ends.values():
        known = scene.charter.electorates
        if end.again is not None and end.again.electorate is not None and end.again.electorate not in known:
            name = end.again.electorate
            where = (*path, "ends", end.key, "again", "electorate")
            scene.faults.add(where, f"没有叫“{name}”的选民名单。", expected=known, near=name)


def gates_of(scene: Scene, step: Step) -> Iterator[tuple[Path, Gate]]:
    for n, gate in enumerate(step.needs):
        yield ("needs", n), gate
    spec = scene.specs.get(step.kind)
    if step.kind == "route" and spec is not None:
        for n, row in enumerate(step.parsed(spec).routes):
            for m, gate in enumerate(row.when):
                yield ("routes", n, "when", m), gate


def field_for(scene: Scene, graph: StepGraph, step: Step, name: str, path: Path) -> Field | None:
    """Return the field that "step.field" names, if this step may read it; otherwise tell why not."""
    source, dot, key = name.partition(".")
    steps = graph.procedure.steps
    if not dot or source not in steps:
        known = [f"{other.key}.{field.key}" for other in steps.values() for field in other.fields]
        scene.faults.add(path, f"“{name}”要写成 “步骤.字段”，并且那一步要在这个流程里。", expected=known, near=name)
        return None
    fields = {field.key: field for field in steps[source].fields}
    spec = scene.specs.get(steps[source].kind)
    fields |= {key: Field(key=key, type="date") for key in (spec.gives if spec else ())}
    if key not in fields:
        known = [f"{source}.{field}" for field in fields]
        scene.faults.add(path, f"步骤“{source}”没有“{key}”这个字段。", expected=known, near=name)
        return None
    return fields[key] if _always_before(scene, graph, step, source, path) else None


def _always_before(scene: Scene, graph: StepGraph, step: Step, source: str, path: Path) -> bool:
    before = graph.dominators.get(step.key)
    if before is None or (source in before and source != step.key):
        return True
    scene.faults.add(
        path,
        f"走到“{step.key}”时，“{source}”不一定已经办过，它的内容可能还没有。请引用一定先办的步骤。",
        expected=before - {step.key},
    )
    return False


def _fits(scene: Scene, gate: Gate, field: Field, path: Path) -> None:
    compares = [name for name in ("at_least", "at_most", "over", "under") if getattr(gate, name) is not None]
    if compares and field.type not in NUMBERS:
        scene.faults.add(
            (*path, compares[0]), f"“{field.key}”不是数目，不能比大小。请用 is 或 in。", expected=["is", "in"]
        )
    answers = {choice.key for choice in field.choices} if field.type == "choice" else set()
    if field.type == "yes-no":
        answers = {"yes", "no"}
    said = [gate.is_, gate.not_, *(gate.one_of or ())]
    for word in said:
        if answers and word is not None and word not in answers:
            key = "is" if word == gate.is_ else "not" if word == gate.not_ else "in"
            scene.faults.add((*path, key), f"“{field.key}”没有“{word}”这个答案。", expected=answers, near=str(word))


def _dates(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    for key in ("within", "open_for"):
        name = field_of(getattr(step, key))
        if name is None:
            continue
        found = field_for(scene, graph, step, name, (*path, key))
        if found is not None and found.type != "date":
            scene.faults.add((*path, key), f'“{name}”不是日期字段，不能当期限。请引用 type = "date" 的字段。')


def _about(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    for word in ("about", "from") if step.kind == DRAFT else ("about",):
        about = step.params.get(word)
        if not isinstance(about, str):
            continue
        if about not in graph.procedure.steps:
            known = graph.procedure.steps
            scene.faults.add((*path, word), f"这个流程没有“{about}”这一步。", expected=known, near=about)
        else:
            _always_before(scene, graph, step, about, (*path, word))


def _opens(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    params = step.parsed(scene.specs["open"])
    for n, name in enumerate(params.hands):
        field_for(scene, graph, step, name, (*path, "hands", n))
    kind = scene.charter.kinds.get(params.opens)
    child = scene.charter.procedures.get(kind.procedure) if kind else None
    if child is None:
        return  # told where the name is checked
    ends: dict[str, str] = {key: end.counts for key, end in child.ends.items()}
    ends |= {name: name for name in BUILT_IN_ENDS}
    for name, counts in ends.items():
        if name not in step.outcomes and counts not in step.outcomes:
            scene.faults.add(
                (*path, "outcomes"),
                f"“{params.opens}”可能以“{name}”结束，这里没有写那时去哪里。请写 {name} 或 {counts}。",
                expected=[name, counts],
            )
    for name in step.outcomes:
        if name not in ends and name not in ends.values():
            known = {*ends, *(word for word in COUNTS if word in ends.values())}
            scene.faults.add(
                (*path, "outcomes", name), f"“{params.opens}”不会以“{name}”结束。", expected=known, near=name
            )


def _visible(scene: Scene) -> None:
    width = {word: n for n, word in enumerate(VISIBILITIES)}
    for kind in scene.charter.kinds.values():
        if kind.title_visible and width[kind.title_visible] > width[kind.visible]:
            _too_wide(scene, ("kinds", kind.key, "title_visible"), kind.title_visible, kind.visible)
        procedure = scene.charter.procedures.get(kind.procedure)
        for step in procedure.steps.values() if procedure else ():
            path: Path = ("procedures", kind.procedure, "steps", step.key)
            widest = step.visible or kind.visible
            if step.visible and width[step.visible] > width[kind.visible]:
                _too_wide(scene, (*path, "visible"), step.visible, kind.visible)
            for n, field in enumerate(step.fields):
                if field.visible and width[field.visible] > width[widest]:
                    _too_wide(scene, (*path, "fields", n, "visible"), field.visible, widest)


def _too_wide(scene: Scene, path: Path, said: str, allowed: str) -> None:
    narrower = VISIBILITIES[: VISIBILITIES.index(allowed) + 1]
    scene.faults.add(path, f"“{said}”比“{allowed}”看得更宽。这里只能收窄，不能放宽。", expected=narrower)
