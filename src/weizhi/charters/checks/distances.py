"""Distances: old and new place are asked before, and those who must walk are among those who may answer."""

from ..distance import DistanceParams
from ..findings import Path
from ..graph import StepGraph
from ..steps import Step
from .references import field_for
from .scene import Scene

KIND, ASKED = "distance", "interested"
PLACES = ("place", "places")


def check_distances(scene: Scene) -> None:
    """Check every `distance` step of a charter."""
    if KIND not in scene.specs:
        return
    for graph, path in scene.graphs():
        for step in graph.procedure.steps.values():
            if step.kind == KIND:
                _distance(scene, graph, step, (*path, "steps", step.key))


def _distance(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    params: DistanceParams = step.parsed(scene.specs[KIND])
    for word, name in (("from", params.from_), ("to", params.to)):
        found = field_for(scene, graph, step, name, (*path, word))
        if found is not None and found.type not in PLACES:
            scene.faults.add((*path, word), f'“{name}”不是地方。请引用 type = "place" 或 "places" 的字段。')
        elif found is not None and not found.required:
            scene.faults.add((*path, word), f"“{name}”可以不填，那就量不了。请给这个字段写 required = true。")
    if step.by and ASKED not in step.by:
        scene.faults.add((*path, "by"), '要走远路的住户由 "interested" 代表。请在 by 里加上它，他们才能自己回答。')
    if step.when_due:
        scene.faults.add((*path, "when_due"), "到期没有回答的按不同意算，由 not-agreed 往下走，不写 when_due。")
