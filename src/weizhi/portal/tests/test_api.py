"""The API: the same story through the same doors, with answers that may be trusted when the network is not."""

import json
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from ninja import Schema
from PIL import Image

from weizhi.matters.actions.act import raise_matter
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.api.root import api
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.record.models import Entry, Payload

ROOT = "/api/v1/matters"


def send(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def new_report(stage: Stage, **more: Any) -> dict[str, Any]:
    body = {"community": "xfl", "kind": "report", "place": str(stage.places["3-2-301"].pk), "key": some_key()}
    return body | {"data": {"words": "三单元楼道灯坏了"}} | more


def raised(stage: Stage, enter: Enter, by: str = "lin", **more: Any) -> str:
    answer = send(enter(by), ROOT, new_report(stage, **more))
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.json()["matter"])


def step(client: Client, matter: str, verb: str, outcome: str | None = None, **more: Any) -> Any:
    return send(client, f"{ROOT}/{matter}/acts", {"verb": verb, "outcome": outcome, "key": some_key(), **more})


def photo() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (64, 48), "brown").save(file, "JPEG")
    file.seek(0)
    file.name = "lamp.jpg"
    return file


# --- the story -----------------------------------------------------------------------------------------


def test_a_report_goes_all_the_way_round(stage: Stage, enter: Enter) -> None:
    lin, zhou, chen = enter("lin"), enter("zhou"), enter("chen")
    lamp = raised(stage, enter)
    told = [
        step(zhou, lamp, "sort", "ours"),
        step(chen, lamp, "handle", "done", data={"words": "换了灯泡"}),
        step(zhou, lamp, "check", "passed"),
        step(lin, lamp, "rate", "bad", data={"words": "昨晚又不亮了"}),
        step(chen, lamp, "handle", "done"),
        step(zhou, lamp, "check", "passed"),
        step(lin, lamp, "rate", "good", data={"stars": "5", "thanks": "true"}),
    ]
    assert [answer.status_code for answer in told] == [200] * 7
    story = lin.get(f"{ROOT}/{lamp}").json()
    verbs = ["raise", "sort", "handle", "check", "rate", "handle", "check", "rate"]
    assert [line["verb"] for line in story["story"]] == verbs
    assert (story["ended_as"], story["coming"], story["open_to_me"]) == ("done", [], [])


def test_the_story_says_what_is_open_to_me_and_sending_that_works(stage: Stage, enter: Enter) -> None:
    lamp, zhou = raised(stage, enter), enter("zhou")
    offer = zhou.get(f"{ROOT}/{lamp}").json()["open_to_me"][0]
    assert enter("lin").get(f"{ROOT}/{lamp}").json()["open_to_me"] == []
    answer = step(zhou, lamp, offer["verb"], offer["outcomes"][0]["outcome"], step=offer["step"])
    assert answer.status_code == 200


def test_photos_come_as_multipart_and_are_written_anew(stage: Stage, enter: Enter) -> None:
    lin, body = enter("lin"), new_report(stage)
    fields = body | {"data": json.dumps(body["data"]), "photos": [photo(), photo()]}
    answer = lin.post(ROOT, fields)
    assert answer.status_code == 201, answer.content.decode()
    shown = lin.get(f"{ROOT}/{answer.json()['matter']}").json()["story"][0]["photos"]
    assert len(shown) == 2 and lin.get(shown[0])["Content-Type"] == "image/jpeg"


def test_a_neighbour_learns_neither_name_nor_number(stage: Stage, enter: Enter) -> None:
    lamp = raised(stage, enter, data={"words": "灯坏了，请打13800138000"})
    told = str(enter("zhao").get(f"{ROOT}/{lamp}").json())
    assert "一位居民" in told
    assert "林姨" not in told and "13800138000" not in told
    whole = str(enter("zhou").get(f"{ROOT}/{lamp}").json())
    assert "林姨" in whole and "13800138000" in whole


def test_an_officer_raises_for_somebody_who_is_present(stage: Stage, enter: Enter) -> None:
    lamp = raised(stage, enter, by="zhou", on_behalf_of=str(stage.people["lin"].pk))
    assert enter("lin").get(f"{ROOT}/{lamp}").json()["story"][0]["on_behalf_of"] == "林姨"
    refused = send(enter("zhao"), ROOT, new_report(stage, on_behalf_of=str(stage.people["lin"].pk)))
    assert (refused.status_code, refused.json()["code"]) == (403, "not-yours")


# --- keys ----------------------------------------------------------------------------------------------


def test_one_act_sent_five_times_has_one_effect_and_five_equal_answers(stage: Stage, enter: Enter) -> None:
    lamp, zhou, key = raised(stage, enter), enter("zhou"), some_key()
    act = {"verb": "sort", "outcome": "ours", "step": "sort"}
    answers = [send(zhou, f"{ROOT}/{lamp}/acts", act, **{"Idempotency-Key": key}) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert Entry.objects.filter(stream=UUID(lamp), verb="sort").count() == 1


def test_one_report_sent_five_times_is_one_matter(stage: Stage, enter: Enter) -> None:
    lin, body = enter("lin"), new_report(stage)
    answers = [send(lin, ROOT, body) for _ in range(5)]
    assert len({answer.content for answer in answers}) == 1 and answers[0].status_code == 201
    assert Matter.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(stage: Stage, enter: Enter) -> None:
    lin, body = enter("lin"), new_report(stage)
    send(lin, ROOT, body)
    other = send(lin, ROOT, body | {"data": {"words": "另一件事"}})
    assert (other.status_code, other.json()["code"]) == (409, "key-reused")


def test_another_persons_key_never_matches(stage: Stage, enter: Enter) -> None:
    body = new_report(stage)
    first, second = send(enter("lin"), ROOT, body), send(enter("zhao"), ROOT, body)
    assert first.json()["matter"] != second.json()["matter"]
    assert Matter.objects.count() == 2


def test_header_and_body_must_name_one_key(stage: Stage, enter: Enter) -> None:
    answer = send(enter("lin"), ROOT, new_report(stage), **{"Idempotency-Key": "another"})
    assert (answer.status_code, answer.json()["field"]) == (422, "key")


# --- who may -------------------------------------------------------------------------------------------


def test_an_outsider_meets_404_everywhere(stage: Stage, enter: Enter) -> None:
    lamp, guo = raised(stage, enter), enter("guo")
    for answer in (guo.get(f"{ROOT}/{lamp}"), step(guo, lamp, "comment", data={"words": "看看"})):
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert guo.get(ROOT).json() == {"items": [], "next": None}
    unknown = guo.get(f"{ROOT}/{uuid4()}")
    assert unknown.content == guo.get(f"{ROOT}/{lamp}").content, "another's matter looks like none"


def test_who_may_not_act_learns_whose_it_is_and_by_which_line(stage: Stage, enter: Enter) -> None:
    refused = step(enter("lin"), raised(stage, enter), "sort", "ours")
    assert refused.status_code == 403
    assert refused.json()["line"].endswith("steps.sort.by") and "网格员" in refused.json()["message"]


def test_a_stranger_is_asked_to_sign_in(client: Client, stage: Stage) -> None:
    answer = client.get(ROOT)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


def test_a_forged_request_is_turned_away(stage: Stage) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(stage.people["lin"])
    answer = send(browser, ROOT, new_report(stage))
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert not Matter.objects.exists()


# --- errors --------------------------------------------------------------------------------------------


def test_what_happened_meanwhile_is_a_conflict(stage: Stage, enter: Enter) -> None:
    lamp, zhou = raised(stage, enter), enter("zhou")
    assert step(zhou, lamp, "sort", "ours", step="sort").status_code == 200
    again = step(zhou, lamp, "sort", "ours", step="sort")
    assert (again.status_code, again.json()["code"]) == (409, "closed")
    gone = raised(stage, enter)
    step(zhou, gone, "sort", "elsewhere")
    ended = step(zhou, gone, "sort", "ours")
    assert (ended.status_code, ended.json()["code"]) == (409, "ended")


NOBODY = "00000000-0000-0000-0000-000000000000"
BAD: list[tuple[dict[str, Any], int, str]] = [
    ({"kind": "parade"}, 422, "kind"),
    ({"kind": 7}, 422, "kind"),
    ({"place": "nowhere"}, 422, "place"),
    ({"place": NOBODY}, 422, "place"),
    ({"data": {"words": "灯坏了", "colour": "red"}}, 422, "colour"),
    ({"data": {}}, 422, "words"),
    ({"data": "灯坏了"}, 422, "data"),
    ({"data": {"words": "x" * 2001}}, 422, "words"),
    ({"data": {"words": "灯\x00坏了"}}, 422, ""),
    ({"key": ""}, 422, "key"),
    ({"key": "k" * 81}, 422, "key"),
    ({"key": "编号"}, 422, "key"),
    ({"told_at": "2026-03-02T09:00:00"}, 422, "told_at"),
    ({"told_at": "0001-01-01T00:00:00+14:00"}, 422, "told_at"),
    ({"told_at": "9999-12-31T23:59:59Z"}, 422, "told_at"),
    ({"colour": "red"}, 422, "colour"),
    ({"community": "nowhere"}, 404, "community"),
    ({"on_behalf_of": NOBODY}, 404, "on_behalf_of"),
    ({"as_post": NOBODY}, 403, ""),
]


@pytest.mark.parametrize(("wrong", "status", "field"), BAD, ids=lambda value: str(value)[:24])
def test_what_cannot_be_read_is_refused_by_field(
    stage: Stage, enter: Enter, wrong: dict[str, Any], status: int, field: str
) -> None:
    answer = send(enter("lin"), ROOT, new_report(stage, **wrong))
    problem = answer.json()
    assert (answer.status_code, problem["field"]) == (status, field), problem
    assert set(problem) == {"code", "message", "line", "field"} and problem["message"].endswith("。")
    assert not Matter.objects.exists()


@pytest.mark.parametrize("verb", ["comment", "object"])
@pytest.mark.parametrize("half", ["\ud83d", "灯坏了\udc00"])
def test_half_a_character_is_refused(stage: Stage, enter: Enter, verb: str, half: str) -> None:
    """JSON can write one half of an emoji; no database and no page can."""
    matter = raised(stage, enter)
    for data in ({"words": half}, {"words": "灯坏了", half: "x"}):
        answer = step(enter("zhao"), matter, verb, data=data)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad-data"), answer.content.decode()
    assert Entry.objects.filter(stream=matter).count() == 1


@pytest.mark.parametrize("depth", [20, 400, 800])
@pytest.mark.parametrize(("opens", "closes"), [('{"a": ', "}"), ("[", "]")])
def test_what_is_nested_too_deep_is_refused(stage: Stage, enter: Enter, depth: int, opens: str, closes: str) -> None:
    matter = raised(stage, enter)
    words = opens * depth + "1" + closes * depth
    body = f'{{"verb": "object", "key": "{some_key()}", "data": {{"words": {words}}}}}'
    answer = enter("zhao").post(f"{ROOT}/{matter}/acts", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-data")


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '"x"', "[" * 100_000, '{"a": 1e999}'])
def test_what_is_no_object_is_refused(stage: Stage, enter: Enter, body: str) -> None:
    answer = enter("lin").post(ROOT, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-data")


def test_what_is_no_photo_is_refused_and_nothing_is_kept(stage: Stage, enter: Enter) -> None:
    script = BytesIO(b"<svg onload='x()'/>")
    script.name = "lamp.svg"
    body = new_report(stage)
    answer = enter("lin").post(ROOT, body | {"data": json.dumps(body["data"]), "photos": script})
    assert (answer.status_code, answer.json()["field"]) == (422, "photos")
    assert not Payload.objects.filter(entry__stream__kind="matter").exists()


# --- lists ---------------------------------------------------------------------------------------------


def test_lists_are_paged_without_gap_or_repeat(stage: Stage, enter: Enter) -> None:
    for n in range(7):
        stage.report(words=f"第{n}件")
    client, seen = enter("lin"), []
    asked: dict[str, str] | None = {"limit": "3"}
    while asked:
        page = client.get(ROOT, asked).json()
        seen += [item["number"] for item in page["items"]]
        asked = asked | {"after": page["next"]} if page["next"] else None
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_scopes_are_what_i_raised_and_what_waits_for_me(stage: Stage, enter: Enter) -> None:
    mine, other = stage.report("lin"), stage.report("zhao", place="3-1-101")

    def listed(login: str, scope: str) -> set[UUID]:
        return {UUID(item["id"]) for item in enter(login).get(ROOT, {"scope": scope}).json()["items"]}

    assert listed("lin", "mine") == {mine.matter_id}
    assert listed("zhou", "waiting") == {mine.matter_id, other.matter_id}
    assert listed("zhou", "mine") == set()


NO_TIME = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59Z"]
BEYOND = [{"after": urlsafe_b64encode(f"{at}~{NOBODY}".encode()).decode()} for at in NO_TIME]
WRONGLY = [*BEYOND, {"after": "x"}, {"after": "MjAyNn54"}, {"limit": "0"}, {"limit": "x"}, {"scope": "all"}]


@pytest.mark.parametrize("asked", WRONGLY)
def test_a_list_asked_wrongly_is_refused(stage: Stage, enter: Enter, asked: dict[str, str]) -> None:
    answer = enter("lin").get(ROOT, asked)
    assert (answer.status_code, answer.json()["field"]) == (422, next(iter(asked)))


def test_reading_takes_few_queries_however_many_there_are(stage: Stage, enter: Enter, query_budget: Any) -> None:
    lamp = raise_matter(
        stage.community, "report", by=stage.people["lin"], data={"words": "灯坏了"}, place=stage.places["3-2-301"].pk
    )
    client = enter("lin")
    client.get(f"{ROOT}/{lamp.matter_id}")
    for n in (1, 10):
        for _ in range(n):
            stage.report()
        with query_budget(5):
            client.get(ROOT)
        with query_budget(10):
            client.get(f"{ROOT}/{lamp.matter_id}")


HALL = ("", "/next", "/statements", "/answers", "/moderation")


def test_the_description_names_every_door_and_both_forms_of_body(client: Client) -> None:
    described, hall = client.get("/api/v1/openapi.json").json(), "/api/v1/matters/{matter_id}/hall"
    assert set(described["paths"]) == {
        "/api/v1/matters", "/api/v1/matters/{matter_id}", "/api/v1/matters/{matter_id}/acts",
        "/api/v1/matters/{matter_id}/answers", "/api/v1/votes", "/api/v1/votes/{vote_id}",
        "/api/v1/votes/{vote_id}/ballots", "/api/v1/evidence", "/api/v1/photos/{part_id}",
        "/api/v1/votes/counting-key", "/api/v1/votes/{vote_id}/opening",
        "/api/v1/votes/{vote_id}/marks", "/api/v1/votes/{vote_id}/marks/corrections",
        "/api/v1/votes/{vote_id}/urn/papers", "/api/v1/votes/{vote_id}/urn/empty",
        *(f"{hall}{one}" for one in HALL),
    }  # fmt: skip
    scopes = [door["x-scopes"] for path in described["paths"].values() for door in path.values()]
    assert all(scopes), "each door says which scope opens it"
    body = described["paths"]["/api/v1/matters/{matter_id}/acts"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/json", "multipart/form-data"}


def shapes(of: type[Schema] = Schema) -> Iterator[type[Schema]]:
    for one in of.__subclasses__():
        yield one
        yield from shapes(one)


def test_a_name_in_the_description_means_one_shape() -> None:
    """Of two that have the same name, the description keeps the last, and says of both doors that they answer it."""
    described = api.get_openapi_schema()["components"]["schemas"]
    named = Counter(one.__name__ for one in shapes() if one.__name__ in described)
    assert {"Receipt", "BallotReceipt"} <= set(named) and [name for name, times in named.items() if times > 1] == []
