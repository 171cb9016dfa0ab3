"""The online hall through the API: next statement, answer, own words, the map as data; a token speaks for nobody."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from weizhi.deliberation.actions.draw_halls import draw_halls
from weizhi.deliberation.models import Hall, Stance, Statement
from weizhi.deliberation.tests.halls import OPEN_FOR, added, crowd, opened, said
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body
from weizhi.portal.tests.conftest import Enter
from weizhi.record import clock
from weizhi.record.actions.issue_token import issue_token, open_account

POSTS = {"committee": "committee-member", "property": "property-worker"}


@pytest.fixture
def talk(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> tuple[Stage, Done, Hall]:
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    done, hall = opened(stage)
    stage.later(minutes=1)
    return stage, done, hall


def door(done: Done, name: str = "") -> str:
    return f"/api/v1/matters/{done.matter_id}/hall{name}"


def send(client: Client, done: Done, name: str, **body: Any) -> Any:
    return client.post(door(done, name), {"key": "k", **body}, content_type="application/json")


def program(stage: Stage, body: str, *scopes: str) -> Client:
    place = Body.objects.get(community=stage.community, key=body)
    account = open_account(place, "系统", POSTS[body], "系统", at=stage.now)
    issued = issue_token(account, "系统", scopes or ("read", "act"))
    return Client(headers={"Authorization": f"Bearer {issued.token}"})


def test_a_resident_goes_from_statement_to_statement(talk: Any, enter: Enter, query_budget: Any):
    stage, done, _hall = talk
    lin = enter("lin")
    told = lin.get(door(done)).json()
    assert (told["question"], told["open"], told["takes_part"], told["map"]) == ("架空层怎么用？", True, True, None)
    with query_budget(10):
        first = lin.get(door(done, "/next")).json()
    assert first == lin.get(door(done, "/next")).json() and (first["answered"], first["left"]) == (0, 2)
    n = first["statement"]["n"]
    assert send(lin, done, "/answers", answers={str(n): "agree"}).json() == {"written": 1, "kept": 0}
    second = lin.get(door(done, "/next")).json()
    assert second["statement"]["n"] != n and (second["answered"], second["left"]) == (1, 1)
    send(lin, done, "/answers", answers={str(second["statement"]["n"]): "pass"}, key="l")
    assert lin.get(door(done, "/next")).json() == {"statement": None, "answered": 2, "left": 0}
    assert send(lin, done, "/statements", words="架空层装个插座", key="m").json() == {"n": 3, "state": "waiting"}
    assert send(lin, done, "/statements", words="架空层装个插座", key="m").json()["n"] == 3
    assert [one["n"] for one in lin.get(door(done, "/statements")).json()] == [1, 2]
    assert [one["n"] for one in lin.get(door(done, "/statements"), {"after": 1, "limit": 1}).json()] == [2]
    stage.later(days=OPEN_FOR.days)
    run_due(stage.now)
    assert lin.get(door(done, "/next")).json()["code"] == "closed"


def test_what_is_refused(talk: Any, enter: Enter):
    _stage, done, _hall = talk
    for client, name, body, status, code in (
        (enter("lin"), "/answers", {"answers": {"9": "agree"}}, 409, "meanwhile"),
        (enter("lin"), "/answers", {"answers": {"1": "perhaps"}}, 422, "bad-data"),
        (enter("lin"), "/answers", {"answers": {"one": "agree"}}, 422, "bad-data"),
        (enter("lin"), "/answers", {"answers": {}}, 422, "bad-data"),
        (enter("lin"), "/statements", {"words": "好"}, 422, "bad-data"),
        (enter("lin"), "/moderation", {"statements": [1], "state": "open"}, 403, "not-yours"),
        (enter("chen"), "/answers", {"answers": {"1": "agree"}}, 403, "not-yours"),
        (enter("chen"), "/moderation", {"statements": [1], "state": "hidden"}, 422, "bad-data"),
        (enter("guo"), "/answers", {"answers": {"1": "agree"}}, 404, "not-found"),
        (Client(), "/answers", {"answers": {"1": "agree"}}, 401, "not-signed-in"),
    ):
        answer = send(client, done, name, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (name, body)
    assert enter("chen").get(door(done, "/next")).status_code == 403
    assert enter("zhao").get(door(done, "/statements"), {"state": "waiting"}).status_code == 403
    for name in ("", "/next", "/statements"):
        assert enter("guo").get(door(done, name)).status_code == 404
    assert not Stance.objects.exists()


def test_who_moderates_reads_what_waits_and_whose_it_is_nobody(talk: Any, enter: Enter):
    stage, done, hall = talk
    added(stage, hall, "lin", "老张家的狗太吵了")
    chen = enter("chen")
    assert chen.get(door(done, "/statements"), {"state": "waiting"}).json() == [
        {"n": 3, "words": "老张家的狗太吵了", "state": "waiting", "reason": ""}
    ]
    put_away = {"statements": [3], "state": "hidden", "reason": "点了邻居的名"}
    assert send(chen, done, "/moderation", **put_away).json() == {"changed": True}
    assert send(chen, done, "/moderation", **put_away).json() == {"changed": False}
    hidden = chen.get(door(done, "/statements"), {"state": "hidden"}).json()
    assert [one["reason"] for one in hidden] == ["点了邻居的名"]
    assert Statement.objects.get(n=3).state == "hidden"


def test_a_token_types_in_and_speaks_for_nobody(talk: Any, enter: Enter):
    stage, done, hall = talk
    said(stage, hall, "lin", 1, "disagree")
    desk, lin = program(stage, "committee"), str(stage.people["lin"].pk)
    assert desk.get(door(done)).json()["takes_part"] is False
    assert desk.get(door(done, "/next")).json()["message"] == "令牌不能替人在议事厅里说话。自己的话请自己登录了说。"
    for name, body in (("/answers", {"answers": {"1": "agree"}}), ("/statements", {"words": "再装一盏灯"})):
        assert send(desk, done, name, **body).status_code == 403
    sheet = {"answers": {"1": "agree", "2": "agree"}, "on_behalf_of": lin}
    assert send(desk, done, "/answers", **sheet).json()["field"] == "channel"
    assert send(desk, done, "/answers", **sheet, channel="paper").json() == {"written": 1, "kept": 1}
    assert dict(Stance.objects.values_list("statement__n", "said")) == {1: -1, 2: 1}
    words = {"words": "架空层装个插座", "on_behalf_of": lin, "channel": "voice"}
    assert send(desk, done, "/statements", **words).json()["state"] == "waiting"
    other = program(stage, "property")
    assert send(other, done, "/answers", **sheet, channel="paper").status_code == 403
    assert send(program(stage, "committee", "read"), done, "/answers", **sheet, channel="paper").status_code == 403
    assert program(stage, "committee", "act").get(door(done)).status_code == 403


def test_the_map_as_data_and_my_own_place_for_me_alone(talk: Any, enter: Enter, query_budget: Any):
    stage, done, hall = talk
    crowd(hall, 60)
    for one in Statement.objects.filter(n__gt=2):
        said(stage, hall, "lin", one.n, "agree")
    draw_halls(stage.now)
    lin = enter("lin")
    with query_budget(10):
        told = lin.get(door(done)).json()["map"]
    assert [(one["name"], one["people"]) for one in told["groups"]] == [("甲", 20), ("乙", 41)]
    assert told["people"] == 61 and told["united"] and told["why"] == "" and told["mine"]["name"] == "乙"
    assert {one["n"] for one in told["counts"]} == set(range(3, 15)), "of what one alone spoke nothing is told"
    for other in (enter("zhao"), program(stage, "committee")):
        assert other.get(door(done)).json()["map"] == {**told, "mine": None}
    Statement.objects.filter(n=told["united"][0]).update(state="hidden")
    later = lin.get(door(done)).json()["map"]
    assert told["united"][0] not in {*later["united"], *(one["n"] for one in later["counts"])}


def test_forty_people_no_groups_and_why(talk: Any, enter: Enter):
    stage, done, hall = talk
    crowd(hall, 40)
    draw_halls(stage.now)
    told = enter("zhao").get(door(done)).json()["map"]
    assert told["groups"] == [] and "表态够多的有 40 人，满 50 人才算得准" in told["why"] and told["mine"] is None
