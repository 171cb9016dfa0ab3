"""A convention in a real browser: read on a phone and at a desk, two editions compared, a breach begun from it."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from weizhi.deliberation.tests.conventions import SECOND, adopted, changing, drafted
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.record import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def kept(page: "Page", name: str) -> None:
    if folder := os.environ.get("WEIZHI_PICTURES"):
        page.screenshot(path=f"{folder}/convention-{name}.png", full_page=True)


def test_a_convention_is_read_compared_and_a_breach_is_begun(committed_stage: Stage, open_page: OpenPage) -> None:
    from playwright.sync_api import expect

    stage = committed_stage
    stage.now = clock.now() - timedelta(hours=30)
    adopted(stage)
    drafted(stage, changing(stage), SECOND)
    for size in ("phone", "narrow", "desk"):
        page = sign_in(open_page(size), stage, "zhao")
        page.goto("/charter")
        page.get_by_role("link", name="居民公约").first.click()
        expect(page.get_by_role("heading", name="第四条")).to_be_visible()
        looked_at(page)
        kept(page, size)
        page.get_by_role("link", name="改了什么").click()
        expect(page.get_by_role("heading", name="第 1 版到第 2 版改了什么")).to_be_visible()
        looked_at(page)
        kept(page, f"{size}-changed")
        page.goto("/convention/residents")
        page.get_by_role("link", name="没有照公约做").click()
        expect(page.get_by_text("第二条 晚上九点以后不大声放音乐。")).to_be_visible()
        looked_at(page)
        kept(page, f"{size}-breach")
