"""A procedure as a picture: boxes top-down, who acts and by when, outcomes as chips, ends as seals.

The colours are the house's tokens (CSS variables) with the paper's own as fallback, so the picture follows dark and
large mode inside a page and stands alone in a document. No scripts, no styles, no outside resources.
"""

from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape, quoteattr

from .layout import CHIP_HEIGHT, LETTER, LINE_HEIGHT, Layout, Line, Node, Way, lay_out, text_width
from .models import Charter
from .steps import Procedure, Step
from .titles import outcome_title, place_title, step_title, who_titles

INK, SOFT = "var(--ink, #22282b)", "var(--ink-soft, #5a6468)"
PAPER, RAISED = "var(--paper, #faf7f0)", "var(--raised, #fffefb)"
LINE, EDGE = "var(--line, #e4dccb)", "var(--line-strong, #8d867a)"
BAMBOO, WASH, ON_BAMBOO = "var(--bamboo, #2f6b4f)", "var(--bamboo-wash, #e6efe7)", "var(--on-bamboo, #fffefb)"
CINNABAR = "var(--cinnabar, #b83427)"
RIVER, RIVER_WASH = "var(--river, #2b5c8a)", "var(--river-wash, #e5edf3)"
FACE = "var(--face, 'PingFang SC', 'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif)"
SEAL_FACE = "var(--face-seal, 'STKaiti', 'KaiTi', 'Songti SC', 'Noto Serif CJK SC', serif)"
ROUND = 6.0
NEEDS = {"all": "都办成才算成", "any": "有一支办成就算成"}


def draw(procedure: Procedure, here: Collection[str] = (), *, charter: Charter | None = None) -> str:
    """Return the procedure as SVG; `here` are the steps where the matter stands, `charter` gives names in Chinese."""
    about = {key: _about(step, charter) for key, step in procedure.steps.items()}
    layout = lay_out(procedure, about)
    title = procedure.title or procedure.key
    marker = f"arrow-{procedure.key}"
    size = f'viewBox="0 0 {_n(layout.width)} {_n(layout.height)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" {size} width="100%" role="img" '
        f'aria-labelledby="flow-{procedure.key}-title flow-{procedure.key}-desc" font-family="{FACE}" '
        f'text-rendering="geometricPrecision" preserveAspectRatio="xMidYMin meet">',
        f'<title id="flow-{procedure.key}-title">{escape(title)}：流程图</title>',
        f'<desc id="flow-{procedure.key}-desc">{escape(describe(procedure, here, charter=charter))}</desc>',
        f"<defs>{_arrow(marker, EDGE)}{_arrow(marker + '-back', RIVER)}</defs>",
        *[_node(node, procedure, about.get(node.key, ()), node.key in here) for node in layout.nodes.values()],
        *[_line(line, marker, layout) for line in _calm(layout)],
        *[_chip(way, x, y, wide) for node in layout.nodes.values() for way, x, y, wide in node.chips],
        *[_here(node) for node in layout.nodes.values() if node.key in here],
        "</svg>",
    ]
    return "\n".join(part for part in parts if part)


def describe(procedure: Procedure, here: Collection[str] = (), *, charter: Charter | None = None) -> str:
    """Tell the whole drawing in words, for those who hear the page."""
    told = []
    for number, step in enumerate(procedure.steps.values(), start=1):
        who = who_titles(step.by, charter)
        about = "，".join(part for part in (who, step.period.words if step.period else "") if part)
        ways = "；".join(
            f"{outcome_title(step, outcome)}，到{place_title(target, procedure)}"
            for outcome, target in step.outcomes.items()
        )
        if step.then:
            ways = f"之后到{place_title(step.then, procedure)}"
        stands = "（现在在这里）" if step.key in here else ""
        told.append(
            f"{number}. {step_title(step)}{stands}{f'（{about}）' if about else ''}{f'：{ways}' if ways else ''}。"
        )
    return " ".join(told)


def _calm(layout: Layout) -> list[Line]:
    """Draw the lines of the clock first, so that what people decide lies above."""
    return sorted(layout.lines, key=lambda line: not line.way.by_clock)


def _arrow(marker: str, colour: str) -> str:
    return (
        f'<marker id="{marker}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0.5 0.8 7 4 0.5 7.2Z" fill="{colour}"/></marker>'
    )


def _line(line: Line, marker: str, layout: Layout) -> str:
    back = layout.nodes[line.way.target].row <= layout.nodes[line.way.source].row
    colour, arrow = (RIVER, f"{marker}-back") if back else (EDGE, marker)
    dash = ' stroke-dasharray="3 4"' if line.way.by_clock else ""
    return (
        f'<path class="flow-way{" flow-back" if back else ""}" d="{_rounded(line.points)}" fill="none" '
        f'stroke="{colour}" stroke-width="1.4"{dash} marker-end="url(#{arrow})"/>'
    )


def _rounded(points: list[tuple[float, float]]) -> str:
    """Join the points with small round corners."""
    points = [p for n, p in enumerate(points) if n == 0 or p != points[n - 1]]
    path = f"M{_n(points[0][0])} {_n(points[0][1])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        path += f"L{_n(start[0])} {_n(start[1])}Q{_n(corner[0])} {_n(corner[1])} {_n(end[0])} {_n(end[1])}"
    return path + f"L{_n(points[-1][0])} {_n(points[-1][1])}"


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = max((dx * dx + dy * dy) ** 0.5, 0.001)
    reach = min(ROUND, length / 2) / length
    return corner[0] + dx * reach, corner[1] + dy * reach


def _node(node: Node, procedure: Procedure, about: Sequence[str], here: bool) -> str:
    if node.shape == "end":
        return _seal(node, procedure)
    return _join(node) if node.shape == "join" else _box(node, about, here)


def _box(node: Node, about: Sequence[str], here: bool) -> str:
    step = node.step
    assert step is not None
    fill, stroke, width = (WASH, BAMBOO, 2.2) if here else (RAISED, LINE, 1.2)
    dash = ' stroke-dasharray="5 4"' if node.shape == "route" else ""
    whole = " · ".join([step_title(step), *about])
    lines = list(about) if node.tall else [" · ".join(about)] if about else []
    return (
        f'<g class="flow-step{" flow-here" if here else ""}"><title>{escape(whole)}</title>'
        f'<rect x="{_n(node.x)}" y="{_n(node.y)}" width="{_n(node.width)}" height="{_n(node.height)}" rx="12" '
        f'fill="{fill}" stroke="{EDGE if dash and not here else stroke}" stroke-width="{width}"{dash}/>'
        + _text(node.middle, node.y + (23 if lines else 32), _fit(step_title(step), node.width - 16, 15), 15, INK, 600)
        + "".join(
            _text(node.middle, node.y + 42 + LINE_HEIGHT * n, _fit(words, node.width - 18, LETTER), LETTER, SOFT)
            for n, words in enumerate(lines)
        )
        + "</g>"
    )


def _about(step: Step, charter: Charter | None) -> tuple[str, ...]:
    """Return what stands below the title: who acts, and by when."""
    if step.kind == "route":
        return ("按条件自动走",)
    if step.kind == "fork":
        return ("几支同时办",)
    who = who_titles(step.by, charter)
    if not who and isinstance(step.params.get("body"), str):
        who = who_titles([step.params["body"]], charter)
    if not who and step.kind == "publish":
        who = "自动公开"
    return tuple(part for part in (who, step.period.words if step.period else "") if part)


def _join(node: Node) -> str:
    step = node.step
    assert step is not None
    need = step.params.get("need", "all")
    words = NEEDS.get(str(need), f"办成 {need} 支就算成")
    return (
        f'<rect class="flow-join" x="{_n(node.x)}" y="{_n(node.y)}" width="{_n(node.width)}" '
        f'height="{_n(node.height)}" rx="12" fill="{PAPER}" stroke="{EDGE}" stroke-width="1.2" stroke-dasharray="5 4"/>'
        + _text(node.middle, node.y + 20, f"会合：{words}", 13, INK)
    )


def _here(node: Node) -> str:
    words = "现在在这里"
    wide = text_width(words, LETTER) + 20
    x, y = node.x + 10, node.y - 14  # at the corner: lines come in at the middle
    return (
        f'<g class="flow-marker"><rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="21" rx="10.5" '
        f'fill="{BAMBOO}"/>' + _text(x + wide / 2, y + 15, words, LETTER, ON_BAMBOO, 600) + "</g>"
    )


def _chip(way: Way, x: float, y: float, wide: float) -> str:
    fill = RIVER_WASH if way.by_clock else PAPER
    shown = _fit(way.shown, wide - 8, LETTER)
    return (
        f'<g class="flow-chip"><title>{escape(way.words)}</title>'
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(CHIP_HEIGHT)}" rx="{_n(CHIP_HEIGHT / 2)}" '
        f'fill="{fill}" stroke="{LINE}"/>' + _text(x + wide / 2, y + 15.5, shown, LETTER, INK) + "</g>"
    )


def _seal(node: Node, procedure: Procedure) -> str:
    words = place_title(node.key, procedure)
    size = 15 if text_width(words, 15) <= node.width - 16 else LETTER
    return (
        f'<g class="flow-end"><title>{escape(words)}</title>'
        f'<rect x="{_n(node.x)}" y="{_n(node.y)}" width="{_n(node.width)}" height="{_n(node.height)}" rx="5" '
        f'fill="{PAPER}" stroke="{CINNABAR}" stroke-width="2.4"/>'
        f'<rect x="{_n(node.x + 4)}" y="{_n(node.y + 4)}" width="{_n(node.width - 8)}" height="{_n(node.height - 8)}" '
        f'rx="3" fill="none" stroke="{CINNABAR}" stroke-width="0.8"/>'
        + _text(node.middle, node.y + node.height / 2 + size * 0.36, _fit(words, node.width - 12, size), size, CINNABAR,
                600, SEAL_FACE)
        + "</g>"
    )  # fmt: skip


def _text(x: float, y: float, words: str, size: float, fill: str, weight: int = 400, face: str | None = None) -> str:
    family = f" font-family={quoteattr(face)}" if face else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" font-weight="{weight}" text-anchor="middle" '
        f'fill="{fill}"{family}>{escape(words)}</text>'
    )


def _fit(words: str, width: float, size: float) -> str:
    """Shorten a text that would not fit; the whole of it is in the title beside."""
    if text_width(words, size) <= width:
        return words
    while words and text_width(words + "…", size) > width:
        words = words[:-1]
    return words.rstrip("、 ·") + "…"


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
