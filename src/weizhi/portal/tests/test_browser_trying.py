"""A trial in a real browser: a neighbour reads how it stands, who answers for it writes the figure down."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.matters.tests.test_trial import COUNTED, FIGURE, begun, complaint
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.record import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def kept(page: "Page", name: str) -> None:
    if folder := os.environ.get("WEIZHI_PICTURES"):
        page.screenshot(path=f"{folder}/trying-{name}.png", full_page=True)


def test_a_trial_is_read_and_its_figure_written_down(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    stage.now = clock.now() - timedelta(days=9)
    counted = begun(stage, COUNTED)
    stage.now = clock.now() - timedelta(days=2)
    complaint(stage)
    complaint(stage, "zhao", "3-1-101")
    neighbour = sign_in(open_page("phone"), stage, "lin")
    neighbour.goto(f"/m/{counted.matter_id}")
    expect(neighbour.get_by_text("到现在 2 件，试行前同样多天 0 件")).to_be_visible()
    looked_at(neighbour)
    kept(neighbour, "counted")

    stage.now = clock.now() - timedelta(days=3)
    figure = begun(stage, FIGURE, had=6)
    property_ = sign_in(open_page("phone"), stage, "chen")
    property_.goto(f"/m/{figure.matter_id}")
    property_.get_by_label("满溢的桶").fill("4")
    property_.get_by_role("button", name="记下", exact=True).click()
    expect(property_.get_by_text("记了 1 次，平均 4，试行前是 6")).to_be_visible()
    looked_at(property_)
    kept(property_, "figure")
    desk = sign_in(open_page("desk"), stage, "chen")
    desk.goto(f"/m/{figure.matter_id}")
    looked_at(desk)
    kept(desk, "desk")
