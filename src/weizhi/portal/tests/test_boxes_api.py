"""The desk's and the counters' doors for programs: marks, corrections, the urn, two counters; and each refusal."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from weizhi.decisions.models import CountingKey, Envelope, KeyShare, MarkChange, UrnPaper, UrnReading, Vote
from weizhi.decisions.tests.homes import Estate, estate
from weizhi.decisions.tests.test_two_counters import WORDS, closed, two
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Holding
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.secret import Secret, over, secret
from weizhi.record.actions.issue_token import issue_token

__all__ = ["closed", "estate", "two"]
Post = Callable[..., tuple[int, Any]]
MARKS, CORRECTIONS, PAPERS, EMPTY = "marks", "marks/corrections", "urn/papers", "urn/empty"


@pytest.fixture
def up(stage: Stage) -> Secret:
    return secret(stage)


@pytest.fixture
def shut(stage: Stage) -> Secret:
    return over(stage)


def sends(client: Client, vote: Vote, door: str, token: str = "", **body: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    told = {"key": str(uuid4())} | body
    answer = client.post(f"/api/v1/votes/{vote.pk}/{door}", told, "application/json", headers=headers)
    return answer.status_code, answer.json()


def token_of(up: Secret, *scopes: str) -> str:
    """A token of 王主任's post."""
    holding = Holding.objects.get(person=up.stage.people["wang"], post="committee-director")
    return issue_token(holding, "记票台", list(scopes), days=30).token


def line(up: Secret, login: str) -> dict[str, str]:
    return {"entitlement": str(up.line(login).pk)}


def test_a_paper_is_marked_by_who_runs_the_vote_and_by_a_token_of_the_post(up: Secret, enter: Enter) -> None:
    wang, body = enter("wang"), line(up, "lin") | {"key": "k1"}
    status, first = sends(wang, up.vote, MARKS, **body)
    assert status == 200 and first["shown"].count("-") == 4 and first["others"] == []
    assert sends(wang, up.vote, MARKS, **body) == (200, first | {"again": True})
    status, by_post = sends(Client(), up.vote, MARKS, token_of(up, "act"), **line(up, "h1"), proof="签名册第 2 页")
    assert status == 200 and Envelope.objects.get(receipt=by_post["receipt"]).evidence == "签名册第 2 页"
    assert Envelope.objects.filter(channel="paper").count() == 2


def test_marks_that_are_refused(up: Secret, enter: Enter) -> None:
    wang = enter("wang")
    for login, found in (("lin", (403, "not-yours")), ("guo", (404, "not-found"))):
        status, told = sends(enter(login), up.vote, MARKS, **line(up, "lin"))
        assert (status, told["code"]) == found, login
    status, told = sends(Client(), up.vote, MARKS, token_of(up, "read"), **line(up, "lin"))
    assert (status, told["code"]) == (403, "out-of-scope")
    assert sends(Client(), up.vote, MARKS, **line(up, "lin"))[0] in (401, 403)
    elsewhere, chosen = {"entitlement": str(up.vote.pk)}, line(up, "h1") | {"choice": "yes"}
    for body, field in (({}, "entitlement"), (elsewhere, "line"), (chosen, "choice")):
        status, told = sends(wang, up.vote, MARKS, **body)
        assert (status, told["field"]) == (422, field), "what was chosen is not even taken in"
    assert sends(wang, up.vote, MARKS, **line(up, "h1"), proxy=True)[1]["field"] == "proxy"
    sends(wang, up.vote, MARKS, **line(up, "h1"))
    assert sends(wang, up.vote, MARKS, **line(up, "h1"))[1]["code"] == "meanwhile"
    with time_machine.travel(up.vote.closes_at, tick=False):
        assert sends(wang, up.vote, MARKS, **line(up, "h2"))[1]["code"] == "closed"
    assert Envelope.objects.count() == 1


def test_a_wrong_mark_is_taken_back_by_two_persons_and_no_token(up: Secret, enter: Enter) -> None:
    wang, li, wrong = enter("wang"), enter("li"), {"what": "back", **line(up, "lin")}
    sends(wang, up.vote, MARKS, **line(up, "lin"))
    status, told = sends(Client(), up.vote, CORRECTIONS, token_of(up, "act"), **wrong, why="记错了线")
    assert (status, told["code"]) == (403, "not-yours") and not MarkChange.objects.exists()
    assert sends(wang, up.vote, CORRECTIONS, **wrong)[1]["field"] == "why"
    for login, code in (("lin", "not-yours"), ("guo", "not-found")):
        assert sends(enter(login), up.vote, CORRECTIONS, **wrong, why="记错了线")[1]["code"] == code
    for _again in range(2):
        assert sends(wang, up.vote, CORRECTIONS, **wrong, why="记错了线")[1]["done"] is False
    assert sends(li, up.vote, CORRECTIONS, **wrong)[1]["done"] is True
    assert not Envelope.objects.exists()
    late = {**wrong, "what": "late"}
    assert sends(wang, up.vote, CORRECTIONS, **late, why="漏记")[1]["code"] == "not-yet"
    assert sends(wang, up.vote, CORRECTIONS, **{**wrong, "what": "away"})[0] == 422


def test_what_was_forgotten_is_marked_after_closing(shut: Secret, enter: Enter) -> None:
    body = {"what": "late", **line(shut, "h4")}
    sends(enter("wang"), shut.vote, CORRECTIONS, **body, why="签了名，漏记了")
    status, told = sends(enter("li"), shut.vote, CORRECTIONS, **body)
    assert (status, told["done"]) == (200, True)
    assert Envelope.objects.get(receipt=told["receipt"]).entitlement == shut.line("h4")


def test_the_urn_is_read_by_two_persons_and_counted(shut: Secret, enter: Enter) -> None:
    wang, li = enter("wang"), enter("li")
    one = {"paper": shut.number(1)}
    assert sends(wang, shut.vote, PAPERS, **one, choice="yes") == (
        200, {"vote": str(shut.vote.pk), "paper": shut.number(1), "landed": False, "others": []},
    )  # fmt: skip
    differs = sends(li, shut.vote, PAPERS, **one, blank=True)[1]
    assert differs["others"] == [{"who": "王主任", "choice": ["yes"], "blank": False, "spoilt": False}]
    assert sends(li, shut.vote, PAPERS, **one, choice=["yes"])[1]["landed"] is True
    for n, said in ((2, {"choice": "no"}), (3, {"spoilt": True}), (4, {"blank": True})):
        for client in (wang, li):
            sends(client, shut.vote, PAPERS, paper=shut.number(n), **said)
    assert UrnPaper.objects.count() == 4
    first = sends(wang, shut.vote, EMPTY)
    assert first[0] == 200 and (first[1]["said_empty"], first[1]["counted"]) == (False, False)
    done = sends(li, shut.vote, EMPTY)[1]
    assert (done["said_empty"], done["counted"]) == (True, True) and done["outcome"]
    assert sends(li, shut.vote, EMPTY)[1]["code"] == "closed"


def test_readings_that_are_refused(shut: Secret, enter: Enter) -> None:
    wang, paper = enter("wang"), {"paper": shut.number(1)}
    status, told = sends(Client(), shut.vote, PAPERS, token_of(shut, "act"), **paper, choice="yes")
    assert (status, told["code"]) == (403, "not-yours"), "two tokens would be one person"
    assert sends(Client(), shut.vote, EMPTY, token_of(shut, "act"))[1]["code"] == "not-yours"
    for login, code in (("lin", "not-yours"), ("guo", "not-found")):
        assert sends(enter(login), shut.vote, PAPERS, **paper, choice="yes")[1]["code"] == code
        assert sends(enter(login), shut.vote, EMPTY)[1]["code"] == code
    for body, field in (
        ({**paper}, "choice"), ({**paper, "choice": "maybe"}, "choice"), ({"paper": "123", "choice": "yes"}, "paper"),
        ({**paper, "choice": "yes", "blank": True}, "choice"), ({"choice": "yes"}, "paper"),
    ):  # fmt: skip
        status, told = sends(wang, shut.vote, PAPERS, **body)
        assert (status, told["field"]) == (422, field), body
    assert sends(wang, shut.vote, EMPTY)[1]["field"] == "why", "four are marked, none was read"
    assert not UrnReading.objects.exists()


def test_the_urn_is_shut_until_the_time_is_over(up: Secret, enter: Enter) -> None:
    sends(enter("wang"), up.vote, MARKS, **line(up, "lin"))
    assert sends(enter("li"), up.vote, PAPERS, paper=up.number(1), choice="yes")[1]["code"] == "not-yet"
    assert sends(enter("li"), up.vote, EMPTY)[1]["code"] == "not-yet"


@pytest.fixture
def counter(two: Estate) -> Any:
    def come(who: str) -> Client:
        client = Client()
        client.force_login(two.people[who])
        return client

    return come


def opens(client: Client, vote: Vote, words: str, token: str = "") -> tuple[int, Any]:
    return sends(client, vote, "opening", token, passphrase=words)


def test_two_counters_open_the_box_each_by_his_own_words(two: Estate, closed: Vote, counter: Any) -> None:
    status, told = opens(counter("wang"), closed, WORDS["wang"])
    assert (status, told["counted"]) == (200, False) and WORDS["wang"] not in str(told)
    status, told = opens(counter("hu"), closed, WORDS["hu"])
    assert (status, told["counted"], told["outcome"]) == (200, True, "passed")
    assert opens(counter("hu"), closed, WORDS["hu"])[1]["code"] == "closed"


def test_openings_that_are_refused(two: Estate, closed: Vote, counter: Any) -> None:
    token = issue_token(Holding.objects.get(person=two.people["wang"]), "开票", ["act"], days=30).token
    assert opens(Client(), closed, WORDS["wang"], token)[1]["code"] == "not-yours", "a program has no passphrase"
    status, told = opens(counter("wang"), closed, "不是这一句，是那一句")
    assert (status, told["field"]) == (422, "passphrase") and "不是这一句" not in str(told)
    assert KeyShare.objects.get(person=two.people["wang"]).wrong == 1, "the try is counted"
    assert opens(counter("o1"), closed, "我也来开一开看看")[:1] == (403,)
    assert opens(counter("guo"), closed, "我也来开一开看看")[:1] == (404,)
    assert opens(counter("wang"), closed, "长" * 501)[0] == 422


def test_a_counting_passphrase_is_set_by_the_person_alone(two: Estate, counter: Any) -> None:
    def sets(client: Client, words: str, token: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"key": str(uuid4()), "passphrase": words}
        answer = client.post("/api/v1/votes/counting-key", body, "application/json", headers=headers)
        return answer.status_code, answer.json()

    before = bytes(CountingKey.objects.get(person=two.people["wang"]).public)
    token = issue_token(Holding.objects.get(person=two.people["wang"]), "开票", ["act"], days=30).token
    assert sets(Client(), "别人想出来的一句话", token)[1]["code"] == "not-yours"
    assert sets(counter("wang"), "太短")[1]["field"] == "passphrase"
    assert bytes(CountingKey.objects.get(person=two.people["wang"]).public) == before
    assert sets(counter("wang"), "另一句只有我知道的话") == (200, {"set": True})
    assert bytes(CountingKey.objects.get(person=two.people["wang"]).public) != before
