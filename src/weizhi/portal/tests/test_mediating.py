"""The page of a mediation: the mediator asks, both come and sign, each sees the one thing that is to do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from weizhi.deliberation.models import Appointment, Mediation
from weizhi.deliberation.tests.mediation_stage import SLOT, TEXT, THURSDAY, asked, booked, invited, mediating, written
from weizhi.matters.actions.done import Done
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10


@pytest.fixture
def room(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    return mediating(stage)


def page(done: Done) -> str:
    return reverse("portal:mediation", args=[done.matter_id])


def read(client: Client, done: Done, **more: str) -> str:
    return str(client.get(page(done), more).content.decode())


def sent(client: Client, done: Done, verb: str, form: str = "", **more: Any) -> Any:
    return client.post(page(done), {"verb": verb, "step": form or verb, "key": some_key(), **more}, follow=True)


def photo() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (64, 48), "white").save(file, "JPEG")
    return SimpleUploadedFile("paper.jpg", file.getvalue(), "image/jpeg")


def test_looking_for_the_other_side_asks_no_more_than_any_page(served: Enter, room: Stage, query_budget: Budget):
    done = asked(room)
    zhao = served("zhao")
    read(zhao, done)
    with query_budget(PAGE):
        assert "陈经理" in read(zhao, done, find="陈")


def test_from_the_asking_to_both_signatures(enter: Enter, room: Stage, query_budget: Budget):
    done = asked(room)
    lin, zhao, chen = enter("lin"), enter("zhao"), enter("chen")
    assert "等调解员邀请对方" in read(lin, done) and "找一找" not in read(lin, done)
    assert page(done) in lin.get(reverse("portal:matter", args=[done.matter_id])).content.decode()
    with query_budget(PAGE):
        body = read(zhao, done)
    assert "找一找" in body and "楼上漏水" in body
    body = read(zhao, done, find="陈")
    assert "陈经理" in body and "邀请他来调解" in body
    body = sent(zhao, done, "invite", "other", person=str(room.people["chen"].pk), name="陈").content.decode()
    assert "邀请发出了" in body and "陈经理" in body
    with query_budget(PAGE):
        body = read(chen, done)
    assert "愿意，约个时间" in body and "楼上漏水" in body and "选一个时间" not in body
    sent(chen, done, "take-part")
    with query_budget(PAGE):
        body = read(lin, done)
    assert "选一个时间" in body and "律师日" in body and "09:00" in body
    body = sent(lin, done, "book", outcome=SLOT).content.decode()
    assert "星期四 09:00" in body and "社区二楼" in body and "选一个时间" not in body
    assert "选一个时间" in read(chen, done, times="1")
    room.now = THURSDAY
    body = sent(zhao, done, "write-down", text=TEXT).content.decode()
    assert TEXT in body and "还没签" in body
    talks = Mediation.objects.get()
    for client in (lin, chen):
        with query_budget(PAGE):
            assert "我看过了，签字" in read(client, done)
        body = sent(client, done, "sign", outcome=str(talks.version)).content.decode()
    assert "双方签了协议" in body and "我看过了" not in body and body.count("手机上签") == 2
    assert room.matter(done).ended_as == "agreed"


def test_a_refusal_keeps_what_was_typed(enter: Enter, room: Stage):
    done, talks = written(room)
    zhao = enter("zhao")
    answer = sent(zhao, done, "sign", "paper", side="other")
    assert answer.status_code == 422 and "请拍下签了字的协议" in answer.content.decode()
    body = sent(zhao, done, "sign", "paper", side="other", photos=photo()).content.decode()
    assert "纸上签" in body
    again = sent(enter("chen"), done, "sign", outcome=str(talks.version))
    assert again.status_code == 409 and "已经签过" in again.content.decode()
    other = asked(room, "楼道堆物")
    invited(room, other, name="楼上老罗")
    room.act(other, "take-part", "zhao")
    taken = sent(enter("lin"), other, "book", outcome=SLOT)
    assert taken.status_code == 409 and "约不到" in taken.content.decode()
    wrong = sent(zhao, other, "write-down")
    assert wrong.status_code == 422 and "请写双方商定了什么" in wrong.content.decode()
    assert sent(zhao, other, "charm").status_code == 422


def test_the_mediator_sends_it_elsewhere(enter: Enter, room: Stage):
    done = asked(room)
    zhao = enter("zhao")
    assert "去法院" in read(zhao, done)
    assert sent(zhao, done, "mediate", outcome="court").status_code == 422
    body = sent(zhao, done, "mediate", outcome="court", words="先鉴定").content.decode()
    assert "去法院" in body and "找一找" not in body
    assert room.matter(done).ended_as == "to-court"


def test_either_side_may_go(enter: Enter, room: Stage):
    done = asked(room)
    invited(room, done)
    body = read(enter("chen"), done)
    assert "不愿意调解" in body
    sent(enter("chen"), done, "leave-talks", "own", words="没什么可谈")
    assert room.matter(done).ended_as == "declined"


@pytest.mark.parametrize("login", ["wang", "zhou", "guo"])
def test_to_everybody_else_there_is_none(enter: Enter, room: Stage, login: str):
    done, _talks = written(room)
    client = enter(login)
    for path in (page(done), reverse("portal:mediation-agreement", args=[done.matter_id])):
        assert client.get(path).status_code == 404
    assert client.post(page(done), {"verb": "sign", "key": some_key()}).status_code == 404
    day = client.get(reverse("portal:mediations"))
    assert day.status_code == 200 and "林姨" not in day.content.decode().partition("<main")[2]


def test_the_mediators_day(enter: Enter, room: Stage, query_budget: Budget):
    done = asked(room)
    invited(room, done)
    booked(room, done)
    waiting = asked(room, "楼道堆物")
    invited(room, waiting, name="楼上老罗")
    zhao = enter("zhao")
    zhao.get(reverse("portal:mediations"))
    with query_budget(PAGE):
        body = zhao.get(reverse("portal:mediations"), {"day": "2026-03-05"}).content.decode()
    assert "09:00" in body and "林姨、陈经理" in body and "楼上老罗" in body and "等对方答复" in body
    today = zhao.get(reverse("portal:mediations"), {"day": "never"}).content.decode()
    assert "?day=2026-03-05" in today and "这一天没有约好的调解" in today
    mine = enter("lin").get(reverse("portal:mediations")).content.decode()
    assert "没有要主持的调解" in mine and "09:00" not in mine, "a side leads nothing"


def test_the_agreement_is_printed_for_its_people(enter: Enter, room: Stage):
    done = asked(room)
    assert enter("lin").get(reverse("portal:mediation-agreement", args=[done.matter_id])).status_code == 404
    done, talks = written(room)
    path = reverse("portal:mediation-agreement", args=[done.matter_id])
    for login in ("lin", "chen", "zhao"):
        answer = enter(login).get(path)
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
        assert answer["Cache-Control"] == "private, no-store"
    assert Appointment.objects.current().count() == 1 and talks.text_hash
