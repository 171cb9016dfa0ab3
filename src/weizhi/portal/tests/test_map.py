"""The map: shapes on a sheet, heat in steps, grids that lead to their list; the list alone where nothing is drawn."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from math import cos, isclose, radians
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.places.models import Place
from weizhi.portal.board import atlas
from weizhi.portal.board.atlas import Drawn
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_board import report
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.portal.tests.test_pages import text
from weizhi.record.actions.add_places import NewPlace, add_places

if TYPE_CHECKING:
    from playwright.sync_api import Locator

__all__ = ["committed_stage"]

Budget = Callable[[int], AbstractContextManager[None]]
WEST, SOUTH = 114.52, 30.23


def square(x: float, y: float, side: float = 0.001) -> dict[str, Any]:
    west, south = WEST + x, SOUTH + y
    corners = [(west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south)]
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]}


def draw(stage: Stage) -> None:
    """Two grids, of which one is drawn, and the building of the first."""
    Place.objects.filter(path="xfl/g1").update(geometry=square(0, 0, 0.002))
    Place.objects.filter(path="xfl/e1/3").update(geometry=square(0.0005, 0.0005))
    add_places(stage.community, [NewPlace("space", "road-1", "长青路")], at=stage.now)
    Place.objects.filter(path="xfl/road-1").update(geometry=square(0.002, 0, 0.0003))


# --- the sheet -----------------------------------------------------------------------------------------


def test_a_sheet_keeps_proportions_with_north_up() -> None:
    found = atlas.sheet([
        Drawn("a", "甲", "building", "1", square(0, 0)),
        Drawn("b", "乙", "building", "2", square(0.004, 0.002)),
    ])  # fmt: skip
    assert found is not None
    low, high = found.buildings
    assert low.x < high.x and low.y > high.y, "east is right, north is up"
    wide, deep = high.x - low.x, low.y - high.y
    assert isclose(wide / deep, 0.004 * cos(radians(SOUTH + 0.0015)) / 0.002, rel_tol=0.01)
    assert all(0 <= shape.x <= atlas.ACROSS and 0 <= shape.y <= found.height for shape in found.buildings)


def test_a_long_community_stays_on_the_sheet() -> None:
    found = atlas.sheet([Drawn("a", "甲", "building", "1", square(0, n * 0.01)) for n in range(5)])
    assert found is not None and found.height <= atlas.TALLEST


def test_a_grid_without_an_outline_goes_round_what_it_covers() -> None:
    houses = [Drawn(f"h{n}", "楼", "building", str(n), square(n * 0.002, 0), "g") for n in range(2)]
    found = atlas.sheet([Drawn("g", "网格", "grid", "g", None), Drawn("e", "空网格", "grid", "e", None), *houses])
    assert found is not None
    (grid,) = found.grids
    assert grid.path == "g", "a grid that covers nothing drawn is only in the list"
    assert found.buildings[0].x < grid.x < found.buildings[1].x


def test_nothing_drawn_is_no_sheet_and_points_are_nothing_drawn() -> None:
    point = {"type": "Point", "coordinates": [WEST, SOUTH]}
    assert atlas.sheet([]) is None
    assert atlas.sheet([Drawn("a", "甲", "space", "x", point), Drawn("g", "网格", "grid", "g", None)]) is None


def test_several_parts_and_holes_are_one_shape() -> None:
    parts = [square(0, 0)["coordinates"], square(0.003, 0)["coordinates"]]
    found = atlas.sheet([Drawn("g", "网格", "grid", "g", {"type": "MultiPolygon", "coordinates": parts})])
    assert found is not None and found.grids[0].d.count("M") == 2


@pytest.mark.parametrize("most", [0, 1, 9, 12, 13, 40, 1000])
def test_heat_rises_with_the_number_and_reaches_its_end(most: int) -> None:
    steps = atlas.heat_steps(most)
    degrees = [atlas.heat(number, steps) for number in range(most + 1)]
    assert degrees == sorted(degrees) and degrees[0] == 0
    assert list(steps) == sorted(set(steps))
    assert most < 10 or degrees[-1] == 4


# --- the page ------------------------------------------------------------------------------------------


def test_the_map_counts_what_the_reader_may_see(stage: Stage, enter: Enter) -> None:
    draw(stage)
    report(stage, "楼道灯坏了")
    report(stage, "广场的灯", place="square")
    page = enter("zhao").get(reverse("portal:map"))
    assert 'aria-label="第一网格：1 件在办"' in page.content.decode()
    assert "不在网格里" in text(page) and "第二网格" in text(page)
    assert 'class="land-road"' in page.content.decode() and "3 号楼：1 件在办" in page.content.decode()
    assert "楼道灯" not in text(enter("guo").get(reverse("portal:map")))


def test_a_grid_leads_to_its_list_with_who_has_what(stage: Stage, enter: Enter) -> None:
    report(stage, "楼道灯坏了")
    report(stage, "广场的灯", place="square")
    zhao = enter("zhao")
    found = text(zhao.get(reverse("portal:map"), {"place": "xfl/g1"}))
    assert "第一网格：正在办" in found and "楼道灯坏了" in found and "在网格员手里" in found
    assert "广场的灯" not in found
    assert "广场的灯" in text(zhao.get(reverse("portal:map"), {"place": "-"}))
    assert "楼道灯坏了" in text(zhao.get(reverse("portal:map"), {"place": "xfl/e1/3"})), "a building is a place too"


def test_where_nothing_is_drawn_the_list_says_the_same(stage: Stage, enter: Enter) -> None:
    report(stage, "楼道灯坏了")
    page = enter("zhao").get(reverse("portal:map"))
    assert 'class="grid"' not in page.content.decode()
    assert "网格和楼栋还没有画出来" in text(page) and "第一网格" in text(page) and "1 件" in text(page)


def test_a_new_outline_is_drawn_at_once(stage: Stage, enter: Enter) -> None:
    zhao = enter("zhao")
    zhao.get(reverse("portal:map"))
    draw(stage)
    assert 'class="grid"' in zhao.get(reverse("portal:map")).content.decode()


@pytest.mark.parametrize("number", [2, 20])
def test_the_map_costs_the_same_however_much_there_is(
    stage: Stage, enter: Enter, query_budget: Budget, number: int
) -> None:
    draw(stage)
    for n in range(number):
        report(stage, f"第 {n} 件", hours=n + 1)
    browser = enter("zhao")
    browser.get(reverse("portal:home"))
    with query_budget(10):
        assert browser.get(reverse("portal:map")).status_code == 200


@pytest.mark.parametrize("width", ["phone", "narrow", "desk"])
def test_the_pages_of_everybody_in_a_browser(committed_stage: Stage, open_page: OpenPage, width: str) -> None:
    draw(committed_stage)
    report(committed_stage, "楼道灯坏了")
    page = sign_in(open_page(width), committed_stage, "zhao", large=width == "narrow")
    for name in ("common", "figures", "map"):
        page.goto(reverse(f"portal:{name}"))
        looked_at(page)
    grid = page.get_by_role("link", name="第一网格：1 件在办")
    grid.focus()
    assert stroke(grid.locator("path")) == 8, "the focus on a grid can be seen"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="第一网格：正在办").wait_for()
    looked_at(page)


def stroke(path: "Locator") -> float:
    return float(path.evaluate("e => parseFloat(getComputedStyle(e).strokeWidth)"))
