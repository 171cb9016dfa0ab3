"""The one story in a real browser: on a phone, on the desk, by keyboard in large type, and without a script."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.tests.browser import assert_axe_clean, assert_no_sideways_scroll

__all__ = ["committed_stage"]

OpenPage = Callable[[str], "Page"]


def sign_in(page: "Page", stage: Stage, login: str, large: bool = False) -> "Page":
    """The pages of signing in have tests of their own: here the session is handed over."""
    client = Client()
    client.force_login(stage.people[login])
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    cookies = [{"name": django_settings.SESSION_COOKIE_NAME, "value": session}]
    cookies += [{"name": "size", "value": "large"}] if large else []
    page.goto("/account/login/")
    page.context.add_cookies([{**cookie, "url": page.url.partition("/account")[0]} for cookie in cookies])  # type: ignore[typeddict-item]
    page.goto("/")
    return page


def hand_at(page: "Page", field: str) -> None:
    """The cursor stands in this field and scripts have run: keys struck earlier are lost, or send the form."""
    page.locator(f"{field}:focus").wait_for()
    page.wait_for_load_state()


def looked_at(page: "Page") -> None:
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    file = tmp_path / "lamp.jpg"
    Image.new("RGB", (3000, 2000), "#665544").save(file)
    return file


def test_a_lamp_is_reported_on_a_phone_and_carried_to_its_end(
    committed_stage: Stage, open_page: OpenPage, lamp: Path
) -> None:
    stage = committed_stage
    lin = sign_in(open_page("phone"), stage, "lin")
    looked_at(lin)

    lin.get_by_role("link", name="报事", exact=True).click()
    lin.locator("input[type=file]").set_input_files(lamp)
    lin.locator("[data-previews] img").wait_for()
    lin.get_by_role("button", name="报上去").click()
    expect(lin.get_by_role("alert"), "words are missing, and it says so").to_be_visible()
    looked_at(lin)
    lin.get_by_label("什么事？").fill("三楼楼道灯不亮了")
    lin.get_by_role("button", name="报上去").click()
    lin.get_by_text("收到了。").wait_for()
    expect(lin.locator(".story img"), "the photo outlived the refusal").to_have_count(1)
    looked_at(lin)
    story = lin.url.partition("?")[0]

    zhou = sign_in(open_page("desk"), stage, "zhou")
    looked_at(zhou)
    zhou.keyboard.press("j")
    zhou.keyboard.press("Enter")
    zhou.wait_for_url("**/m/*")
    acted(zhou, "我们办")

    chen = sign_in(open_page("phone"), stage, "chen")
    chen.get_by_role("link", name="三楼楼道灯不亮了").click()
    chen.wait_for_url("**/m/*")
    mend(chen, lamp)
    zhou.goto(story)
    acted(zhou, "确实好了")

    lin.goto(story)
    lin.locator("label.bad").click()
    lin.get_by_role("button", name="说好了").click()
    expect(lin.get_by_role("alert"), "a bad word needs a reason").to_contain_text("哪里不满意")
    lin.get_by_label("想说点什么？").fill("亮了一个钟头又灭了")
    lin.get_by_role("button", name="说好了").click()
    lin.get_by_text("谢谢您告诉我们。").wait_for()

    chen.goto(story)
    mend(chen, lamp)
    zhou.goto(story)
    acted(zhou, "确实好了")

    lin.goto(story)
    lin.locator("label.good").click()
    lin.locator("label[title='5 颗星']").click()
    lin.get_by_text("谢谢办事的人").click()
    lin.get_by_role("button", name="说好了").click()
    lin.get_by_text("谢谢您告诉我们。").wait_for()
    expect(lin.locator(".seal").first, "what has ended carries a seal").to_be_visible()
    expect(lin.locator(".story .thanks")).to_have_count(1)
    looked_at(lin)
    assert Matter.objects.get().ended_at is not None


def acted(page: "Page", outcome: str) -> None:
    looked_at(page)
    page.get_by_role("button", name=outcome).click()
    page.get_by_text("记下了。").wait_for()


def mend(page: "Page", photo: Path) -> None:
    page.locator("input[type=file]").set_input_files(photo)
    page.locator("[data-previews] img").wait_for()
    acted(page, "办好了")


def test_a_report_by_keyboard_alone_at_320_px_in_large_type(committed_stage: Stage, open_page: OpenPage) -> None:
    page = sign_in(open_page("narrow"), committed_stage, "lin", large=True)
    looked_at(page)
    press_to(page, "报事")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report")
    looked_at(page)
    press_to(page, "什么事？")
    page.keyboard.type("单元门关不上")
    press_to(page, "报上去")
    page.keyboard.press("Enter")
    page.get_by_text("收到了。").wait_for()
    looked_at(page)
    assert Matter.objects.get().title == "单元门关不上"


def press_to(page: "Page", name: str) -> None:
    """Tab until what is called `name` has the focus, which must be visible."""
    named = "e => (e.labels?.[0]?.textContent || e.getAttribute('aria-label') || e.textContent || '').trim()"
    for _n in range(60):
        page.keyboard.press("Tab")
        focused: Any = page.evaluate_handle("document.activeElement")
        if focused.evaluate(named).startswith(name):
            ring = focused.evaluate("e => getComputedStyle(e).outlineStyle")
            assert ring != "none", f"the focus on {name} cannot be seen"
            return
    raise AssertionError(f"{name} cannot be reached by the keyboard")


def test_a_report_without_a_script(committed_stage: Stage, browser: "Browser", live_server: Any, lamp: Path) -> None:
    bare = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = sign_in(bare.new_page(), committed_stage, "lin")
    page.goto("/report")
    page.locator("input[type=file]").set_input_files(lamp)
    page.locator("textarea").fill("信箱的门掉了")
    page.locator("button", has_text="报上去").click()
    expect(page.locator("h2", has_text="发出去之前"), "without a script the page asks once").to_be_visible()
    page.locator("button", has_text="报上去").click()
    expect(page.locator(".story img")).to_have_count(1)
    page.locator("summary", has_text="说一句话").click()
    page.locator("details[open] textarea").fill("就在三楼")
    page.locator("details[open] button").click()
    expect(page.locator(".story")).to_contain_text("就在三楼")
    bare.close()


def test_what_the_security_policy_forbids_is_not_tried(committed_stage: Stage, open_page: OpenPage) -> None:
    said: list[str] = []
    page = open_page("desk")
    page.on("console", lambda message: said.append(message.text))
    sign_in(page, committed_stage, "zhou")
    for url in ("/desk", "/common", "/mine", "/notices", "/report"):
        page.goto(url)
    page.goto("/desk")
    page.locator("select[name=place]").select_option(index=1)
    page.wait_for_url("**/desk?place=*")
    page.locator(".tabs a").nth(3).click()
    page.wait_for_url("**/desk?view=open*")
    page.go_back()
    page.wait_for_url("**/desk?place=*")
    assert not [line for line in said if "Content Security Policy" in line]


def test_the_switches_change_the_page_at_once(committed_stage: Stage, open_page: OpenPage) -> None:
    page = sign_in(open_page("phone"), committed_stage, "lin")
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(size) == 17
    paper = page.evaluate(ground)
    page.get_by_role("button", name="大字").click()
    page.get_by_role("button", name="深色").click()
    assert page.evaluate(size) == 22
    assert page.evaluate(ground) != paper
    looked_at(page)
    page.reload()
    assert page.evaluate(size) == 22
    assert page.evaluate(ground) != paper
