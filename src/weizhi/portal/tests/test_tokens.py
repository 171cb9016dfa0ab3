"""Tokens for programs: given by the director, shown once, bounded by scope, post, time and number, and recorded."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from weizhi.cli import main
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body, Holding, MachineToken, Person
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.portal.tests.test_api import ROOT, new_report, photo
from weizhi.record.actions.appoint import dismiss
from weizhi.record.actions.issue_token import Issued, TokenRefused, issue_token, open_account, revoke_token
from weizhi.record.models import Entry, Origin, Payload

ALL = ("read", "report", "act")


@pytest.fixture
def account(stage: Stage) -> Holding:
    """The lamp system: a service account among the property company's workers."""
    return open_account(Body.objects.get(key="property"), "路灯监控", "property-worker", "物业员工", at=stage.now)


def token_for(holding: Holding, *scopes: str, **more: Any) -> Issued:
    return issue_token(holding, "路灯监控", scopes or ALL, **more)


def bearer(issued: Issued) -> Client:
    return Client(headers={"Authorization": f"Bearer {issued.token}"}, enforce_csrf_checks=True)


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


# --- what a token opens --------------------------------------------------------------------------------


def test_a_program_reports_acts_and_reads_in_the_accounts_name(stage: Stage, account: Holding, enter: Enter) -> None:
    machine = bearer(token_for(account))
    told = {"channel": "app", "name": "钱先生", "phone": "138 0000 1234"}
    raised = post(machine, ROOT, new_report(stage, told=told))
    assert raised.status_code == 201, raised.content.decode()
    lamp = raised.json()["matter"]
    entry = Entry.objects.get(stream=lamp, n=1)
    assert (entry.actor.name, entry.holding_id, entry.public["channel"]) == ("路灯监控", account.pk, "app")
    assert "13800001234" not in json.dumps(list(Payload.objects.filter(entry=entry).values_list("body", flat=True)))
    assert (
        post(enter("zhou"), f"{ROOT}/{lamp}/acts", {"verb": "sort", "outcome": "ours", "key": "1"}).status_code == 200
    )
    done = post(machine, f"{ROOT}/{lamp}/acts", {"verb": "handle", "outcome": "done", "key": "2"})
    assert done.status_code == 200, done.content.decode()
    story = machine.get(f"{ROOT}/{lamp}").json()
    assert [line["verb"] for line in story["story"]] == ["raise", "sort", "handle"]
    assert [item["id"] for item in machine.get(ROOT).json()["items"]] == [lamp]


def test_evidence_is_sent_before_the_act_that_names_it(stage: Stage, account: Holding) -> None:
    machine = bearer(token_for(account))
    kept = machine.post("/api/v1/evidence", {"photos": [photo(), photo()]})
    assert kept.status_code == 201, kept.content.decode()
    raised = post(machine, ROOT, new_report(stage, told={"channel": "app"}, evidence=kept.json()["evidence"]))
    assert raised.status_code == 201, raised.content.decode()
    shown = machine.get(f"{ROOT}/{raised.json()['matter']}").json()["story"][0]["photos"]
    assert len(shown) == 2 and machine.get(shown[0])["Content-Type"] == "image/jpeg"
    other = bearer(token_for(open_account(account.body, "别的", "property-worker", "物业员工")))
    stolen = post(other, ROOT, new_report(stage, told={"channel": "app"}, evidence=kept.json()["evidence"]))
    assert (stolen.status_code, stolen.json()["field"]) == (422, "evidence")
    assert Matter.objects.count() == 1


def test_what_is_open_beside_the_steps_can_be_sent_as_it_is_said(stage: Stage, account: Holding) -> None:
    machine = bearer(token_for(account))
    lamp = stage.report().matter_id
    offers = {one["verb"]: one for one in machine.get(f"{ROOT}/{lamp}").json()["beside"]}
    assert {"comment", "note", "follow"} <= set(offers)
    for verb, offer in offers.items():
        data = {field["key"]: "看过了" for field in offer["fields"] if field["type"] == "text"}
        body = {"verb": verb, "step": offer["step"], "data": data, "key": some_key()}
        assert post(machine, f"{ROOT}/{lamp}/acts", body).status_code == 200, verb


def test_a_post_holders_token_opens_the_post_and_not_the_private_person(stage: Stage, enter: Enter) -> None:
    """小周's program sees what waits for the grid officer, and not what 小周 raised at home."""
    holding = Holding.objects.get(person=stage.people["zhou"])
    machine = bearer(token_for(holding))
    lamp = stage.report().matter_id
    Matter.objects.filter(pk=lamp).update(audience=Matter.PARTIES_ONLY)
    own = stage.report("zhou").matter_id
    Matter.objects.filter(pk=own).update(audience=Matter.PARTIES_ONLY)
    own_parties = Matter.objects.get(pk=own).parties
    own_parties.exclude(who=f"person:{stage.people['zhou'].pk}").delete()
    assert [one["id"] for one in machine.get(ROOT).json()["items"]] == [str(lamp)]
    assert machine.get(f"{ROOT}/{own}").status_code == 404
    assert enter("zhou").get(f"{ROOT}/{own}").status_code == 200


@pytest.mark.parametrize("scope", ALL)
def test_a_scope_opens_its_own_doors_and_no_other(stage: Stage, account: Holding, scope: str) -> None:
    lamp = stage.report().matter_id
    machine = bearer(token_for(account, scope))
    tried = {
        "read": machine.get(ROOT),
        "report": post(machine, ROOT, new_report(stage, told={"channel": "app"})),
        "act": post(machine, f"{ROOT}/{lamp}/acts", {"verb": "comment", "data": {"words": "x"}, "key": "1"}),
    }
    assert {name: answer.status_code < 300 for name, answer in tried.items()} == {name: name == scope for name in ALL}
    refused = [answer.json()["code"] for name, answer in tried.items() if name != scope]
    assert refused == ["out-of-scope"] * 2


# --- when it no longer does ----------------------------------------------------------------------------


def test_a_token_ends_by_its_day_by_revoking_and_with_the_post(stage: Stage, account: Holding) -> None:
    other = open_account(account.body, "电梯", "property-worker", "物业员工", at=stage.now)
    issued = [token_for(account), token_for(account, days=1), token_for(other)]
    assert {bearer(one).get(ROOT).status_code for one in issued} == {200}
    revoke_token(issued[0].row)
    MachineToken.objects.filter(pk=issued[1].row.pk).update(expires_at=timezone.now())
    dismiss(other)
    answers = [bearer(one).get(ROOT) for one in issued]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "bad-token")}
    assert bearer(Issued(issued[0].row, "wz_unknown")).get(ROOT).status_code == 401


def test_with_its_last_token_an_account_leaves_its_post(stage: Stage, account: Holding) -> None:
    first, second = token_for(account), token_for(account)
    assert revoke_token(first.row)
    assert not revoke_token(first.row), "a second time changes nothing"
    account.refresh_from_db()
    assert account.until is None
    revoke_token(second.row)
    account.refresh_from_db()
    assert account.until is not None


def test_too_many_in_a_minute_are_turned_away_until_the_next(
    stage: Stage, account: Holding, time_machine_at: Any
) -> None:
    machine = bearer(token_for(account, "read", per_minute=3))
    now = timezone.now()
    with time_machine_at(60 - now.second):
        codes = [machine.get(ROOT).status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        assert 0 < int(machine.get(ROOT)["Retry-After"]) <= 60
    with time_machine_at(120 - now.second):
        assert machine.get(ROOT).status_code == 200


# --- giving one ----------------------------------------------------------------------------------------


def test_each_giving_and_taking_back_is_an_entry_and_the_token_stands_nowhere(stage: Stage, account: Holding) -> None:
    before = Entry.objects.count()
    issued = token_for(account, "report", by=stage.people["wang"])
    revoke_token(issued.row, by=stage.people["wang"])
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))[before:]
    assert verbs == ["issue-token", "revoke-token", "dismiss"]
    assert Entry.objects.get(verb="issue-token").public["scopes"] == ["report"]
    held = (
        str(list(MachineToken.objects.values()))
        + str(list(Payload.objects.values()))
        + str(list(Entry.objects.values()))
    )
    assert issued.token not in held and issued.token[:-4] not in held


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": ["all"]}, "scopes"),
        ({"days": 367}, "days"),
        ({"per_minute": 0}, "per_minute"),
    ],
)
def test_what_cannot_be_given_is_refused_by_field(account: Holding, wrong: dict[str, Any], field: str) -> None:
    asked = {"name": "路灯", "scopes": ["read"], **wrong}
    with pytest.raises(TokenRefused) as refused:
        issue_token(account, asked.pop("name"), asked.pop("scopes"), **asked)
    assert refused.value.field == field and not MachineToken.objects.exists()


def form(**more: Any) -> dict[str, Any]:
    return {"name": "路灯监控", "scopes": ["read", "report"], "post": "own", "days": "30", "per_minute": "60"} | more


def test_the_director_gives_one_in_the_portal_sees_it_once_and_takes_it_back(
    stage: Stage, enter: Enter, query_budget: Any
) -> None:
    wang = enter("wang")
    worker = next(value for value in _posts(wang) if value.endswith(":property-worker"))
    answer = wang.post("/machines/", form(post=worker))
    shown = answer.content.decode()
    token = shown.split('value="wz_')[1].split('"')[0]
    assert answer.status_code == 200 and answer["Cache-Control"].startswith("max-age=0")
    row = MachineToken.objects.get()
    assert (row.made_by, row.holding.person.is_machine, row.holding.post) == (
        stage.people["wang"],
        True,
        "property-worker",
    )
    with query_budget(10):
        listed = wang.get("/machines/").content.decode()
    assert token not in listed and row.hint in listed and "路灯监控" in listed
    assert Client(headers={"Authorization": f"Bearer wz_{token}"}).get(ROOT).status_code == 200
    assert wang.post(f"/machines/{row.pk}/revoke").status_code == 302
    assert Client(headers={"Authorization": f"Bearer wz_{token}"}).get(ROOT).status_code == 401


def _posts(client: Client) -> list[str]:
    page = client.get("/machines/").content.decode()
    return [piece.split('"')[0] for piece in page.split('<option value="')[1:]]


def test_nobody_gives_a_token_for_somebody_elses_post(stage: Stage, enter: Enter) -> None:
    zhou = Holding.objects.get(person=stage.people["zhou"])
    for wrong in (str(zhou.pk), f"{zhou.body_id}:grid-officer", f"{zhou.body_id}:committee-director", ""):
        answer = enter("wang").post("/machines/", form(post=wrong))
        assert answer.status_code == 422 and "以什么身份" in answer.content.decode()
    assert not MachineToken.objects.exists() and not Person.objects.filter(is_machine=True).exists()


def test_a_refused_form_leaves_no_account_behind_and_says_what_is_missing(stage: Stage, enter: Enter) -> None:
    worker = next(value for value in _posts(enter("wang")) if value.endswith(":property-worker"))
    answer = enter("wang").post("/machines/", form(post=worker, days="1000"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "有效期" in page and 'value="路灯监控"' in page
    assert not Person.objects.filter(is_machine=True).exists()


def test_only_the_director_gets_the_page(stage: Stage, enter: Enter) -> None:
    for login in ("lin", "zhou", "chen", "guo"):
        assert enter(login).get("/machines/").status_code == 404
        assert enter(login).post("/machines/", form()).status_code == 404


def test_an_account_never_signs_in_is_told_nothing_and_is_nobody_to_choose(stage: Stage, account: Holding) -> None:
    from weizhi.portal.accounts.backend import Backend
    from weizhi.portal.accounts.chooser import people

    assert not account.person.has_usable_password()
    assert not Backend().user_can_authenticate(account.person)
    Origin.objects.update(made_as=Origin.MadeAs.DEMO)
    assert account.person not in people()
    browser = Client()
    browser.force_login(account.person)
    assert browser.get(ROOT).status_code == 401


def test_the_command_gives_lists_and_revokes(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    give = ["tokens", "give", "路灯监控", "--community", "xfl", "--scope", "read", "--post", "property-worker"]
    assert main(give) == 0
    token = capsys.readouterr().out.strip()
    assert Client(headers={"Authorization": f"Bearer {token}"}).get(ROOT).status_code == 200
    assert main(["tokens", "list"]) == 0
    assert "property-worker@xfl/e1" in (listed := capsys.readouterr().out) and token not in listed
    assert main(["tokens", "revoke", token[-4:]]) == 0
    assert main(["tokens", "revoke", token[-4:]]) == 1
    assert main([*give[:-1], "committee-director"]) == 1
    assert Client(headers={"Authorization": f"Bearer {token}"}).get(ROOT).status_code == 401


# --- the description -----------------------------------------------------------------------------------


def test_the_docs_page_names_every_door_and_loads_nothing_from_elsewhere(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs").content.decode()
    for path in client.get("/api/v1/openapi.json").json()["paths"]:
        assert path in page
    assert "https://" not in page.replace("https://www.w3.org", "") and "<script>" not in page
