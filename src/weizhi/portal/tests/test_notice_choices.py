"""The page on which a person chooses how to be told, and the committee's page of what did not arrive."""

from datetime import time
from typing import Any

import pytest

from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import NoticeChoice
from weizhi.portal.tests.conftest import Enter, give_number
from weizhi.record.models import Delivery, Entry

URL, STUCK = "/notices/choices", "/notices/undelivered"
FORM = {
    "email_waits": "now", "email_asked": "digest", "email_news": "off", "quiet_from": "22:00", "quiet_to": "07:00",
    "digest": "weekly",
}  # fmt: skip


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.people["lin"].email = "lin@example.org"
    stage.people["lin"].save()
    return stage


def test_a_person_chooses_and_finds_the_choice_again(stage: Stage, enter: Enter, query_budget: Any) -> None:
    lin = enter("lin")
    with query_budget(10):
        page = lin.get(URL).content.decode()
    assert "lin@example.org" in page and "短信" not in page and "关不掉" in page
    assert lin.post(URL, FORM).status_code == 302
    row = NoticeChoice.objects.get()
    assert row.ways["email"] == {"waits": "now", "asked": "digest", "news": "off"}
    assert (row.quiet_from, row.quiet_to, row.digest) == (time(22), time(7), "weekly")
    page = lin.get(URL).content.decode()
    assert '<option value="22:00" selected>' in page and 'name="email_news" value="off" checked' in page
    lin.post(URL, FORM | {"quiet_from": "", "quiet_to": ""})
    assert NoticeChoice.objects.get().quiet_from is None


def test_texts_are_offered_to_who_has_a_number_and_the_number_is_not_shown(stage: Stage, enter: Enter) -> None:
    give_number(stage.people["lin"])
    page = enter("lin").get(URL).content.decode()
    assert "短信" in page and "13800001234" not in page
    assert 'name="sms_waits" value="digest"' not in page, "a text message is no place for a list"
    enter("lin").post(URL, FORM | {"sms_waits": "now", "sms_asked": "off", "sms_news": "off"})
    enter("lin").post(URL, FORM)
    assert NoticeChoice.objects.get().ways["sms"]["waits"] == "now", "what a form does not show stays as it was"


@pytest.mark.parametrize(
    "wrong",
    [
        {"email_waits": "never"},
        {"sms_waits": "digest"},
        {"quiet_from": "25:00"},
        {"quiet_to": ""},
        {"digest": "yearly"},
    ],
    ids=str,
)
def test_what_is_not_offered_is_refused_and_nothing_changes(stage: Stage, enter: Enter, wrong: dict[str, str]) -> None:
    answer = enter("lin").post(URL, FORM | wrong)
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert not NoticeChoice.objects.exists()


def test_the_committee_sees_what_did_not_arrive_and_tries_it_again(
    stage: Stage, enter: Enter, query_budget: Any
) -> None:
    stage.report()
    entry = Entry.objects.get(verb="raise")
    common = {"entry": entry, "send_at": stage.now, "why": "news"}
    for tries, fault in ((9, "TimeoutError"), (2, "unusable"), (0, ""), (99, "gone")):
        login = {9: "lin", 2: "zhou", 0: "chen", 99: "zhao"}[tries]
        Delivery.objects.create(to=stage.people[login], channel="email", tries=tries, fault=fault, **common)
    wang = enter("wang")
    wang.get(STUCK)
    with query_budget(10):
        page = wang.get(STUCK).content.decode()
    assert "林姨" in page and "试了 9 次" in page and "小周" in page
    assert "陈经理" not in page and "赵律师" not in page
    assert wang.post(STUCK).status_code == 302
    assert set(Delivery.objects.exclude(tries=99).values_list("tries", "fault")) == {(0, "")}
    for login in ("lin", "zhou", "chen", "guo"):
        assert enter(login).get(STUCK).status_code == 404
