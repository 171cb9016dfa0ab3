"""A resident's turn in the online hall on a phone, without a script and by keyboard; the result; the desk."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, expect

from weizhi.deliberation.actions.add_statement import add_statement
from weizhi.deliberation.actions.draw_halls import draw_halls
from weizhi.deliberation.actions.moderate import moderate
from weizhi.deliberation.models import Hall, Stance, Statement
from weizhi.deliberation.tests.halls import CHARTER, crowd
from weizhi.deliberation.tests.test_heard_at_meetings import HEARD as MEETING_HEARS
from weizhi.matters.models import Step
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.record import clock
from weizhi.tests.browser import context

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def kept(page: "Page", name: str) -> None:
    if folder := os.environ.get("WEIZHI_PICTURES"):
        page.screenshot(path=f"{folder}/hall-{name}.png", full_page=True)


def opened_now(stage: Stage) -> tuple[str, Hall]:
    """A hall that is open by the server's own clock."""
    stage.now = clock.now() - timedelta(hours=1)
    stage.adopt(CHARTER)
    done = stage.report("lin", kind="topic", words="架空层空着", place="3-2")
    return f"/m/{done.matter_id}/hall", Hall.objects.get(matter=done.matter_id)


def test_a_residents_turn_and_what_comes_of_it(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    address, hall = opened_now(stage)
    lin = sign_in(open_page("phone"), stage, "lin")
    lin.goto(address)
    expect(lin.get_by_role("button", name="不同意")).to_be_visible()
    looked_at(lin)
    kept(lin, "ask")
    for box in [one.bounding_box() for one in lin.locator(".three button").all()]:
        assert box is not None and box["height"] >= 48
    first = lin.locator("#asked").inner_text()
    lin.get_by_role("button", name="同意", exact=True).click()
    expect(lin.locator(".kept-word")).to_contain_text("记下了")
    expect(lin.locator("#asked")).not_to_have_text(first)
    lin.get_by_role("link", name="刚才按错了，改一下").click()
    expect(lin.locator("#asked")).to_have_text(first)
    expect(lin.locator(".ask-lead")).to_contain_text("您原来说的是“同意”")
    lin.get_by_role("button", name="说不准").click()
    expect(lin.locator("#asked")).not_to_have_text(first)
    lin.locator("summary", has_text="我也想说一句").click()
    lin.get_by_label("您的一句话").fill("架空层先给老人坐")
    lin.get_by_role("button", name="写好了").click()
    expect(lin.get_by_role("heading", name="已经有人这样说了，是一个意思吗？")).to_be_visible()
    looked_at(lin)
    kept(lin, "near")
    lin.get_by_label("您的一句话").fill("晚上九点以后不要在架空层唱歌")
    lin.get_by_role("button", name="不是一个意思，还是要说").click()
    expect(lin.locator("#own")).to_contain_text("主持人还没看")
    looked_at(lin)
    kept(lin, "own")
    assert Stance.objects.count() == 2

    desk = sign_in(open_page("desk"), stage, "chen")
    desk.goto(f"{address}/desk")
    looked_at(desk)
    kept(desk, "desk")
    desk.get_by_role("button", name="放出来").first.click()
    expect(desk.locator(".flash")).to_contain_text("放出来了")
    assert Statement.objects.get(n=3).state == "open"

    crowd(hall, 66)
    for one, words in zip(Statement.objects.filter(n__gt=3).order_by("n"), WORDS, strict=True):
        Statement.objects.filter(pk=one.pk).update(words=words)
    for one in Statement.objects.filter(n__gt=3).order_by("n")[:9]:
        lin.goto(f"{address}?n={one.n}")
        lin.get_by_role("button", name="同意", exact=True).click()
    draw_halls(clock.now())
    lin.goto(f"{address}/result")
    expect(lin.get_by_role("heading", name="大家都同意的")).to_be_visible()
    expect(lin.locator(".map-of .own-place")).to_have_count(1)
    looked_at(lin)
    kept(lin, "result")
    for width in ("narrow", "desk"):
        zhao = sign_in(open_page(width), stage, "zhao", large=width == "narrow")
        zhao.goto(f"{address}/result")
        expect(zhao.locator(".map-of ellipse")).to_have_count(2)
        expect(zhao.locator(".map-of .own-place")).to_have_count(0)
        looked_at(zhao)
        kept(zhao, f"result-{width}")
        zhao.goto(address)
        looked_at(zhao)
        kept(zhao, f"ask-{width}")
    desk = sign_in(open_page("desk"), stage, "wang")
    desk.goto(f"{address}/desk")
    looked_at(desk)
    kept(desk, "desk-wang")
    desk.goto(f"{address}/sheet")
    looked_at(desk)
    kept(desk, "sheet")


WORDS = (
    "架空层晚上十点以后关灯。", "架空层要有人打扫。", "孩子放学可以在架空层写作业。", "架空层不许堆东西。",
    "架空层摆两张下棋的桌子。", "用架空层要先跟邻居说一声。", "架空层可以办喜事。", "架空层装几个充电插座。",
    "架空层放乒乓球台。", "垃圾桶不能放进架空层。", "架空层开一个小卖部。", "架空层的规矩大家一起定。",
)  # fmt: skip


def test_without_a_script_and_by_keyboard(committed_stage: Stage, browser: Browser, live_server: object) -> None:
    stage = committed_stage
    address, hall = opened_now(stage)
    made = context(browser, "narrow", str(live_server), script=False)
    page = made.new_page()
    sign_in(page, stage, "lin", large=True)
    page.goto(address)
    page.locator(".three button").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".kept-word")).to_contain_text("记下了")
    page.locator("summary", has_text="我也想说一句").press("Enter")
    page.get_by_label("您的一句话").fill("晚上九点以后不要在架空层唱歌")
    page.get_by_role("button", name="写好了").press("Enter")
    page.get_by_role("button", name="不是一个意思，还是要说").press("Enter")
    expect(page.locator("#own")).to_contain_text("主持人还没看")
    moderate(hall.pk, [3], "hidden", by=stage.people["chen"], reason="说到了人", at=clock.now())
    page.goto("/")
    expect(page.locator(".for-you")).to_contain_text("您写的一条意见收起来了，看看为什么")
    kept(page, "home")
    page.goto(address)
    expect(page.locator("#own")).to_contain_text("为什么收起来：说到了人")
    kept(page, "put-away")
    page.get_by_role("button", name="知道了").press("Enter")
    expect(page.get_by_role("button", name="知道了")).to_have_count(0)
    made.close()
    assert sorted(Stance.objects.values_list("said", flat=True)) == [-1, 1]
    assert Step.objects.filter(kind="discuss", closed_at=None).count() == 1


WIDTHS = (("phone", False), ("narrow", True), ("desk", False))


def test_a_meeting_also_hears_a_hall(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    stage.now = clock.now() - timedelta(hours=1)
    stage.adopt(MEETING_HEARS)
    words = "架空层空着，能不能给孩子写作业、给老人坐坐？堆的东西谁来搬走？"
    stage.report("lin", kind="topic", words=words, place="3-2")
    day = (clock.now() + timedelta(days=2)).date().isoformat()
    called = stage.report("wang", kind="morning", words="来坐坐", place="3-2", data={"day": day})
    for login in ("zhao", "wang"):
        for width, large in WIDTHS:
            page = sign_in(open_page(width), stage, login, large=large)
            page.goto(f"/m/{called.matter_id}/meeting")
            expect(page.get_by_role("heading", name="会上也听大家说的")).to_be_visible()
            looked_at(page)
            kept(page, f"meeting-{login}-{width}")
            page.locator("section[aria-labelledby=hears] a").first.click()
            page.wait_for_url("**/hall**")
            looked_at(page)


def test_the_card_of_a_hall_and_what_was_put_away(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    address, hall = opened_now(stage)
    pages = [(sign_in(open_page(width), stage, "lin", large=large), width) for width, large in WIDTHS]
    for page, width in pages:
        page.goto("/")
        expect(page.locator(".for-you")).to_contain_text("您可以去议事厅说一句")
        looked_at(page)
        kept(page, f"home-{width}")
    add_statement(hall.pk, "晚上九点以后不要在架空层唱歌，三楼的孩子睡不着", by=stage.people["lin"], at=clock.now())
    moderate(hall.pk, [3], "hidden", by=stage.people["chen"], reason="说到了哪一家的孩子，大家会认出来", at=clock.now())
    for page, width in pages:
        page.goto("/")
        expect(page.locator(".for-you")).to_contain_text("收起来了，看看为什么")
        looked_at(page)
        kept(page, f"home-away-{width}")
        page.goto(address)
        box = page.get_by_role("button", name="知道了").bounding_box()
        assert box is not None and box["height"] >= 48 and box["width"] < 480, "no bar across the desk"
        looked_at(page)
        kept(page, f"own-{width}")
    page.get_by_role("button", name="知道了").click()
    expect(page.get_by_role("button", name="知道了")).to_have_count(0)
    page.goto("/")
    expect(page.locator(".for-you")).not_to_contain_text("收起来了")
