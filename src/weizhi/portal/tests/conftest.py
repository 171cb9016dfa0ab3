"""The cast of the matters' tests, at the pages and the API: each with a browser of their own."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from weizhi.matters.tests.conftest import Stage, build
from weizhi.people import vault
from weizhi.people.models import Person
from weizhi.record.models import Origin

PASSWORD = "竹外桃花三两枝"
NUMBER = "13800001234"

Enter = Callable[[str], Client]


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: Any) -> Iterator[Stage]:
    settings.FILES = tmp_path / "files"
    settings.KEYS_FILE = tmp_path / "keys.json"
    settings.IMPORTS = tmp_path / "imports"
    # Signing in is tried here with the real hasher of nobody's password: the slow one proves nothing more.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield build()
    cache.clear()


@pytest.fixture
def live(stage: Stage) -> Stage:
    """The same people in a database that serves a real community."""
    Origin.objects.update(made_as=Origin.MadeAs.LIVE)
    return stage


@pytest.fixture
def enter(stage: Stage) -> Enter:
    """``enter("lin")``: a browser in which this person is signed in."""

    def sign_in(login: str) -> Client:
        client = Client()
        client.force_login(stage.people[login])
        return client

    return sign_in


@pytest.fixture(params=["live", "demo"])
def served(stage: Stage, settings: Any, enter: Enter, request: Any) -> Enter:
    """``served("zhou")``: as a server runs, for real people, staff past their second factor; or a demo."""

    def sign_in(login: str) -> Client:
        settings.DEMO = request.param == "demo"
        Origin.objects.update(made_as=request.param)
        client = enter(login)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session["account_authentication_methods_user"] = str(stage.people[login].pk)
        session.save()
        return client

    return sign_in


def give_password(person: Person) -> None:
    person.set_password(PASSWORD)
    person.save()


def give_number(person: Person, number: str = NUMBER) -> None:
    vault.put(person, vault.PHONE, number)
    person.save()


def give_second_factor(person: Person) -> str:
    """Set up a second factor for the person; returns its secret."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    stored = Authenticator.objects.get(user=person).data["secret"]
    assert secret not in stored and get_adapter().decrypt(stored) == secret
    return secret


def code_of(secret: str, periods: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def some_key() -> str:
    return str(uuid4())


@pytest.fixture
def time_machine_at() -> Callable[[float], Any]:
    """``with time_machine_at(301):`` so many seconds from now."""
    return lambda seconds: time_machine.travel(time.time() + seconds)
