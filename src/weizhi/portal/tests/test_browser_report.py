"""Three taps and words, in a real browser on a phone; and the neighbour who joins instead."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in

__all__ = ["committed_stage"]


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    file = tmp_path / "lamp.jpg"
    Image.new("RGB", (1200, 900), "#665544").save(file)
    return file


class Taps:
    """Presses, counted."""

    def __init__(self, page: "Page") -> None:
        self.page, self.count = page, 0

    def press(self, name: str) -> None:
        self.count += 1
        self.page.get_by_role("button", name=name).click()

    def choose(self, file: Path) -> None:
        self.count += 1
        self.page.locator("input[type=file]").set_input_files(file)
        self.page.locator("[data-previews] img").wait_for()

    def place(self, words: str) -> None:
        self.count += 1
        self.page.locator("label", has_text=words).first.click()


def test_three_taps_and_words(committed_stage: Stage, open_page: OpenPage, lamp: Path) -> None:
    page = sign_in(open_page("phone"), committed_stage, "lin")
    page.goto("/report")
    taps = Taps(page)
    taps.choose(lamp)
    taps.place("3 号楼 2 单元")
    page.get_by_label("什么事？").fill("电梯又停了，找13800138000")
    page.get_by_text("替您遮住了手机号").wait_for()
    expect(page.locator("#before")).to_contain_text("138****8000")
    expect(page.locator("#before")).to_contain_text("看着像：电梯")
    looked_at(page)
    taps.press("报上去")
    page.get_by_text("收到了。").wait_for()
    assert taps.count == 3
    assert Matter.objects.get().title == "电梯又停了，找138****8000"
    expect(page.locator(".story img")).to_have_count(1)


def test_a_neighbour_follows_instead_of_reporting_again(committed_stage: Stage, open_page: OpenPage) -> None:
    committed_stage.report(words="二单元楼道灯坏了", place="3-2")
    page = sign_in(open_page("narrow"), committed_stage, "zhao", large=True)
    page.goto("/report")
    page.get_by_label("什么事？").fill("楼道灯坏了")
    page.locator("label", has_text="3 号楼").last.click()
    page.get_by_text("附近好像已经有人报过").wait_for()
    expect(page.get_by_role("button", name="不是这件，仍然上报")).to_be_visible()
    looked_at(page)
    page.get_by_role("button", name="关注这件").click()
    page.get_by_text("有变化就告诉您。").wait_for()
    assert Matter.objects.count() == 1
