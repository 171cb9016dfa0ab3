"""Signing in by password and by code: who gets in, who is told what, what is written down."""

import json
import re
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from weizhi.matters.tests.conftest import Stage
from weizhi.portal.accounts.numbers import as_number
from weizhi.portal.accounts.sessions import SessionStore
from weizhi.portal.tests.conftest import NUMBER, PASSWORD, Enter, give_number, give_password

LOGIN, CODE, CONFIRM = "/account/login/", "/account/login/code/", "/account/login/code/confirm/"


def sign_in(client: Client, login: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": login, "password": password})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_sent(capsys: pytest.CaptureFixture[str]) -> str:
    found = re.search(r"验证码 (\d{6})，", capsys.readouterr().out)
    assert found, "no code was sent"
    return found.group(1)


def ask_for_code(client: Client, number: str = NUMBER) -> Any:
    return client.post(CODE, {"phone": number}, follow=True)


# --- by password ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["lin", "LIN", NUMBER, "138 0000 1234"])
def test_a_resident_signs_in_by_name_or_number(stage: Stage, client: Client, typed: str) -> None:
    give_password(stage.people["lin"])
    give_number(stage.people["lin"])
    answer = sign_in(client, typed)
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal:home"))
    assert is_in(client)


def test_staff_come_to_the_desk(stage: Stage, client: Client) -> None:
    give_password(stage.people["zhou"])
    assert sign_in(client, "zhou")["Location"] == reverse("portal:desk")


def test_a_known_and_an_unknown_name_are_refused_in_the_same_words(stage: Stage) -> None:
    give_password(stage.people["lin"])
    pages = [sign_in(Client(), login, "不是这个密码").content.decode() for login in ("lin", "nobody")]
    told = [re.sub(r'value="[^"]*"|nonce-\S+', "", page) for page in pages]
    assert told[0] == told[1] and "登录名或密码不对" in told[0]


def test_who_was_erased_or_closed_does_not_get_in(stage: Stage, client: Client) -> None:
    lin = stage.people["lin"]
    give_password(lin)
    lin.is_active = False
    lin.save()
    assert sign_in(client, "lin")["Location"] == reverse("account_inactive")
    assert not is_in(client)


def test_five_failures_lock_the_login_for_this_address_and_no_other(stage: Stage) -> None:
    give_password(stage.people["lin"])
    for _ in range(4):
        assert sign_in(Client(), "lin", "错的密码").status_code == 200
    locked = sign_in(Client(), "lin", "错的密码")
    assert locked.status_code == 429 and "先等 15 分钟" in locked.content.decode()
    right = Client()
    assert sign_in(right, "lin").status_code == 429 and not is_in(right)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere, "lin").status_code == 302 and is_in(elsewhere)


def test_failures_are_counted_without_names_numbers_or_passwords_in_clear(stage: Stage, client: Client) -> None:
    give_number(stage.people["lin"])
    sign_in(client, NUMBER, "错的密码")
    kept = json.dumps(list(AccessAttempt.objects.values()), default=str, ensure_ascii=False)
    assert NUMBER not in kept and "错的密码" not in kept
    assert AccessAttempt.objects.get().username.startswith("number:")


def test_a_limit_holds_across_addresses(stage: Stage, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "2/m/key"}
    give_password(stage.people["lin"])
    for n in range(2):
        sign_in(Client(REMOTE_ADDR=f"192.0.2.{n}"), "lin", "错的密码")
    third = Client(REMOTE_ADDR="192.0.2.9")
    assert "试得太多了" in sign_in(third, "lin").content.decode() and not is_in(third)


# --- by code -------------------------------------------------------------------------------------------


def test_a_resident_signs_in_by_a_code_of_six_digits(
    stage: Stage, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    give_number(stage.people["lin"])
    page = ask_for_code(client, "+86 138-0000-1234")
    assert page.redirect_chain[-1][0] == CONFIRM
    answer = client.post(CONFIRM, {"code": code_sent(capsys)})
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal:home"))
    assert client.session["_auth_user_id"] == str(stage.people["lin"].pk)


def test_the_page_for_an_unknown_number_is_the_same_and_nothing_is_sent(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    give_number(stage.people["lin"])
    known = ask_for_code(Client()).content.decode()
    assert code_sent(capsys)
    unknown = ask_for_code(Client(), "13900009999").content.decode()
    assert "短信" not in capsys.readouterr().out
    clean = [re.sub(r'value="[^"]*"|nonce-\S+', "", page) for page in (known, unknown)]
    assert clean[0] == clean[1] and NUMBER not in known


def test_wrong_codes_end_alike_for_known_and_unknown_numbers(stage: Stage) -> None:
    give_number(stage.people["lin"])
    ends = []
    for number in (NUMBER, "13900009999"):
        statuses = []
        for _ in range(2):
            client = Client()
            cache.clear()  # the limit on sending is tried elsewhere
            ask_for_code(client, number)
            statuses += [client.post(CONFIRM, {"code": "abc"}).status_code for _ in range(3)]
        ends.append(statuses)
    assert ends[0] == ends[1] == [200, 200, 302, 200, 429, 302]


def test_a_code_is_good_once_and_for_five_minutes(
    stage: Stage, client: Client, capsys: pytest.CaptureFixture[str], time_machine_at: Any
) -> None:
    give_number(stage.people["lin"])
    ask_for_code(client)
    code = code_sent(capsys)
    with time_machine_at(301):
        assert client.post(CONFIRM, {"code": code})["Location"] == CODE
    assert not is_in(client)


def test_a_number_that_a_family_shares_opens_nobodys_door(
    stage: Stage, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    give_number(stage.people["lin"])
    give_number(stage.people["zhao"])
    ask_for_code(client)
    told = capsys.readouterr().out
    assert "不止一个人" in told and "验证码 " not in told
    assert client.post(CONFIRM, {"code": ""}).status_code == 200 and not is_in(client)


def test_codes_for_one_number_are_sent_three_times_in_ten_minutes(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    give_number(stage.people["lin"])
    pages = [ask_for_code(Client()).content.decode() for _ in range(4)]
    assert capsys.readouterr().out.count("[短信]") == 3
    assert "试得太多了" in pages[3]


def test_whoever_mistyped_the_number_can_start_again(stage: Stage, client: Client) -> None:
    ask_for_code(client, "13900009999")
    assert client.get(CODE)["Location"] == CONFIRM, "the number that was begun stands"
    assert CODE in client.get(CONFIRM).content.decode()
    assert client.post(reverse("account_logout"), {"next": CODE})["Location"] == CODE
    assert client.get(CODE).status_code == 200


@pytest.mark.parametrize(
    ("typed", "number"),
    [("138 0000 1234", NUMBER), ("138-0000-1234", NUMBER), ("+8613800001234", NUMBER), ("13800001234", NUMBER),
     ("0086 13800001234", NUMBER), ("+447700900123", "+447700900123"), ("12345", None), ("lin", None), ("", None)],
)  # fmt: skip
def test_a_number_has_one_form_however_it_is_typed(typed: str, number: str | None) -> None:
    assert as_number(typed) == number


def test_what_is_no_number_is_said_so(client: Client, stage: Stage) -> None:
    assert "这不像一个手机号" in client.post(CODE, {"phone": "12345"}).content.decode()


# --- sessions ------------------------------------------------------------------------------------------


def test_a_copied_database_shows_neither_number_nor_code(
    stage: Stage, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    give_number(stage.people["lin"])
    ask_for_code(client)
    code = code_sent(capsys)
    stored = Session.objects.get().session_data
    held = SessionStore(client.session.session_key).load()
    assert NUMBER in json.dumps(held) and code in json.dumps(held)
    assert NUMBER not in stored and code not in stored
    taken = SessionStore("another-key-that-is-not-its-own-00")
    assert taken.decode(stored) == {}


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(stage: Stage, enter: Enter) -> None:
    client = enter("lin")
    thief = Client()
    thief.cookies.load({"sessionid": client.cookies["sessionid"].value})
    assert thief.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client), "looking at the page signs nobody out"
    client.post(reverse("account_logout"))
    assert not Session.objects.exists()
    assert thief.get(reverse("mfa_index"))["Location"].startswith(LOGIN)


def test_a_new_password_ends_the_other_sessions(stage: Stage, enter: Enter) -> None:
    give_password(stage.people["lin"])
    here, elsewhere = enter("lin"), enter("lin")
    new = "山寺桃花始盛开了吗"
    changed = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert changed.status_code == 302
    assert here.get(reverse("mfa_index")).status_code == 200
    assert elsewhere.get(reverse("mfa_index")).status_code == 302


def test_nobody_signs_up_and_the_page_says_whom_to_ask(client: Client, stage: Stage) -> None:
    for answer in (client.get("/account/signup/"), client.post("/account/signup/", {"username": "x"})):
        assert answer.status_code == 200 and "网格员" in answer.content.decode()
    assert len(stage.people) == type(stage.people["lin"]).objects.count()


@pytest.mark.parametrize("path", [LOGIN, CODE, CONFIRM, "/account/signup/", "/account/inactive/", "/account/logout/"])
def test_looking_writes_nothing(stage: Stage, client: Client, path: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
