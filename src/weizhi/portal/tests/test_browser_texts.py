"""A text in a real browser: written and compared at the desk, objected to on a phone, answered with one press."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from weizhi.deliberation.models import Text
from weizhi.deliberation.tests.many import neighbours, objections
from weizhi.deliberation.tests.texts import CHARTER, FIRST, SECOND, begun, posted
from weizhi.matters.models import Objection
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.record import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def kept(page: "Page", name: str) -> None:
    if folder := os.environ.get("WEIZHI_PICTURES"):
        page.screenshot(path=f"{folder}/texts-{name}.png", full_page=True)


def test_a_text_goes_from_desk_to_board(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    stage.now = clock.now() - timedelta(hours=30)
    stage.adopt(CHARTER)
    done = begun(stage)

    desk = sign_in(open_page("desk"), stage, "wang")
    desk.goto(f"/m/{done.matter_id}/text/write")
    looked_at(desk)
    kept(desk, "begin")
    large = sign_in(open_page("narrow"), stage, "wang", large=True)
    large.goto(f"/m/{done.matter_id}/text/write")
    looked_at(large)
    kept(large, "begin-narrow")
    expect(large.get_by_role("button", name="定稿")).to_have_count(0)
    desk.get_by_label("写在这里").fill(FIRST)
    desk.get_by_label("这次改了什么、为什么？").fill("先写两条")
    desk.get_by_role("button", name="存成一版").click()
    desk.get_by_text("第 1 版存好了").wait_for()
    desk.get_by_label("写在这里").fill(SECOND)
    desk.get_by_label("这次改了什么、为什么？").fill("鞋柜也挡路，充电要有地方")
    kept(desk, "write")
    desk.get_by_role("button", name="定稿，交下一步").click()
    desk.get_by_text("定稿了：第 2 版").wait_for()
    looked_at(desk)
    assert Text.objects.get(matter=done.matter_id).frozen == 2

    phone = sign_in(open_page("phone"), stage, "lin")
    phone.goto(f"/m/{done.matter_id}/text/write")
    looked_at(phone)
    kept(phone, "read")
    phone.get_by_role("link", name="改了什么").click()
    phone.get_by_role("heading", name="第 1 版到第 2 版改了什么").wait_for()
    looked_at(phone)
    kept(phone, "changed")

    stage.now = clock.now() - timedelta(hours=20)
    objections(stage, done, neighbours(stage, 12))
    phone.goto(f"/m/{done.matter_id}/objections")
    phone.get_by_label("您不同意什么？为什么？").fill("鞋柜放哪里？")
    phone.get_by_role("button", name="提出").click()
    phone.get_by_text("每一条都会答复").wait_for()
    looked_at(phone)
    kept(phone, "objections")

    desk.goto(f"/m/{done.matter_id}/objections")
    looked_at(desk)
    kept(desk, "answering")
    group = desk.locator("form.action").filter(has_text="像是说同一件事").first
    group.get_by_label("不成立").check()
    group.get_by_label("怎么答复？").fill("车棚往外移到二十米。")
    group.get_by_role("button", name="一起答复").click()
    desk.get_by_text("提的人都会收到。").first.wait_for()
    assert Objection.objects.filter(answer__isnull=False).count() >= 2

    narrow = sign_in(open_page("narrow"), stage, "zhao")
    for page in ("text/write?v=2&with=1", "objections"):
        narrow.goto(f"/m/{done.matter_id}/{page}")
        looked_at(narrow)
    kept(narrow, "narrow")


def test_a_notice_hangs_on_the_screen_of_the_hall(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    stage.now = clock.now() - timedelta(hours=3)
    stage.adopt(CHARTER.replace('about = "write"\nfor_days', 'about = "write"\nplaces = ["phone", "hall"]\nfor_days'))
    done = posted(stage, SECOND)
    for width in ("desk", "phone", "narrow"):
        screen = sign_in(open_page(width), stage, "wang")
        screen.goto(f"/m/{done.matter_id}/objections")
        screen.get_by_role("link", name="大厅的屏幕").click()
        expect(screen.get_by_text("扫码看，提意见")).to_be_visible()
        looked_at(screen)
        kept(screen, f"screen-{width}")
