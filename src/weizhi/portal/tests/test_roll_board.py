"""A roll on the board: objections by whoever sees it, each answered to him; the desk strikes, puts back and adds."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from weizhi.decisions.models import Entitlement, Roll
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.portal.tests.naming import Naming, naming
from weizhi.record import clock
from weizhi.record.actions.enrol import enrol

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10


@pytest.fixture
def board(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Naming:
    cache.clear()
    made = naming(stage, stage.now + timedelta(minutes=5))
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    stage.later(minutes=10)
    return made


def page(board: Naming) -> str:
    return reverse("portal:roll", args=[board.roll])


def read(client: Client, board: Naming, **asked: str) -> str:
    return str(client.get(page(board), asked).content.decode())


def sent(client: Client, board: Naming, verb: str, **more: str) -> Any:
    return client.post(page(board), {"verb": verb, "step": verb, "key": some_key(), **more}, follow=True)


def line(board: Naming, stage: Stage, login: str) -> Entitlement:
    return Entitlement.objects.get(roll=board.roll, person=stage.people[login])


def test_each_objection_is_answered_to_whoever_raised_it(stage: Stage, board: Naming, enter: Enter) -> None:
    wang, lin, zhao = enter("wang"), enter("lin"), enter("zhao")
    assert "收到了。会在这一页上答复您" in sent(zhao, board, "object", words="林姨的号写了两遍").content.decode()
    assert "林姨的号写了两遍" in read(zhao, board) and "还没有答复" in read(zhao, board)
    assert "林姨的号写了两遍" not in read(lin, board), "one's own, the desk all"
    at_desk = read(wang, board)
    assert "三楼的小王" in at_desk and "林姨的号写了两遍" in at_desk
    second = Roll.objects.get(pk=board.roll).matter.stream.entries.filter(verb="object").order_by("n").last()
    assert second is not None
    empty = sent(wang, board, "answer", outcome=str(second.pk))
    assert empty.status_code == 422 and "还没有写内容" in empty.content.decode()
    sent(wang, board, "answer", outcome=str(second.pk), words="查过，只有一号。")
    shown = read(zhao, board)
    assert "查过，只有一号。" in shown and "居委会主任 王主任" in shown
    assert "查过，只有一号。" not in read(lin, board) and "还没有答复" in read(lin, board)
    tell(stage.now)
    assert "您提的异议有了答复" in zhao.get(reverse("portal:notices")).content.decode()
    assert "您提的异议有了答复" not in lin.get(reverse("portal:notices")).content.decode()


def test_the_desk_strikes_and_puts_back_with_a_reason(stage: Stage, board: Naming, enter: Enter) -> None:
    wang, zhao, one = enter("wang"), enter("zhao"), line(board, stage, "zhao")
    assert f'value="{one.n}"' in read(wang, board, line=str(one.n)), "from the line to its form"
    bare = sent(wang, board, "correct", outcome="strike", line=str(one.n))
    assert bare.status_code == 422 and "为什么更正" in bare.content.decode()
    sent(wang, board, "correct", outcome="strike", line=str(one.n), words="搬走了，电话 13800001234")
    struck = read(enter("lin"), board)
    assert "搬走了" in struck and "13800001234" not in struck
    tell(stage.now)
    assert "从名册上划去了" in zhao.get(reverse("portal:notices")).content.decode()
    sent(wang, board, "correct", outcome="restore", line=str(one.n), words="查过，还住着")
    one.refresh_from_db()
    assert one.struck_at is None and "搬走了" not in read(zhao, board)
    wrong = sent(wang, board, "correct", outcome="strike", line="999", words="没有这个人")
    assert wrong.status_code == 422 and "没有这个号" in wrong.content.decode()


def test_the_desk_adds_who_was_left_out(stage: Stage, board: Naming, enter: Enter) -> None:
    wang = enter("wang")
    new = Person.objects.create_user("new", "小王")
    enrol(stage.community, new, stage.places["3-2-301"], ["resident"], at=stage.now)
    stage.later(minutes=1)
    lost = sent(wang, board, "add-elector", name="小李", home="3-2-301", words="刚满十八")
    assert lost.status_code == 422 and "居民登记里没有这个人" in lost.content.decode()
    sent(wang, board, "add-elector", name="小王", home="3-2-301", words="刚满十八")
    assert Entitlement.objects.get(roll=board.roll, person=new).n == Entitlement.objects.filter(roll=board.roll).count()
    again = sent(wang, board, "add-elector", name="小王", home="3-2-301", words="刚满十八")
    assert again.status_code == 422 and "已经在名册上了" in again.content.decode()
    tell(stage.now)
    stage.people["new"] = new
    assert "您补进名册了" in enter("new").get(reverse("portal:notices")).content.decode()


def test_nobody_else_corrects_and_nobody_learns_who_is_registered(stage: Stage, board: Naming, enter: Enter) -> None:
    for login in ("lin", "chen"):
        client = enter(login)
        assert "更正一号" not in read(client, board)
        for name in ("赵律师", "没有谁"):
            answer = sent(client, board, "add-elector", name=name, home="3-1-101", words="补")
            assert answer.status_code == 403 and "没有这个人" not in answer.content.decode()
        assert sent(client, board, "correct", outcome="strike", line="1", words="划").status_code == 403
    assert enter("guo").get(page(board)).status_code == 404
    assert sent(enter("lin"), board, "nonsense").status_code == 422


def test_after_its_days_the_roll_takes_no_objection_and_keeps_the_answers(
    stage: Stage, board: Naming, enter: Enter
) -> None:
    wang, lin = enter("wang"), enter("lin")
    stage.later(days=25)
    run_due(stage.now)
    late = read(lin, board)
    assert "提异议的日子过了" in late and "名册不对，提出来" not in late
    assert sent(lin, board, "object", words="晚了").status_code == 409
    first = Roll.objects.get(pk=board.roll).matter.stream.entries.get(verb="object")
    sent(wang, board, "answer", outcome=str(first.pk), words="补进去了。")
    assert Roll.objects.get(pk=board.roll).frozen_at is not None
    assert "补进去了。" in read(lin, board) and "名册已经定下来" in read(lin, board)
    assert "更正一号" not in read(wang, board)
    assert sent(wang, board, "correct", outcome="strike", line="1", words="划").status_code == 409


def test_the_page_of_a_roll_takes_ten_queries(stage: Stage, board: Naming, enter: Enter, query_budget: Budget) -> None:
    for n in range(12):
        sent(enter("zhao"), board, "object", words=f"第 {n} 条")
    for login in ("zhao", "wang"):
        client = enter(login)
        client.get(page(board))
        with query_budget(PAGE):
            assert read(client, board).count("<li") > 12
