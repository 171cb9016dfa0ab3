"""The page of a meeting: each comes with his own phone, the clerk at the door, the chair one matter after the other."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from weizhi.charters.periods import ZONE
from weizhi.deliberation.actions.check_in import check_in
from weizhi.deliberation.models import Attendance, Item, Sitting
from weizhi.deliberation.tests.test_heard_at_meetings import DAY, HEARD
from weizhi.deliberation.tests.test_meeting import CHARTER, EVENING, THURSDAY
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10


@pytest.fixture
def council(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage.adopt(CHARTER)
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    return stage


@pytest.fixture
def topics(council: Stage) -> list[Done]:
    words = ("楼道灯太暗", "垃圾桶离得太近", "门口积水")
    return [council.report("lin", kind="topic", words=one, place="3-2") for one in words]


@pytest.fixture
def called(council: Stage, topics: list[Done]) -> Done:
    done = council.report("wang", kind="meeting", words="本月议事", place="3-2", data={"day": THURSDAY.isoformat()})
    run_due(EVENING - timedelta(days=2))
    return done


@pytest.fixture
def evening(council: Stage, called: Done) -> Done:
    council.now = EVENING - timedelta(minutes=20)
    return called


def page(done: Done) -> str:
    return reverse("portal:meeting", args=[done.matter_id])


def read(client: Client, done: Done, **asked: int) -> str:
    return str(client.get(page(done), asked).content.decode())


def sent(client: Client, done: Done, verb: str, form: str = "", **more: str) -> Any:
    return client.post(page(done), {"verb": verb, "step": form or verb, "key": some_key(), **more}, follow=True)


def filled(council: Stage, done: Done) -> Sitting:
    sitting = Sitting.objects.get(matter=done.matter_id)
    for login in ("wang", "chen", "zhou"):
        check_in(sitting.pk, by=council.people[login], at=council.later(minutes=1))
    return sitting


def test_everybody_reads_when_where_and_what(enter: Enter, called: Done, query_budget: Budget):
    client = enter("lin")
    with query_budget(PAGE):
        body = read(client, called)
    assert "居委会二楼" in body and "楼道灯太暗" in body and "还没开" in body
    assert "我到了，签到" not in body and "宣布开会" not in body


def test_the_matters_own_pages_lead_there(enter: Enter, called: Done, topics: list[Done], query_budget: Budget):
    client = enter("wang")
    read(client, called)  # what a process learns once
    for done in (called, topics[0]):
        with query_budget(PAGE):
            body = str(client.get(reverse("portal:matter", args=[done.matter_id])).content.decode())
        assert page(called) in body
    assert "hands_for" not in body, "it is decided at the meeting, not here"


def test_one_comes_with_ones_own_phone(enter: Enter, evening: Done):
    client = enter("chen")
    assert "我到了，签到" in read(client, evening)
    body = sent(client, evening, "check-in", "mine").content.decode()
    assert "您签到了，坐第 2 席（物业）" in body and "我到了，签到" not in body
    guest = sent(enter("lin"), evening, "check-in", "mine").content.decode()
    assert "列席：可以发言" in guest and "1 席" in guest
    assert "<b>林姨</b>" in guest and "<b>林姨</b>" not in read(enter("zhao"), evening), "a neighbour who came"


def test_the_clerk_writes_down_whoever_signed_on_paper(enter: Enter, evening: Done):
    client = enter("wang")
    body = sent(client, evening, "check-in", "others", name="老李", seat="4", channel="paper").content.decode()
    assert "老李签到了，坐第 4 席" in body
    row = Attendance.objects.get()
    assert (row.name, row.seat, row.channel) == ("老李", 4, "paper")
    wrong = client.post(
        page(evening), {"verb": "check-in", "step": "others", "name": "老王", "seat": "4", "key": some_key()}
    )
    assert wrong.status_code == 409 and "老王" in wrong.content.decode() and "已经有人坐了" in wrong.content.decode()
    nameless = sent(client, evening, "check-in", "others", name=" ", seat="4", channel="x" * 99)
    assert nameless.status_code == 422 and "请写姓名。" in nameless.content.decode()
    gone = sent(client, evening, "leave", outcome=str(row.pk)).content.decode()
    assert "这一席空出来了" in gone
    assert sent(client, evening, "leave", outcome="not-one").status_code == 422


def test_a_neighbour_writes_down_nobody_and_holds_no_meeting(enter: Enter, evening: Done, council: Stage):
    client = enter("lin")
    assert (
        "老李"
        not in sent(client, evening, "check-in", "others", name="老李").content.decode().partition("替别人签到")[0]
    )
    assert not Attendance.objects.exists()
    assert client.post(page(evening), {"verb": "open-sitting", "step": "x", "key": some_key()}).status_code == 403
    assert enter("guo").get(page(evening)).status_code == 404


def test_the_chair_holds_it_one_matter_after_the_other(
    enter: Enter, evening: Done, council: Stage, topics: list[Done], query_budget: Budget
):
    client = enter("wang")
    assert "还差 3 席" in read(client, evening)
    sitting = filled(council, evening)
    with query_budget(PAGE):
        body = read(client, evening)
    assert "人数够了，可以开会" in body
    assert "正在议这一件" in sent(client, evening, "open-sitting").content.decode()
    first, second, _third = Item.objects.order_by("n")
    hands = {"outcome": "agreed", "hands_for": "2", "hands_against": "1", "words": "换感应灯，物业下周三前办好"}
    with query_budget(PAGE):
        body = read(client, evening)
    assert f'value="{first.step_id}"' in body and "hands_for" in body
    body = sent(client, evening, "meet", str(first.step_id), **hands).content.decode()
    assert "同意，举手：赞成 2、反对 1" in body
    assert f'value="{second.step_id}"' in body, "the next one's turn"
    body = sent(client, evening, "sit", "held", outcome="held").content.decode()
    assert "散会了" in body and "我到了" not in body and body.count("这次没有议，留到下次会。") == 2
    assert Matter.objects.get(pk=topics[0].matter_id).ended_as == "agreed"
    sitting.refresh_from_db()
    assert sitting.closed_at is not None


def test_another_may_be_taken_first(enter: Enter, evening: Done, council: Stage):
    filled(council, evening)
    client = enter("wang")
    sent(client, evening, "open-sitting")
    third = Item.objects.get(n=3)
    assert f'value="{third.step_id}"' in read(client, evening, item=3)


def test_too_many_hands_are_told_and_nothing_typed_is_lost(enter: Enter, evening: Done, council: Stage):
    filled(council, evening)
    client = enter("wang")
    sent(client, evening, "open-sitting")
    item = Item.objects.get(n=1)
    answer = sent(client, evening, "meet", str(item.step_id), outcome="agreed", hands_for="9", words="换感应灯")
    body = answer.content.decode()
    assert answer.status_code == 422 and "比在座的 3 席还多" in body and "换感应灯" in body
    strange = sent(client, evening, "meet", "nobody", outcome="agreed")
    assert strange.status_code == 422 and "不在这次会的议程上" in strange.content.decode()
    assert sent(client, evening, "dance").status_code == 422


def test_place_is_changed_and_a_meeting_too_few_came_to_is_not_held(enter: Enter, evening: Done, council: Stage):
    client = enter("wang")
    assert "活动室" in sent(client, evening, "arrange", where="活动室").content.decode()
    assert "人数不够，今天不开了" not in read(client, evening)
    council.now = EVENING + timedelta(minutes=31)
    assert "人数不够，今天不开了" in read(client, evening)
    assert "没有开成" in sent(client, evening, "sit", "no-quorum", outcome="no-quorum").content.decode()


def test_a_matter_that_is_not_for_all_stands_by_its_number(
    enter: Enter, evening: Done, council: Stage, topics: list[Done]
):
    Matter.objects.filter(pk=topics[1].matter_id).update(audience=Matter.PARTIES_ONLY)
    filled(council, evening)
    chair = enter("wang")
    sent(chair, evening, "open-sitting")
    Item.objects.filter(n=2).update(outcome="no", hands={"against": 3})
    body = read(enter("chen"), evening)
    assert "不办" not in body and "举手" not in body and "议过了" in body
    assert "垃圾桶离得太近" not in body and f"编号 {topics[1].number:04d}（内容只给有关的人看）" in body


def test_what_is_also_heard_there_leads_the_clerk_to_his_desk_and_others_to_their_own_word(
    stage: Stage, enter: Enter, monkeypatch: pytest.MonkeyPatch, query_budget: Budget
):
    stage.adopt(HEARD)
    stage.now = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    stage.report("lin", kind="topic", words="架空层空着", place="3-2")
    called = stage.report("wang", kind="morning", words="来坐坐", place="3-2", data={"day": DAY.isoformat()})
    neighbour = enter("zhao")
    with query_budget(PAGE):
        body = read(neighbour, called)
    assert "架空层空着" in body and "去说几条" in body and "一个人只算一次" in body and "把大家说的记下来" not in body
    assert "把大家说的记下来" in read(enter("wang"), called)
