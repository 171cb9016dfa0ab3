"""Invitations: the levels, bodies, categories and fields by which the concerned are found are there."""

from ..findings import Path
from ..graph import StepGraph
from ..inviting import InviteParams
from ..steps import Step
from .references import field_for
from .scene import Scene

INVITE = "invite"


def check_invitations(scene: Scene) -> None:
    """Check every `invite` step of a charter."""
    if INVITE not in scene.specs:
        return
    for graph, path in scene.graphs():
        for step in graph.procedure.steps.values():
            if step.kind == INVITE:
                _invites(scene, graph, step, (*path, "steps", step.key))


def _invites(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    params: InviteParams = step.parsed(scene.specs[INVITE])
    charter = scene.charter
    for n, line in enumerate(params.who):
        here = (*path, "who", n)
        if line.around and line.around not in charter.levels.known:
            known = charter.levels.known
            scene.faults.add((*here, "around"), f"没有“{line.around}”这一级。", expected=known, near=line.around)
        for m, body in enumerate(line.bodies):
            if body not in charter.bodies:
                where = (*here, "bodies", m)
                scene.faults.add(where, f"没有叫“{body}”的组织。", expected=charter.bodies, near=body)
        for m, category in enumerate(line.categories):
            if category not in charter.categories:
                where = (*here, "categories", m)
                scene.faults.add(where, f"没有“{category}”这个类别。", expected=charter.categories, near=category)
        if line.of:
            found = field_for(scene, graph, step, line.of, (*here, "of"))
            if found is not None and found.type != "places":
                scene.faults.add((*here, "of"), f'“{line.of}”不是地方，请引用 type = "places" 的字段。')
