"""Help for people who cannot sign in: what it changes, what it leaves in the record, and what it keeps to itself."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from weizhi.matters.tests.conftest import Stage
from weizhi.people import vault
from weizhi.portal.accounts import helping
from weizhi.portal.tests.conftest import NUMBER, Enter, give_second_factor
from weizhi.record.models import Entry, Payload

NEW = "春江水暖鸭先知啊"


def noted(verb: str) -> list[Entry]:
    return list(Entry.objects.filter(verb=verb, stream__kind="people"))


def test_a_password_opens_the_door_and_is_noted_without_itself(stage: Stage, client: Client) -> None:
    helping.set_password(stage.people["lin"], NEW)
    assert client.post(reverse("account_login"), {"login": "lin", "password": NEW}).status_code == 302
    (entry,) = noted("set-password")
    assert entry.community == stage.community
    assert NEW not in str([part.read() for part in Payload.objects.all()])


@pytest.mark.parametrize("weak", ["12345678", "短", "password"])
def test_a_weak_password_is_refused(stage: Stage, weak: str) -> None:
    with pytest.raises(ValidationError):
        helping.set_password(stage.people["lin"], weak)
    assert not noted("set-password")


def test_a_number_is_kept_encrypted(stage: Stage) -> None:
    lin = stage.people["lin"]
    helping.set_number(lin, "138 0000-1234")
    lin.refresh_from_db()
    assert NUMBER.encode() not in bytes(lin.phone_cipher) and vault.get(lin, vault.PHONE) == NUMBER
    assert len(noted("set-number")) == 1
    with pytest.raises(helping.HelpRefused, match="手机号"):
        helping.set_number(lin, "12345")


def test_a_lost_telephone_ends_every_session_of_its_owner_and_no_other(live: Stage, enter: Enter) -> None:
    give_second_factor(live.people["zhou"])
    thief, lin = enter("zhou"), enter("lin")
    assert helping.drop_second_factor(live.people["zhou"]) == 1
    assert thief.get("/desk")["Location"].startswith(reverse("account_login"))
    assert lin.get("/").status_code == 200
    assert not Authenticator.objects.exists() and len(noted("drop-second-factor")) == 1


def test_an_unknown_name_is_said(stage: Stage) -> None:
    with pytest.raises(helping.HelpRefused, match="nobody"):
        helping.person_named("nobody")
