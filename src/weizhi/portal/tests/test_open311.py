"""Open311 GeoReport v2 as an application of another city speaks it: the wire, what is public, where things are."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body, Holding
from weizhi.places.models import Place
from weizhi.portal.open311.whereabouts import place_at
from weizhi.portal.tests.test_api import photo
from weizhi.record.actions.issue_token import issue_token, open_account, revoke_token
from weizhi.record.models import Entry

ROOT = "/open311/v2"
PUBLIC = """
[charter]
language = 1
name = "open"
title = "公开的规矩"
extends = ["base"]
[kinds.report]
title = "报事"
procedure = "report"
document = "report"
visible = "public"
always = ["comment", "note", "withdraw"]
"""
HOUSE = {
    "type": "Polygon",
    "coordinates": [[[114.3, 30.5], [114.301, 30.5], [114.301, 30.501], [114.3, 30.501], [114.3, 30.5]]],
}


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.adopt(PUBLIC)
    Place.objects.filter(code="3").update(geometry=HOUSE, longitude=114.3005, latitude=30.5005)
    Place.objects.filter(code="square").update(longitude=114.31, latitude=30.51)
    return stage


@pytest.fixture
def account(stage: Stage) -> Holding:
    body = Body.objects.get(key="committee")
    return open_account(body, "随手拍", "committee-member", "居委会委员", at=stage.now)


@pytest.fixture
def key(account: Holding) -> str:
    return issue_token(account, "随手拍", ["report"]).token


def file(client: Client, key: str, **fields: Any) -> Any:
    """As `georeport` and `three` send it: a form, the key among its fields."""
    form = {
        "api_key": key,
        "jurisdiction_id": "xfl",
        "service_code": "report",
        "address_string": "3 号楼 2 单元",
        "description": "灯坏了",
    }
    body = {name: value for name, value in (form | fields).items() if value is not None}
    if any(hasattr(value, "read") for value in body.values()):
        return client.post(f"{ROOT}/requests.json", body)
    return client.post(f"{ROOT}/requests.json", urlencode(body), content_type="application/x-www-form-urlencoded")


def filed(client: Client, key: str, **fields: Any) -> str:
    answer = file(client, key, **fields)
    assert answer.status_code == 201, answer.content.decode()
    (one,) = answer.json()
    return str(one["service_request_id"])


def listed(client: Client, **asked: str) -> list[str]:
    answer = client.get(f"{ROOT}/requests.json", asked)
    assert answer.status_code == 200, answer.content.decode()
    return [one["service_request_id"] for one in answer.json()]


# --- file and read -------------------------------------------------------------------------------------


def test_an_application_finds_its_way_files_and_reads(stage: Stage, key: str, client: Client) -> None:
    found = client.get(f"{ROOT}/discovery.json").json()["endpoints"][0]
    assert found["specification"].endswith("GeoReport_v2") and found["url"].endswith(ROOT)
    services = client.get(f"{ROOT}/services.json", {"jurisdiction_id": "xfl"}).json()
    lift = next(one for one in services if one["service_name"] == "电梯")
    assert lift["service_code"] == "report.lift" and lift["type"] == "realtime" and "电梯" in lift["keywords"]
    number = filed(client, key, service_code="report.lift", description="电梯停了，请打 13800001234")
    assert number == "xfl-1"
    (one,) = client.get(f"{ROOT}/requests/{number}.json").json()
    assert (one["status"], one["service_name"], one["service_code"]) == ("open", "电梯", "report.lift")
    assert (
        one["address"] == "幸福里 3 号楼 2 单元" and "13800001234" not in str(one) and "电梯停了" in one["description"]
    )
    assert (one["lat"], one["long"]) == (30.5005, 114.3005), "a stairwell is where its building is"
    assert one["expected_datetime"] and one["requested_datetime"].endswith("+08:00")
    assert client.get(f"{ROOT}/tokens/{number}.json").json() == [{"service_request_id": number, "token": number}]


def test_a_report_that_is_over_is_closed_and_says_how(stage: Stage, key: str, client: Client) -> None:
    number = filed(client, key)
    stage.act(Matter.objects.get().pk, "sort", "zhou", "elsewhere", at=timezone.now())
    (one,) = client.get(f"{ROOT}/requests/{number}.json").json()
    assert one["status"] == "closed" and one["status_notes"]
    assert (listed(client, status="closed"), listed(client, status="open")) == ([number], [])


def test_a_photo_comes_with_the_report_and_everybody_may_fetch_it(stage: Stage, key: str, client: Client) -> None:
    number = filed(client, key, media=photo())
    (one,) = client.get(f"{ROOT}/requests/{number}.json").json()
    media = client.get(one["media_url"].removeprefix("http://127.0.0.1:8000"))
    assert media["Content-Type"] == "image/jpeg" and media["Cross-Origin-Resource-Policy"] == "cross-origin"
    Matter.objects.update(audience="xfl")
    assert client.get(one["media_url"].removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_who_said_it_is_for_those_who_handle_it(stage: Stage, key: str, client: Client) -> None:
    number = filed(client, key, first_name="四", last_name="李", phone="13800001234", email="a@example.org")
    parts = {part.part: part for part in Entry.objects.get(verb="raise").parts.all()}
    assert parts["caller"].read() == "李四" and parts["caller"].grade == 2
    assert parts["caller:phone"].read() == "13800001234" and parts["caller:phone"].cipher
    shown = client.get(f"{ROOT}/requests/{number}.json").content.decode()
    assert "李四" not in shown and "13800001234" not in shown


def test_the_answer_names_a_code_by_which_the_caller_reads_the_story(stage: Stage, key: str, client: Client) -> None:
    notice = file(client, key).json()[0]["service_notice"]
    code = "".join(notice.partition("查询码")[2].partition("，")[0].split())
    assert "灯坏了" in client.post("/slip", {"code": code}).content.decode()


def test_sent_again_under_one_key_it_is_filed_once(stage: Stage, key: str, client: Client) -> None:
    form = {"api_key": key, "service_code": "report", "address_string": "中心广场", "description": "灯坏了"}
    for _ in range(3):
        client.post(f"{ROOT}/requests.json", form, headers={"Idempotency-Key": "once"})
    assert Matter.objects.count() == 1


# --- where ---------------------------------------------------------------------------------------------

WHERE: list[tuple[dict[str, str], str]] = [
    ({"address_string": "3号楼二单元门口"}, "xfl/e1/3/3-2"),
    ({"address_string": "中心广场"}, "xfl/square"),
    ({"address_string": "", "lat": "30.5002", "long": "114.3002"}, "xfl/e1/3"),
    ({"address_string": "", "lat": "30.5101", "long": "114.3101"}, "xfl/square"),
    ({"address_string": "", "lat": "31.5", "long": "115.3"}, "xfl"),
    ({"address_string": "路口", "lat": "30.5101", "long": "114.3101"}, "xfl/square"),
    ({"address_string": "3号楼2单元", "lat": "30.5101", "long": "114.3101"}, "xfl/e1/3/3-2"),
    ({"address_string": "", "address_id": "xfl/e1/3"}, "xfl/e1/3"),
    ({"address_string": "不知道在哪", "description": "3号楼的灯"}, "xfl/e1/3"),
]


@pytest.mark.parametrize(("said", "path"), WHERE, ids=lambda value: str(value)[:30])
def test_where_it_is(stage: Stage, key: str, client: Client, said: dict[str, str], path: str) -> None:
    filed(client, key, **said)
    assert Matter.objects.get().place.path == path


def test_an_outline_that_cannot_be_read_holds_nothing(stage: Stage) -> None:
    Place.objects.filter(code="square").update(geometry={"type": "Polygon", "coordinates": "x"})
    found = place_at(stage.community, 114.3002, 30.5002)
    assert found is not None and found.code == "3"


def test_a_home_is_never_named(stage: Stage, client: Client) -> None:
    done = stage.report()
    Matter.objects.filter(pk=done.matter_id).update(raised_at=timezone.now())
    (one,) = client.get(f"{ROOT}/requests.json").json()
    assert one["address"] == "幸福里 3 号楼 2 单元" and "301" not in str(one)


# --- who may -------------------------------------------------------------------------------------------


def test_without_a_good_key_nothing_is_filed(stage: Stage, account: Holding, key: str, client: Client) -> None:
    reader = issue_token(account, "只看", ["read"]).token
    over = issue_token(account, "收回", ["report"])
    revoke_token(over.row)
    for wrong in (None, "wz_x", reader, over.token):
        answer = file(client, wrong or "")
        assert answer.status_code == 403, answer.content.decode()
        assert answer.json()[0]["code"] == 403 and answer.json()[0]["description"]
    assert not Matter.objects.exists()


def test_a_key_files_in_its_own_community_alone(stage: Stage, key: str, client: Client) -> None:
    assert file(client, key, jurisdiction_id="guangming").status_code == 403
    assert file(client, key, jurisdiction_id="nowhere").status_code == 404
    assert filed(client, key, jurisdiction_id=None) == "xfl-1"


def test_what_is_not_for_everybody_is_not_there_but_for_who_filed_it(
    stage: Stage, account: Holding, key: str, client: Client
) -> None:
    number = filed(client, key)
    Matter.objects.update(audience="xfl")
    assert listed(client) == [] and client.get(f"{ROOT}/requests/{number}.json").status_code == 404
    assert listed(client, api_key=key) == [number]
    assert client.get(f"{ROOT}/requests/{number}.json", {"api_key": key}).status_code == 200
    other = issue_token(open_account(account.body, "别的应用", "committee-member", "委员"), "别的应用", ["report"])
    assert listed(client, api_key=other.token) == []
    assert client.get(f"{ROOT}/requests.json", {"api_key": "wz_x"}).status_code == 403


def test_a_session_opens_nothing_here(stage: Stage, client: Client) -> None:
    client.force_login(stage.people["wang"])
    assert file(client, "").status_code == 403


# --- lists ---------------------------------------------------------------------------------------------


def test_lists_are_filtered_and_paged(stage: Stage, key: str, client: Client, query_budget: Any) -> None:
    numbers = [filed(client, key, service_code=code) for code in ("report", "report.lift", "report.water")]
    assert listed(client) == numbers[::-1]
    assert listed(client, service_code="report.lift,report.water") == numbers[:0:-1]
    assert listed(client, service_code="report") == numbers[::-1]
    assert listed(client, page_size="2") == [numbers[2], numbers[1]]
    assert listed(client, page_size="2", page="2") == [numbers[0]]
    assert listed(client, service_request_id=f"{numbers[0]},xfl-999,{numbers[2]}") == [numbers[2], numbers[0]]
    assert listed(client, service_request_id="3", jurisdiction_id="xfl") == [numbers[2]]
    assert listed(client, service_request_id="nonsense") == []
    with query_budget(8):
        assert len(listed(client, jurisdiction_id="xfl")) == 3


def test_without_dates_a_list_is_of_the_last_ninety_days(stage: Stage, key: str, client: Client) -> None:
    number = filed(client, key)
    long_ago = timezone.now() - timedelta(days=100)
    Matter.objects.update(raised_at=long_ago)
    assert listed(client) == []
    day = (long_ago - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert listed(client, start_date=day) == [number]
    assert listed(client, start_date=day[:10], end_date=timezone.now().isoformat()) == []
    assert listed(client, updated_after=day) == [number]


@pytest.mark.parametrize(
    "wrong",
    [{"status": "new"}, {"start_date": "yesterday"}, {"end_date": "9999-99-99"}, {"page": "0"}, {"page_size": "x"},
     {"start_date": "0001-01-01T00:00:00+14:00"}, {"start_date": "9999-12-31"}, {"end_date": "0001-01-01"},
     {"updated_after": "9999-12-31T23:59:59Z"}],
    ids=str,
)  # fmt: skip
def test_a_list_asked_wrongly_says_so(stage: Stage, client: Client, wrong: dict[str, str]) -> None:
    answer = client.get(f"{ROOT}/requests.json", wrong)
    assert answer.status_code == 400 and next(iter(wrong)) in answer.json()[0]["description"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"description": None}, 400), ({"address_string": None}, 400), ({"lat": "x", "long": "1"}, 400),
        ({"lat": "91", "long": "1"}, 400), ({"lat": "nan", "long": "1"}, 400), ({"service_code": "parade"}, 404),
        ({"service_code": None}, 400), ({"address_id": "nowhere"}, 400), ({"phone": "12"}, 400),
        ({"description": "x" * 2001}, 400), ({"attribute[colour]": "red"}, 400),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_what_cannot_be_filed_is_refused(
    stage: Stage, key: str, client: Client, wrong: dict[str, Any], status: int
) -> None:
    answer = file(client, key, **wrong)
    assert answer.status_code == status and answer.json()[0]["description"].endswith("。")
    assert not Matter.objects.exists()


def test_the_charters_questions_are_attributes(stage: Stage, key: str, client: Client) -> None:
    stage.adopt(
        PUBLIC
        + """
[procedures.report]
title = "报事"
[procedures.report.steps.say]
kind = "raise"
title = "报上来"
by = ["resident"]
fields = [{ key = "words", type = "text", title = "什么事", required = true },
  { key = "how", type = "choice", title = "多亮", required = true, choices = [
    { key = "dim", title = "暗" }, { key = "out", title = "灭" }] }]
then = "handle"
[procedures.report.steps.handle]
kind = "handle"
by = ["property"]
within = "1 day"
outcomes = { done = "done" }
[procedures.report.ends]
done = { counts = "solved", title = "办好了" }
"""
    )
    service = client.get(f"{ROOT}/services.json?jurisdiction_id=xfl").json()[0]
    assert service["metadata"] is True
    (asked,) = client.get(f"{ROOT}/services/report.json?jurisdiction_id=xfl").json()["attributes"]
    assert (asked["code"], asked["datatype"], asked["required"]) == ("how", "singlevaluelist", True)
    assert asked["values"][1] == {"key": "out", "name": "灭"}
    assert file(client, key).status_code == 400
    filed(client, key, **{"attribute[how]": "out"})


# --- XML -----------------------------------------------------------------------------------------------


def test_xml_says_the_same(stage: Stage, key: str, client: Client) -> None:
    number = filed(client, key, description="灯 <坏> & \x0b 灭了")
    for path, root, member in (
        ("discovery.xml", "discovery", "endpoints/endpoint/formats/format"),
        ("services.xml?jurisdiction_id=xfl", "services", "service/service_code"),
        ("services/report.xml?jurisdiction_id=xfl", "service_definition", "service_code"),
        ("requests.xml", "service_requests", "request/service_request_id"),
        (f"requests/{number}.xml", "service_requests", "request/lat"),
        (f"tokens/{number}.xml", "service_requests", "request/token"),
    ):
        answer = client.get(f"{ROOT}/{path}")
        assert answer.status_code == 200 and answer["Content-Type"].startswith("text/xml"), path
        tree = ElementTree.fromstring(answer.content)
        assert tree.tag == root and tree.find(member) is not None, path
    said = ElementTree.fromstring(client.get(f"{ROOT}/requests.xml").content).findtext("request/description")
    assert said is not None and said.startswith("灯 <坏> & ")
    wrong = ElementTree.fromstring(client.get(f"{ROOT}/requests/xfl-99.xml").content)
    assert wrong.tag == "errors" and wrong.findtext("error/code") == "404"
    assert client.get(f"{ROOT}/requests.yaml").status_code == 404
