"""Trials: what is counted exists, what is written down has somebody who writes it, and the end is the trial's own."""

from collections.abc import Collection

from ..findings import Path
from ..graph import StepGraph
from ..steps import Step
from ..trying import TrialParams
from .references import field_for
from .scene import Scene

TRIAL = "trial"


def check_trials(scene: Scene) -> None:
    """Check every `trial` step of a charter."""
    if TRIAL not in scene.specs:
        return
    for graph, path in scene.graphs():
        for step in graph.procedure.steps.values():
            if step.kind == TRIAL:
                _trial(scene, graph, step, (*path, "steps", step.key))


def _trial(scene: Scene, graph: StepGraph, step: Step, path: Path) -> None:
    params: TrialParams = step.parsed(scene.specs[TRIAL])
    _counted(scene, params, path)
    if not step.by and (params.measure.figure or params.decides == "people"):
        scene.faults.add(path, "这次试行要有人记数或者来定，却没有人负责。请在 by 里写由谁。")
    if step.when_due:
        scene.faults.add((*path, "when_due"), "试行到期由它自己的结果往下走（keep、change、cancel），不写 when_due。")
    if params.measure.figure and params.measure.less:
        where = (*path, "measure", "less")
        found = field_for(scene, graph, step, params.measure.less, where)
        if found is not None and found.type != "count":
            scene.faults.add(where, f'“{params.measure.less}”不是数目，减不了。请引用 type = "count" 的字段。')


def _counted(scene: Scene, params: TrialParams, path: Path) -> None:
    counted: list[tuple[str, Collection[str], tuple[str, ...], str]] = [
        ("kinds", scene.charter.kinds, params.measure.kinds, "事项种类"),
        ("categories", scene.charter.categories, params.measure.categories, "类别"),
    ]
    for word, known, said, title in counted:
        for n, name in enumerate(said):
            if name not in known:
                where = (*path, "measure", word, n)
                scene.faults.add(where, f"没有“{name}”这个{title}。", expected=known, near=name)
