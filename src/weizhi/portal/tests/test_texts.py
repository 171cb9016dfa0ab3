"""The pages of a text and of its review: everybody reads who sees the matter, the charter says who writes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from weizhi.deliberation.kinds.review import points_of
from weizhi.deliberation.models import Text
from weizhi.deliberation.tests.texts import CHARTER, FIRST, SECOND, begun, posted, row_of, written
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record import clock
from weizhi.record.actions.appoint import appoint

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10


@pytest.fixture
def here(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage.adopt(CHARTER)
    body = Body.objects.create(community=stage.community, key="experts", place=stage.places["xfl"], name="专家组")
    appoint(
        stage.community, stage.people["zhao"], body, "legal-expert", "法律专家", place=stage.places["xfl"], at=stage.now
    )
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    return stage


@pytest.fixture
def looked_at(here: Stage) -> Done:
    done = posted(here)
    run_due(here.later(days=9))
    return done


def text_page(done: Done, name: str = "text") -> str:
    return reverse(f"portal:{name}", args=[done.matter_id, "write"])


def review_page(done: Done) -> str:
    return reverse("portal:review", args=[done.matter_id])


def read(client: Client, url: str, **asked: int) -> str:
    return str(client.get(url, asked).content.decode())


def save(client: Client, done: Done, verb: str = "write", **more: str) -> Any:
    return client.post(text_page(done), {"verb": verb, "key": some_key(), **more}, follow=True)


def said(client: Client, done: Done, verb: str, point: int | None = None, **more: str) -> Any:
    step = str(row_of(done, "review").pk) + (f"/{point}" if point else "")
    return client.post(review_page(done), {"verb": verb, "step": step, "key": some_key(), **more}, follow=True)


def test_everybody_reads_and_only_the_named_write(here: Stage, enter: Enter, query_budget: Budget):
    done = written(here)
    lin, wang = enter("lin"), enter("wang")
    for client in (lin, wang):
        read(client, text_page(done))
        with query_budget(PAGE):
            body = read(client, text_page(done))
        assert "电动车不进楼" in body and "先写两条" in body and "王主任" in body
    assert "存成一版" in read(wang, text_page(done)) and "存成一版" not in read(lin, text_page(done))
    assert enter("guo").get(text_page(done)).status_code == 404


def test_the_first_version_begins_with_what_was_said(here: Stage, enter: Enter, query_budget: Budget):
    done = begun(here)
    client = enter("wang")
    read(client, text_page(done))
    with query_budget(PAGE):
        body = read(client, text_page(done))
    assert "楼道里堆满了东西</textarea>" in body


def test_what_only_stood_there_is_not_frozen(here: Stage, enter: Enter):
    done = begun(here)
    client = enter("wang")
    body = read(client, text_page(done))
    assert "还没有写。" in body and "还不算写了稿" in body and "存过了，才能定稿" in body and "交下一步" not in body
    answer = save(client, done, "draft", text="楼道里堆满了东西，我补一句", base="0")
    told = answer.content.decode()
    assert answer.status_code == 409 and "还没有存过一版，不能定稿" in told and "我补一句</textarea>" in told
    assert Text.objects.get(matter=done.matter_id).versions == 0 and here.stands_at(done) == ["write"]
    save(client, done, text="楼道里堆满了东西", base="0")
    body = read(client, text_page(done))
    assert "还不算写了稿" not in body and "定稿，交下一步" in body
    assert "定稿了：第 1 版" in save(client, done, "draft", text="楼道里堆满了东西", base="1").content.decode()


def test_a_version_is_kept_compared_and_frozen(here: Stage, enter: Enter, query_budget: Budget):
    done = written(here)
    client = enter("wang")
    assert "第 2 版存好了" in save(client, done, text=SECOND, words="充电写清楚", base="1").content.decode()
    with query_budget(PAGE):
        body = read(client, text_page(done), v=2, **{"with": 1})
    assert "第 1 版到第 2 版改了什么" in body
    assert "，到车棚充电</ins>" in body and "存成一版" not in body
    answer = save(client, done, "draft", text=SECOND, base="2").content.decode()
    assert "定稿了：第 2 版" in answer and here.stands_at(done) == ["board"]
    assert "存成一版" not in read(client, text_page(done))


def test_what_was_typed_is_still_there(here: Stage, enter: Enter):
    done = written(here)
    here.act(done, "write", "wang", data={"text": SECOND})
    answer = save(enter("wang"), done, text="我写的另一版", base="1")
    body = answer.content.decode()
    assert answer.status_code == 409 and "别人存了第 2 版" in body and "我写的另一版</textarea>" in body
    assert Text.objects.get(matter=done.matter_id).versions == 2


def test_a_neighbour_who_sends_the_form_is_refused(here: Stage, enter: Enter):
    done = written(here)
    answer = save(enter("lin"), done, text="我写的")
    assert answer.status_code == 403 and "由居委会" in answer.content.decode()


def test_the_matters_page_leads_there(here: Stage, enter: Enter, looked_at: Done, query_budget: Budget):
    client = enter("wang")
    page = reverse("portal:matter", args=[looked_at.matter_id])
    read(client, page)
    with query_budget(PAGE):
        body = read(client, page)
    assert text_page(looked_at) in body and review_page(looked_at) in body


@pytest.mark.parametrize("asked", [{}, {"v": "1"}, {"v": "2", "with": "1"}])
def test_it_is_printed(here: Stage, enter: Enter, asked: dict[str, str]):
    done = written(here)
    here.act(done, "write", "wang", data={"text": SECOND})
    answer = enter("lin").get(text_page(done, "text-paper"), asked)
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert enter("guo").get(text_page(done, "text-paper"), asked).status_code == 404


def test_there_is_nothing_to_print_before_anybody_wrote(here: Stage, enter: Enter):
    assert enter("lin").get(text_page(begun(here), "text-paper")).status_code == 409


def test_no_page_for_a_step_that_is_no_text(here: Stage, enter: Enter):
    done = begun(here)
    assert enter("wang").get(reverse("portal:text", args=[done.matter_id, "say"])).status_code == 404
    assert enter("wang").get(review_page(done)).status_code == 404


def test_points_go_to_and_fro(here: Stage, enter: Enter, looked_at: Done, query_budget: Budget):
    expert, author, lin = enter("zhao"), enter("wang"), enter("lin")
    assert "提一条意见" in read(expert, review_page(looked_at))
    assert "提一条意见" not in read(author, review_page(looked_at))
    said(expert, looked_at, "point", words="没有说去哪里充电", severity="must", article="第二条")
    assert "下结论" not in read(expert, review_page(looked_at)), "the point waits for its answer"
    body = read(author, review_page(looked_at))
    assert "没有说去哪里充电" in body and "答复第 1 条" in body
    answer = said(author, looked_at, "reply", 1, outcome="decline")
    assert answer.status_code == 422 and "请写清楚怎么改" in answer.content.decode()
    said(author, looked_at, "reply", 1, outcome="accept")
    assert points_of(row_of(looked_at, "review"))[0].reply == "accept"
    for client in (expert, author, lin):
        with query_budget(PAGE):
            body = read(client, review_page(looked_at))
        assert "照改" in body and "第二条" in body
    body = read(expert, review_page(looked_at))
    assert 'value="changes"' in body and 'value="passed"' not in body, "what the points forbid is not offered"
    said(expert, looked_at, "review", outcome="changes")
    assert here.stands_at(looked_at) == ["write"]
    assert enter("guo").get(review_page(looked_at)).status_code == 404


def test_a_point_is_taken_back_by_whoever_gave_it(here: Stage, enter: Enter, looked_at: Done):
    expert = enter("zhao")
    said(expert, looked_at, "point", words="多余的一条", severity="note")
    assert "撤回第 1 条" in read(expert, review_page(looked_at))
    said(expert, looked_at, "take-back-point", 1)
    assert points_of(row_of(looked_at, "review")) == []


def test_words_that_are_no_verb_are_refused(here: Stage, enter: Enter, looked_at: Done):
    assert said(enter("zhao"), looked_at, "object", words="?").status_code == 422
    assert save(enter("wang"), looked_at, "object", text=FIRST).status_code == 422
