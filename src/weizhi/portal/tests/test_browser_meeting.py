"""A meeting held from the chair's phone in a real browser, one of three by paper, a neighbour looking on."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from weizhi.deliberation.models import Item, Sitting
from weizhi.deliberation.tests.test_meeting import CHARTER
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.record import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def kept(page: "Page", name: str) -> None:
    if folder := os.environ.get("WEIZHI_PICTURES"):
        page.screenshot(path=f"{folder}/meeting-{name}.png", full_page=True)


def test_a_meeting_is_held_from_one_phone(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    stage.now = clock.now() - timedelta(hours=1)
    stage.adopt(CHARTER)
    words = ("楼道灯太暗，晚上看不清台阶", "垃圾桶离单元门太近", "门口下雨就积水")
    for one in words:
        stage.report("lin", kind="topic", words=one, place="3-2")
    soon = clock.now() + timedelta(minutes=30)
    meeting = stage.report("wang", kind="meeting", words="本月议事", place="3-2", data={"day": "2099-01-01"})
    Sitting.objects.update(starts_at=soon)
    address = f"/m/{meeting.matter_id}/meeting"

    chair = sign_in(open_page("phone"), stage, "wang")
    chair.goto(address)
    looked_at(chair)
    kept(chair, "before")
    chair.get_by_role("button", name="我到了，签到").click()
    chair.get_by_text("您签到了，坐第 1 席").wait_for()
    for login in ("chen", "lin"):
        guest = sign_in(open_page("phone"), stage, login)
        guest.goto(address)
        guest.get_by_role("button", name="我到了，签到").click()
        guest.get_by_text("您签到了").wait_for()
    looked_at(guest)
    kept(guest, "guest")

    chair.reload()
    chair.locator("summary", has_text="替人签到").click()
    chair.get_by_label("谁到了？").fill("小周")
    chair.get_by_text("第 3 席，网格员").click()
    chair.get_by_label("怎么签的？").select_option(label="签在纸上")
    kept(chair, "paper")
    chair.get_by_role("button", name="记下").click()
    chair.get_by_text("人数够了，可以开会").wait_for()
    looked_at(chair)
    chair.get_by_role("button", name="宣布开会").click()
    chair.get_by_text("正在议这一件").wait_for()
    looked_at(chair)
    kept(chair, "item")
    wide = sign_in(open_page("desk"), stage, "wang")
    large = sign_in(open_page("narrow"), stage, "wang", large=True)
    for page, name, rows in ((wide, "item-desk", 1), (large, "item-narrow", 3)):
        page.goto(address)
        looked_at(page)
        kept(page, name)
        boxes = [page.get_by_label(words).bounding_box() for words in ("举手赞成", "举手反对", "弃权")]
        assert len({box and round(box["y"]) for box in boxes}) == rows
    chair.get_by_label("举手赞成").fill("2")
    chair.get_by_label("举手反对").fill("1")
    chair.get_by_label("怎么定的？").fill("换感应灯，物业下周三前办好")
    chair.get_by_role("button", name="同意").click()
    chair.get_by_text("同意，举手：赞成 2、反对 1").wait_for()
    looked_at(chair)
    chair.locator("summary", has_text="散会").click()
    chair.get_by_role("button", name="散会").click()
    chair.get_by_text("散会了").wait_for()
    looked_at(chair)
    kept(chair, "over")

    wide.goto(address)
    looked_at(wide)
    kept(wide, "desk")
    assert Item.objects.exclude(outcome="").count() == 1
    assert Matter.objects.filter(kind="topic", ended_as="agreed").count() == 1
