"""Who is told what, once, and in which words."""

from datetime import timedelta

import pytest
from django.core import mail

from weizhi.matters.actions import tell as telling
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.notice_words import with_words, words_for
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body
from weizhi.record.actions.deliver import TRIES_AT_MOST, deliver
from weizhi.record.actions.set_chat_group import set_chat_group
from weizhi.record.models import Delivery, Payload, Progress

CHARTER = """
[charter]
language = 1
name = "told"
title = "通知的规矩"
extends = ["base"]
[procedures.report]
title = "报事"
[procedures.report.steps.say]
kind = "raise"
by = ["resident", "owner", "grid-officer"]
fields = [{ key = "words", type = "text", title = "什么事", required = true }]
then = "sort"
[procedures.report.steps.sort]
kind = "sort"
title = "看是什么事"
by = ["grid-officer", "committee"]
within = "1 day"
escalate = [{ after = "0 days", tell = ["committee-director"] }]
outcomes = { ours = "handle", elsewhere = "elsewhere" }
outcome_titles = { ours = "我们办", elsewhere = "不归我们" }
[procedures.report.steps.handle]
kind = "handle"
title = "办理"
by = ["property", "committee"]
within = "7 days"
outcomes = { done = "done", cannot = "elsewhere" }
[procedures.report.ends]
done = { counts = "solved", title = "办好了" }
elsewhere = { counts = "elsewhere", title = "已说明" }
"""


@pytest.fixture
def stage(stage: Stage) -> Stage:
    telling._told.clear()  # as a worker that has just been started
    stage.adopt(CHARTER)
    return stage


def told(stage: Stage) -> list[tuple[str, str]]:
    """Tell, and say who got which kind of notice on the page."""
    known = set(Delivery.objects.values_list("pk", flat=True))
    tell(stage.now)
    rows = Delivery.objects.exclude(pk__in=known).filter(channel="page").order_by("to__login")
    return list(rows.values_list("to__login", "why"))


def words(stage: Stage, login: str) -> str:
    newest = with_words(Delivery.objects.filter(to=stage.people[login], channel="page")).order_by("-pk").first()
    assert newest is not None
    return words_for(newest, stage.now).text


def test_those_whom_a_step_waits_for_are_told_and_never_the_actor(stage: Stage):
    stage.report()
    assert told(stage) == [("wang", "waits"), ("zhou", "waits")]
    assert words(stage, "zhou") == "等您办：看是什么事，请在明天之内。林姨提出。"


def test_the_raiser_hears_each_move_and_every_entry_is_told_once(stage: Stage):
    lamp = stage.report()
    stage.act(lamp, "sort", "zhou", "ours")
    tell(stage.now)
    assert words(stage, "lin") == "小周看过了：我们办。接下来物业、居委会：办理，3月9日之内。"
    before = Delivery.objects.count()
    telling._told.clear()  # as a worker that was started again, which reads the overlap once more
    assert tell(stage.now) == 2
    assert Delivery.objects.count() == before


def test_a_step_done_meanwhile_waits_for_nobody_and_followers_hear_of_comments(stage: Stage):
    lamp = stage.report()
    stage.act(lamp, "follow", "zhao")
    stage.act(lamp, "sort", "zhou", "elsewhere")
    assert ("wang", "waits") not in told(stage)
    stage.act(lamp, "comment", "lin", data={"words": "谢谢，电话 13800000000"})
    assert told(stage) == [("zhao", "news")]
    assert words(stage, "zhao") == "一位居民说。"


def test_an_inner_note_is_no_news(stage: Stage):
    lamp = stage.report()
    tell(stage.now)
    stage.act(lamp, "note", "wang", data={"words": "户主耳背"})
    assert told(stage) == []


def test_a_report_taken_for_a_neighbour_tells_him_its_number_and_what_comes_next(stage: Stage):
    stage.report(by="zhou", on_behalf_of=stage.people["lin"])
    tell(stage.now)
    assert words(stage, "lin") == "收到了，编号 0001。接下来网格员、居委会：看是什么事，明天之内。"


def test_an_escalation_tells_whom_the_charter_names(stage: Stage):
    stage.report()
    tell(stage.now)
    stage.later(days=3)
    run_due(stage.now)
    assert ("wang", "asked") in told(stage)
    assert words(stage, "wang") == "“看是什么事”过了期限还没有办，请您过问。逾期，已提醒居委会主任。"


def test_a_community_is_never_rung_up(stage: Stage):
    """A key of status names everybody who lives there; the page tells it."""
    lamp = stage.report()
    entry = stage.matter(lamp).stream.entries.get()
    Payload.objects.create(entry=entry, part="tell", salt=bytes(32), body=["status:resident@xfl", "signed-in"])
    assert {login for login, _ in told(stage)} == {"wang", "zhou"}


def test_history_is_not_announced(stage: Stage):
    stage.report()
    stage.later(days=8)
    assert told(stage) == []


def test_an_entry_that_commits_late_is_told(stage: Stage):
    """Its id is older than the newest one told, since it was made before its transaction waited for a lock."""
    stage.report(words="先提交的")
    tell(stage.now)
    newest = Progress.objects.get(job="told").at
    Progress.objects.filter(job="told").update(at=newest + timedelta(minutes=5))
    stage.report(words="后提交的", place="3-1-101")
    assert told(stage) == [("wang", "waits"), ("zhou", "waits")]


def test_telling_costs_the_same_for_one_entry_and_for_many(stage: Stage, query_budget):
    stage.report()
    with query_budget(11):
        tell(stage.now)
    for n in range(10):
        stage.report(words=f"第 {n} 盏灯")
    with query_budget(11):
        tell(stage.now)
    listed = with_words(Delivery.objects.filter(channel="page"))
    with query_budget(1):
        assert len({words_for(row).title for row in listed}) == 11


def test_mail_goes_out_once_and_names_no_closed_words(stage: Stage):
    stage.people["zhou"].email = "zhou@example.org"
    stage.people["zhou"].save()
    stage.report(words="三单元楼道灯坏了")
    tell(stage.now)
    assert deliver(words_for, stage.now) == 1
    assert deliver(words_for, stage.later(days=1)) == 0
    assert [(m.to, m.subject) for m in mail.outbox] == [(["zhou@example.org"], "编号 0001 三单元楼道灯坏了")]
    assert "等您办：看是什么事" in mail.outbox[0].body and "http://127.0.0.1:8000/m/" in mail.outbox[0].body


def test_mail_that_fails_is_tried_again_later_and_given_up_in_the_end(stage: Stage, monkeypatch):
    stage.people["zhou"].email = "zhou@example.org"
    stage.people["zhou"].save()
    stage.report()
    tell(stage.now)
    tries = []

    def no_server(*_: object) -> int:
        tries.append(1)
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr("weizhi.record.actions.deliver.send_mail", no_server)
    assert deliver(words_for, stage.now) == deliver(words_for, stage.later(seconds=30)) == 0
    assert len(tries) == 1
    for _ in range(30):
        deliver(words_for, stage.later(hours=5))
    assert len(tries) == TRIES_AT_MOST


def test_a_chat_group_is_told_without_title_and_names_and_only_where_it_is_switched_on(
    stage: Stage, settings, monkeypatch
):
    settings.CHAT = True
    property_company = Body.objects.get(key="property")
    set_chat_group(property_company, "json://127.0.0.1:9/group", at=stage.now)
    property_company.refresh_from_db()
    assert b"127.0.0.1" not in bytes(property_company.webhook_cipher or b"127.0.0.1")
    lamp = stage.report(words="王婶家漏水")
    stage.act(lamp, "sort", "zhou", "ours")
    tell(stage.now)
    telling._told.clear()
    tell(stage.now)
    sent: list[dict[str, str]] = []

    def notify(self: object, **words: str) -> bool:
        sent.append(words)
        return True

    monkeypatch.setattr("apprise.Apprise.notify", notify)
    assert deliver(words_for, stage.now) == 1
    assert sent[0]["title"] == "等您办：编号 0001"
    assert "等您办：办理，请在3月9日之内。" in sent[0]["body"]
    assert not any(word in str(sent) for word in ("王婶", "小周", "林姨"))
    settings.CHAT = False
    stage.act(lamp, "handle", "chen", "done")
    tell(stage.now)
    assert deliver(words_for, stage.now) == 0


def test_two_workers_send_a_notice_once(stage: Stage):
    stage.people["zhou"].email = "zhou@example.org"
    stage.people["zhou"].save()
    stage.report()
    tell(stage.now)

    def slow(row: Delivery):
        deliver(words_for, stage.now)  # the other worker, while this one is at it
        return words_for(row)

    assert deliver(slow, stage.now) == 1
    assert len(mail.outbox) == 1
