"""A trial on the page of its matter: everybody reads how far it has come, who answers for it writes or decides."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.test_trial import BY_PEOPLE, COUNTED, FIGURE, begun, complaint, day
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock

PAGE = 10
Budget = Callable[[int], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _clock(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()


def read(client: Client, done: Done) -> str:
    return str(client.get(reverse("portal:matter", args=[done.matter_id])).content.decode())


def sent(client: Client, done: Done, **more: str) -> str:
    url = reverse("portal:act", args=[done.matter_id])
    answer = client.post(url, {"verb": "trial", "key": some_key(), **more}, follow=True)
    return str(answer.content.decode())


def test_everybody_reads_how_far_it_has_come_and_what_follows(enter: Enter, stage: Stage, query_budget: Budget):
    plan = begun(stage, COUNTED)
    stage.now = day(3)
    complaint(stage)
    client = enter("lin")
    with query_budget(PAGE):
        body = read(client, plan)
    assert "试行了 3 天，一共 30 天，到4月1日为止" in body
    assert "到现在 1 件，试行前同样多天 0 件" in body
    assert "中途，比试行前多出来的超过 2，马上“退回去”：投诉太多。" in body
    assert "到期，没有比试行前多：留下。" in body and "到期，别的情况：退回去。" in body


def test_a_last_day_that_moves_is_told_beside_the_days_that_were_agreed(enter: Enter, stage: Stage):
    stage.now = day(3)
    body = read(enter("lin"), begun(stage, COUNTED))
    assert "一共 30 天，遇休息日等顺延 3 天，到4月7日为止" in body, "清明: 4 to 6 April 2026"


def test_the_outsider_finds_nothing(enter: Enter, stage: Stage):
    plan = begun(stage, COUNTED)
    assert enter("guo").get(reverse("portal:matter", args=[plan.matter_id])).status_code == 404


def test_where_the_system_counts_nobody_is_asked(enter: Enter, stage: Stage):
    plan = begun(stage, COUNTED + 'by = ["committee"]')
    assert 'value="trial"' not in read(enter("wang"), plan)


def test_who_answers_for_it_writes_the_figure_down(enter: Enter, stage: Stage):
    plan = begun(stage, FIGURE, had=6)
    step = stage.matter(plan).steps.get(key="trial").pk
    stage.now = day(2)
    assert 'name="figure"' not in read(enter("lin"), plan)
    client = enter("chen")
    assert 'name="figure"' in read(client, plan)
    assert "记下" in sent(client, plan, step=str(step), figure="")
    body = sent(client, plan, step=str(step), figure="9")
    assert "“满溢的桶”记下 9" in body and "记了 1 次，平均 9，试行前是 6" in body


def test_people_are_asked_only_when_it_is_over(enter: Enter, stage: Stage):
    plan = begun(stage, BY_PEOPLE)
    step = str(stage.matter(plan).steps.get(key="trial").pk)
    client = enter("wang")
    body = read(client, plan)
    assert "提前取消试行" in body and 'value="keep"' not in body
    stage.now = day(31)
    run_due(stage.now)
    body = read(client, plan)
    assert 'value="keep"' in body and "提前取消试行" not in body and "到现在 0 件" in body
    body = sent(client, plan, step=step, outcome="keep")
    assert "留下了" in body
