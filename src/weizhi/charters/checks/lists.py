"""The lists of powers and duties agree with the procedures: nobody acts outside them, nobody is named in vain."""

from ..findings import Path
from ..lists import FORBIDS, lines_on, of_post
from ..people_tables import Duty
from ..steps import Step
from ..words import STATUSES
from .scene import Scene


def check_lists(scene: Scene) -> None:
    """Check every step that a line of the lists names."""
    known = {
        f"{kind.key}.{step}"
        for kind in scene.charter.kinds.values()
        if (procedure := scene.charter.procedures.get(kind.procedure))
        for step in procedure.steps
    }
    for duty in scene.charter.duties.values():
        for n, reference in enumerate(duty.does):
            path: Path = ("duties", duty.key, "does", n)
            if reference not in known:
                scene.faults.add(path, f"没有“{reference}”这一步。请写 “事项.步骤”。", expected=known, near=reference)
                continue
            kind, _, key = reference.partition(".")
            step = scene.charter.procedure_of(kind).steps[key]
            if duty.sort == FORBIDS:
                _forbidden(scene, duty, step, path)
            else:
                _nobody_in_vain(scene, duty, step, path)
    _nobody_outside(scene)


def _forbidden(scene: Scene, duty: Duty, step: Step, path: Path) -> None:
    for name in step.by:
        if not of_post(scene.charter, name).isdisjoint(duty.of):
            scene.faults.add(path, f"负面清单说“{name}”不得办这一步，流程的 by 里却有。请去掉一处。")


def _nobody_in_vain(scene: Scene, duty: Duty, step: Step, path: Path) -> None:
    """Whoever has the duty can do it; a resident does what a relation such as the raiser does."""
    relations = set(step.by) - set(scene.charter.posts) - set(scene.charter.bodies)
    for n, name in enumerate(duty.of):
        acts = any(name in of_post(scene.charter, by) or by in of_post(scene.charter, name) for by in step.by)
        if not acts and not (name in STATUSES and relations):
            where: Path = ("duties", duty.key, "of", n)
            scene.faults.add(where, f"清单说“{name}”办“{step.title or step.key}”，可是那一步的 by 里没有。")


def _nobody_outside(scene: Scene) -> None:
    """Where the list says who does a step, nobody else stands in its `by`."""
    for kind in scene.charter.kinds.values():
        procedure = scene.charter.procedures.get(kind.procedure)
        for step in procedure.steps.values() if procedure else ():
            lines = [duty for duty in lines_on(scene.charter, kind.key, step.key) if duty.sort != FORBIDS]
            named = {name for duty in lines for name in duty.of}
            for n, name in enumerate(step.by if lines else ()):
                official = name in scene.charter.posts or name in scene.charter.bodies
                if official and of_post(scene.charter, name).isdisjoint(named):
                    path: Path = ("procedures", kind.procedure, "steps", step.key, "by", n)
                    scene.faults.add(path, f"“{name}”不在这一步的权责清单里。请在 duties 里写上，或从 by 里去掉。")
