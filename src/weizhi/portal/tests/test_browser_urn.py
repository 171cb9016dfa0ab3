"""The desk of a secret vote in a real browser: papers marked by keyboard, the urn read by two, the result."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from weizhi.decisions.models import Envelope, UrnPaper
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.secret import Secret, over, secret
from weizhi.portal.tests.test_browser import OpenPage, hand_at, looked_at, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def address(up: Secret, rest: str = "") -> str:
    return f"/votes/{up.vote.pk}{rest}"


def read(page: "Page", number: str, key: str, said: str) -> None:
    """A paper as somebody reads it, by keyboard alone: number, Enter, choice, Enter."""
    hand_at(page, "#paper")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.locator(".flash, .differs", has_text=said).wait_for()


def test_papers_are_marked_by_keyboard(committed_stage: Stage, open_page: OpenPage) -> None:
    up = secret(committed_stage)
    wang = sign_in(open_page("desk"), committed_stage, "wang")
    wang.goto(address(up, "/desk"))
    looked_at(wang)
    for login in ("lin", "h1"):
        hand_at(wang, "#line")
        wang.keyboard.type(str(up.line(login).n))
        wang.keyboard.press("Enter")
        wang.locator("#line-found .found-line").wait_for()
        wang.keyboard.press("Enter")
        wang.locator(".flash", has_text=f"{up.line(login).n} 号").wait_for()
    assert Envelope.objects.filter(vote=up.vote, channel="paper").count() == 2
    wrong_line_is_taken_back(up, wang, sign_in(open_page("phone"), committed_stage, "li"))
    lin = sign_in(open_page("narrow"), committed_stage, "lin", large=True)
    lin.goto(address(up))
    lin.get_by_text("所以不能再改").wait_for()
    looked_at(lin)


def wrong_line_is_taken_back(up: Secret, wang: "Page", li: "Page") -> None:
    """One says why, the other confirms on the phone."""
    wang.get_by_text("纸票记错了号，要收回").click()
    looked_at(wang)
    wang.locator("#m-line").fill(str(up.line("h1").n))
    wang.locator("#m-why").fill("签名在 3 号，记到了 2 号")
    wang.get_by_role("button", name="提出更正").click()
    expect(wang.locator(".flash")).to_contain_text("请另一个负责的人")
    expect(wang.locator("main")).to_contain_text("您提的，要另一个人确认")
    looked_at(wang)
    li.goto(address(up, "/desk"))
    looked_at(li)
    li.get_by_role("button", name=f"对过签名册，确认 {up.line('h1').n} 号").click()
    expect(li.locator(".flash")).to_contain_text("收回了，本人接到了通知")
    assert Envelope.objects.filter(vote=up.vote, channel="paper").count() == 1


def test_the_urn_is_read_by_two_and_counted(committed_stage: Stage, open_page: OpenPage) -> None:
    up = over(committed_stage)
    wang, li = sign_in(open_page("desk"), committed_stage, "wang"), sign_in(open_page("phone"), committed_stage, "li")
    for clerk in (wang, li):
        clerk.goto(address(up, "/urn"))
        looked_at(clerk)
    for n, key in ((1, "1"), (2, "2"), (3, "0"), (4, "1")):
        read(wang, up.number(n), key, "第一遍读好了")
    read(li, up.number(1), "1", "两遍一样")
    read(li, up.number(2), ".", "请再看一遍纸票")
    looked_at(li)
    hand_at(li, "[name=choice]")
    li.keyboard.press("2")
    li.keyboard.press("Enter")
    li.locator(".flash", has_text="两遍一样").wait_for()
    for n, key in ((3, "0"), (4, "1")):
        read(li, up.number(n), key, "两遍一样")
    assert UrnPaper.objects.filter(vote=up.vote).count() == 4
    wang.reload()
    wang.get_by_role("button", name="票箱空了").click()
    wang.locator(".flash", has_text="请另一个读票的人").wait_for()
    looked_at(wang)
    li.reload()
    li.get_by_role("button", name="确认空了，计票").click()
    li.locator(".flash", has_text="计完票了").wait_for()
    li.get_by_text("名册上记了 4 位交纸票").wait_for()
    looked_at(li)
