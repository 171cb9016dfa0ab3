"""What is confidential stays so: only the parties see such a matter, and no office but that which takes part."""

from collections.abc import Iterator

from ..findings import Path
from ..mediating import AGREED, DECLINED
from ..steps import Procedure, Step
from ..words import STATUSES
from .scene import Scene

MEDIATE, RAISER, MERGE = "mediate", "raiser", "merge"


def check_confiding(scene: Scene) -> None:
    """Check every procedure with a confidential step, and what a `mediate` step needs."""
    for procedure in scene.charter.procedures.values():
        inside = [step for step in procedure.steps.values() if _is_confidential(scene, step)]
        if inside:
            _seen_by_parties_alone(scene, procedure)
            _no_other_office(scene, procedure, inside)
        for step in inside:
            if step.kind == MEDIATE:
                _mediate(scene, procedure, step, ("procedures", procedure.key, "steps", step.key))


def _is_confidential(scene: Scene, step: Step) -> bool:
    spec = scene.specs.get(step.kind)
    return spec is not None and spec.confidential


def _seen_by_parties_alone(scene: Scene, procedure: Procedure) -> None:
    for kind in scene.kinds_of(procedure.key):
        if kind.visible != "parties":
            scene.faults.add(
                ("kinds", kind.key, "visible"),
                f"“{kind.key}”里有保密的步骤，只能给当事人看。请写 visible = “parties”；"
                "公开的部分另立一类事项，用 open 接过来。",
            )
        if MERGE in kind.always:
            scene.faults.add(("kinds", kind.key, "always"), "保密的事项不能并入别的一件。请从 always 里去掉 merge。")


def _no_other_office(scene: Scene, procedure: Procedure, inside: list[Step]) -> None:
    """Whoever is named in a procedure sees its matters, also who is only told when something is late."""
    offices = {*scene.charter.posts, *scene.charter.bodies}
    own = {name for step in inside for name in step.by if name in offices}
    for step in procedure.steps.values():
        here = ("procedures", procedure.key, "steps", step.key)
        for path, name in _named(step, here):
            if name in offices and name not in own:
                scene.faults.add(
                    path, f"“{name}”不是这里的调解人，却会看到保密的话。请去掉；到期没有结果的，用 when_due 写去向。"
                )
            elif name in STATUSES and step is not procedure.start:
                scene.faults.add(path, f"“{name}”是很多人，保密的事项不能等他们。请写当事人的关系。")


def _named(step: Step, path: Path) -> Iterator[tuple[Path, str]]:
    for key in ("by", "tell"):
        yield from (((*path, key, n), name) for n, name in enumerate(getattr(step, key)))
    if step.second_person:
        yield (*path, "second_person"), step.second_person
    for n, rung in enumerate(step.escalate):
        yield from (((*path, "escalate", n, "tell", m), name) for m, name in enumerate(rung.tell))


def _mediate(scene: Scene, procedure: Procedure, step: Step, path: Path) -> None:
    offices = {*scene.charter.posts, *scene.charter.bodies}
    own = {relation for kind in scene.kinds_of(procedure.key) for relation in kind.relations}
    sides = [name for name in step.by if name in own]
    if RAISER not in step.by or len(sides) != 1 or offices.isdisjoint(step.by):
        scene.faults.add(
            (*path, "by"),
            "调解要写明三方：调解人（职务或组织）、raiser（提出的一方）和另一方的关系（事项 relations 里的一个）。",
        )
    for outcome, words in ((AGREED, "双方签了协议"), (DECLINED, "有一方不愿意调")):
        if outcome not in step.outcomes:
            scene.faults.add((*path, "outcomes"), f"结果“{outcome}”（{words}）没有写去哪里。", near=outcome)
    named = step.params.get("calendar", ())
    for n, name in enumerate(named if isinstance(named, list | tuple) else ()):
        if name not in scene.charter.calendar:
            scene.faults.add(
                (*path, "calendar", n), f"没有叫“{name}”的日历。", expected=scene.charter.calendar, near=str(name)
            )
