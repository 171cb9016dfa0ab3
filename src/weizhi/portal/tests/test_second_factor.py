"""Whoever holds a post passes a second factor before any page opens; residents may; a demo needs none."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import (
    PASSWORD,
    Enter,
    code_of,
    give_password,
    give_second_factor,
    some_key,
)
from weizhi.record.actions.appoint import dismiss

ACTIVATE, AGAIN = reverse("mfa_activate_totp"), reverse("mfa_reauthenticate")


def first_step(client: Client, login: str) -> Any:
    return client.post(reverse("account_login"), {"login": login, "password": PASSWORD})


def set_up(client: Client) -> str:
    """Set up a second factor as a person does; returns the secret."""
    assert "开始" in client.get(ACTIVATE).content.decode()
    client.post(ACTIVATE, {"begin": "1"})
    page = client.get(ACTIVATE)
    secret: str = page.context["form"].secret
    assert secret in page.content.decode() and "data:image/svg+xml;base64," in page.content.decode()
    done = client.post(ACTIVATE, {"code": code_of(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return secret


@pytest.mark.parametrize("login", ["zhou", "wang", "chen"])
@pytest.mark.parametrize("name", ["portal:desk", "portal:home", "portal:report", "portal:mine"])
def test_staff_without_a_second_factor_open_no_page(live: Stage, enter: Enter, login: str, name: str) -> None:
    answer = enter(login).get(reverse(name))
    assert answer.status_code == 302 and answer["Location"].startswith(f"{ACTIVATE}?next=")


def test_staff_without_a_second_factor_act_nowhere(live: Stage, enter: Enter) -> None:
    lamp = live_report(live)
    client = enter("zhou")
    act = {"verb": "sort", "step": "sort", "outcome": "ours", "key": some_key()}
    assert client.post(reverse("portal:act", args=[lamp]), act)["Location"].startswith(ACTIVATE)
    refused = client.post(f"/api/v1/matters/{lamp}/acts", act, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "second-factor")
    assert Matter.objects.get().stream.entries.count() == 1


def live_report(stage: Stage) -> Any:
    from weizhi.matters.actions.act import raise_matter

    done = raise_matter(
        stage.community, "report", by=stage.people["lin"], data={"words": "灯坏了"}, place=stage.places["3-2-301"].pk
    )
    return done.matter_id


@pytest.mark.parametrize("login", ["lin", "zhao", "guo"])
def test_residents_need_none(live: Stage, enter: Enter, login: str) -> None:
    assert enter(login).get(reverse("portal:home")).status_code == 200


def test_a_demo_needs_none(stage: Stage, enter: Enter) -> None:
    assert enter("wang").get(reverse("portal:desk")).status_code == 200


def test_staff_set_it_up_once_and_pass(live: Stage, client: Client) -> None:
    give_password(live.people["zhou"])
    first_step(client, "zhou")
    secret = set_up(client)
    assert client.get(reverse("portal:desk")).status_code == 200
    later = Client()
    assert first_step(later, "zhou")["Location"] == reverse("mfa_authenticate")
    assert later.get(reverse("portal:desk"))["Location"].startswith(reverse("account_login"))
    wrong = later.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200 and "验证码不对" in wrong.content.decode()
    passed = later.post(reverse("mfa_authenticate"), {"code": code_of(secret, 1)})
    assert passed["Location"] == reverse("portal:desk")
    assert later.get(reverse("portal:desk")).status_code == 200
    assert later.session.get_expiry_age() <= 12 * 3600


def test_one_code_opens_the_door_once(live: Stage) -> None:
    give_password(live.people["zhou"])
    code = code_of(give_second_factor(live.people["zhou"]))
    answers = []
    for _ in range(2):
        client = Client()
        first_step(client, "zhou")
        answers.append(client.post(reverse("mfa_authenticate"), {"code": code}).status_code)
    assert answers == [302, 200]


def test_a_session_from_before_the_post_is_asked_for_the_code(live: Stage, enter: Enter) -> None:
    secret = give_second_factor(live.people["zhou"])
    client = enter("zhou")
    answer = client.get(reverse("portal:desk"))
    assert answer["Location"] == f"{AGAIN}?next=%2Fdesk"
    assert client.post(answer["Location"], {"code": code_of(secret)})["Location"] == reverse("portal:desk")
    assert client.get(reverse("portal:desk")).status_code == 200


def test_whoever_left_the_post_needs_none(live: Stage, enter: Enter) -> None:
    client = enter("zhou")
    dismiss(live.people["zhou"].holdings.get())
    assert client.get(reverse("portal:home")).status_code == 200


def test_back_up_codes_are_shown_on_request_and_open_the_door_once(live: Stage, client: Client) -> None:
    give_password(live.people["zhou"])
    first_step(client, "zhou")
    set_up(client)
    page = reverse("mfa_view_recovery_codes")
    assert "codes" not in client.get(page).context
    codes = client.post(page).context["codes"]
    assert len(set(codes)) == 10
    answers = []
    for _ in range(2):
        again = Client()
        first_step(again, "zhou")
        answers.append(again.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code)
    assert answers == [302, 200]


def test_staff_cannot_put_it_off_again_and_residents_can(live: Stage, client: Client) -> None:
    for login, left in (("zhou", 2), ("lin", 0)):
        give_password(live.people[login])
        browser = Client()
        first_step(browser, login)
        set_up(browser)
        browser.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user=live.people[login]).count() == left


def test_secrets_lie_encrypted(live: Stage, client: Client) -> None:
    give_password(live.people["zhou"])
    first_step(client, "zhou")
    secret = set_up(client)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored and "seed" in stored


def test_looking_writes_no_session(live: Stage, client: Client) -> None:
    give_password(live.people["zhou"])
    first_step(client, "zhou")
    for path in (ACTIVATE, reverse("mfa_index"), reverse("mfa_view_recovery_codes"), reverse("portal:desk")):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert not written, path


def test_changing_it_asks_for_the_password_again(
    live: Stage, enter: Enter, client: Client, time_machine_at: Any
) -> None:
    give_password(live.people["lin"])
    first_step(client, "lin")
    with time_machine_at(600):
        assert client.get(ACTIVATE)["Location"].startswith(reverse("account_reauthenticate"))
        wrong = client.post(reverse("account_reauthenticate"), {"password": "错的密码"})
        assert "密码不对" in wrong.content.decode()
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert client.get(ACTIVATE).status_code == 200
