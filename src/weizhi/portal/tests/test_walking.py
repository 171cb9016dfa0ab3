"""How far people walk, on the page of the matter: everybody reads the table, a home answers for itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from weizhi.deliberation.models import Walker
from weizhi.deliberation.tests.test_distance import answer, estate, planned
from weizhi.matters.actions.done import Done
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock

__all__ = ["estate"]
PAGE = 10
Budget = Callable[[int], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _clock(estate: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: estate.now)
    cache.clear()


def read(client: Client, done: Done) -> str:
    return str(client.get(reverse("portal:matter", args=[done.matter_id])).content.decode())


def sent(client: Client, stage: Stage, done: Done, **more: str) -> str:
    step = str(stage.matter(done).steps.get(key="ask").pk)
    url = reverse("portal:act", args=[done.matter_id])
    answered = client.post(url, {"verb": "distance", "key": some_key(), "step": step, **more}, follow=True)
    return str(answered.content.decode())


def test_a_home_reads_its_way_and_answers_with_one_press(enter: Enter, estate: Stage, query_budget: Budget):
    done = planned(estate)
    client = enter("lin")
    read(client, done)  # the frame keeps whose community it is
    with query_budget(PAGE):
        body = read(client, done)
    assert "您家要从10 米走到240 米，您同意吗？" in body and "章程的限度是 150 米" in body
    assert "4 号楼" in body and "问了 2 户，答了 0 户" in body
    assert "替一户记下回答" not in body
    assert "请选同意还是不同意。" in sent(client, estate, done)
    body = sent(client, estate, done, answer="no")
    assert "您家答了“不同意”" in body and "问了 2 户，答了 1 户" in body
    assert Walker.objects.get(said="no").channel == "self"


def test_the_committee_writes_down_what_a_home_said(served: Enter, estate: Stage, query_budget: Budget):
    done = planned(estate)
    answer(estate, done, "lin", "yes")
    client = served("wang")
    read(client, done)
    with query_budget(PAGE):
        body = read(client, done)
    assert "替一户记下回答" in body and "3 号楼 1 单元 101 室" in body
    assert "3 号楼 2 单元 301 室" not in body, "who answered for himself has the last word"
    home = str(estate.places["3-1-101"].pk)
    body = sent(client, estate, done, answer="no", home=home, channel="call")
    assert "问了 2 户：1 户同意，1 户不同意，0 户没有回答" in body and "不挪" in body


def test_a_neighbour_who_is_not_asked_reads_the_table_and_no_answers(enter: Enter, estate: Stage):
    done = planned(estate)
    answer(estate, done, "lin", "no")
    body = read(enter("zhou"), done)
    assert "240 米" in body and "您同意吗" not in body and "替一户记下回答" not in body
    assert "1 户不同意" not in body


def test_the_outsider_finds_nothing(enter: Enter, estate: Stage):
    assert enter("guo").get(reverse("portal:matter", args=[planned(estate).matter_id])).status_code == 404
