"""Where the boxes and lines of a procedure's drawing go. Numbers only; `drawing` makes the picture.

Steps stand in rows, top-down, at most two beside one another, so that a phone of 390 px shows them readably. Every
outcome is a small chip on its step. A line to the row below goes straight; every other line runs in the gap under
its row, up or down a lane at the edge, and into the side of its target: no line ever crosses a box. Lines to the
same target share one lane.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .graph import join_of
from .steps import Procedure, Step
from .titles import outcome_title
from .words import BUILT_IN_ENDS

WIDE, PAIR, BETWEEN = 236.0, 164.0, 14.0
CENTRE_WIDTH = PAIR * 2 + BETWEEN
LANE, LANE_FIRST = 7.0, 12.0
HEAD = 52.0
LINE_HEIGHT = 17.0
CHIP_HEIGHT, CHIP_GAP, CHIP_PAD = 22.0, 5.0, 9.0
GAP_SMALL, GAP_LINE = 30.0, 8.0
MARGIN = 10.0
SEAL = 46.0
LETTER = 12.0
CHIP_MOST = 11  # letters; the whole text is in the chip's title

ROUTE_ELSE = "否则"
DUE = "到期"


@dataclass(frozen=True)
class Way:
    """One way on from a node: the chip's words and where it leads."""

    source: str
    target: str
    words: str
    by_clock: bool = False

    @property
    def shown(self) -> str:
        """Return the words as the chip shows them."""
        return self.words if len(self.words) <= CHIP_MOST else self.words[: CHIP_MOST - 1] + "…"


@dataclass
class Node:
    """A box, a join or a seal with its place."""

    key: str
    step: Step | None
    shape: str  # step | route | fork | join | end
    ways: list[Way] = field(default_factory=list)
    row: int = 0
    column: int = 0
    of: int = 1  # how many stand in its row
    tall: bool = False  # who acts and by when need a line each
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    chips: list[tuple[Way, float, float, float]] = field(default_factory=list)  # way, x, y, width

    @property
    def middle(self) -> float:
        """Return the x of the middle."""
        return self.x + self.width / 2


@dataclass
class Line:
    """One drawn line: the points it turns at, and whether a clock moves along it."""

    way: Way
    points: list[tuple[float, float]]


@dataclass
class Layout:
    """The whole picture in numbers."""

    nodes: dict[str, Node]
    lines: list[Line]
    width: float
    height: float


def lay_out(procedure: Procedure, about: Mapping[str, Sequence[str]]) -> Layout:
    """Place every step, join and end, and route every way between them; `about` is what a box says below its title."""
    nodes = _nodes(procedure)
    rows = _rows(nodes, procedure.start.key)
    left, right = _lanes(nodes, rows)
    offset = MARGIN + LANE_FIRST + LANE * len(set(left.values()))
    gaps = _place(rows, offset, about)
    width = offset + CENTRE_WIDTH + LANE_FIRST + LANE * len(set(right.values())) + MARGIN
    lines = _lines(nodes, rows, gaps, {**_x(left, offset, -1), **_x(right, offset + CENTRE_WIDTH, 1)})
    height = max((node.y + node.height for node in nodes.values()), default=0.0) + MARGIN
    return Layout(nodes, lines, width, height)


def text_width(words: str, size: float = LETTER) -> float:
    """Return about how wide a text is: Chinese letters are square, others half as wide."""
    return sum(size if ord(letter) > 0x2E7F else size * 0.56 for letter in words)


def _nodes(procedure: Procedure) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for step in procedure.steps.values():
        shape = step.kind if step.kind in ("route", "fork") else "step"
        nodes[step.key] = Node(step.key, step, shape)
        if shape == "fork":
            nodes[join_of(step.key)] = Node(join_of(step.key), step, "join")
    for step in procedure.steps.values():
        for way in _ways(step, procedure):
            nodes[way.source].ways.append(way)
    reached = {way.target for node in nodes.values() for way in node.ways}
    for key in [*procedure.ends, *BUILT_IN_ENDS]:
        if key in reached:
            nodes[key] = Node(key, None, "end")
    return nodes


def _ways(step: Step, procedure: Procedure) -> Iterable[Way]:
    for path, target in step.targets():
        node = _node_of(target, procedure)
        if node is None:
            continue
        source = join_of(step.key) if step.kind == "fork" and path[0] == "outcomes" else step.key
        clock = path[0] in ("when_due", "escalate") or "missed" in path
        yield Way(source, node, _words(step, path, target), clock)


def _node_of(target: str, procedure: Procedure) -> str | None:
    fork, dot, _ = target.rpartition(".")
    if dot and fork in procedure.steps:
        return join_of(fork)
    known = target in procedure.steps or target in procedure.ends or target in BUILT_IN_ENDS
    return target if known else None


def _words(step: Step, path: tuple[str | int, ...], target: str) -> str:
    if path[0] == "outcomes":
        return outcome_title(step, str(path[1]))
    if path[0] == "routes":
        row = step.params["routes"][path[1]]
        return str(row.get("because") or (ROUTE_ELSE if not row.get("when") else "条件成立"))
    if path[0] == "when_due":
        return DUE
    if path[0] == "escalate":
        return "逾期转去"
    return "漏做" if "missed" in path else ""


def _rows(nodes: Mapping[str, Node], start: str) -> list[list[Node]]:
    """Order the nodes by the longest way down, ends last, at most two in a row."""
    back = _back_ways(nodes, start)
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:  # as many rounds as there are nodes settle the longest ways of a graph without circles
        for key, node in nodes.items():
            for way in node.ways:
                if (key, way.target) not in back:
                    depth[way.target] = max(depth[way.target], depth[key] + 1)
    deepest = max((depth[key] for key, node in nodes.items() if node.shape != "end"), default=0)
    for key, node in nodes.items():
        if node.shape == "end":
            depth[key] = deepest + 1
    rows: list[list[Node]] = []
    for level in sorted(set(depth.values())):
        placed = {node.key for row in rows for node in row}
        group = [node for node in nodes.values() if depth[node.key] == level and node.key not in placed]
        for row in _split(group):
            rows.append(row)
            if len(group) > 2:  # many branches: let each pair's next steps follow it, not all the pairs first
                rows += _split(_only_after(row, nodes, back))
    for number, row in enumerate(rows):
        row.sort(key=lambda node: _pull(node, nodes))
        for column, node in enumerate(row):
            node.row, node.column, node.of = number, column, len(row)
    return rows


def _split(group: list[Node]) -> list[list[Node]]:
    """Cut a level into rows: two beside one another, three where they are seals; wide ones stand alone."""
    rows: list[list[Node]] = []
    for node in group:
        most = 3 if node.shape == "end" else 2
        last = rows[-1] if rows else []
        if last and len(last) < most and _needs(node) <= PAIR and all(_needs(other) <= PAIR for other in last):
            last.append(node)
        else:
            rows.append([node])
    return rows


def _only_after(row: list[Node], nodes: Mapping[str, Node], back: set[tuple[str, str]]) -> list[Node]:
    """Return the steps that only these lead to."""
    keys = {node.key for node in row}
    found = []
    for node in nodes.values():
        parents = {other.key for other in nodes.values() for way in other.ways if way.target == node.key}
        parents -= {source for source, target in back if target == node.key}
        if parents and parents <= keys and node.shape not in ("end", "join") and node.key not in keys:
            found.append(node)
    return found


def _needs(node: Node) -> float:
    """Return how wide the box must be for its chips to stand in one line."""
    wide = [_chip_width(way) for way in node.ways if way.words]
    return sum(wide) + CHIP_GAP * (len(wide) + 1)


def _chip_width(way: Way) -> float:
    return text_width(way.shown, LETTER) + CHIP_PAD * 2


def _pull(node: Node, nodes: Mapping[str, Node]) -> float:
    """Return where the ways into a node come from: its parents' columns, else the middle."""
    parents = [
        other.column / max(other.of - 1, 1) for other in nodes.values() for w in other.ways if w.target == node.key
    ]
    return sum(parents) / len(parents) if parents else 0.5


def _back_ways(nodes: Mapping[str, Node], start: str) -> set[tuple[str, str]]:
    """Return the ways that lead back up: those to a node that is still being walked through."""
    back: set[tuple[str, str]] = set()
    done: set[str] = set()

    def walk(key: str, above: tuple[str, ...]) -> None:
        for way in nodes[key].ways:
            if way.target in above or way.target == key:
                back.add((key, way.target))
            elif way.target not in done:
                walk(way.target, (*above, key))
        done.add(key)

    for key in [start, *nodes]:
        if key not in done:
            walk(key, ())
    return back


def _straight(way: Way, nodes: Mapping[str, Node]) -> bool:
    return nodes[way.target].row == nodes[way.source].row + 1


def _lanes(nodes: Mapping[str, Node], rows: list[list[Node]]) -> tuple[dict[str, int], dict[str, int]]:
    """Give each target of a long line a lane at the edge that is nearer to it, as few lanes as the spans allow."""
    spans: dict[str, list[int]] = {}
    for node in nodes.values():
        for way in node.ways:
            if not _straight(way, nodes):
                spans.setdefault(way.target, [nodes[way.target].row]).append(node.row)
    sides: tuple[dict[str, int], dict[str, int]] = ({}, {})
    used: tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]] = ([], [])
    for target in sorted(spans, key=lambda key: max(spans[key]) - min(spans[key])):
        node = nodes[target]
        side = _side(node, len(sides[0]), len(sides[1]))
        low, high = min(spans[target]), max(spans[target])
        taken = {lane for lane, a, b in used[side] if a <= high + 1 and b >= low - 1}
        lane = next(n for n in range(len(nodes) + 1) if n not in taken)
        sides[side][target] = lane
        used[side].append((lane, low, high))
    return sides


def _side(node: Node, left: int, right: int) -> int:
    if node.of > 1 and node.column == 0:
        return 0
    if node.of > 1 and node.column == node.of - 1:
        return 1
    return 0 if left <= right else 1


def _x(lanes: Mapping[str, int], edge: float, direction: int) -> dict[str, float]:
    return {target: edge + direction * (LANE_FIRST + LANE * lane) for target, lane in lanes.items()}


def _place(rows: list[list[Node]], offset: float, about: Mapping[str, Sequence[str]]) -> list[float]:
    """Give every node its box; return the y under each row, where its gap begins."""
    y, gaps = MARGIN + 8, []
    for row in rows:
        for node in row:
            node.width = _width(node, len(row))
            words = about.get(node.key, ())
            node.tall = len(words) > 1 and text_width(" · ".join(words)) > node.width - 18
        total = sum(node.width for node in row) + BETWEEN * (len(row) - 1)
        x = offset + (CENTRE_WIDTH - total) / 2
        for node in row:
            node.x, node.y = x, y
            x += node.width + BETWEEN
            _chips(node)
        y += max(node.height for node in row)
        gaps.append(y)
        y += GAP_SMALL + GAP_LINE * len({way.target for node in row for way in node.ways})
    return gaps


def _width(node: Node, beside: int) -> float:
    if node.shape == "end":
        return min(max(SEAL * 2, 0), (CENTRE_WIDTH - BETWEEN * 2) / 3)
    return min(max(WIDE, _needs(node)), CENTRE_WIDTH) if beside == 1 else PAIR


def _chips(node: Node) -> None:
    """Set the chips in rows along the foot of the box; a single way without words needs none."""
    if node.shape == "end":
        node.height = SEAL
        return
    head = 30.0 if node.shape == "join" else HEAD + (LINE_HEIGHT if node.tall else 0)
    worded = [way for way in node.ways if way.words]
    rows: list[list[tuple[Way, float]]] = []
    for way in worded:
        wide = min(_chip_width(way), node.width - 2 * CHIP_GAP)
        if rows and sum(w for _, w in rows[-1]) + wide + CHIP_GAP * (len(rows[-1]) + 2) <= node.width:
            rows[-1].append((way, wide))
        else:
            rows.append([(way, wide)])
    for n, row in enumerate(rows):
        free = node.width - sum(w for _, w in row) - CHIP_GAP * (len(row) - 1)
        # Rows lean to one side and the other, so that lines from an upper row pass beside the chips below.
        x = node.x + (free / 2 if len(rows) == 1 else CHIP_GAP if n % 2 == 0 else free - CHIP_GAP)
        for way, wide in row:
            node.chips.append((way, x, node.y + head + n * (CHIP_HEIGHT + CHIP_GAP), wide))
            x += wide + CHIP_GAP
    node.height = head + len(rows) * (CHIP_HEIGHT + CHIP_GAP) + (3 if rows else 0)


def _lines(
    nodes: Mapping[str, Node], rows: list[list[Node]], gaps: list[float], lanes: Mapping[str, float]
) -> list[Line]:
    lines = []
    for row in rows:
        targets = list(dict.fromkeys(way.target for node in row for way in node.ways))
        for node in row:
            starts = {way: (x + wide / 2, y + CHIP_HEIGHT) for way, x, y, wide in node.chips}
            for way in node.ways:
                start = starts.get(way, (node.middle, node.y + node.height))
                channel = gaps[node.row] + 10 + GAP_LINE * targets.index(way.target)
                lines.append(Line(way, _points(start, channel, nodes[way.target], way, nodes, lanes)))
    return lines


def _points(
    start: tuple[float, float],
    channel: float,
    target: Node,
    way: Way,
    nodes: Mapping[str, Node],
    lanes: Mapping[str, float],
) -> list[tuple[float, float]]:
    x, y = start
    if _straight(way, nodes):
        # Lines that meet on one box arrive a little apart, on the side that they come from.
        end = target.middle if abs(x - target.middle) > target.width / 2 - 16 else x
        return [(x, y), (x, channel), (end, channel), (end, target.y)]
    lane = lanes[way.target]
    if 0 < target.column < target.of - 1:  # between two others: in from above
        above = target.y - 12
        return [(x, y), (x, channel), (lane, channel), (lane, above), (target.middle, above), (target.middle, target.y)]
    side = target.x if lane < target.middle else target.x + target.width
    entry = target.y + min(target.height / 2, 26.0)
    return [(x, y), (x, channel), (lane, channel), (lane, entry), (side, entry)]
