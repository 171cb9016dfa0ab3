"""The table of intervention: each pair once, none left out where a route goes by it, and both are asked before."""

from collections.abc import Collection

from ..findings import Path
from ..graph import StepGraph
from ..intervening import DEGREES, TITLES, missing
from ..steps import Gate, Step
from .references import gates_of
from .scene import Scene

GATE = "intervention"


def check_intervention(scene: Scene) -> None:
    """Check the table and every gate that reads it."""
    table, seen = scene.charter.intervention, set[tuple[str, str]]()
    for n, row in enumerate(table.rows):
        pair = (row.urgency, row.consensus)
        if pair in seen:
            words = f"“{TITLES[row.urgency]}、{TITLES[row.consensus]}”写了两遍，不知道按哪一行。请留一行。"
            scene.faults.add(("intervention", "rows", n), words)
        seen.add(pair)
    for graph, path in scene.graphs():
        for step in graph.procedure.steps.values():
            for where, gate in gates_of(scene, step):
                if gate.gate == GATE:
                    _gate(scene, graph, step, gate, (*path, "steps", step.key, *where))


def _gate(scene: Scene, graph: StepGraph, step: Step, gate: Gate, path: Path) -> None:
    for word in [gate.is_, *(gate.one_of or ())]:
        if word is not None and word not in DEGREES:
            key = "is" if word == gate.is_ else "in"
            scene.faults.add((*path, key), f"没有“{word}”这一档介入度。", expected=DEGREES, near=str(word))
    if left := missing(scene.charter.intervention):
        pairs = "；".join(f"{TITLES[urgency]}、{TITLES[strength]}" for urgency, strength in left)
        scene.faults.add((*path, "gate"), f"[intervention] 还没有说这些情况怎么介入：{pairs}。九种都要写。")
    before: Collection[str] = graph.dominators.get(step.key) or ()
    asked = [graph.procedure.steps[key].params.get("asks", ()) for key in before if key in graph.procedure.steps]
    if not any({"urgency", "consensus"} <= set(asks) for asks in asked):
        words = '按介入度走之前，要先有一步 sort 问急不急、想法一致吗。请写 asks = ["urgency", "consensus"]。'
        scene.faults.add((*path, "gate"), words)
