"""The projector's page as the chair's phone drives it, and the code by which people check in."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from weizhi.deliberation.actions.lead import Shown, lead
from weizhi.deliberation.models import Attendance, Item, Sitting, Wall
from weizhi.deliberation.tests.test_meeting import CHARTER
from weizhi.matters.actions.done import Done
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.meeting.here import token_of
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_meeting import PAGE, Budget, called, council, evening, filled, read, sent, topics
from weizhi.record.models import Entry

__all__ = ["called", "council", "evening", "topics"]
RULES = CHARTER.replace(
    'quorum = { seats = "3/4" }', 'quorum = { seats = "3/4" }\nrules = ["一人一次三分钟", "不打断"]'
)


@pytest.fixture(autouse=True)
def with_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weizhi.portal.tests.test_meeting.CHARTER", RULES)


def wall(client: Client, done: Done, since: str = "") -> Any:
    name, more = ("portal:wall-since", [since]) if since else ("portal:wall", [])
    return client.get(reverse(name, args=[done.matter_id, *more]))


def text(client: Client, done: Done) -> str:
    return str(wall(client, done).content.decode())


def mark(body: str) -> str:
    return body.partition("/wall/since/")[2].partition('"')[0]


@pytest.fixture
def open_one(enter: Enter, evening: Done, council: Stage) -> Client:
    filled(council, evening)
    chair = enter("wang")
    sent(chair, evening, "open-sitting")
    return chair


def test_before_it_begins_the_wall_shows_the_agenda_and_the_code(enter: Enter, evening: Done, query_budget: Budget):
    client = enter("wang")
    text(client, evening)
    with query_budget(PAGE):
        body = text(client, evening)
    assert "楼道灯太暗" in body and "扫码签到" in body and "<svg" in body and "到会 0 席" in body
    assert wall(enter("guo"), evening).status_code == 404
    assert "大屏（投影用）" in read(client, evening)


def test_the_chairs_phone_drives_it(open_one: Client, evening: Done, council: Stage, query_budget: Budget):
    assert "第 1 件" in text(open_one, evening) and "楼道灯太暗" in text(open_one, evening)
    speaker, following = Attendance.objects.order_by("came_at")[1:3]
    said = {"item": "2", "speaker": str(speaker.pk), "following": str(following.pk), "minutes": "3", "rule": "2"}
    entries = Entry.objects.count()
    assert "大屏换好了" in sent(open_one, evening, "lead", outcome="start", **said).content.decode()
    assert Entry.objects.count() == entries, "a tick is no act"
    body = text(open_one, evening)
    assert "垃圾桶离得太近" in body and "不打断" in body and "一人一次" not in body
    assert (
        "陈经理" in body
        and "小周" in body
        and 'data-left="180"' in body
        and "说到 19:" not in body.partition("说到")[0]
    )
    council.later(seconds=70)
    assert 'data-left="110"' in text(open_one, evening)
    sent(open_one, evening, "lead", outcome="stop", **said)
    body = text(open_one, evening)
    assert "data-left" not in body and "陈经理" in body
    with query_budget(PAGE):
        text(open_one, evening)


def test_names_are_for_those_who_are_there(open_one: Client, evening: Done, council: Stage, enter: Enter):
    speaker = Attendance.objects.get(seat=2)
    sent(open_one, evening, "lead", outcome="start", item="1", speaker=str(speaker.pk), minutes="3")
    assert "陈经理" in text(enter("zhou"), evening) and "陈经理" not in text(enter("zhao"), evening)


def test_the_pulse_is_one_query_and_silent_while_nothing_changes(
    open_one: Client, evening: Done, council: Stage, enter: Enter, query_budget: Budget
):
    now = mark(text(open_one, evening))
    with query_budget(4):  # who asks, and one more
        assert wall(open_one, evening, now).status_code == 204
    sent(open_one, evening, "lead", outcome="stop", item="3")
    changed = wall(open_one, evening, now)
    assert changed.status_code == 200 and "门口积水" in changed.content.decode()
    now = mark(changed.content.decode())
    sent(enter("lin"), evening, "check-in", "mine")
    counted = wall(open_one, evening, now).content.decode()
    assert "列席 1 人" in counted
    sent(open_one, evening, "meet", str(Item.objects.get(n=1).step_id), outcome="agreed", hands_for="3")
    told = wall(open_one, evening, mark(counted)).content.decode()
    assert "第 1 件：同意，举手：赞成 3" in told
    assert wall(enter("guo"), evening, "0").status_code == 204


def test_a_matter_that_is_not_for_all_stands_by_its_number(
    open_one: Client, evening: Done, topics: list[Done], enter: Enter
):
    Matter.objects.filter(pk=topics[0].matter_id).update(audience=Matter.PARTIES_ONLY)
    body = text(enter("chen"), evening)
    assert "楼道灯太暗" not in body and f"编号 {topics[0].number:04d}" in body


def test_what_is_refused(open_one: Client, evening: Done, council: Stage, enter: Enter):
    assert sent(enter("lin"), evening, "lead", outcome="start").status_code == 403
    sitting, wang = Sitting.objects.get(), council.people["wang"]
    speaker = Attendance.objects.get(seat=2)
    for shown, field in (
        (Shown(item=9), "item"), (Shown(rule=3), "rule"), (Shown(speaker=sitting.pk), "speaker"),
        (Shown(speaker=speaker.pk, minutes=31), "minutes"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            lead(sitting.pk, shown, by=wang, rules=2, at=council.now)
        assert refused.value.field == field
    assert not Wall.objects.exists()
    sent(open_one, evening, "sit", "held", outcome="held")
    with pytest.raises(Refused, match="已经散了"):
        lead(sitting.pk, Shown(), by=wang, at=council.now)
    assert "散会了" in text(open_one, evening) and "扫码签到" not in text(open_one, evening)


def here(done: Done, token: str = "") -> str:
    token = token or token_of(Sitting.objects.get(matter=done.matter_id).pk)
    return reverse("portal:meeting-here", args=[done.matter_id, token])


def test_whoever_scans_the_code_signs_in_first_and_is_there_with_one_press(enter: Enter, evening: Done):
    answer = Client().get(here(evening))
    assert answer.status_code == 302 and "next=" in answer.headers["Location"]
    chen = enter("chen")
    assert "我到了，签到" in chen.get(here(evening)).content.decode()
    assert "陈经理签到了，坐第 2 席" in chen.post(here(evening), follow=True).content.decode()
    row = Attendance.objects.get()
    assert (row.channel, row.seat, row.recorded_by) == ("code", 2, None)
    assert "您已经签到了" in chen.get(here(evening)).content.decode()


def test_another_meetings_code_and_an_outsider_open_nothing(enter: Enter, evening: Done, called: Done, council: Stage):
    assert enter("chen").get(here(evening, "x" * 20)).status_code == 404
    assert enter("guo").get(here(evening)).status_code == 404
    council.now -= timedelta(hours=5)
    early = enter("chen").post(here(called))
    assert early.status_code == 409 or "还没到签到的时候" in early.content.decode()
    assert not Attendance.objects.exists()
