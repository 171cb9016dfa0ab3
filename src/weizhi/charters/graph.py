"""A procedure as a graph: what leads where, what must have happened before, what can run in a circle.

Nodes are step keys and end keys; each fork has a second node, its join (`consents.`), where its branches meet.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .findings import Path
from .spec import StepKindSpec
from .steps import Procedure, Step
from .words import BUILT_IN_ENDS

FORK_ANSWERS = ("yes", "no")


@dataclass(frozen=True)
class Edge:
    """One way from a node to another; `path` (inside the step's table) is where the charter says it."""

    source: str
    target: str
    path: Path
    by_itself: bool  # nobody acts: a rule or a clock moves it
    bounded: bool = False  # at_most limits how often


def join_of(fork: str) -> str:
    """Return the name of the node where a fork's branches meet."""
    return f"{fork}."


def fork_answer(target: str, steps: Mapping[str, Step]) -> str | None:
    """Return the fork that a target such as "consents.yes" answers, if it is one."""
    fork, dot, answer = target.rpartition(".")
    return fork if dot and answer in FORK_ANSWERS and fork in steps and steps[fork].kind == "fork" else None


@dataclass
class StepGraph:
    """The graph of one procedure. Targets that do not exist are left out: their own finding tells them."""

    procedure: Procedure
    specs: Mapping[str, StepKindSpec]
    edges: list[Edge] = field(default_factory=list)

    def __post_init__(self) -> None:
        for step in self.procedure.steps.values():
            self.edges += list(self._from(step))

    @property
    def start(self) -> str:
        """Return the first step's key."""
        return self.procedure.start.key

    @cached_property
    def ways(self) -> dict[str, list[Edge]]:
        """Return the edges that leave each node."""
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.source, []).append(edge)
        return found

    def reached(self, start: str, without: Iterable[str] = ()) -> set[str]:
        """Return every node that can be reached, never passing through the nodes in `without`."""
        closed = set(without)
        seen: set[str] = set()
        todo = [start]
        while todo:
            node = todo.pop()
            if node in seen or node in closed:
                continue
            seen.add(node)
            todo += [edge.target for edge in self.ways.get(node, [])]
        return seen

    @cached_property
    def dominators(self) -> dict[str, set[str]]:
        """Return for each reachable node the nodes that every way to it has passed (itself included)."""
        nodes = self.reached(self.start)
        into: dict[str, list[str]] = {}
        for edge in self.edges:
            if edge.source in nodes:
                into.setdefault(edge.target, []).append(edge.source)
        found = {node: set(nodes) for node in nodes} | {self.start: {self.start}}
        changed = True
        while changed:
            changed = False
            for node in nodes - {self.start}:
                before = set.intersection(*(found[source] for source in into[node])) | {node}
                if before != found[node]:
                    found[node], changed = before, True
        return found

    def entered_again(self, key: str) -> bool:
        """Tell whether something leads (back) to this step."""
        return any(edge.target == key for edge in self.edges)

    def moves_by_itself(self, step: Step) -> bool:
        """Tell whether the step passes without anybody acting at it."""
        spec = self.specs.get(step.kind)
        if spec is None:
            return False
        return spec.automatic or not (spec.needs_by or step.by)

    def _from(self, step: Step) -> Iterator[Edge]:
        for path, target in step.targets():
            node = self._node(target)
            if node is None:
                continue
            clock = path[0] in ("when_due", "escalate") or "missed" in path
            bounded = path[0] == "outcomes" and str(path[1]) in step.at_most
            source = join_of(step.key) if step.kind == "fork" and path[0] == "outcomes" else step.key
            yield Edge(source, node, path, clock or self.moves_by_itself(step), bounded)
        if step.kind == "fork":
            # A closed set may be empty (no other grid is concerned), and a clock may close the fork: then it joins.
            yield Edge(step.key, join_of(step.key), (), by_itself=True)

    def _node(self, target: str) -> str | None:
        if target in self.procedure.steps or target in self.procedure.ends or target in BUILT_IN_ENDS:
            return target
        fork = fork_answer(target, self.procedure.steps)
        return join_of(fork) if fork else None


def circles(edges: Iterable[Edge]) -> list[list[Edge]]:
    """Return the groups of edges that lie on circles (strongly connected components), smallest names first."""
    edges = list(edges)
    ways: dict[str, set[str]] = {}
    for edge in edges:
        ways.setdefault(edge.source, set()).add(edge.target)
    reach = {node: _closure(ways, node) for node in ways}
    groups: dict[frozenset[str], list[Edge]] = {}
    for edge in edges:
        if edge.source in reach.get(edge.target, set()):
            group = frozenset(n for n in reach[edge.source] if edge.source in reach.get(n, set()))
            groups.setdefault(group, []).append(edge)
    return [groups[key] for key in sorted(groups, key=sorted)]


def _closure(ways: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    todo = list(ways.get(start, ()))
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += ways.get(node, ())
    return seen
