"""The committee brings in its census in a real browser: narrow, on the desk, in large type; axe finds no barrier."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from weizhi.census.actions.work_off import work_off
from weizhi.census.tests.files import changed, workbook
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.people.models import Person
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in

__all__ = ["committed_stage"]


@pytest.mark.parametrize(("width", "large"), [("narrow", True), ("desk", False)])
def test_a_workbook_is_mended_confirmed_and_written(
    committed_stage: Stage, open_page: OpenPage, tmp_path: Path, settings: Any, width: str, large: bool
) -> None:
    settings.IMPORTS, settings.KEYS_FILE = tmp_path / "imports", tmp_path / "keys.json"
    wrong = workbook(tmp_path / "wrong.xlsx", changed("居民", 3, 6, "1380000")).content
    right, people = workbook(tmp_path / "right.xlsx").content, Person.objects.count()
    page = sign_in(open_page(width), committed_stage, "wang", large)
    page.goto("/mine")
    page.get_by_role("link", name="名册：楼栋、住户、居民").click()
    looked_at(page)

    page.get_by_label("选文件").set_input_files(str(wrong))
    page.get_by_role("button", name="先核对，不写入").click()
    page.get_by_role("heading", name="正在核对").wait_for()
    looked_at(page)
    work_off()
    page.get_by_role("heading", name="有要改的地方").wait_for()  # by itself: the page looks again
    expect(page.get_by_text("居民 · 第 3 行 · 电话")).to_be_visible()
    looked_at(page)

    page.get_by_role("link", name="改好了，再传一次").click()
    page.get_by_label("选文件").set_input_files(str(right))
    page.get_by_role("button", name="先核对，不写入").click()
    work_off()
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("heading", name="正在写入").wait_for()
    work_off()
    page.get_by_role("heading", name="导入好了").wait_for()
    looked_at(page)
    assert Person.objects.count() == people + 3
