"""A survey in a real browser: one question after the other on a phone, slips by keys at the desk, the result."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from weizhi.deliberation.actions.fill_in import fill_in
from weizhi.deliberation.models import Answer
from weizhi.deliberation.tests.test_survey import HOMES, asked_all, home
from weizhi.matters.actions.act import act
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.tests.test_browser import OpenPage, hand_at, looked_at, sign_in
from weizhi.record import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]


def kept(page: "Page", name: str) -> None:
    if folder := os.environ.get("WEIZHI_PICTURES"):
        page.screenshot(path=f"{folder}/survey-{name}.png", full_page=True)


def test_a_survey_is_answered_by_thumb_and_typed_in_by_keys(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = committed_stage
    stage.now = clock.now() - timedelta(hours=1)
    survey = asked_all(stage, 'at_least = "1/2"')
    address = f"/m/{survey.matter_id}/survey"

    phone = sign_in(open_page("narrow"), stage, "lin")
    phone.goto("/")
    phone.locator(f"a[href$='{address}']").first.click()
    phone.get_by_text("第 1 题，共 4 题").wait_for()
    expect(phone.get_by_text("第 2 题，共 4 题")).to_be_hidden()
    looked_at(phone)
    kept(phone, "phone")
    phone.get_by_text("不挪", exact=True).click()
    phone.get_by_role("button", name="下一题").click()
    phone.get_by_text("太臭").click()
    kept(phone, "second")
    phone.get_by_role("button", name="下一题").click()
    phone.get_by_text("4 分").click()
    phone.get_by_role("button", name="下一题").click()
    looked_at(phone)
    kept(phone, "last")
    phone.get_by_role("button", name="交上去").click()
    phone.get_by_text("收到了，谢谢您").wait_for()
    looked_at(phone)
    kept(phone, "thanks")
    assert Answer.objects.filter(asked=home(survey, "lin"), channel="phone").count() == 1

    desk = sign_in(open_page("desk"), stage, "wang")
    desk.goto(address)
    desk.get_by_role("link", name="录纸卷").click()
    hand_at(desk, "#of")
    looked_at(desk)
    for key in (home(survey, "home0").code, "1", "13", "5"):
        desk.keyboard.type(key)
        desk.keyboard.press("Enter")
    desk.get_by_text("记下了。下一份。").wait_for()
    expect(desk.get_by_label("纸卷上的编号")).to_be_focused()
    looked_at(desk)
    kept(desk, "desk")
    assert Answer.objects.filter(asked=home(survey, "home0"), channel="paper").count() == 1

    for n in range(1, HOMES):
        said = {"move": "2" if n > 6 else "1", "why": ["1"] if n < 7 else ["1", "2"], "rate": 4 if n < 7 else 5}
        fill_in(survey.pk, said, by=stage.people[f"home{n}"], at=clock.now())
    act(survey.matter_id, "survey", by=stage.people["wang"], at=clock.now())
    for width in ("phone", "desk"):
        page = sign_in(open_page(width), stage, "lin")
        page.goto(address)
        page.get_by_text("问了 14 户，回了 13 户").wait_for()
        looked_at(page)
        kept(page, f"result-{width}")
