"""Notices as each person chose: at once, held back in the night, gathered in a digest, by text; and never lost."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from weizhi.matters.actions import tell as telling
from weizhi.matters.actions.tell import tell
from weizhi.matters.notice_words import words_for
from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.test_notices import CHARTER
from weizhi.people import vault
from weizhi.people.models import NoticeChoice
from weizhi.record.actions.deliver import NEVER, TRIES_AT_MOST, deliver
from weizhi.record.models import Delivery, Digest

WALL = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def stage(stage: Stage, settings) -> Stage:
    settings.SMS = "console"
    settings.KEYS_FILE = settings.FILES.parent / "keys.json"
    telling._told.clear()
    stage.adopt(CHARTER)
    for login in ("zhou", "lin"):
        stage.people[login].email = f"{login}@example.org"
        stage.people[login].save()
    return stage


def choose(stage: Stage, login: str, **chosen: object) -> None:
    NoticeChoice.objects.create(person=stage.people[login], **chosen)


def told(stage: Stage, at: datetime) -> int:
    stage.now = at
    tell(at)
    return deliver(words_for, at)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=WALL)


def report(stage: Stage, when: datetime, words: str = "三单元楼道灯坏了"):
    stage.now = when - timedelta(minutes=1)
    return stage.report(words=words)


def test_what_happens_in_the_night_goes_out_in_the_morning(stage: Stage):
    report(stage, at(2, 22))
    assert told(stage, at(2, 22, 1)) == 0
    assert Delivery.objects.filter(channel="page", to=stage.people["zhou"]).count() == 1, "the page has it at once"
    assert told(stage, at(3, 7, 59)) == 0 and not mail.outbox
    assert told(stage, at(3, 8)) == 1
    assert mail.outbox[0].to == ["zhou@example.org"]


def test_each_chooses_own_quiet_hours_and_none_at_all(stage: Stage):
    choose(stage, "zhou", quiet_from=None, quiet_to=None)
    report(stage, at(2, 23))
    assert told(stage, at(2, 23, 1)) == 1
    NoticeChoice.objects.update(quiet_from=time(12), quiet_to=time(14))
    report(stage, at(3, 12, 30))
    assert told(stage, at(3, 12, 31)) == 0
    assert told(stage, at(3, 14)) == 1


def test_what_was_switched_off_stays_on_the_page_alone(stage: Stage):
    choose(stage, "zhou", ways={"email": {"waits": "off"}})
    report(stage, at(2, 10))
    assert told(stage, at(2, 10, 1)) == 0
    assert Delivery.objects.filter(to=stage.people["zhou"]).values_list("channel", flat=True).get() == "page"


def test_a_digest_is_one_message_that_lists_the_events_once(stage: Stage):
    choose(stage, "zhou", ways={"email": {"waits": "digest"}}, digest="daily")
    for n, hour in enumerate((10, 15, 23)):
        report(stage, at(2, hour), f"第 {n} 盏灯坏了")
        told(stage, at(2, hour, 1))
        telling._told.clear()  # a worker that starts again reads the overlap once more
        told(stage, at(2, hour, 2))
    assert not mail.outbox and Digest.objects.count() == 1
    assert told(stage, at(3, 8)) == 1
    (message,) = mail.outbox
    assert message.subject == "3 条消息：编号 0001 第 0 盏灯坏了等"
    assert [message.body.count(f"第 {n} 盏灯坏了") for n in range(3)] == [1, 1, 1]
    assert message.body.count("/m/") == 3
    assert told(stage, at(3, 9)) == told(stage, at(4, 9)) == 0, "and never again"


def test_a_weekly_digest_waits_for_monday(stage: Stage):
    choose(stage, "lin", ways={"email": {"news": "digest"}}, digest="weekly")
    choose(stage, "zhou", ways={"email": {"waits": "off"}})
    lamp = report(stage, at(3, 10))
    stage.act(lamp, "sort", "zhou", "ours", at=at(3, 11))
    assert told(stage, at(8, 20)) == 0
    assert told(stage, at(9, 8)) == 1
    assert mail.outbox[0].subject == "编号 0001 三单元楼道灯坏了"


def test_a_digest_that_fails_is_tried_again_and_comes_once(stage: Stage, monkeypatch):
    choose(stage, "zhou", ways={"email": {"waits": "digest"}})
    report(stage, at(2, 10))
    told(stage, at(2, 10, 1))
    real = mail.send_mail

    def no_server(*_: object) -> int:
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("weizhi.record.actions.deliver.send_mail", no_server)
    assert told(stage, at(3, 8)) == 0
    row = Delivery.objects.get(channel="email", to=stage.people["zhou"])
    assert (row.fault, row.tries) == ("ConnectionRefusedError", 1)
    monkeypatch.setattr("weizhi.record.actions.deliver.send_mail", real)
    assert told(stage, at(3, 8)) == 0, "not before its pause is over"
    assert told(stage, at(3, 8, 2)) == 1 and len(mail.outbox) == 1
    row.refresh_from_db()
    assert row.sent_at == at(3, 8, 2) and not row.fault


def test_what_comes_late_for_a_digest_is_not_lost(stage: Stage):
    choose(stage, "zhou", ways={"email": {"waits": "digest"}})
    report(stage, at(2, 10), "先报的")
    told(stage, at(2, 10, 1))
    report(stage, at(3, 7), "后报的")
    stage.now = at(3, 8)
    deliver(words_for, at(3, 8))
    tell(at(3, 7, 59))  # the other worker's clock was a little behind
    assert deliver(words_for, at(3, 8, 2)) == 1
    assert [("先报的" in m.body, "后报的" in m.subject) for m in mail.outbox] == [(False, False), (False, True)]
    assert "先报的" in mail.outbox[0].subject


def test_a_text_message_is_sent_to_who_asked_for_it_and_its_number_is_nowhere_else(stage: Stage, capsys):
    vault.put(stage.people["zhou"], vault.PHONE, "13800001234")
    stage.people["zhou"].save()
    report(stage, at(2, 9))
    told(stage, at(2, 9, 1))
    assert capsys.readouterr().out == "", "a text costs money: nobody gets one unasked"
    choose(stage, "zhou", ways={"email": {"waits": "off"}, "sms": {"waits": "now"}})
    report(stage, at(2, 10))
    assert told(stage, at(2, 10, 1)) == 1
    assert "13800001234：【微治】编号 0002" in capsys.readouterr().out
    assert "1380000" not in str(list(Delivery.objects.values()))


def test_a_gateway_that_refuses_is_tried_again(stage: Stage, monkeypatch):
    vault.put(stage.people["zhou"], vault.PHONE, "13800001234")
    stage.people["zhou"].save()
    choose(stage, "zhou", ways={"email": {"waits": "off"}, "sms": {"waits": "now"}})

    def refuse(number: str, words: str) -> None:
        raise TimeoutError("no answer")

    monkeypatch.setattr("weizhi.record.text_messages.post", refuse)
    report(stage, at(2, 10))
    for hour in range(40):
        told(stage, at(2, 10, 1) + timedelta(hours=hour))
    row = Delivery.objects.get(channel="sms")
    assert (row.tries, row.fault, row.sent_at) == (TRIES_AT_MOST, "TimeoutError", None)


def test_a_try_again_is_not_made_in_the_night(stage: Stage, monkeypatch):
    tried: list[datetime] = []

    def no_server(*_: object) -> int:
        tried.append(stage.now)
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("weizhi.record.actions.deliver.send_mail", no_server)
    report(stage, at(2, 20, 50))
    for minute in range(0, 60 * 13, 5):
        told(stage, at(2, 20, 51) + timedelta(minutes=minute))
    assert len(tried) > 4
    assert all(moment.hour >= 8 and moment.hour < 21 for moment in tried)


def test_nobody_waits_for_what_was_meant_for_somebody_who_left(stage: Stage):
    report(stage, at(2, 10))
    tell(at(2, 10, 1))
    stage.people["zhou"].email = ""
    stage.people["zhou"].save()
    assert told(stage, at(2, 10, 2)) == 0
    assert Delivery.objects.get(channel="email").tries == NEVER
