"""The minutes on their page and on paper, for each who may read them; what was resolved comes back on the next page."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from weizhi.deliberation.models import Item, Sitting
from weizhi.deliberation.tests.test_minutes import MINUTED
from weizhi.deliberation.tests.test_resolved import TASKS
from weizhi.matters.actions.done import Done
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.portal.tests.test_meeting import PAGE, Budget, called, council, evening, filled, read, sent, topics
from weizhi.portal.voting_papers import sections as s
from weizhi.portal.voting_papers import setting

__all__ = ["called", "council", "evening", "topics"]
HEAD = (0xF3, 0xEE, 0xE2)  # behind the head of a table
SAID = "换感应灯，物业下周三前办好"


@pytest.fixture
def over(council: Stage, evening: Done, enter: Enter) -> Done:
    """Held under a charter with minutes: one matter decided, two left; a neighbour looked on."""
    filled(council, evening)
    lin = enter("lin")
    sent(lin, evening, "check-in", "mine")
    chair = enter("wang")
    sent(chair, evening, "open-sitting")
    first = Item.objects.get(n=1)
    until = (council.now + timedelta(days=6)).date().isoformat()
    hands = {"outcome": "agreed", "hands_for": "3", "words": SAID, "who": "property", "until": until}
    sent(chair, evening, "meet", str(first.step_id), **hands)
    sent(chair, evening, "sit", "held", outcome="held")
    return evening


@pytest.fixture(autouse=True)
def with_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The council of the other page's tests adopts a charter that asks for minutes."""
    monkeypatch.setattr("weizhi.portal.tests.test_meeting.CHARTER", MINUTED)


def address(done: Done) -> str:
    return reverse("portal:minutes", args=[done.matter_id])


def text(client: Client, done: Done) -> str:
    return str(client.get(address(done)).content.decode())


def post(client: Client, done: Done, verb: str, **more: str) -> Any:
    step = Matter.objects.get(pk=done.matter_id).steps.get(kind="minutes").pk
    return client.post(address(done), {"verb": verb, "step": str(step), "key": some_key(), **more}, follow=True)


def test_everybody_who_sees_the_meeting_reads_what_happened(enter: Enter, over: Done, query_budget: Budget):
    client = enter("zhao")
    text(client, over)
    with query_budget(PAGE):
        body = text(client, over)
    assert "草稿，等签字" in body and "王主任宣布开会。到会 3 席，一共 4 席，按章程要 3 席。" in body
    assert "在座 3 席，举手：赞成 3" in body and SAID in body and "请物业办" in body
    assert body.count("没有议，留到下次会") == 2 and "空着" in body
    assert "列席 1 人" in body and "林姨" not in body and "林姨" in text(enter("lin"), over)
    assert "您签字吗" not in body and "改里面的话" not in body
    assert enter("guo").get(address(over)).status_code == 404
    assert "会议记录" in read(client, over)


def test_there_are_none_before_the_end(enter: Enter, evening: Done):
    assert enter("wang").get(address(evening)).status_code == 404


def test_words_are_corrected_and_two_sign(enter: Enter, over: Done, council: Stage, query_budget: Budget):
    chair, other = enter("wang"), enter("chen")
    assert "看过了，签字" in text(chair, over)
    council.later(minutes=9)
    body = post(chair, over, "correct", **{"texts.item-1": SAID + "。", "words": "少了句号"}).content.decode()
    assert "第 2 版" in body and "少了句号" in body and f'<del><span class="for-ear">原来：</span>{SAID}</del>' in body
    wrong = post(chair, over, "correct", **{"texts.item-1": SAID + "。"})
    assert wrong.status_code == 422 and "没有改动" in wrong.content.decode()
    assert post(chair, over, "minutes", outcome="1").status_code == 409
    assert "签好了" in post(chair, over, "minutes", outcome="2").content.decode()
    with query_budget(PAGE):
        body = text(chair, over)
    assert "您签字吗" not in body and "居委会主任" in body
    assert "签过了" in post(other, over, "minutes", outcome="2").content.decode()
    assert Matter.objects.get(pk=over.matter_id).ended_as == "held"
    Item.objects.filter(n=1).update(hands={"for": 1})
    assert "先不能作数" in text(chair, over)


def test_a_neighbour_corrects_and_signs_nothing(enter: Enter, over: Done):
    assert post(enter("lin"), over, "correct", **{"texts.more": "我说的"}).status_code == 403
    assert post(enter("lin"), over, "minutes", outcome="1").status_code == 403
    assert post(enter("wang"), over, "dance").status_code == 422


def test_a_matter_that_is_not_for_all_keeps_its_words_from_the_minutes(enter: Enter, over: Done, topics: list[Done]):
    Matter.objects.filter(pk=topics[0].matter_id).update(audience=Matter.PARTIES_ONLY)
    body = text(enter("zhao"), over)
    assert SAID not in body and "楼道灯太暗" not in body and "赞成" not in body and "议过了" in body


def test_a_name_goes_with_its_person(enter: Enter, over: Done, council: Stage):
    Person.objects.filter(login="chen").update(name="", erased_at=council.now)
    body = text(enter("zhao"), over)
    assert "陈经理" not in body and "一位居民" in body


@pytest.mark.parametrize("what", ["invitation", "agenda", "sheet", "minutes"])
def test_each_paper_is_set(enter: Enter, over: Done, what: str):
    answer = enter("wang").get(reverse("portal:meeting-paper", args=[over.matter_id, what]))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    if folder := os.environ.get("WEIZHI_PICTURES"):
        Path(folder, f"meeting-{what}.pdf").write_bytes(answer.content)


@pytest.mark.parametrize("items", [3, 11, 12, 13, 20, 40])
def test_the_seal_of_an_agenda_stands_under_its_last_rows(items: int):
    """With 11 to 13 rows it stood alone on a second page: a sheet that anybody could put under anything."""
    rows = [(str(n + 1), "垃圾桶离单元门太近", "") for n in range(items)]
    told = {
        "title": "会议议程", "subject": "本月议事", "community": "幸福里", "foot": "", "svg": "", "issuer": "居委会",
        "date": "2026年3月2日", "words": {"seal": "（盖章）"},
        "sections": [s.section("议什么", s.table(["", "事项", "会上怎么定的"], rows, [0, 1, 0.8], size=12, room=4))],
    }  # fmt: skip
    *_before, last = [Image.open(BytesIO(page)).convert("RGB") for page in setting.typeset(told, "png")]
    shown = {colour: n for n, colour in last.getcolors(last.width * last.height) or ()}
    assert shown.get(HEAD, 0) > 5_000, "the head of the table, and with it rows, on the page of the seal"


def test_who_may_print_what(enter: Enter, over: Done, called: Done):
    lin, guo = enter("lin"), enter("guo")
    found = {
        what: (lin.get(url).status_code, guo.get(url).status_code)
        for what in ("invitation", "agenda", "sheet", "minutes", "nothing")
        for url in [reverse("portal:meeting-paper", args=[over.matter_id, what])]
    }
    assert found == {
        "invitation": (404, 404), "agenda": (200, 404), "sheet": (404, 404), "minutes": (200, 404),
        "nothing": (404, 404),
    }  # fmt: skip


def test_what_was_resolved_stands_at_the_top_of_the_next_meeting(
    enter: Enter, over: Done, council: Stage, query_budget: Budget
):
    again = council.report("wang", kind="meeting", words="下月", place="3-2", data={"day": "2026-04-02"})
    client = enter("lin")
    read(client, again)
    with query_budget(PAGE):
        body = read(client, again)
    assert body.index("上次定的事") < body.index("议程")
    assert "请物业办" in body and "办好了" in body and Sitting.objects.count() == 2


def test_what_was_settled_there_and_then_is_nobodys_failure(enter: Enter, evening: Done, council: Stage):
    filled(council, evening)
    chair = enter("wang")
    sent(chair, evening, "open-sitting")
    ended = Item.objects.get(n=1)
    sent(chair, evening, "meet", str(ended.step_id), outcome="no", hands_against="3", words="门厅是消防通道，不放")
    sent(chair, evening, "sit", "held", outcome="held")
    again = council.report("wang", kind="meeting", words="下月", place="3-2", data={"day": "2026-04-02"})
    body = read(enter("lin"), again)
    assert "会上就定了" in body and "没有办成" not in body
    Matter.objects.filter(pk=ended.step.matter_id).update(ended_at=council.now + timedelta(days=3))
    council.later(days=4)
    assert "没有办成" in read(enter("lin"), again)


def test_a_charters_own_fields_are_asked_at_the_meeting(enter: Enter, council: Stage, monkeypatch: pytest.MonkeyPatch):
    cost = '{ key = "cost", type = "fen", title = "要花多少" }'
    why = '{ key = "why", type = "text", title = "为什么不办", only_for = ["no"], required = true }'
    more = f"fields = [{cost}, {why}]\ntasks"
    council.adopt(TASKS.replace("tasks", more, 1))
    council.report("lin", kind="topic", words="楼道灯太暗", place="3-2")
    done = council.report("wang", kind="meeting", words="本月", place="3-2", data={"day": "2026-03-12"})
    sitting = Sitting.objects.get(matter=done.matter_id)
    council.now = sitting.starts_at - timedelta(minutes=9)
    filled(council, done)
    chair = enter("wang")
    sent(chair, done, "open-sitting")
    body = read(chair, done)
    assert "要花多少" in body and "为什么不办" in body
    item = Item.objects.get()
    refused = sent(chair, done, "meet", str(item.step_id), outcome="no")
    assert refused.status_code == 422 and "为什么不办" in refused.content.decode()
    sent(chair, done, "meet", str(item.step_id), outcome="no", why="没有钱", cost="120.50")
    item.refresh_from_db()
    assert item.outcome == "no"
