"""The page of a convention: each article since when and by which decision, the editions, and where to say something."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from weizhi.deliberation.tests.conventions import CHARTER, SECOND, adopted, changing, drafted
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter
from weizhi.record import clock

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10
ADDRESS = "/convention/residents"


@pytest.fixture
def here(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    return stage


def test_every_article_stands_there_since_when_and_by_which_decision(here: Stage, enter: Enter, query_budget: Budget):
    done = adopted(here)
    drafted(here, changing(here), SECOND)
    client = enter("zhao")
    with query_budget(PAGE):
        body = client.get(ADDRESS).content.decode()
    assert "第 2 版，2026年3月2日起施行。" in body and "晚上九点以后" in body and "十点" not in body
    assert "2026年3月2日起这样写（第 2 版）" in body and "住在一起，互相体谅。" in body
    assert "改了第二条，加了第四条" in body and f"/m/{done.matter_id}" in body
    assert "/report?kind=change" in body and "/report?kind=breach" in body


def test_two_editions_are_compared_and_the_former_is_read(here: Stage, enter: Enter):
    adopted(here)
    drafted(here, changing(here), SECOND)
    client = enter("zhao")
    compared = client.get(ADDRESS, {"v": 2, "with": 1}).content.decode()
    assert "第 1 版到第 2 版改了什么" in compared and "<del>" in compared and "<ins>" in compared
    former = client.get(ADDRESS, {"v": 1}).content.decode()
    assert "已经改过" in former and "晚上十点以后" in former


def test_before_it_is_decided_only_whoever_may_begin_is_asked_to(here: Stage, enter: Enter):
    here.adopt(CHARTER)
    assert "/report?kind=convention" in enter("wang").get(ADDRESS).content.decode()
    body = enter("zhao").get(ADDRESS).content.decode()
    assert "还没有定" in body and "/report?kind=" not in body


def test_another_community_has_none_of_it(here: Stage, enter: Enter):
    adopted(here)
    assert enter("guo").get(ADDRESS).status_code == 404
    assert enter("lin").get("/convention/another").status_code == 404


def test_an_article_is_chosen_from_those_in_force(here: Stage, enter: Enter):
    adopted(here)
    body = enter("lin").get("/report?kind=breach").content.decode()
    assert "第二条 晚上十点以后不大声放音乐。" in body and 'value="第二条"' in body


def test_a_change_is_written_on_what_is_in_force(here: Stage, enter: Enter):
    adopted(here)
    done = changing(here)
    assert "晚上十点以后不大声放音乐。" in enter("wang").get(f"/m/{done.matter_id}/text/draft").content.decode()


def test_the_charter_leads_to_it_and_so_does_the_matter_that_made_it(here: Stage, enter: Enter):
    done = adopted(here)
    client = enter("zhao")
    assert ADDRESS in client.get("/charter").content.decode()
    assert ADDRESS in client.get(f"/m/{done.matter_id}").content.decode()
