"""The acts of the desk as pages: send, split, take back, ask, refuse with a ground, what was said by phone."""

from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from weizhi.matters.actions.done import Done
from weizhi.matters.models import Step
from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.test_sending import GRID, PROPERTY, desk, photo, waits
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import matter_url, picture, text
from weizhi.record.models import Entry

__all__ = ["desk"]
RULE = {"to[]": "dispatch"}


def send(client: Client, done: Done, verb: str, outcome: str = "", **sent: Any) -> HttpResponse:
    step = Step.objects.open().exclude(kind="fork").filter(matter=done.matter_id).order_by("id").first()
    known = {"verb": verb, "outcome": outcome, "key": str(uuid4()), "step": str(step.pk) if step else ""}
    answer: HttpResponse = client.post(reverse("portal:act", args=[done.matter_id]), known | sent)
    return answer


def test_the_form_says_to_whom_the_rule_would_send_it(desk: Stage, enter: Enter) -> None:
    done = desk.report(words="楼道灯坏了，晚上黑")
    page = text(enter("zhou").get(matter_url(done)))
    assert "第 1 条：公共管线归物业，派给物业。" in page
    assert "大事、小事还是私事" not in page and "归哪一类事" not in page, "the buttons say it"
    assert send(enter("zhou"), done, "sort", "small", category="lighting", **RULE).status_code == 302
    assert waits(done) == {"handle": {PROPERTY}}


def test_two_that_are_ticked_get_a_part_each(desk: Stage, enter: Enter) -> None:
    done = desk.report()
    send(enter("zhou"), done, "sort", "small", **{"to[]": ["property", "grid-officer"]})
    assert waits(done)["part"] == {PROPERTY, GRID}
    page = text(enter("lin").get(matter_url(done)))
    assert "等物业 陈经理" in page and "等网格员 小周" in page, "each part has its owner, by name"


def test_a_question_has_a_form_of_its_own_and_keeps_what_was_typed(desk: Stage, enter: Enter) -> None:
    done, zhou = desk.report(), enter("zhou")
    refused = send(zhou, done, "sort", "ask")
    assert refused.status_code == 422 and "请写一句为什么" in text(refused)
    assert refused.content.decode().count('role="alert"') == 1, "in the form it belongs to, and no other"
    assert send(zhou, done, "sort", "ask", words="是几楼的灯？").status_code == 302
    assert "是几楼的灯？" in text(enter("lin").get(matter_url(done)))


def test_the_answer_by_telephone_is_written_down_and_can_be_disputed(desk: Stage, enter: Enter) -> None:
    done, zhou, lin = desk.report(), enter("zhou"), desk.people["lin"]
    send(zhou, done, "sort", "ask", words="是几楼的灯？")
    assert "问过了，替他写下回答" in text(zhou.get(matter_url(done)))
    assert "替他写下回答" not in text(enter("chen").get(matter_url(done))), "only those who handle it"
    assert send(zhou, done, "wait", behalf=str(lin.pk), words="三楼").status_code == 302
    entry = Entry.objects.filter(verb="wait").get()
    assert (entry.actor, entry.on_behalf_of) == (desk.people["zhou"], lin)
    assert "代我办的不对" in text(enter("lin").get(matter_url(done)))
    again = send(zhou, done, "sort", "small", behalf="nobody")
    assert again.status_code == 422


def test_refusing_asks_for_its_ground(desk: Stage, enter: Enter) -> None:
    done, chen = desk.report(), enter("chen")
    send(enter("zhou"), done, "sort", "small", category="lighting", **RULE)
    page = text(chen.get(matter_url(done)))
    assert "依据" in page and "没有经费" in page
    refused = send(chen, done, "handle", "refused", words="今年没有预算")
    assert refused.status_code == 422 and "还缺“依据”" in text(refused)
    assert "今年没有预算" in refused.content.decode()
    assert send(chen, done, "handle", "refused", words="今年没有预算", ground="money").status_code == 302
    assert "没办成" in text(enter("lin").get(matter_url(done)))


def test_what_is_done_comes_with_a_photo(desk: Stage, enter: Enter) -> None:
    done, chen = desk.report(), enter("chen")
    send(enter("zhou"), done, "sort", "small", category="lighting", **RULE)
    assert send(chen, done, "handle", "done").status_code == 422
    assert send(chen, done, "handle", "done", photos=picture()).status_code == 302
    assert desk.stands_at(done) == ["rate"]


@pytest.mark.parametrize(("to", "found"), [("", {"sort": {GRID}}), ("grid-officer", {"handle": {GRID}})])
def test_what_was_sent_wrongly_is_taken_back(desk: Stage, enter: Enter, to: str, found: dict[str, set[str]]) -> None:
    done, zhou = desk.report(), enter("zhou")
    send(zhou, done, "sort", "small", category="lighting", **RULE)
    page = text(zhou.get(matter_url(done)))
    assert "收回“办理”" in page and "改派给谁？" in page
    assert "收回“办理”" not in text(enter("chen").get(matter_url(done)))
    assert send(zhou, done, "take-back", words="不归物业", **{"to[]": to}).status_code == 302
    assert waits(done) == found


def test_why_can_i_not_is_answered_with_the_charters_line(desk: Stage, enter: Enter) -> None:
    done = desk.report()
    send(enter("zhou"), done, "sort", "small", category="lighting", **RULE)
    page = text(enter("zhou").get(matter_url(done)))
    assert "为什么我不能？" in page and "现在到了“办理”，这一步由物业来办。" in page
    assert "sending: procedures.report.steps.handle.by = [&quot;sent-to&quot;]" in page


def test_what_is_used_up_says_so(desk: Stage, enter: Enter) -> None:
    done = desk.report()
    desk.act(done, "sort", "zhou", "small", data={"to": ["property"]})
    desk.act(done, "handle", "chen", "done", evidence=[photo()])
    desk.act(done, "rate", "lin", "bad", data={"words": "又不亮了"})
    desk.act(done, "handle", "chen", "done")
    page = text(enter("lin").get(matter_url(done)))
    assert "“您满意吗”里的“不满意”已经用够了次数。" in page and "at_most = {&quot;bad&quot;: 1}" in page


def test_the_page_of_a_split_stays_within_ten_queries(desk: Stage, enter: Enter, query_budget: Any) -> None:
    done = desk.report()
    desk.act(done, "sort", "zhou", "small", data={"to": ["property", "grid-officer"]})
    zhou = enter("zhou")
    zhou.get(matter_url(done))
    with query_budget(10):
        zhou.get(matter_url(done))
