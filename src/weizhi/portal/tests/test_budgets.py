"""What a report and each act cost in queries, through HTTP, on a small community and on one ten times as large."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from weizhi.matters.actions.act import act, raise_matter
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.portal.tests.conftest import Enter
from weizhi.record.actions.enrol import enrol

REPORT, ACT, WAKE = 12, 16, 16
ROOT = "/api/v1/matters"
STAFF = {"zhou", "chen"}
Budget = Callable[[int], AbstractContextManager[None]]
# One report all the way round, with every verb that the tests' charter knows.
ROUND: list[tuple[str, str, str | None, dict[str, str]]] = [
    ("zhao", "follow", None, {}),
    ("zhao", "comment", None, {"words": "我家门口也是"}),
    ("zhou", "note", None, {"words": "先找物业"}),
    ("zhou", "sort", "ours", {"category": "lighting"}),
    ("chen", "handle", "done", {"words": "换了灯泡"}),
    ("zhou", "check", "passed", {}),
    ("lin", "rate", "bad", {"words": "又不亮了"}),
    ("chen", "handle", "done", {}),
    ("zhou", "check", "passed", {}),
    ("lin", "rate", "good", {}),
]


def grow(stage: Stage, number: int) -> None:
    """More neighbours, more matters, and long stories in them."""
    lin, now = stage.people["lin"], timezone.now()
    for n in range(number):
        neighbour = Person.objects.create_user(f"neighbour-{n}", f"邻居 {n}")
        enrol(stage.community, neighbour, stage.places["3-1-101"], ["resident"], at=stage.now)
        done = raise_matter(stage.community, "report", by=lin, data={"words": f"第 {n} 件"}, at=now)
        act(done.matter_id, "comment", by=neighbour, data={"words": "看到了"}, at=now)


def sent(client: Client, path: str, **body: Any) -> Any:
    answer = client.post(ROOT + path, {"key": str(uuid4()), **body}, content_type="application/json")
    assert answer.status_code in {200, 201}, answer.content.decode()
    return answer.json()


@pytest.mark.parametrize("number", [2, 20])
def test_a_report_and_each_act_stay_within_their_queries(
    stage: Stage, enter: Enter, query_budget: Budget, number: int
) -> None:
    grow(stage, number)
    browsers = {login: enter(login) for login in ("lin", "zhao", "zhou", "chen")}
    report = {"community": "xfl", "kind": "report", "place": str(stage.places["3-2-301"].pk)}
    sent(browsers["lin"], "", **report, data={"words": "先报一件"})  # charters and names are read once in a process
    with query_budget(REPORT):
        lamp = sent(browsers["lin"], "", **report, data={"words": "灯坏了"})
    path = f"/{lamp['matter']}/acts"
    for _ in range(number):
        sent(browsers["zhao"], path, verb="comment", data={"words": "还没好"})
    for login, verb, outcome, data in ROUND:
        # In play staff need no second factor, and it costs a query to know that it is play.
        with query_budget(ACT + (login in STAFF)):
            sent(browsers[login], path, verb=verb, outcome=outcome, data=data)


@pytest.mark.parametrize("number", [2, 20])
def test_the_same_report_sent_again_costs_no_more(
    stage: Stage, enter: Enter, query_budget: Budget, number: int
) -> None:
    grow(stage, number)
    lin, body = enter("lin"), {"community": "xfl", "kind": "report", "data": {"words": "灯坏了"}, "key": "once"}
    first = sent(lin, "", **body)
    with query_budget(REPORT + 3):  # the entry that stands, its stream and its matter
        assert sent(lin, "", **body) == first


@pytest.mark.parametrize("number", [2, 20])
def test_a_timer_costs_the_same_however_much_there_is(stage: Stage, query_budget: Budget, number: int) -> None:
    grow(stage, number)
    run_due(timezone.now())
    done = raise_matter(stage.community, "report", by=stage.people["lin"], data={"words": "灯"}, at=timezone.now())
    later = timezone.now() + timedelta(days=30)
    with query_budget(WAKE):
        assert run_due(later, matter=done.matter_id) == 1
