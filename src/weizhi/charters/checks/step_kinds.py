"""Each step by its kind: is the kind known, are its parameters and outcomes right, has it a way on."""

from pydantic import ValidationError

from ..findings import Path
from ..shapes import tell
from ..spec import KNOWN_KINDS, StepKindSpec
from ..steps import Step
from .scene import Scene


def check_step_kinds(scene: Scene) -> None:
    """Check every step; a procedure with a wrong one is not read as a graph."""
    for procedure, step, path in scene.steps():
        spec = scene.specs.get(step.kind)
        if spec is None:
            _without_spec(scene, step, path, procedure.key)
        else:
            if not _parameters(scene, step, spec, path):
                scene.broken.add(procedure.key)
            if not _ways_on(scene, step, spec, path):
                scene.broken.add(procedure.key)
        _named_outcomes(scene, step, path)
    _starts(scene)


def _without_spec(scene: Scene, step: Step, path: Path, procedure: str) -> None:
    if room := KNOWN_KINDS.get(step.kind):
        scene.faults.add(
            (*path, "kind"),
            f"步骤类型“{step.kind}”归 {room} 这间房，这里还没有。演示和排演可以先用到它之前的步骤。",
            severity="missing",
        )
        return
    scene.faults.add(
        (*path, "kind"), f"没有“{step.kind}”这种步骤。", expected=[*KNOWN_KINDS, *scene.specs], near=step.kind
    )
    scene.broken.add(procedure)


def _parameters(scene: Scene, step: Step, spec: StepKindSpec, path: Path) -> bool:
    for word in sorted(spec.gone & step.params.keys()):
        scene.faults.add((*path, word), f"“{word}”没有人读，写了也不会照办。请删去。")
    try:
        step.parsed(spec)
    except ValidationError as error:
        from_common = sorted(set(type(step).model_fields) - {"key", "params"})
        tell(error, step.params, spec.params, scene.faults, path, also=from_common)
        return False
    return True


def _ways_on(scene: Scene, step: Step, spec: StepKindSpec, path: Path) -> bool:
    if step.then and step.outcomes:
        scene.faults.add((*path, "then"), "then 和 outcomes 只能写一个：没有选择写 then，有选择写 outcomes。")
        return False
    if step.then and not spec.takes_then:
        how = "routes" if spec.name == "route" else "outcomes"
        scene.faults.add((*path, "then"), f"“{spec.name}”步骤不写 then，请用 {how} 写明去向。")
        return False
    if step.outcomes and not spec.takes_outcomes:
        how = "routes" if spec.name == "route" else "then"
        scene.faults.add((*path, "outcomes"), f"“{spec.name}”步骤没有可选的结果，请用 {how} 写明去向。")
        return False
    if not step.then and not step.outcomes and spec.name != "route":
        scene.faults.add(path, f"这一步没有出路。请写{_ways(spec)}。")
        return False
    return _fixed_outcomes(scene, step, spec, path)


def _ways(spec: StepKindSpec) -> str:
    if spec.outcomes:
        return " outcomes = { " + ", ".join(f"{name} = …" for name in sorted(spec.outcomes)) + " }"
    names = [name for name, used in (("then", spec.takes_then), ("outcomes", spec.takes_outcomes)) if used]
    return " " + " 或 ".join(names)


def _fixed_outcomes(scene: Scene, step: Step, spec: StepKindSpec, path: Path) -> bool:
    if not spec.outcomes or not step.outcomes:
        return True
    for name in sorted(spec.outcomes - set(step.outcomes)):
        scene.faults.add((*path, "outcomes"), f"结果“{name}”没有写去哪里。", expected=spec.outcomes)
    for name in sorted(set(step.outcomes) - spec.outcomes):
        scene.faults.add(
            (*path, "outcomes", name), f"“{spec.name}”步骤没有“{name}”这个结果。", expected=spec.outcomes, near=name
        )
    return set(step.outcomes) == spec.outcomes


def _named_outcomes(scene: Scene, step: Step, path: Path) -> None:
    marks = step.marks if isinstance(step.marks, dict) else {}
    for table, names in (("at_most", step.at_most), ("marks", marks), ("outcome_titles", step.outcome_titles)):
        for name in names:
            if name not in step.outcomes:
                scene.faults.add(
                    (*path, table, name), f"这一步没有“{name}”这个结果。", expected=step.outcomes, near=name
                )
    if step.outcomes and set(step.outcomes) <= set(step.at_most) and not step.when_due:
        scene.faults.add((*path, "at_most"), "每个结果都限了次数，用完以后就没有出路了。请留一个不限的结果。")


def _starts(scene: Scene) -> None:
    opened = {
        str(step.params.get("opens")) for _, step, _ in scene.steps() if step.kind == "open"
    }  # its first step is fed by what is handed over
    for procedure in scene.charter.procedures.values():
        if not procedure.steps:
            scene.faults.add(("procedures", procedure.key, "steps"), "这个流程一个步骤也没有。")
            continue
        spec = scene.specs.get(procedure.start.kind)
        kinds = scene.kinds_of(procedure.key)
        by_others = any(kind.opened_by or kind.key in opened for kind in kinds)
        if spec and not spec.first and not by_others:
            first = [name for name, known in scene.specs.items() if known.first]
            scene.faults.add(
                ("procedures", procedure.key, "steps", procedure.start.key, "kind"),
                f"“{spec.name}”不能是第一步。能站第一步的有：{'、'.join(first)}；由日历或别的事开的事项写 opened_by。",
                expected=first,
            )
