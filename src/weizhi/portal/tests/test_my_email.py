"""A new e-mail address is taken when the code that went there comes back, and not before."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import text
from weizhi.record.models import Entry

PATH, NEW = "/mine/email", "lin@example.com"


def code() -> str:
    found = re.search(r"\d{6}", str(mail.outbox[-1].body))
    assert found
    return found.group()


def email_of(stage: Stage) -> str:
    return Person.objects.get(pk=stage.people["lin"].pk).email


def asked(enter: Enter) -> Client:
    lin = enter("lin")
    assert lin.post(PATH, {"do": "send", "email": f" {NEW} "}).status_code == 302
    return lin


def test_the_code_goes_to_the_new_address_and_takes_it(stage: Stage, enter: Enter) -> None:
    Person.objects.filter(pk=stage.people["lin"].pk).update(email="old@example.com")
    lin = asked(enter)
    assert mail.outbox[-1].to == [NEW] and email_of(stage) == "old@example.com"
    assert NEW in text(lin.get(PATH))
    done = lin.post(PATH, {"do": "confirm", "code": f"{code()[:3]} {code()[3:]}"}, follow=True)
    assert "换好了" in text(done) and email_of(stage) == NEW
    assert mail.outbox[-1].to == ["old@example.com"], "who had it learns of it"
    assert Entry.objects.get(verb="set-email").actor == stage.people["lin"]
    assert lin.post(PATH, {"do": "confirm", "code": "000000"}).status_code == 422, "a code is good once"


def test_a_wrong_code_takes_nothing_and_five_end_it(stage: Stage, enter: Enter) -> None:
    lin = asked(enter)
    right = code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(4):
        assert "验证码不对" in text(lin.post(PATH, {"do": "confirm", "code": wrong}))
    assert "错得太多了" in text(lin.post(PATH, {"do": "confirm", "code": wrong}))
    assert lin.post(PATH, {"do": "confirm", "code": right}).status_code == 422
    assert email_of(stage) == ""


def test_a_code_is_over_after_a_quarter_of_an_hour(stage: Stage, enter: Enter, time_machine) -> None:
    start = timezone.now()
    time_machine.move_to(start)
    lin = asked(enter)
    time_machine.move_to(start + timedelta(minutes=16))
    assert "过期了" in text(lin.post(PATH, {"do": "confirm", "code": code()}))
    assert email_of(stage) == ""


def test_another_session_has_not_asked(stage: Stage, enter: Enter) -> None:
    asked(enter)
    assert enter("lin").post(PATH, {"do": "confirm", "code": code()}).status_code == 422
    assert enter("zhao").post(PATH, {"do": "confirm", "code": code()}).status_code == 422
    assert email_of(stage) == ""


@pytest.mark.parametrize(
    "typed", ["", "lin", "lin@", "lin@example.com\nBcc: all@example.com", f"{'x' * 250}@example.com"]
)
def test_what_is_no_address_is_given_back(stage: Stage, enter: Enter, typed: str) -> None:
    page = enter("lin").post(PATH, {"do": "send", "email": typed})
    assert page.status_code == 422 and "不像一个邮箱" in text(page) and not mail.outbox


def test_nobody_fills_a_strangers_letter_box(stage: Stage, enter: Enter) -> None:
    lin = enter("lin")
    sent = [lin.post(PATH, {"do": "send", "email": f"n{n}@example.com"}).status_code for n in range(7)]
    assert sent == [302] * 5 + [422] * 2 and len(mail.outbox) == 5


def test_a_mail_server_that_is_down_is_told(stage: Stage, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_what: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("weizhi.portal.accounts.addresses.send_mail", down)
    page = enter("lin").post(PATH, {"do": "send", "email": NEW})
    assert page.status_code == 422 and "没有发出去" in text(page) and f'value="{NEW}"' in page.content.decode()


def test_it_can_be_taken_away_and_the_page_costs_little(stage: Stage, enter: Enter, query_budget) -> None:
    Person.objects.filter(pk=stage.people["lin"].pk).update(email=NEW)
    lin = enter("lin")
    lin.get(PATH)
    with query_budget(10):
        assert NEW in text(lin.get(PATH))
    lin.post(PATH, {"do": "forget"})
    assert email_of(stage) == ""
