"""Asking to be erased and changing an address, in a real browser: without barriers, at the narrowest width."""

import re

from django.core import mail
from django.core.cache import cache

from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.people.models import Erasure, Person
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in

__all__ = ["committed_stage"]


def test_a_resident_asks_and_the_committee_sees_it(committed_stage: Stage, open_page: OpenPage) -> None:
    page = sign_in(open_page("narrow"), committed_stage, "lin")
    page.goto("/mine/erase")
    looked_at(page)
    page.get_by_role("button", name="我看过了，要删除").click()
    page.get_by_role("heading", name="再确认一次").wait_for()
    looked_at(page)
    page.get_by_label("写上您登记的名字").fill("林")
    page.get_by_role("button", name="提出删除").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("写上您登记的名字").input_value() == "林", "what was typed stays"
    looked_at(page)
    page.get_by_label("写上您登记的名字").fill("林姨")
    page.get_by_role("button", name="提出删除").click()
    page.get_by_role("button", name="撤回，不删了").wait_for()
    looked_at(page)
    wang = sign_in(open_page("phone"), committed_stage, "wang")
    wang.goto("/people/erasures")
    looked_at(wang)
    wang.get_by_role("link", name=re.compile("林姨")).click()
    wang.get_by_label("核对过了：是这个人，没有法律要求留着的").check()
    looked_at(wang)
    wang.get_by_role("button", name="同意删除").click()
    wang.locator(".flash").wait_for()
    assert Erasure.objects.get().first == committed_stage.people["wang"]


def test_a_new_address_by_its_code(committed_stage: Stage, open_page: OpenPage) -> None:
    cache.clear()
    page = sign_in(open_page("narrow"), committed_stage, "lin")
    page.goto("/mine/email")
    looked_at(page)
    page.get_by_label("新的邮箱").fill("lin@example.com")
    page.get_by_role("button", name="发验证码").click()
    page.get_by_label("信里的 6 位数").wait_for()
    looked_at(page)
    sent = re.search(r"\d{6}", str(mail.outbox[-1].body))
    assert sent
    page.get_by_label("信里的 6 位数").fill(sent.group())
    page.get_by_role("button", name="就用这个邮箱").click()
    page.locator(".flash").wait_for()
    assert Person.objects.get(login="lin").email == "lin@example.com"
