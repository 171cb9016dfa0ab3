"""Where steps lead: every target exists, every step is reached, every step leads to an end, nothing circles."""

from ..findings import Path
from ..graph import Edge, StepGraph, circles
from ..steps import Procedure, Step
from ..words import BUILT_IN_ENDS
from .scene import Scene


def check_movement(scene: Scene) -> None:
    """Check targets in every procedure, and the graph of those whose targets all exist."""
    for procedure, step, path in scene.steps():
        if not _targets(scene, procedure, step, path):
            scene.broken.add(procedure.key)
    for procedure in scene.charter.procedures.values():
        _names(scene, procedure)
    for graph, path in scene.graphs():
        _reached(scene, graph, path)
        _leads_on(scene, graph, path)
        _circles(scene, graph, path)


def _targets(scene: Scene, procedure: Procedure, step: Step, path: Path) -> bool:
    forks = [key for key, other in procedure.steps.items() if other.kind == "fork"]
    known = {*procedure.steps, *procedure.ends, *BUILT_IN_ENDS, *(f"{f}.{a}" for f in forks for a in ("yes", "no"))}
    wrong = [(where, target) for where, target in step.targets() if target not in known]
    for where, target in wrong:
        scene.faults.add(
            (*path, *where), f"“{target}”既不是这个流程的步骤，也不是它的结局。", expected=known, near=target
        )
    for n, name in enumerate(step.stops_clock):
        if name not in procedure.steps:
            scene.faults.add(
                (*path, "stops_clock", n), f"这个流程没有“{name}”这一步。", expected=procedure.steps, near=name
            )
    return not wrong


def _names(scene: Scene, procedure: Procedure) -> None:
    for key in sorted(set(procedure.steps) & {*procedure.ends, *BUILT_IN_ENDS}):
        scene.faults.add(("procedures", procedure.key, "steps", key), f"“{key}”既是步骤又是结局，请给其中一个换名字。")
        scene.broken.add(procedure.key)
    for key in sorted(set(procedure.ends) & set(BUILT_IN_ENDS)):
        scene.faults.add(("procedures", procedure.key, "ends", key), f"结局“{key}”本来就有，不用再写。")
    path: Path = ("procedures", procedure.key)
    if not scene.kinds_of(procedure.key) and scene.faults.where(path)[0] == scene.faults.file:
        kinds = [kind.key for kind in scene.charter.kinds.values()]
        scene.faults.add(path, "没有一种事项用这个流程。请在 [kinds.…] 里写 procedure，或删去它。", expected=kinds)


def _reached(scene: Scene, graph: StepGraph, path: Path) -> None:
    reached = graph.reached(graph.start)
    for key in graph.procedure.steps:
        if key not in reached:
            scene.faults.add((*path, "steps", key), "没有一条路走得到这一步。请让某一步通向它，或删去它。")
    for key in graph.procedure.ends:
        if key not in reached:
            scene.faults.add((*path, "ends", key), "没有一条路走得到这个结局。请让某一步通向它，或删去它。")


def _leads_on(scene: Scene, graph: StepGraph, path: Path) -> None:
    ends = {*graph.procedure.ends, *BUILT_IN_ENDS}
    if not graph.procedure.ends:
        scene.faults.add((*path, "ends"), "这个流程没有结局。请写 [procedures.….ends]，说明怎样算完、怎样计数。")
        return
    for key in graph.procedure.steps:
        if key in graph.reached(graph.start) and not graph.reached(key) & ends:
            scene.faults.add((*path, "steps", key), "从这一步走不到任何结局。请给它一条通向结局的路。")


def _circles(scene: Scene, graph: StepGraph, path: Path) -> None:
    free = [edge for edge in graph.edges if edge.by_itself and not edge.bounded]
    free = [edge for edge in free if not _counted_out(graph, edge, free)]
    for group in circles(free):
        names = sorted({edge.source.rstrip(".") for edge in group})
        first = next(edge for edge in group if edge.path)
        scene.faults.add(
            (*path, "steps", first.source.rstrip("."), *first.path),
            f"这里会自己转圈，没有人也没有次数管住它：{' → '.join(names)}。"
            "请加 at_most、加一个要人办的步骤，或在 route 里先写 rounds 条件让它出圈。",
        )


def _counted_out(graph: StepGraph, edge: Edge, free: list[Edge]) -> bool:
    """Tell whether an earlier row of the same route leaves the circle after a number of rounds."""
    step = graph.procedure.steps.get(edge.source)
    if step is None or step.kind != "route" or edge.path[:1] != ("routes",):
        return False
    circle = next((group for group in circles(free) if edge in group), None)
    if circle is None:
        return False
    inside = {other.source for other in circle}
    for row in step.params["routes"][: int(edge.path[1])]:
        when = row.get("when", [])
        counts = [gate.get("of") in inside and "at_least" in gate for gate in when if gate.get("gate") == "rounds"]
        if counts and len(counts) == len(when) and all(counts) and row["to"] not in inside:
            return True
    return False
