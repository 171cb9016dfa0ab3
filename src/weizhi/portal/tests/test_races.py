"""Fifty at once, through HTTP, against two processes: one effect, clear refusals; the same sent again is answered."""

import http.client
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import psutil
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import QuerySet
from django.utils import timezone

from weizhi.cli.serve import web_command
from weizhi.matters.actions.done import Done
from weizhi.matters.models import Matter, Step
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.people.models import Body, Holding, Person
from weizhi.record.models import Entry

__all__ = ["committed_stage"]

REPEATS = 20
MANY = 50
TOKEN = "a" * 32  # the page's token against forged requests: cookie and header say the same
PATIENCE = 60.0


@dataclass
class Answer:
    status: int
    body: dict[str, Any]


@dataclass
class Crowd:
    """Connections to the server, each of one person who is signed in, that send at the same moment."""

    port: int
    cookies: dict[str, str]
    server: "subprocess.Popen[bytes]"
    environment: dict[str, str]
    patience: float = PATIENCE
    root: str = "/api/v1/matters"

    def workers(self) -> list[psutil.Process]:
        children = psutil.Process(self.server.pid).children()
        return [child for child in children if not any("resource_tracker" in word for word in child.cmdline())]

    def start_again(self) -> None:
        """As `weizhi serve` does: workers that die fast take their parent for a loop of crashes, and it gives up."""
        if self.server.poll() is not None:
            self.server = subprocess.Popen(self.server.args, env=self.environment)

    def at_once(self, requests: Sequence[tuple[str, str, dict[str, Any]]]) -> list[Answer]:
        """Send (login, path, body) each on a connection of its own, all together; answers in the same order."""
        barrier = threading.Barrier(len(requests))

        def send(request: tuple[str, str, dict[str, Any]]) -> Answer:
            login, path, body = request
            line = self.connected()
            barrier.wait(PATIENCE)
            got = self.send(login, path, body, line).getresponse()
            answer = Answer(got.status, json.loads(got.read()))
            line.close()
            return answer

        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(send, requests))

    def connected(self) -> http.client.HTTPConnection:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        line.connect()
        return line

    def send(
        self, login: str, path: str, body: dict[str, Any], line: http.client.HTTPConnection | None = None
    ) -> http.client.HTTPConnection:
        line = line or self.connected()
        headers = {"Cookie": self.cookies[login], "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        line.request("POST", f"{self.root}{path}", json.dumps(body), headers)
        return line


@pytest.fixture
def officers(committed_stage: Stage) -> list[str]:
    """Fifty grid officers of one grid: each of them may sort."""
    zhou = Holding.objects.get(person=committed_stage.people["zhou"])
    people = [Person(login=f"officer-{n}", name=f"网格员 {n}", password="!") for n in range(MANY)]
    Person.objects.bulk_create(people)
    Holding.objects.bulk_create(
        Holding(
            community=zhou.community, person=person, body=Body.objects.get(pk=zhou.body_id), post=zhou.post,
            title=zhou.title, place_id=zhou.place_id, since=zhou.since,
        )
        for person in people
    )  # fmt: skip
    return [person.login for person in people]


def cookie_of(person: Person) -> str:
    """Signed in as Django's own login leaves it, without its hasher and its signals fifty times over."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"


@pytest.fixture
def crowd(committed_stage: Stage, officers: list[str], database_url: str) -> Iterator[Crowd]:
    """Two web processes as `weizhi serve` starts them, and everybody signed in beforehand."""
    committed_stage.now = timezone.now() - timedelta(hours=2)  # nothing is due while the server's own clock runs
    with two_processes(database_url) as crowd:
        yield crowd


@contextmanager
def two_processes(database_url: str) -> Iterator[Crowd]:
    cookies = {person.login: cookie_of(person) for person in Person.objects.all()}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": database_url, "WEIZHI_FILES": str(settings.FILES)}
    server = subprocess.Popen(web_command("127.0.0.1", port, 2), env=environment)
    crowd = Crowd(port, cookies, server, environment)
    try:
        wait_for(port, server)
        yield crowd
    finally:
        crowd.server.terminate()
        crowd.server.wait(PATIENCE)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/healthz")
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not come up")


@pytest.mark.slow
def test_of_fifty_acts_on_one_step_one_takes_effect(committed_stage: Stage, officers: list[str], crowd: Crowd):
    for _ in range(REPEATS):
        lamp = committed_stage.report()
        body = {"verb": "sort", "step": str(Step.objects.open().get(matter=lamp.matter_id).pk), "outcome": "ours"}
        path = f"/{lamp.matter_id}/acts"
        answers = crowd.at_once([(login, path, {**body, "key": str(uuid4())}) for login in officers])
        done = [answer.body["entry"] for answer in answers if answer.status == 200]
        refused = [answer.body for answer in answers if answer.status == 409]
        assert (len(done), len(refused)) == (1, MANY - 1), answers
        assert all(one["code"] == "closed" and "已经有人办过了" in one["message"] for one in refused)
        assert [str(pk) for pk in entries(lamp, "sort").values_list("pk", flat=True)] == done
        assert tokens(lamp) == [("handle", 1), ("say", 1), ("sort", 1)]


@pytest.mark.slow
def test_one_act_sent_five_times_at_once_has_one_effect_and_five_equal_answers(committed_stage: Stage, crowd: Crowd):
    for _ in range(REPEATS):
        lamp = committed_stage.report()
        path, body = f"/{lamp.matter_id}/acts", {"verb": "sort", "outcome": "ours", "key": str(uuid4())}
        answers = crowd.at_once([("zhou", path, body)] * 5)
        assert [answer.status for answer in answers] == [200] * 5, answers
        assert all(answer.body == answers[0].body for answer in answers)
        refused_for_its_key(crowd, "zhou", path, {**body, "outcome": "elsewhere"})
        assert [entry.verb for entry in entries(lamp)] == ["raise", "sort"]
        assert tokens(lamp) == [("handle", 1), ("say", 1), ("sort", 1)]


@pytest.mark.slow
def test_one_report_sent_five_times_at_once_is_one_matter_and_numbers_have_no_gap(committed_stage: Stage, crowd: Crowd):
    here = {"community": "xfl", "kind": "report", "place": str(committed_stage.places["3-2-301"].pk)}
    for n in range(REPEATS):
        body = {**here, "key": str(uuid4()), "data": {"words": f"第 {n} 盏灯"}}
        answers = crowd.at_once([("lin", "", body)] * 5)
        assert [answer.status for answer in answers] == [201] * 5, answers
        assert all(answer.body == answers[0].body for answer in answers)
        refused_for_its_key(crowd, "lin", "", {**body, "data": {"words": "另一件事"}})
    assert sorted(Matter.objects.values_list("number", flat=True)) == list(range(1, REPEATS + 1))


def test_fifty_comments_at_once_stand_in_one_unbroken_row(committed_stage: Stage, officers: list[str], crowd: Crowd):
    """The opposite: what does not exclude one another is all taken; equal keys of different people never meet."""
    lamp = committed_stage.report()
    body = {"verb": "comment", "key": "same"}
    answers = crowd.at_once(
        [(login, f"/{lamp.matter_id}/acts", {**body, "data": {"words": f"我是 {login}"}}) for login in officers]
    )
    assert {answer.status for answer in answers} == {200}, answers
    assert [entry.n for entry in entries(lamp)] == list(range(1, MANY + 2))


@pytest.mark.slow
def test_a_worker_killed_while_it_acts_leaves_nothing_half_done_and_the_same_act_sent_again_is_answered(
    committed_stage: Stage, crowd: Crowd
):
    """kill -9 at moments between the request and its answer; whatever was lost on the way, one effect remains."""
    crowd.patience = 8.0  # a line that a dead worker had taken is given up soon, as phones do
    for n in range(3):
        lamp = committed_stage.report()
        body = {"verb": "sort", "outcome": "ours", "key": str(uuid4())}
        path = f"/{lamp.matter_id}/acts"
        line = crowd.send("zhou", path, body)
        time.sleep(n * 0.015)
        for worker in crowd.workers():
            worker.kill()
        with suppress(OSError, http.client.HTTPException):
            line.getresponse()
        again = until_answered(crowd, "zhou", path, body)
        assert again.status == 200, again
        assert until_answered(crowd, "zhou", path, body).body == again.body
        assert [entry.verb for entry in entries(lamp)] == ["raise", "sort"]
        assert tokens(lamp) == [("handle", 1), ("say", 1), ("sort", 1)]


def until_answered(crowd: Crowd, login: str, path: str, body: dict[str, Any]) -> Answer:
    """Send until the server, which starts its workers again, answers: as a phone does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            return crowd.at_once([(login, path, body)])[0]
        except (OSError, http.client.HTTPException):
            crowd.start_again()
            time.sleep(0.1)
    pytest.fail("no worker came back")


def refused_for_its_key(crowd: Crowd, login: str, path: str, body: dict[str, Any]) -> None:
    [answer] = crowd.at_once([(login, path, body)])
    assert (answer.status, answer.body["code"]) == (409, "key-reused")


def entries(lamp: Done, *verbs: str) -> QuerySet[Entry]:
    rows = Entry.objects.filter(stream=lamp.matter_id).order_by("n")
    return rows.filter(verb__in=verbs) if verbs else rows


def tokens(lamp: Done) -> list[tuple[str, int]]:
    return sorted(Step.objects.filter(matter=lamp.matter_id).values_list("key", "round"))
