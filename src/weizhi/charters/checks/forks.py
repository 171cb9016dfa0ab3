"""Forks are structured: one way in, and out only through `<fork>.yes` or `<fork>.no`."""

from ..findings import Path
from ..graph import FORK_ANSWERS, Edge, StepGraph, fork_answer, join_of
from .scene import Scene


def check_forks(scene: Scene) -> None:
    """Check every fork of every procedure."""
    for graph, path in scene.graphs():
        for fork in [step.key for step in graph.procedure.steps.values() if step.kind == "fork"]:
            _check_fork(scene, graph, path, fork)


def _check_fork(scene: Scene, graph: StepGraph, path: Path, fork: str) -> None:
    answers = [f"{fork}.{answer}" for answer in FORK_ANSWERS]
    openings = [edge for edge in graph.ways.get(fork, []) if edge.path[:1] in (("branches",), ("first",))]
    branch = _branch(graph, fork, openings)
    for edge in openings:
        if edge.target not in branch:
            scene.faults.add(
                _path(path, edge),
                f"从“{edge.target}”走不到“{fork}.yes”或“{fork}.no”，这一支永远不会有答复。",
                expected=answers,
            )
    for edge in graph.edges:
        _check_edge(scene, path, edge, fork, branch, answers)
    given = [target for key in branch & set(graph.procedure.steps) for _, target in _targets(graph, key)]
    if branch and f"{fork}.yes" not in given:
        scene.faults.add((*path, "steps", fork), f"没有一支能走到“{fork}.yes”，这次分头办永远不能成。")


def _check_edge(scene: Scene, path: Path, edge: Edge, fork: str, branch: set[str], answers: list[str]) -> None:
    join = join_of(fork)
    if edge.source in branch and edge.target not in branch | {join}:
        scene.faults.add(
            _path(path, edge),
            f"分支只能从“{fork}.yes”或“{fork}.no”出去，不能直接走到“{edge.target.rstrip('.')}”。",
            expected=answers,
        )
    elif edge.target in branch and edge.source not in branch | {fork}:
        scene.faults.add(
            _path(path, edge), f"“{edge.target}”在分头办“{fork}”的分支里，只能由“{fork}”开出来，不能从外面走进去。"
        )
    elif edge.target == join and edge.source not in branch | {fork}:
        scene.faults.add(_path(path, edge), f"这一步不在分头办“{fork}”的分支里，不能替它答 yes 或 no。")


def _branch(graph: StepGraph, fork: str, openings: list[Edge]) -> set[str]:
    """Return the nodes of a fork's branches: reached from its openings, and able to answer it."""
    reached: set[str] = set()
    for edge in openings:
        reached |= graph.reached(edge.target, without=[join_of(fork), fork])
    return {node for node in reached if join_of(fork) in graph.reached(node, without=[fork])}


def _targets(graph: StepGraph, key: str) -> list[tuple[Path, str]]:
    steps = graph.procedure.steps
    return [(path, target) for path, target in steps[key].targets() if fork_answer(target, steps)]


def _path(path: Path, edge: Edge) -> Path:
    return (*path, "steps", edge.source.rstrip("."), *edge.path)
