"""The marks of a walk in a real browser: the map and the list, on a phone and at a desk, and one more mark."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.places.models import Place
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.portal.tests.test_marks import CHARTER
from weizhi.record import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def kept(page: "Page", name: str) -> None:
    if folder := os.environ.get("WEIZHI_PICTURES"):
        page.screenshot(path=f"{folder}/marks-{name}.png", full_page=True)


def house(west: float, south: float) -> dict[str, Any]:
    east, north = west + 0.0004, south + 0.0002
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def test_a_walk_is_read_on_the_map_and_one_more_place_is_marked(committed_stage: Stage, open_page: OpenPage) -> None:
    from playwright.sync_api import expect

    stage = committed_stage
    stage.now = clock.now() - timedelta(hours=20)
    stage.adopt(CHARTER)
    for n, code in enumerate(("1", "2", "3")):
        Place.objects.filter(path=f"xfl/e1/{code}").update(
            geometry=house(119.48 + n * 0.0007, 31.43 + (n % 2) * 0.0003)
        )
    walk = stage.report("wang", kind="walk", words="星期一晚上走一圈", place="3-2")
    for words, how in (("花坛好看", "good"), ("门口一下雨就积水", "bad"), ("灯不亮", "bad")):
        stage.report("lin", kind="mark", words=words, place="3-2", data={"how": how})
    for size in ("phone", "narrow", "desk"):
        page = sign_in(open_page(size), stage, "zhao")
        page.goto(f"/m/{walk.matter_id}/marks")
        expect(page.get_by_role("heading", name="不好")).to_be_visible()
        looked_at(page)
        kept(page, size)
    page.get_by_role("link", name="标一处").click()
    expect(page.get_by_text("怎么样")).to_be_visible()
    looked_at(page)
    kept(page, "one-more")
