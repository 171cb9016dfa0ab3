"""Nominating, a roll's objections and a proposal in a real browser that runs no script."""

from typing import Any

from playwright.sync_api import Browser, expect

from weizhi.decisions.models import Candidate
from weizhi.decisions.tests.budgeted import proposed
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.naming import naming
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.record import clock

__all__ = ["committed_stage"]


def test_names_are_put_forward_and_a_roll_is_mended_without_a_script(
    committed_stage: Stage, browser: "Browser", live_server: Any
) -> None:
    stage, names = committed_stage, naming(committed_stage)
    bare = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    zhao = sign_in(bare.new_page(), stage, "zhao")
    zhao.goto(f"/m/{names.matter}")
    zhao.get_by_role("link", name="看看，接受还是不接受").click()
    zhao.get_by_label("想对大家说的话").first.fill("懂一点法律，晚上有空。")
    zhao.get_by_role("button", name="我接受，愿意参选").click()
    zhao.get_by_text("您是候选人了").wait_for()
    zhao.goto(f"/rolls/{names.roll}")
    zhao.get_by_label("漏了谁，或者哪一号不对？").fill("第 1 号的姓写错了。")
    zhao.get_by_role("button", name="提出来").click()
    zhao.get_by_text("收到了。会在这一页上答复您").wait_for()
    bare.clear_cookies()

    wang = sign_in(zhao, stage, "wang")
    wang.goto(f"/m/{names.matter}/candidates")
    wang.locator("summary", has_text="林姨不符合条件").click()
    wang.locator("details[open] textarea").fill("还没有满一年（组织法 17）")
    wang.locator("details[open] button").click()
    wang.get_by_text("记下了，已经告诉本人").wait_for()
    wang.goto(f"/rolls/{names.roll}")
    wang.locator("summary", has_text="答复").nth(1).click()
    wang.locator("details[open] textarea").fill("对过身份证，没有错。")
    wang.locator("details[open] button").click()
    wang.get_by_text("答复了，已经告诉提的人").wait_for()
    bare.close()
    assert sorted(Candidate.objects.values_list("state", flat=True)) == ["standing", "struck"]
    assert Matter.objects.get(pk=names.listing).stream.entries.filter(verb="answer").count() == 1


def test_a_project_is_proposed_on_a_narrow_phone_in_large_type(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    stage.now = clock.now()
    works = proposed(stage, {"广场边放六张长椅": 12_000}, 100_000).works
    zhao = sign_in(open_page("narrow"), stage, "zhao", large=True)
    zhao.goto(f"/m/{works.matter_id}")
    zhao.get_by_role("link", name="提项目").click()
    looked_at(zhao)
    zhao.get_by_label("做什么").fill("三号楼门口修一条坡道")
    zhao.get_by_label("为什么要办").fill("轮椅上不去。")
    zhao.get_by_role("button", name="提上去").click()
    expect(zhao.get_by_role("alert"), "about how much is missing, and it says so").to_be_visible()
    looked_at(zhao)
    zhao.get_by_label("大约要多少钱").fill("35000")
    zhao.get_by_role("button", name="提上去").click()
    zhao.locator(".flash", has_text="接下来：能不能办").wait_for()
    assert Matter.objects.filter(held_by=works.matter_id).count() == 2
