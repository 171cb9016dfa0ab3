"""Matters that hold matters: what is taken in is held, what is chosen among was taken in, what waits is let go."""

from ..findings import Path
from ..models import MatterKind
from ..steps import Field, Step
from .scene import Scene

INTAKE, CHOOSERS = "intake", ("pick", "budget")
OUTCOMES = ("picked", "not-picked")


def check_holding(scene: Scene) -> None:
    """Check `holds` and `held_by`, and every step that takes in, chooses, or waits to be chosen."""
    for key, kind in scene.charter.kinds.items():
        if kind.held_by in scene.charter.kinds:
            _held(scene, kind, ("kinds", key, "held_by"))
        for n, held in enumerate(kind.holds):
            found = scene.charter.kinds.get(held)
            if found is not None and found.held_by != key:
                words = f"“{key}”说它收“{held}”，可是“{held}”没有写 held_by = “{key}”。"
                scene.faults.add(("kinds", key, "holds", n), words)
    for procedure, step, path in scene.steps():
        if procedure.key in scene.broken:
            continue
        if step.kind == INTAKE:
            _takes_in(scene, procedure.key, step, path)
        elif step.kind in CHOOSERS:
            _chooses(scene, procedure.key, step, path)
        elif step.waits_for_choice:
            _waits(scene, procedure.key, step, path)


def _held(scene: Scene, kind: MatterKind, path: Path) -> None:
    """Whoever holds must take in somewhere, or nobody could ever raise it."""
    holder = scene.charter.kinds[str(kind.held_by)]
    if kind.key not in holder.holds:
        scene.faults.add(path, f"“{holder.key}”的 holds 里没有“{kind.key}”。请在两边都写上。", expected=holder.holds)
    steps = scene.charter.procedures[holder.procedure].steps if holder.procedure in scene.charter.procedures else {}
    if not any(takes_in(step, kind.key) for step in steps.values()):
        words = f"“{holder.key}”没有收“{kind.key}”的步骤，谁也提不出来。请加一步 kind = intake。"
        scene.faults.add(path, words)


def takes_in(step: Step, kind: str) -> bool:
    """Whether matters of the kind may be raised while this step is open."""
    asked = step.params
    return step.kind == INTAKE and asked.get("of") == kind and not asked.get("release") and not asked.get("until")


def _takes_in(scene: Scene, procedure: str, step: Step, path: Path) -> None:
    of = str(step.params.get("of"))
    kind = scene.charter.kinds.get(of)
    if kind is None:
        scene.faults.add((*path, "of"), f"没有叫“{of}”的事项。", expected=scene.charter.kinds, near=of)
    elif kind.held_by not in {holder.key for holder in scene.kinds_of(procedure)}:
        scene.faults.add((*path, "of"), f"“{of}”不归这件事收。请在 [kinds.{of}] 写 held_by。")
    elif step.params.get("sorts") is not None:
        _sorts(scene, kind, str(step.params["sorts"]), (*path, "sorts"))


def _sorts(scene: Scene, kind: MatterKind, name: str, path: Path) -> None:
    """What sorts them is a choice that nobody leaves out, asked when one is raised."""
    procedure = scene.charter.procedures.get(kind.procedure)
    if procedure is None or not procedure.steps:
        return
    known = {f"{procedure.start.key}.{field.key}": field for field in procedure.start.fields}
    field = known.get(name)
    if field is None or field.type != "choice" or not field.required:
        words = f"“{name}”不是提“{kind.key}”时必填的选项。请引用第一步里 required 的 choice 字段。"
        scene.faults.add(path, words, expected=[key for key, one in known.items() if one.type == "choice"], near=name)


def _chooses(scene: Scene, procedure: str, step: Step, path: Path) -> None:
    steps = scene.charter.procedures[procedure].steps
    source = str(step.params.get("from"))
    intakes = {key: found for key, found in steps.items() if found.kind == INTAKE}
    if source not in intakes:
        scene.faults.add((*path, "from"), f"“{source}”不是收件的步骤。", expected=intakes, near=source)
        return
    held = scene.charter.kinds.get(str(intakes[source].params.get("of")))
    if held is None or held.procedure not in scene.charter.procedures:
        return
    if not any(found.waits_for_choice for found in scene.charter.procedures[held.procedure].steps.values()):
        scene.faults.add((*path, "from"), f"“{held.key}”没有等着被选的步骤（kind = wait，for = picked），选不到它。")
    budget = step.params.get("budget")
    if isinstance(budget, dict):
        _money(scene, procedure, str(budget.get("field")), (*path, "budget", "field"))
        _money(scene, held.procedure, own(str(budget.get("uses")), held.key), (*path, "budget", "uses"))
    if step.kind == "budget":
        _money(scene, procedure, str(step.params.get("amount")), (*path, "amount"))
        _money(scene, held.procedure, own(str(step.params.get("cost")), held.key), (*path, "cost"))


def own(reference: str, kind: str) -> str:
    """A field of a held matter may be written with its kind in front: `grant.apply.wanted`."""
    return reference.removeprefix(f"{kind}.") if reference.count(".") > 1 else reference


def _money(scene: Scene, procedure: str, reference: str, path: Path) -> None:
    step, _, key = reference.partition(".")
    steps = scene.charter.procedures[procedure].steps
    fields: dict[str, Field] = {
        f"{name}.{field.key}": field for name, found in steps.items() for field in found.fields if field.type == "fen"
    }
    if reference not in fields:
        words = f"“{step}”这一步没有叫“{key}”的金额字段（type = fen）。"
        scene.faults.add(path, words, expected=fields, near=reference)
    elif not fields[reference].required:
        scene.faults.add(path, f"“{reference}”要写 required = true：没有这个数就没法选。")


def _waits(scene: Scene, procedure: str, step: Step, path: Path) -> None:
    if any(kind.held_by is None for kind in scene.kinds_of(procedure)):
        scene.faults.add((*path, "for"), "没有哪件事收它、挑它，会一直等下去。请在事项里写 held_by。")
    missing = [outcome for outcome in OUTCOMES if outcome not in step.outcomes]
    if missing or set(step.outcomes) - set(OUTCOMES):
        scene.faults.add(
            (*path, "outcomes"), "等着被选的步骤有两个结果：picked 和 not-picked，都要写去哪里。", expected=OUTCOMES
        )
