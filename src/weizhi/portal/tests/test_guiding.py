"""A first proposal, one question a page: nothing is lost between the pages, and the whole is seen before it is sent."""

import re
from typing import Any

import pytest
from django.urls import reverse

from weizhi.charters.loading import load
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import text
from weizhi.record.actions.adopt_charter import adopt_charter

KIND = "proposal"


@pytest.fixture
def asked(stage: Stage) -> Stage:
    adopt_charter(stage.community, load("wuwei"), at=stage.later(seconds=1))
    return stage


def hidden_in(answer: Any) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([a-z-]+)" value="([^"]*)"', answer.content.decode()))


def test_who_proposes_for_the_first_time_is_led(asked: Stage, enter: Enter) -> None:
    lin = enter("lin")
    led = lin.get(reverse("portal:report"), {"kind": KIND})
    assert led.status_code == 302 and led.headers["Location"].startswith(reverse("portal:guided"))
    first = lin.get(led.headers["Location"])
    assert "microphone=(self)" in first.headers["Permissions-Policy"]
    shown = text(first)
    assert "第 1 问，一共 5 问" in shown and "是什么事？" in shown and "以前试过什么办法？" not in shown
    assert lin.get(reverse("portal:report"), {"kind": KIND, "whole": "1"}).status_code == 200


def test_answers_go_along_and_end_in_one_proposal(asked: Stage, enter: Enter) -> None:
    lin, url = enter("lin"), reverse("portal:guided")
    answers = [("words", "垃圾桶离窗太近"), ("whom", "三号楼的老人"), ("tried", ""), ("proposal", "挪到东墙")]
    page = lin.get(url, {"kind": KIND})
    for key, said in answers:
        page = lin.post(url, {**hidden_in(page), "kind": KIND, key: said, "go": "next"})
        assert page.status_code == 200, key
    assert "第 5 问" in text(page) and "挪到东墙" in text(page)
    last = {**hidden_in(page), "who-could": "物业", "review": "yes"}
    whole = lin.post(reverse("portal:report"), last)
    assert whole.status_code == 200 and not Matter.objects.exists()
    body = whole.content.decode()
    assert all(said in body for _key, said in answers) and "物业" in body
    sent = {
        "kind": KIND, "key": "k-1", "place": str(asked.places["3-2"].pk), "who-could": "物业", "anyway": "1",
        **{key: said for key, said in answers if said},
    }  # fmt: skip
    assert lin.post(reverse("portal:report"), sent).status_code == 302
    assert Matter.objects.get().title == "垃圾桶离窗太近"
    assert lin.get(reverse("portal:report"), {"kind": KIND}).status_code == 200  # the second time all at once


def test_a_question_that_must_be_answered_waits(asked: Stage, enter: Enter) -> None:
    lin, url = enter("lin"), reverse("portal:guided")
    page = lin.post(url, {"kind": KIND, "n": "0", "words": " ", "go": "next"})
    assert page.status_code == 422 and "这一问要答一句" in text(page) and "第 1 问" in text(page)
    page = lin.post(url, {"kind": KIND, "n": "2", "words": "桶", "whom": "老人", "tried": "", "go": "next"})
    assert "第 4 问" in text(page)  # this one may stay empty
    page = lin.post(url, {"kind": KIND, "n": "3", "words": "桶", "proposal": "挪", "go": "back"})
    assert "第 3 问" in text(page) and hidden_in(page)["proposal"] == "挪"


@pytest.mark.parametrize("n", ["-1", "99", "x", "3.5"])
def test_no_number_of_a_question_breaks_it(asked: Stage, enter: Enter, n: str) -> None:
    assert enter("lin").post(reverse("portal:guided"), {"kind": KIND, "n": n, "go": "back"}).status_code == 200


def test_other_kinds_and_strangers_are_not_led(asked: Stage, enter: Enter) -> None:
    assert enter("lin").get(reverse("portal:guided"), {"kind": "report"}).status_code == 302
    assert enter("lin").get(reverse("portal:report"), {"kind": "report"}).status_code == 200
    assert enter("guo").get(reverse("portal:guided"), {"kind": KIND}).status_code == 302


def test_the_page_asks_at_most_ten_times(asked: Stage, enter: Enter, query_budget: Any) -> None:
    lin = enter("lin")
    lin.get(reverse("portal:guided"), {"kind": KIND})
    with query_budget(10):
        assert lin.get(reverse("portal:guided"), {"kind": KIND}).status_code == 200
