"""Show 8 in a real browser: a clerk's change is checked, drawn, tried, in force; running matters keep their rules."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from weizhi.charters.loading import load
from weizhi.matters.models import Matter, Step
from weizhi.matters.registry import specs
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.people.models import Body, Person
from weizhi.portal.tests.test_browser import looked_at, sign_in
from weizhi.portal.tests.test_charter import CHANGED, WUWEI
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Entry

__all__ = ["committed_stage"]

OpenPage = Callable[[str], "Page"]


@pytest.fixture
def wuwei(committed_stage: Stage) -> Stage:
    stage = committed_stage
    adopt_charter(stage.community, load("wuwei", specs=specs()), source=WUWEI, at=stage.later(seconds=1))
    second = stage.people["ma"] = Person.objects.create_user("ma", "马委员")
    committee = Body.objects.get(community=stage.community, key="committee")
    appoint(stage.community, second, committee, "committee-member", "居委会委员", at=stage.later(seconds=1))
    return stage


def test_a_clerk_s_change_is_checked_drawn_tried_and_in_force(wuwei: Stage, open_page: OpenPage) -> None:
    running = wuwei.report(words="三号楼门禁坏了")
    wuwei.act(running, "sort", "wang", "property")
    entries = Entry.objects.count()

    wang = sign_in(open_page("desk"), wuwei, "wang")
    wang.goto("/charter")
    looked_at(wang)
    wang.get_by_role("link", name="试着改一改").click()
    wang.get_by_text("和现在用的一样，没有改动。").wait_for()
    looked_at(wang)

    # Typed with a slip: told while typing, with its line and the nearest name; a press leads there.
    box = wang.get_by_label("章程原文")
    box.fill(CHANGED.replace('outcomes = { done = "look"', 'outcomes = { done = "lok"'))
    wang.get_by_text("是不是想写“look”？").wait_for()
    looked_at(wang)
    wang.locator(".findings .at").first.click()
    chosen = wang.evaluate("(b => b.value.slice(b.selectionStart, b.selectionEnd))(document.activeElement)")
    assert '"lok"' in chosen
    box.fill(CHANGED)
    wang.get_by_text("没有问题，可以用。").wait_for()
    expect(wang.locator("#bench .drawing")).to_contain_text("网格员看一眼")
    looked_at(wang)

    # Tried on the cast: what would this resident see?
    wang.get_by_role("button", name="报一件试试").click()
    for outcome in ("物业办", "办好了", "好了", "满意"):
        wang.get_by_role("button", name=outcome, exact=True).click()
        wang.locator(".walk").get_by_text("结束：" if outcome == "满意" else "接下来：").wait_for()
    wang.get_by_text("结束：办好了").wait_for()
    expect(wang.locator("#bench")).to_contain_text("看不到这件事")
    assert Entry.objects.count() == entries, "a rehearsal leaves nothing"

    # Proposed by one, confirmed by another.
    wang.get_by_label("为什么改").fill("三天不够，办完再看一眼")
    wang.get_by_role("button", name="提出来，请第二个人确认").click()
    wang.get_by_text("等第二个人确认。").first.wait_for()
    expect(wang.get_by_role("button", name="同意，从现在起这样办"), "nobody confirms what he proposed").to_have_count(0)
    ma = sign_in(open_page("phone"), wuwei, "ma")
    ma.goto("/charter/try")
    ma.get_by_text("三天不够，办完再看一眼").wait_for()
    looked_at(ma)
    ma.get_by_role("button", name="同意，从现在起这样办").click()
    ma.get_by_text("从现在起按新的章程办").wait_for()
    looked_at(ma)

    # What is new goes by it, what was running does not.
    lin = sign_in(open_page("phone"), wuwei, "lin")
    lin.goto("/charter")
    expect(lin.locator("main")).to_contain_text("网格员看一眼")
    lin.goto("/report")
    lin.get_by_label("什么事？").fill("单元门合不上")
    lin.get_by_role("button", name="报上去").click()
    lin.get_by_text("收到了。").wait_for()
    new = Matter.objects.exclude(pk=running.matter_id).get()
    old = Matter.objects.get(pk=running.matter_id)
    assert new.charter_id != old.charter_id
    wuwei.act(running, "handle", "chen", "done")
    assert wuwei.stands_at(running) == ["rate"], "the running matter never meets the new step"
    wuwei.act(new.pk, "sort", "wang", "property")
    wuwei.act(new.pk, "handle", "chen", "done")
    assert list(Step.objects.open().filter(matter=new).values_list("key", flat=True)) == ["look"]


def test_without_a_script_it_is_a_plain_form(wuwei: Stage, browser, live_server) -> None:
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = sign_in(plain.new_page(), wuwei, "wang")
    page.goto("/charter/try")
    page.get_by_label("章程原文").fill(CHANGED)
    page.get_by_role("button", name="看一看").click()
    page.get_by_text("没有问题，可以用。").wait_for()
    page.get_by_role("button", name="报一件试试").click()
    page.get_by_role("button", name="物业办", exact=True).click()
    expect(page.locator(".walk")).to_contain_text("接下来：物业办")
    assert page.get_by_label("章程原文").input_value().strip() == CHANGED.strip()
    page.get_by_role("button", name="提出来，请第二个人确认").click()
    page.get_by_text("等第二个人确认。").first.wait_for()
    plain.close()
