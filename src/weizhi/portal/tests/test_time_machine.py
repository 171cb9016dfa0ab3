"""The tour and the time machine: in a demo anybody may be anybody and move time on, and nowhere else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from weizhi.matters.actions.act import raise_matter
from weizhi.matters.models import Step
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.demo.tour import TOUR
from weizhi.record import clock
from weizhi.record.models import Entry, Origin

TIME, ON, START = "/time", "/time/on", "/time/start"


@pytest.fixture
def demo(stage: Stage, settings: Any) -> Stage:
    settings.DEMO = True
    Origin.objects.update(made_as=Origin.MadeAs.DEMO)
    return stage


@pytest.fixture
def lamp(demo: Stage) -> Step:
    """A report that nobody has looked at."""
    place = demo.places["3-2"]
    words = {"words": "楼道灯坏了"}
    done = raise_matter(demo.community, "report", by=demo.people["lin"], data=words, place=place.pk, at=timezone.now())
    return Step.objects.get(matter=done.matter_id, closed_at=None)


@pytest.mark.parametrize(("made_as", "told"), [("live", True), ("test", True), ("demo", False)])
def test_there_is_no_time_machine_outside_a_demo(
    stage: Stage, settings: Any, client: Client, made_as: str, told: bool
) -> None:
    settings.DEMO = told
    Origin.objects.update(made_as=made_as)
    assert client.get(TIME).status_code == 404
    assert client.post(ON, {"by": "three-days"}).status_code == 404
    assert client.post(START).status_code == 404
    assert not clock.ahead()


def test_three_days_on_the_superior_was_told_and_the_page_says_so(lamp: Step, demo: Stage, client: Client) -> None:
    answer = client.post(ON, {"by": "three-days"})
    assert answer["Location"].startswith(f"{TIME}?since=")
    entry = Entry.objects.filter(stream=lamp.matter_id, verb="overdue").first()
    assert entry is not None and entry.actor is None
    assert entry.at > timezone.now(), "it fired at its own instant, in the demo's time"
    page = client.get(answer["Location"]).content.decode()
    for words in ("楼道灯坏了", "告诉了", "王主任"):
        assert words in page
    assert abs(clock.ahead() - timedelta(days=3)) < timedelta(seconds=5)


def test_pages_and_acts_go_by_the_demos_clock(lamp: Step, demo: Stage, client: Client) -> None:
    client.post(ON, {"by": "three-days"})
    client.post("/enter", {"login": "zhou"})
    assert "晚了" in client.get("/desk").content.decode()
    client.post(reverse("portal:act", args=[lamp.matter_id]), {"verb": "comment", "words": "来了"})
    said = Entry.objects.filter(stream=lamp.matter_id, verb="comment").get()
    assert said.at - timezone.now() > timedelta(days=2, hours=23)


@pytest.mark.parametrize(("by", "least", "most"), [("hour", 1, 1), ("tomorrow", 0, 33), ("three-days", 72, 72)])
def test_how_far_each_button_leads(demo: Stage, client: Client, by: str, least: int, most: int) -> None:
    client.post(ON, {"by": by})
    hours = clock.ahead() / timedelta(hours=1)
    assert least - 0.01 <= hours <= most + 0.01 and hours > 0


@pytest.mark.parametrize("by", ["", "year", "-1"])
def test_nothing_else_moves_it(demo: Stage, client: Client, by: str) -> None:
    assert client.post(ON, {"by": by}).status_code == 404
    assert not clock.ahead()


def test_a_quiet_time_says_so_and_a_strange_since_is_ignored(demo: Stage, client: Client) -> None:
    assert "没有什么到期" in client.get(client.post(ON, {"by": "hour"})["Location"]).content.decode()
    for since in ("x", "99999999999999", "-5"):
        assert client.get(TIME, {"since": since}).status_code == 200


def test_moving_time_needs_a_form_of_ours(demo: Stage) -> None:
    assert Client(enforce_csrf_checks=True).post(ON, {"by": "hour"}).status_code == 403


def test_what_time_did_is_read_in_few_queries(lamp: Step, demo: Stage, client: Client, query_budget: Any) -> None:
    where = client.post(ON, {"by": "three-days"})["Location"]
    with query_budget(10):
        client.get(where)


@pytest.mark.parametrize(("login", "key"), [(login, one.key) for login, tries in TOUR.items() for one in tries])
def test_each_thing_to_try_begins_on_a_page_that_stands(
    lamp: Step, demo: Stage, client: Client, login: str, key: str
) -> None:
    answer = client.post("/enter", {"login": login, "try": key})
    assert answer.status_code == 302 and client.session["_auth_user_id"] == str(demo.people[login].pk)
    found = client.get(answer["Location"], follow=True).status_code
    assert found == (404 if key == "hidden" else 200)


def test_a_try_that_is_not_there_leads_home(demo: Stage, client: Client) -> None:
    assert client.post("/enter", {"login": "lin", "try": "https://example.org"})["Location"] == reverse("portal:home")
