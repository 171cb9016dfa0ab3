"""Signing in with a real browser: readable, without barriers, and nothing that the content policy refuses."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.conftest import NUMBER, PASSWORD, code_of, give_number, give_password
from weizhi.record.models import Origin
from weizhi.tests.browser import assert_axe_clean, assert_no_sideways_scroll

__all__ = ["committed_stage"]

OpenPage = Callable[[str], "Page"]


@pytest.fixture
def page(committed_stage: Stage, open_page: OpenPage) -> "Page":
    """A phone's narrowest page, which notes what its browser complains of."""
    cache.clear()
    opened = open_page("narrow")
    opened.complaints = []  # type: ignore[attr-defined]  # read by looked_at alone
    opened.on("console", lambda message: opened.complaints.append(message.text))  # type: ignore[attr-defined]
    return opened


def looked_at(page: "Page") -> None:
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)
    policy = [words for words in page.complaints if "Policy" in words]  # type: ignore[attr-defined]
    assert not policy, policy


def test_a_resident_signs_in_by_code(committed_stage: Stage, page: "Page", capsys: pytest.CaptureFixture[str]) -> None:
    give_number(committed_stage.people["lin"])
    page.goto("/")
    looked_at(page)
    page.get_by_role("link", name="用手机验证码登录").click()
    looked_at(page)
    page.get_by_label("手机号").fill("12345")
    page.get_by_role("button", name="发短信").click()
    expect(page.get_by_text("这不像一个手机号")).to_be_visible()
    looked_at(page)
    page.get_by_label("手机号").fill(NUMBER)
    page.get_by_role("button", name="发短信").click()
    page.wait_for_url("**/confirm/**")
    looked_at(page)
    sent = re.search(r"验证码 (\d{6})，", capsys.readouterr().out)
    assert sent
    page.get_by_label("短信里的 6 位数").fill(sent.group(1))
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r"/$"))
    expect(page.get_by_role("link", name="报事", exact=True)).to_be_visible()


def test_staff_set_up_their_second_factor(committed_stage: Stage, page: "Page") -> None:
    Origin.objects.update(made_as=Origin.MadeAs.LIVE)
    give_password(committed_stage.people["zhou"])
    page.goto("/account/login/")
    page.get_by_label("登录名或手机号").fill("zhou")
    page.get_by_label("密码").fill("错的密码")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("登录名或密码不对")).to_be_visible()
    looked_at(page)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="装好了，开始").wait_for()
    looked_at(page)
    page.get_by_role("button", name="装好了，开始").click()
    page.get_by_alt_text("给验证器扫的方块码").wait_for()
    drawn = page.get_by_alt_text("给验证器扫的方块码").evaluate("image => image.naturalWidth")
    assert drawn > 0, "the drawing must be shown"
    looked_at(page)
    page.get_by_label("验证器里的 6 位数").fill(code_of(page.locator("code").inner_text()))
    page.get_by_role("button", name="打开").click()
    page.get_by_role("button", name="旁边没有别人，显示备用码").click()
    expect(page.locator("ol.codes li")).to_have_count(10)
    looked_at(page)
    page.goto("/desk")
    assert page.url.endswith("/desk")


def test_a_visitor_chooses_a_person_of_the_demo(committed_stage: Stage, page: "Page", settings: Any) -> None:
    settings.DEMO = True
    Origin.objects.update(made_as=Origin.MadeAs.DEMO)
    page.goto("/account/login/")
    page.get_by_role("link", name="这是演示").click()
    looked_at(page)
    page.get_by_role("button", name=re.compile("王主任")).click()
    page.wait_for_url("**/desk")


@pytest.mark.parametrize("path", ["/account/signup/", "/account/inactive/", "/account/login/code/", "/nowhere"])
def test_pages_that_stand_alone(page: "Page", path: str) -> None:
    page.goto(path)
    looked_at(page)
