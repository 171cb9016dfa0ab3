"""The drawing of a procedure: everything is on it, nothing covers anything, and it can be heard."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weizhi.charters.drawing import describe, draw
from weizhi.charters.layout import Layout, Node, lay_out
from weizhi.charters.loading import check_file, library_names, load
from weizhi.charters.steps import Procedure
from weizhi.charters.titles import outcome_title

SVG = "{http://www.w3.org/2000/svg}"
SKETCHES = Path(__file__).parents[4] / "docs" / "sketches"


def procedures() -> list[tuple[str, Procedure]]:
    charters = [load(name) for name in library_names()]
    checked = [check_file(file).charter for file in sorted(SKETCHES.glob("*.toml"))]
    charters += [charter for charter in checked if charter is not None]
    return [(f"{c.name}-{key}", p) for c in charters for key, p in c.procedures.items()]


ALL = procedures()


def inside(node: Node, x: float, y: float) -> bool:
    return node.x + 0.5 < x < node.x + node.width - 0.5 and node.y + 0.5 < y < node.y + node.height - 0.5


def crossings(layout: Layout) -> list[str]:
    """Points of lines that lie in a box which is neither where the line comes from nor where it goes."""
    found = []
    for line in layout.lines:
        others = [n for n in layout.nodes.values() if n.key not in (line.way.source, line.way.target)]
        for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
            for n in range(41):
                x, y = x1 + (x2 - x1) * n / 40, y1 + (y2 - y1) * n / 40
                found += [f"{line.way} in {node.key}" for node in others if inside(node, x, y)]
    return found


def overlaps(layout: Layout) -> list[tuple[str, str]]:
    nodes = list(layout.nodes.values())
    return [
        (a.key, b.key)
        for n, a in enumerate(nodes)
        for b in nodes[n + 1 :]
        if a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height
    ]


@pytest.mark.parametrize(("name", "procedure"), ALL, ids=[name for name, _ in ALL])
def test_nothing_covers_anything_and_a_phone_shows_it(name: str, procedure: Procedure):
    layout = lay_out(procedure, {})
    assert set(procedure.steps) <= set(layout.nodes)
    assert overlaps(layout) == [] and crossings(layout) == []
    assert layout.width <= 480  # at 390 px that leaves type of 15 units at 12 px and more
    for node in layout.nodes.values():
        assert node.x >= 0 and node.x + node.width <= layout.width and node.y + node.height <= layout.height
        assert all(node.x <= x and x + wide <= node.x + node.width for _, x, _, wide in node.chips)


@pytest.mark.parametrize("name", library_names())
def test_a_drawing_shows_every_step_who_and_every_outcome(name: str):
    charter = load(name)
    for procedure in charter.procedures.values():
        picture = draw(procedure, charter=charter)
        root = ElementTree.fromstring(picture)
        words = " ".join(text for text in root.itertext())
        for step in procedure.steps.values():
            assert step.title in words
            assert all(title in words for title in step.outcome_titles.values())
        assert all(end.title in words for end in procedure.ends.values())
        assert not any(tag in picture for tag in ("<script", "<style", "style=", "href=", "<image"))


def test_you_are_here_is_marked_and_told():
    charter = load("qingshan")
    procedure = charter.procedures["qingshan-report"]
    picture = draw(procedure, {"handle"}, charter=charter)
    root = ElementTree.fromstring(picture)
    marked = [group for group in root.iter(f"{SVG}g") if "flow-here" in group.get("class", "")]
    assert len(marked) == 1
    assert "网格和物业办理" in "".join(marked[0].itertext())
    assert picture.count("现在在这里") == 2  # on the box, and in the words for those who hear the page
    assert "现在在这里" not in draw(procedure, charter=charter)


def test_a_drawing_has_a_title_and_a_description():
    charter = load("qingshan")
    procedure = charter.procedures["qingshan-report"]
    root = ElementTree.fromstring(draw(procedure, charter=charter))
    labelled = root.get("aria-labelledby", "").split()
    titled = {element.get("id"): "".join(element.itertext()) for element in root}
    assert root.get("role") == "img"
    assert titled[labelled[0]] == "微邻里报事：流程图"
    assert titled[labelled[1]] == describe(procedure, charter=charter)
    assert "给个差评，到重新办理" in titled[labelled[1]]


def test_words_of_a_charter_are_escaped():
    charter = load("base")
    raw = charter.procedures["report"].model_dump(exclude_unset=True, by_alias=True)
    raw["title"] = "<script>&"
    ElementTree.fromstring(draw(Procedure.model_validate(raw)))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_procedure_can_be_drawn(data: st.DataObject):
    keys = [f"s{n}" for n in range(data.draw(st.integers(1, 9)))]
    places = [*keys, "done", "gone"]
    steps = {
        key: {
            "kind": "handle",
            "by": ["committee"],
            "within": "1 day",
            "outcomes": {f"o{n}": data.draw(st.sampled_from(places)) for n in range(data.draw(st.integers(1, 4)))},
        }
        for key in keys
    }
    ends = {"done": {"counts": "solved"}, "gone": {"counts": "refused"}}
    procedure = Procedure.model_validate({"key": "p", "steps": steps, "ends": ends})
    layout = lay_out(procedure, dict.fromkeys(keys, ("很长的一串名字、另一个名字", "3 个工作日")))
    assert overlaps(layout) == [] and crossings(layout) == []
    ElementTree.fromstring(draw(procedure))


@pytest.mark.parametrize(("name", "procedure"), ALL, ids=[name for name, _ in ALL])
def test_a_matter_that_was_joined_to_another_is_named_in_chinese(name: str, procedure: Procedure) -> None:
    words = {outcome_title(step, outcome) for step in procedure.steps.values() for outcome in step.outcomes}
    assert not words & {"merged", "withdrawn"}, "nobody who reads a drawing should meet the house's own keys"
