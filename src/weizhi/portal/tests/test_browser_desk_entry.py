"""The Monday desk, the slip in another hand, homes and the register, in a real browser."""

from playwright.sync_api import Page, expect

from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.accounts.home_codes import code_for
from weizhi.portal.tests.test_browser import OpenPage, hand_at, looked_at, sign_in
from weizhi.record import clock
from weizhi.reports.models import Report
from weizhi.reports.slips import code_of

__all__ = ["committed_stage"]


def typed(page: "Page", who: str, words: str) -> None:
    """By keyboard alone: the page opens in the first field."""
    hand_at(page, "#f-who")
    page.keyboard.type(who)
    page.keyboard.press("Tab")
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    page.locator(".flash", has_text="记下了").wait_for()


def test_one_after_another_by_keyboard(committed_stage: Stage, open_page: OpenPage) -> None:
    page = sign_in(open_page("desk"), committed_stage, "zhou")
    page.goto("/report/for")
    looked_at(page)
    typed(page, "林姨 3-2-301", "电梯有异响")
    typed(page, "周大爷", "3号楼1单元水管爆了")
    expect(page.locator(".written li")).to_have_count(2)
    looked_at(page)
    assert [matter.place.code for matter in Matter.objects.order_by("number")] == ["3-2", "3-1"]
    page.get_by_role("link", name="打印小票").click()
    looked_at(page)


def test_the_slip_is_scanned_and_read_without_an_account(committed_stage: Stage, open_page: OpenPage) -> None:
    zhou = sign_in(open_page("desk"), committed_stage, "zhou")
    zhou.goto("/report/for")
    typed(zhou, "周大爷", "3号楼1单元水管爆了，打13800138000")
    slip = Report.objects.get()
    page = open_page("narrow")
    page.goto("/slip")
    looked_at(page)
    page.goto("about:blank")
    page.goto(f"/slip#{code_of(slip.matter_id, slip.turn)}")
    page.get_by_role("heading", name="这是您说的吗？").wait_for()
    expect(page.locator("h1")).to_contain_text("138****8000")
    assert "周大爷" not in page.locator("main").inner_text()
    looked_at(page)


def test_a_letter_is_scanned_and_a_newcomer_registers(committed_stage: Stage, open_page: OpenPage) -> None:
    home = committed_stage.places["3-2-301"]
    page = open_page("phone")
    page.goto(f"/join#{home.path}:{code_for(home, clock.now().date())}")
    page.get_by_label("您的名字").fill("周小雨")
    page.get_by_label("手机号").fill("13900001111")
    looked_at(page)
    page.get_by_role("button", name="登记").click()
    page.get_by_role("heading", name="登记好了").wait_for()
    looked_at(page)


def test_homes_letters_and_the_register(committed_stage: Stage, open_page: OpenPage) -> None:
    lin = sign_in(open_page("narrow"), committed_stage, "lin", large=True)
    lin.goto("/mine/homes")
    looked_at(lin)
    wang = sign_in(open_page("desk"), committed_stage, "wang")
    wang.goto("/letters?under=3")
    looked_at(wang)
    wang.goto("/people")
    wang.get_by_label("找人").fill("林")
    wang.get_by_role("button", name="找", exact=True).click()
    looked_at(wang)
    wang.locator("a", has_text="林姨").click()
    for summary in wang.locator("summary").all():
        summary.click()
    looked_at(wang)
