"""The demo's door opens in a demo, to its cast, and nowhere else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.portal.accounts import chooser
from weizhi.record.actions.enrol import enrol
from weizhi.record.models import Origin

ENTER = "/enter"


@pytest.fixture
def demo(stage: Stage, settings: Any) -> Stage:
    settings.DEMO = True
    Origin.objects.update(made_as=Origin.MadeAs.DEMO)
    return stage


@pytest.mark.parametrize(("made_as", "told"), [("live", True), ("test", True), ("demo", False)])
def test_it_is_closed_unless_both_database_and_server_are_a_demo(
    stage: Stage, settings: Any, client: Client, made_as: str, told: bool
) -> None:
    settings.DEMO = told
    Origin.objects.update(made_as=made_as)
    assert client.get(ENTER).status_code == 404
    assert client.post(ENTER, {"login": "wang"}).status_code == 404
    assert "_auth_user_id" not in client.session
    assert ENTER not in client.get(reverse("account_login")).content.decode()


def test_the_cast_is_shown_with_posts_and_something_to_try(demo: Stage, client: Client) -> None:
    page = client.get(ENTER).content.decode()
    for words in ("林姨", "小周", "幸福里 · 网格员", "王主任", "居委会主任", "陈经理", "光明里", "今天等他办的"):
        assert words in page
    assert ENTER in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize(("login", "leads_to"), [("lin", "portal:home"), ("zhou", "portal:desk")])
def test_choosing_signs_in_and_staff_need_no_second_factor(
    demo: Stage, client: Client, login: str, leads_to: str
) -> None:
    assert client.post(ENTER, {"login": login})["Location"] == reverse(leads_to)
    assert client.get(reverse(leads_to)).status_code == 200
    assert client.session["_auth_user_id"] == str(demo.people[login].pk)


def test_choosing_another_begins_a_new_session(demo: Stage, client: Client) -> None:
    client.post(ENTER, {"login": "lin"})
    first = client.session.session_key or ""
    client.post(ENTER, {"login": "wang"})
    assert client.session.session_key != first and not client.session.exists(first)


def test_at_most_six_are_offered_and_only_they_may_be_chosen(demo: Stage, client: Client) -> None:
    for n in range(10):
        person = Person.objects.create_user(f"z{n}", f"住户{n}")
        enrol(demo.community, person, demo.places["3-1-101"], ["resident"], at=demo.now)
    assert len(chooser.people()) == chooser.AT_MOST
    assert client.post(ENTER, {"login": "z9"}).status_code == 404
    assert client.post(ENTER, {}).status_code == 404


def test_a_login_needs_a_form_of_ours(demo: Stage) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(ENTER, {"login": "wang"}).status_code == 403


def test_the_page_takes_few_queries(demo: Stage, client: Client, query_budget: Any) -> None:
    with query_budget(6):
        client.get(ENTER)


def test_the_first_page_of_a_demo_asks_who_you_would_like_to_be(demo: Stage, client: Client, settings: Any) -> None:
    assert client.get("/").headers["Location"] == reverse("portal:enter")
    settings.DEMO = False
    assert client.get("/").headers["Location"].startswith(reverse("account_login"))
