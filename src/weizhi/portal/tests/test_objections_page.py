"""The page of a notice: everybody objects and reads, the desk answers one by one or what is the same with one press."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from weizhi.deliberation.tests.many import SAID, neighbours, objections
from weizhi.deliberation.tests.texts import CHARTER, posted
from weizhi.matters.actions.done import Done
from weizhi.matters.models import Objection
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10


@pytest.fixture
def board(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Done:
    stage.adopt(CHARTER)
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    return posted(stage)


def page(done: Done) -> str:
    return reverse("portal:objections", args=[done.matter_id])


def read(client: Client, done: Done, **asked: Any) -> str:
    return str(client.get(page(done), asked).content.decode())


def sent(client: Client, done: Done, verb: str, step: str = "", **more: Any) -> Any:
    return client.post(page(done), {"verb": verb, "step": step or verb, "key": some_key(), **more}, follow=True)


def test_a_neighbour_objects_and_reads_the_answer(stage: Stage, board: Done, enter: Enter):
    lin, wang = enter("lin"), enter("wang")
    assert "每一条都会答复" in sent(lin, board, "object", words="鞋柜算不算杂物？").content.decode()
    objection = Objection.objects.get(matter=board.matter_id)
    assert "答复这一条" in read(wang, board) and "答复这一条" not in read(lin, board)
    refused = sent(wang, board, "answer", str(objection.entry_id), words="算")
    assert refused.status_code == 422 and "成立还是不成立" in refused.content.decode()
    sent(wang, board, "answer", str(objection.entry_id), words="算，请放进屋里", upheld="no")
    body = read(lin, board)
    assert "您提的" in body and "算，请放进屋里" in body and "居委会主任 王主任" in body


def test_what_is_the_same_is_answered_with_one_press(stage: Stage, board: Done, enter: Enter, query_budget: Budget):
    objections(stage, board, neighbours(stage, 30))
    wang = enter("wang")
    body = read(wang, board)
    assert "像是说同一件事" in body and "答复了 0 条，一共 30 条" in body
    with query_budget(PAGE):
        read(wang, board)
    same = list(Objection.objects.filter(matter=board.matter_id).order_by("n").values_list("entry", flat=True))[::3]
    answer = sent(wang, board, "answer", "group-1", words="车棚往外移", upheld="no", **{"objections[]": same})
    assert "答复了 10 条，提的人都会收到" in answer.content.decode()
    assert Objection.objects.filter(matter=board.matter_id, answer=None).count() == 20
    body = read(wang, board, show="all", page=2)
    assert "第 2 页，共 2 页" in body and SAID[1][:8] in body


def test_a_group_of_none_is_refused_and_words_stay(stage: Stage, board: Done, enter: Enter):
    objections(stage, board, neighbours(stage, 6))
    answer = sent(enter("wang"), board, "answer", "group-1", words="都看过了", upheld="no")
    assert answer.status_code == 422 and "请勾上要答复的异议" in answer.content.decode()


@pytest.mark.parametrize("number", [2, 60])
def test_ten_queries_however_many(stage: Stage, board: Done, enter: Enter, query_budget: Budget, number: int):
    made = objections(stage, board, neighbours(stage, number))
    stage.act(board, "answer", "wang", data={"words": "好", "upheld": "no", "objections": [str(made[0].entry_id)]})
    for login in ("lin", "wang"):
        client = enter(login)
        read(client, board)
        with query_budget(PAGE):
            assert "异议和答复" in read(client, board, show="all")


def test_no_neighbours_name_is_told(stage: Stage, board: Done, enter: Enter):
    objections(stage, board, neighbours(stage, 3))
    zhao = read(enter("zhao"), board)
    assert "一位居民" in zhao and "邻居1 " not in zhao
    answer = sent(enter("zhao"), board, "answer", "x", words="我来答", upheld="no")
    assert answer.status_code == 403
    assert enter("guo").get(page(board)).status_code == 404


def test_the_sheet_for_the_board(stage: Stage, board: Done, enter: Enter):
    answer = enter("lin").get(reverse("portal:notice-paper", args=[board.matter_id]))
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert enter("guo").get(reverse("portal:notice-paper", args=[board.matter_id])).status_code == 404


def test_the_screen_of_the_hall_where_the_charter_hangs_it_there(
    stage: Stage, board: Done, enter: Enter, query_budget: Budget, monkeypatch: pytest.MonkeyPatch
):
    wang, url = enter("wang"), reverse("portal:notice-wall", args=[board.matter_id])
    assert wang.get(url).status_code == 404 and f'{url}"' not in read(wang, board), "this charter names phone and board"
    monkeypatch.setattr("weizhi.portal.objecting.page.HALL", "board")
    objections(stage, board, neighbours(stage, 3))
    assert f'{url}"' in read(wang, board)
    with query_budget(PAGE):
        body = wang.get(url).content.decode()
    assert "收到异议 3 条，答复了 0 条" in body and "扫码看，提意见" in body and "邻居1" not in body
    assert SAID[0][:6] not in body, "what people said is not for the screen"
    assert enter("guo").get(url).status_code == 404


def test_the_matters_page_leads_there(stage: Stage, board: Done, enter: Enter, query_budget: Budget):
    objections(stage, board, neighbours(stage, 3))
    client, url = enter("wang"), reverse("portal:matter", args=[board.matter_id])
    client.get(url)
    with query_budget(PAGE):
        body = str(client.get(url).content.decode())
    assert page(board) in body and "3 条异议等答复" in body
