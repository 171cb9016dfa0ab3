"""The pages of a survey: who is asked answers, who runs it types in, who looks sees counts, nobody who said what."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from weizhi.deliberation.actions.fill_in import fill_in
from weizhi.deliberation.models import Answer, Asked, Survey
from weizhi.deliberation.tests.test_survey import CANARY, HOMES, asked_all, home
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock
from weizhi.record.models import Entry, Payload

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10


@pytest.fixture
def asked(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Survey:
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    return asked_all(stage)


def url(survey: Survey, name: str = "survey") -> str:
    return reverse(f"portal:{name}", args=[survey.matter_id])


def read(client: Client, survey: Survey, name: str = "survey") -> str:
    return str(client.get(url(survey, name)).content.decode())


def sent(client: Client, survey: Survey, name: str = "survey", **said: Any) -> Any:
    stage_key = said.pop("key", None) or some_key()
    return client.post(url(survey, name), {"key": stage_key, **said}, follow=True)


def many_said(stage: Stage, survey: Survey, few: int = 0) -> Survey:
    """All twelve homes answer, `few` of them otherwise than the others; the time is over."""
    for n in range(HOMES):
        said = {"move": "2" if n < few else "1", "rate": 4, "words": CANARY if n == 0 else ""}
        fill_in(survey.pk, said, by=stage.people[f"home{n}"], at=stage.later(minutes=1))
    stage.now = survey.opens_at + timedelta(days=20)
    run_due(stage.now)
    return Survey.objects.get(pk=survey.pk)


def test_who_is_asked_answers_on_the_phone(stage: Stage, asked: Survey, enter: Enter, query_budget: Budget):
    client = enter("lin")
    with query_budget(PAGE):
        body = read(client, asked)
    assert "为什么问我" in body and "垃圾桶挪不挪？" in body and "第 1 题，共 4 题" in body
    answer = sent(client, asked, **{"q.move": "1", "q.why": ["1", "3"], "q.rate": "5", "q.words": CANARY})
    body = answer.content.decode()
    assert "收到了，谢谢您" in body and "改主意了" in body and CANARY not in body
    assert Answer.objects.get(asked=home(asked, "lin")).channel == "phone"
    body = sent(client, asked, **{"q.move": "2"}).content.decode()
    assert "以这一次为准" in body and Answer.objects.count() == 1


def test_what_was_typed_stays_beside_a_refusal(stage: Stage, asked: Survey, enter: Enter):
    answer = sent(enter("lin"), asked, asked=str(home(asked, "lin").pk), **{"q.rate": "4", "q.words": "灯太暗"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "“垃圾桶挪不挪？”要答。" in body and "灯太暗" in body and 'value="4" checked' in body


def test_it_waits_on_the_home_page_until_it_is_answered(
    stage: Stage, asked: Survey, enter: Enter, query_budget: Budget
):
    client = enter("lin")
    client.get(reverse("portal:home"))  # names and charters are read once in a process
    with query_budget(PAGE):
        body = client.get(reverse("portal:home")).content.decode()
    assert "想听听您的意见" in body and url(asked) in body
    sent(client, asked, **{"q.move": "1"})
    assert "想听听您的意见" not in client.get(reverse("portal:home")).content.decode()


def test_whoever_is_asked_is_told_and_led_there(stage: Stage, asked: Survey, enter: Enter):
    run_due(stage.now + timedelta(minutes=1))
    tell(stage.later(minutes=2))
    body = enter("lin").get(reverse("portal:notices")).content.decode()
    assert "请您答一份问卷" in body and url(asked) in body


def test_who_is_not_asked_sees_how_many_came_and_no_form(stage: Stage, asked: Survey, enter: Enter):
    body = read(enter("zhou"), asked)
    assert "这次没有问到您" in body and "回了 0 户" in body and "交上去" not in body and "录纸卷" not in body
    assert sent(enter("zhou"), asked, **{"q.move": "1"}).status_code == 403


def test_the_outsider_finds_nothing(stage: Stage, asked: Survey, enter: Enter):
    for name in ("survey", "survey-desk", "survey-paper"):
        assert enter("guo").get(url(asked, name)).status_code == 404
    assert sent(enter("guo"), asked, **{"q.move": "1"}).status_code == 404
    assert sent(enter("guo"), asked, "survey-desk", of="3-2-900", **{"q.move": "1"}).status_code == 404


def test_one_slip_after_the_other(stage: Stage, asked: Survey, enter: Enter, query_budget: Budget):
    client, row = enter("wang"), home(asked, "home3")
    read(client, asked, "survey-desk")
    with query_budget(PAGE):
        body = read(client, asked, "survey-desk")
    assert "纸卷上的编号" in body and "autofocus" in body
    answer = sent(client, asked, "survey-desk", of=f"{row.code[:4]} {row.code[4:]}", **{"q.move": "1", "q.why": "13"})
    assert "记下了。下一份。" in answer.content.decode()
    assert Answer.objects.get(asked=row).channel == "paper"
    answer = sent(client, asked, "survey-desk", of="3-2-904", channel="call", **{"q.move": "9"})
    body = answer.content.decode()
    assert (
        answer.status_code == 422 and "请从列出的选项里选" in body and 'value="3-2-904"' in body and 'value="9"' in body
    )
    sent(client, asked, "survey-desk", of="3-2-904", channel="call", **{"q.move": "2"})
    assert Answer.objects.get(asked=home(asked, "home4")).channel == "call"
    for other in ("lin", "zhou", "chen"):
        assert enter(other).get(url(asked, "survey-desk")).status_code == 404


def test_the_silent_are_reminded_from_the_desk(stage: Stage, asked: Survey, enter: Enter):
    client = enter("wang")
    assert "提醒还没答的人" in read(client, asked, "survey-desk")
    body = client.post(url(asked, "survey-desk"), {"verb": "remind"}, follow=True).content.decode()
    assert f"提醒了 {HOMES + 2} 位还没答的人" in body
    again = client.post(url(asked, "survey-desk"), {"verb": "remind"})
    assert again.status_code == 409 and "今天已经提醒过了" in again.content.decode()
    for other in ("lin", "zhou", "guo"):
        assert enter(other).post(url(asked, "survey-desk"), {"verb": "remind"}).status_code == 404


def test_it_is_ended_early_at_the_desk_once_enough_came(stage: Stage, enter: Enter, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    survey = asked_all(stage, 'at_least = "1/2"')
    client = enter("wang")
    assert "提前收" not in read(client, survey, "survey-desk")
    assert "还不够" in sent(client, survey, "survey-desk", verb="survey").content.decode()
    for n in range(7):
        fill_in(survey.pk, {"move": "1"}, by=stage.people[f"home{n}"], at=stage.later(minutes=1))
    assert "提前收" in read(client, survey, "survey-desk")
    assert "结果出来了" in sent(client, survey, "survey-desk", verb="survey").content.decode()
    assert Matter.objects.get(pk=survey.matter_id).ended_as == "told"


def test_the_result_has_counts_and_what_they_do_not_say(
    stage: Stage, asked: Survey, enter: Enter, query_budget: Budget
):
    over, client = many_said(stage, asked), enter("lin")
    with query_budget(PAGE):
        body = read(client, over)
    assert f"问了 {HOMES + 2} 户，回了 12 户" in body and "12 户（100%）" in body and "没有回的 2 户" in body
    assert "每一户都问了" in body and "大约在" not in body.replace("“大约在", "")
    assert "平均 4.0 分。" in body and "答这一题的太少" in body


def test_a_few_are_hidden_on_the_page(stage: Stage, asked: Survey, enter: Enter):
    body = read(enter("lin"), many_said(stage, asked, few=2))
    assert "不到 5 户" in body and "10–11 户" in body and "（83%）" not in body


def test_the_desk_takes_the_result_along_with_the_few_hidden(stage: Stage, asked: Survey, enter: Enter):
    wang, address = enter("wang"), url(asked, "survey-table")
    assert wang.get(address).status_code == 404 and address not in read(wang, asked, "survey-desk")
    over = many_said(stage, asked, few=2)
    assert address in read(wang, over, "survey-desk")
    answer = wang.get(address)
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    said = [[str(one) for one in row if one] for sheet in book for row in sheet.values]
    counts = {row[2]: row[3] for row in said if len(row) > 3 and row[0] == "1"}
    assert "不到 5 户" in counts.values() and "10–11 户" in counts.values()
    assert any("公布了就看得出是谁" in " ".join(row) for row in said)
    for other in ("lin", "zhou", "guo"):
        assert enter(other).get(address).status_code == 404


def test_a_sample_tells_its_interval(stage: Stage, enter: Enter, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    survey = asked_all(stage, "sample = 10")
    for row in Asked.objects.filter(survey=survey):
        person = row.place.residences.first().person
        fill_in(survey.pk, {"move": "1" if row.n <= 5 else "2"}, by=person, at=stage.later(minutes=1))
    stage.now = survey.opens_at + timedelta(days=20)
    run_due(stage.now)
    body = read(enter("lin"), survey)
    assert "抽出来问的" in body and "5 户（50%）" in body and "大约在 34%–66% 之间" in body


def test_the_papers_have_a_code_each(stage: Stage, asked: Survey, enter: Enter):
    answer = enter("wang").get(url(asked, "survey-paper"), {"from": 1, "to": 3})
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert enter("lin").get(url(asked, "survey-paper")).status_code == 404
    assert enter("wang").get(url(asked, "survey-paper"), {"from": 0}).status_code == 422


def test_nobody_is_told_who_said_what(stage: Stage, asked: Survey, enter: Enter):
    """Free words are read by whoever runs it, after the end; they stand nowhere else, and never with a name."""
    over = many_said(stage, asked)
    pages = [url(over), reverse("portal:matter", args=[over.matter_id]), reverse("portal:home"),
             reverse("portal:my-data"), f"/api/v1/matters/{over.matter_id}"]  # fmt: skip
    for login in ("home0", "home1", "lin", "zhou", "chen"):
        for path in pages:
            assert CANARY not in enter(login).get(path, follow=True).content.decode()
    body = read(enter("wang"), over, "survey-desk")
    assert CANARY in body and "住户0" not in body and "900" not in body.partition(CANARY)[0][-300:]


def test_a_program_answers_through_the_same_door(stage: Stage, asked: Survey, enter: Enter):
    address = f"/api/v1/matters/{asked.matter_id}/answers"

    def post(login: str, **body: Any) -> Any:
        return enter(login).post(address, {"answers": {"move": "1"}, **body}, content_type="application/json")

    assert post("lin", key="a").json()["again"] is False
    assert post("lin", key="a").json()["again"] is True
    assert post("wang", key="b", of="3-2-905", channel="visit").status_code == 200
    assert Answer.objects.get(asked=home(asked, "home5")).channel == "visit"
    assert post("home6", key="c", of="3-2-905").status_code == 403
    assert post("guo", key="d").status_code == 404
    assert post("lin", key="e", answers={"move": "9"}).json()["field"] == "move"


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"move": "1" * 5000}, "move"), ({"move": "1", "rate": "9" * 5000}, "rate"),
        ({"move": "1", "rate": 4.5}, "answers"),
        ({"move": "1", "rate": 10**30}, "answers"), ({"move": "1", "why": 2.5}, "answers"),
        ({"move": "1", "why": {"1": True, "x": []}}, "why"), ({"move": "1", "words": [1.5]}, "answers"),
        ({"nobody asked": {"x": [0.1]}}, "answers"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_an_answer_in_no_form_is_refused(stage: Stage, asked: Survey, enter: Enter, answers: Any, field: str):
    address = f"/api/v1/matters/{asked.matter_id}/answers"
    sent = enter("lin").post(address, {"answers": answers, "key": "k"}, content_type="application/json")
    assert (sent.status_code, sent.json()["field"]) == (422, field), sent.content.decode()
    assert not Answer.objects.exists()


def test_a_number_that_nobody_can_read_is_no_level(stage: Stage, asked: Survey, enter: Enter):
    with pytest.raises(Refused) as refused:
        fill_in(asked.pk, {"move": "1", "why": 2.5}, by=stage.people["lin"], at=stage.later(minutes=1))
    assert refused.value.field == "why", "without a key as well"


def test_the_record_holds_counts_and_nobodys_answer(stage: Stage, asked: Survey):
    over = many_said(stage, asked)
    entries = Entry.objects.filter(stream=over.matter_id)
    parts = [part.read() for part in Payload.objects.filter(entry__in=entries)]
    told = json.dumps([*entries.values_list("public", flat=True), *parts], ensure_ascii=False, default=str)
    assert over.root in told and CANARY not in told
    kept = Answer.objects.filter(asked__survey=over).values_list("sealed", "key", "past_keys")
    assert {(bytes(sealed), key, tuple(past)) for sealed, key, past in kept} == {(b"", "", ())}
