"""Whatever somebody sends, the answer is a refusal in words or the act itself: never a fault of ours."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body
from weizhi.portal.tests.conftest import Enter
from weizhi.record.actions.issue_token import issue_token, open_account

pytestmark = pytest.mark.slow
KNOWN = ["", "ours", "sort", "report", "xfl", "灯\x00坏了", "k" * 81]
TEXT = some.text(max_size=90) | some.sampled_from(KNOWN)
VALUE = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | TEXT,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
NAMES = ["key", "data", "told_at", "as_post", "on_behalf_of", "community", "kind", "place", "verb", "step", "outcome"]
NAMES += ["told", "evidence"]
OBJECT = some.dictionaries(some.sampled_from(NAMES) | TEXT, VALUE, max_size=8)
FILED = [
    "description",
    "address_string",
    "address_id",
    "lat",
    "long",
    "phone",
    "first_name",
    "media_url",
    "service_code",
]
LISTED = [
    "start_date",
    "end_date",
    "updated_after",
    "page",
    "page_size",
    "status",
    "service_request_id",
    "service_code",
]
ASKED = ["view", "q", "category", "place", "page", "kind", "next", "told"]
RIGHT: dict[str, dict[str, Any]] = {
    "raise": {"community": "xfl", "kind": "report", "key": "k", "data": {"words": "灯坏了"}},
    "sort": {"verb": "sort", "outcome": "ours", "key": "k"},
    "comment": {"verb": "comment", "key": "k", "data": {"words": "看看"}},
}
UNHURRIED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def browser(stage: Stage, enter: Enter) -> Client:
    return enter("zhou")


@pytest.fixture
def lamp(stage: Stage) -> UUID:
    return stage.report().matter_id


@pytest.fixture
def key(stage: Stage) -> str:
    holding = open_account(Body.objects.get(key="property"), "路灯", "property-worker", "物业员工", at=stage.now)
    return issue_token(holding, "路灯", ["report"], per_minute=600).token


@pytest.mark.parametrize("act", RIGHT)
@UNHURRIED
@given(wrong=OBJECT)
def test_the_api_answers_in_its_form(browser: Client, lamp: UUID, act: str, wrong: dict[str, Any]) -> None:
    path = "/api/v1/matters" if act == "raise" else f"/api/v1/matters/{lamp}/acts"
    with transaction.atomic():
        answer = browser.post(path, json.dumps(RIGHT[act] | wrong), content_type="application/json")
        transaction.set_rollback(True)
    assert answer.status_code in {200, 201, 403, 404, 409, 422}, answer.content
    assert answer.status_code < 300 or set(answer.json()) == {"code", "message", "line", "field"}


FIELDS = some.sampled_from([*NAMES, "words", "stars", "people.assignee[]", "category"])
FORM = some.dictionaries(FIELDS | TEXT, TEXT, max_size=8)


@pytest.mark.parametrize("name", ["portal:act", "portal:report", "account_login", "account_request_login_code"])
@UNHURRIED
@given(wrong=FORM)
def test_a_form_answers_with_a_page(browser: Client, lamp: UUID, name: str, wrong: dict[str, str]) -> None:
    client = browser if name.startswith("portal:") else Client()
    right = RIGHT["sort"] | {"kind": "report", "words": "灯坏了"} if name.startswith("portal:") else {}
    with transaction.atomic():
        answer = client.post(reverse(name, args=[lamp] if name == "portal:act" else []), right | wrong)
        transaction.set_rollback(True)
    assert answer.status_code in {200, 302, 400, 403, 404, 409, 422, 429}, answer.content


@UNHURRIED
@given(asked=some.dictionaries(some.sampled_from(ASKED), TEXT))
def test_an_address_with_anything_behind_it_opens(browser: Client, lamp: UUID, asked: dict[str, str]) -> None:
    for path in ("/desk", "/report", "/common", "/mine", f"/m/{lamp}", "/account/login/", "/account/2fa/"):
        assert browser.get(path, asked).status_code in {200, 302, 400}, path


@UNHURRIED
@given(wrong=some.dictionaries(some.sampled_from(FILED) | TEXT, TEXT, max_size=6))
def test_an_application_gets_the_formats_own_error(key: str, wrong: dict[str, str]) -> None:
    right = {"api_key": key, "service_code": "report", "description": "灯坏了", "address_string": "3号楼"}
    with transaction.atomic():
        answer = Client().post("/open311/v2/requests.json", right | wrong)
        transaction.set_rollback(True)
    assert answer.status_code in {201, 400, 403, 404, 409}, answer.content


@UNHURRIED
@given(asked=some.dictionaries(some.sampled_from(LISTED), TEXT | some.integers().map(str)))
def test_a_list_of_requests_asked_for_with_anything_answers(lamp: UUID, asked: dict[str, str]) -> None:
    for form in ("json", "xml"):
        assert Client().get(f"/open311/v2/requests.{form}", asked).status_code in {200, 400}
