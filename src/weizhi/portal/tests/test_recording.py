"""At the committee's desk on a Monday morning: written down one after another, a slip for each, the story behind it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from weizhi.matters.models import Matter, Party
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.portal.tests.conftest import NUMBER, Enter, give_number
from weizhi.portal.tests.test_pages import text
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.enrol import enrol
from weizhi.record.models import Entry
from weizhi.reports.models import Report
from weizhi.reports.slips import code_of

Budget = Callable[[int], AbstractContextManager[None]]
PAGES, REPORT = 10, 12


def write(client: Client, words: str, **more: Any) -> HttpResponse:
    sent = {"channel": "call", "words": words, "key": str(uuid4()), **more}
    answer: HttpResponse = client.post(reverse("portal:record-for"), sent)
    return answer


def code() -> str:
    slip = Report.objects.get()
    return code_of(slip.matter_id, slip.turn)


def raiser() -> str:
    return Party.objects.get(relation=Party.RAISER).who


# --- one after another ----------------------------------------------------------------------------------


def test_it_stays_on_the_page_and_keeps_channel_and_place(stage: Stage, enter: Enter) -> None:
    zhou, place = enter("zhou"), str(stage.places["3-2"].pk)
    done = write(zhou, "水管爆了", channel="door", place=place, who="周大爷")
    assert done.status_code == 302
    page = zhou.get(done.headers["Location"])
    assert "记下了 0001。" in text(page) and "今天我记下的 1" in text(page)
    assert 'value="door" checked' in page.content.decode()
    assert f'<option value="{place}" selected>' in page.content.decode()
    digits = code()
    assert f"{digits[:3]} {digits[3:6]} {digits[6:]}" in text(page)


def test_whoever_is_chosen_from_the_list_is_the_raiser(stage: Stage, enter: Enter) -> None:
    zhou = enter("zhou")
    offered = zhou.get(reverse("portal:record-people"), {"who": "3-2"}).content.decode()
    assert "林姨 3-2-301" in offered
    write(zhou, "电梯有异响", who="林姨 3-2-301")
    assert raiser() == person_key(stage.people["lin"].pk)
    assert Matter.objects.get().place == stage.places["3-2"], "where she lives, since nothing else was said"


def test_the_telephone_number_tells_who_it_is(stage: Stage, enter: Enter) -> None:
    give_number(stage.people["lin"])
    write(enter("zhou"), "电梯有异响", phone=NUMBER)
    assert raiser() == person_key(stage.people["lin"].pk)


def test_a_name_alone_names_nobody(stage: Stage, enter: Enter) -> None:
    write(enter("zhou"), "电梯有异响", who="林姨")
    assert raiser() == person_key(stage.people["zhou"].pk)
    assert "林姨" in text(enter("zhou").get(reverse("portal:matter", args=[Matter.objects.get().pk])))


def test_two_of_one_name_in_one_home_are_not_guessed_between(stage: Stage, enter: Enter) -> None:
    twin = Person.objects.create_user("twin", "林姨")
    enrol(stage.community, twin, stage.places["3-2-301"], ["resident"], at=stage.now)
    write(enter("zhou"), "电梯有异响", who="林姨 3-2-301")
    assert raiser() == person_key(stage.people["zhou"].pk)


@pytest.mark.parametrize(
    ("words", "kept", "chosen", "where"),
    [
        ("3号楼2单元水管爆了", "", "", "3-2"),
        ("三号楼一单元门坏了", "", "", "3-1"),
        ("中心广场的灯不亮", "", "", "square"),
        ("水管爆了", "", "", "xfl"),
        ("3号楼2单元水管爆了", "", "square", "square"),
        ("3号楼2单元水管爆了", "square", "square", "3-2"),
        ("水管爆了", "square", "square", "square"),
        ("3号楼和中心广场都没电", "", "", "xfl"),
    ],
)
def test_where_it_is(stage: Stage, enter: Enter, words: str, kept: str, chosen: str, where: str) -> None:
    ids = {code: str(place.pk) for code, place in stage.places.items()} | {"": ""}
    assert write(enter("zhou"), words, place=ids[chosen], kept_place=ids[kept]).status_code == 302
    assert Matter.objects.get().place == stage.places[where]


def test_the_same_number_in_two_estates_is_not_guessed(stage: Stage, enter: Enter) -> None:
    add_places(stage.community, [NewPlace("estate", "e2", "二期"), NewPlace("building", "e2-3", "3 号楼", "e2")])
    write(enter("zhou"), "3号楼的门坏了")
    assert Matter.objects.get().place == stage.places["xfl"]


def test_what_is_wrong_is_said_and_what_was_typed_stays(stage: Stage, enter: Enter) -> None:
    zhou = enter("zhou")
    refused = write(zhou, "水管爆了", phone="12", who="周大爷")
    assert refused.status_code == 422
    assert "这不像一个电话号码" in text(refused) and 'value="周大爷"' in refused.content.decode()
    assert "水管爆了</textarea>" in refused.content.decode()
    assert write(zhou, " ").status_code == 422


def test_while_typing_it_says_who_said_the_same_and_where(stage: Stage, enter: Enter) -> None:
    stage.report(words="水管爆了，楼道全是水", place="3-2")
    shown = text(enter("zhou").post(reverse("portal:record-before"), {"words": "3号楼2单元水管爆了"}))
    assert "地方： 3 号楼 2 单元" in shown and "附近好像已经有人报过" in shown
    assert "水管爆了，楼道全是水" in shown


def test_a_resident_reports_for_himself(stage: Stage, enter: Enter) -> None:
    lin = enter("lin")
    assert lin.get(reverse("portal:record-for")).headers["Location"] == reverse("portal:report")
    assert write(lin, "水管爆了").headers["Location"] == reverse("portal:report")
    assert not Matter.objects.exists()
    assert "林姨" not in lin.get(reverse("portal:record-people"), {"who": "林"}).content.decode()


@pytest.mark.parametrize("number", [2, 20])
def test_what_it_costs(stage: Stage, served: Enter, query_budget: Budget, number: int) -> None:
    zhou = served("zhou")
    give_number(stage.people["lin"])
    for n in range(number):
        write(zhou, f"第{n}件", who="林姨 3-2-301")
    with query_budget(PAGES):
        assert zhou.get(reverse("portal:record-for")).status_code == 200
    with query_budget(PAGES):
        zhou.get(reverse("portal:record-people"), {"who": "林"})
    with query_budget(PAGES):
        zhou.post(reverse("portal:record-before"), {"words": "水管爆了", "who": "林姨 3-2-301"})
    square = str(stage.places["square"].pk)
    for more in (
        {"place": square},
        {"who": "周大爷", "phone": "13900001111"},
        {"who": "林姨 3-2-301"},
        {"phone": NUMBER},
        {"who": "林姨 3-2-301", "place": square, "kept_place": square},
        {"who": "林姨 3-1-101", "phone": NUMBER},
    ):
        with query_budget(REPORT):
            assert write(zhou, "3号楼2单元水管爆了", **more).status_code == 302
    assert Matter.objects.count() == number + 6


# --- the slip -------------------------------------------------------------------------------------------


def test_the_slip_says_what_was_understood(stage: Stage, enter: Enter) -> None:
    zhou = enter("zhou")
    write(zhou, "水管爆了，打13800138000", who="周大爷", place=str(stage.places["3-2"].pk))
    matter = Matter.objects.get()
    page = zhou.get(reverse("portal:slip-print", args=[matter.pk]))
    told = text(page)
    assert "水管爆了，打13800138000" in told and "周大爷" in told and "网格员 小周" in told
    assert "<svg" in page.content.decode() and code() not in page.content.decode().split("</svg>")[0]
    assert enter("wang").get(reverse("portal:slip-print", args=[matter.pk])).status_code == 200
    for other in ("lin", "guo"):
        assert enter(other).get(reverse("portal:slip-print", args=[matter.pk])).status_code == 404


def look_up(client: Client, typed: str) -> HttpResponse:
    answer: HttpResponse = client.post(reverse("portal:slip"), {"code": typed})
    return answer


def test_the_code_opens_the_public_story_without_an_account(stage: Stage, enter: Enter, client: Client) -> None:
    write(enter("zhou"), "水管爆了，打13800138000", who="周大爷", place=str(stage.places["3-2"].pk))
    told = text(look_up(client, code()))
    assert "水管爆了，打138****8000" in told and "看是什么事" in told
    assert "13800138000" not in told and "周大爷" not in told
    assert "登录以后可以认下来" in told


def test_wrong_codes_lock_the_address_for_a_while(stage: Stage, enter: Enter, client: Client) -> None:
    write(enter("zhou"), "水管爆了")
    assert look_up(client, "000 000 0001").status_code == 422
    for n in range(4):
        look_up(client, f"00000000{n:02}")
    assert look_up(client, code()).status_code == 429
    assert client.post(reverse("account_login"), {"login": "lin", "password": "x"}).status_code == 200


def test_the_caller_claims_it_and_disputes_what_was_written(stage: Stage, enter: Enter) -> None:
    write(enter("zhou"), "水管爆了", who="林")
    lin = enter("lin")
    assert "是我说的，记到我名下" in text(look_up(lin, code()))
    claimed = lin.post(reverse("portal:slip-claim"), {"code": code()})
    page = lin.get(claimed.headers["Location"])
    assert "记到您名下了。" in text(page) and "代我办的不对" in text(page)
    matter = Matter.objects.get()
    sent = {"verb": "dispute", "words": "我说的是三楼的水管", "key": str(uuid4())}
    assert lin.post(reverse("portal:act", args=[matter.pk]), sent).status_code == 302
    assert Entry.objects.filter(verb="dispute").count() == 1
    assert "已经有人认了" in text(enter("zhao").post(reverse("portal:slip-claim"), {"code": code()}))


def test_who_handles_it_reads_the_number_and_every_reading_is_told(stage: Stage, enter: Enter) -> None:
    zhou = enter("zhou")
    write(zhou, "水管爆了", who="周大爷", phone="13800138000", place=str(stage.places["3-2"].pk))
    matter = Matter.objects.get()
    page, read = reverse("portal:matter", args=[matter.pk]), reverse("portal:caller-number", args=[matter.pk])
    assert "看电话，给他回话" in text(zhou.get(page)) and "13800138000" not in text(zhou.get(page))
    assert "13800138000" in text(zhou.post(read))
    assert "看了留下的电话" in text(zhou.get(page))
    assert "看电话，给他回话" not in text(enter("lin").get(page)) and "看了留下的电话" not in text(
        enter("lin").get(page)
    )
    assert enter("lin").post(read).status_code == 403
    assert enter("guo").post(read).status_code == 404
    assert Entry.objects.filter(verb="read-number").count() == 1


def test_whom_it_was_written_for_disputes_without_a_slip(stage: Stage, enter: Enter) -> None:
    write(enter("zhou"), "水管爆了", who="林姨 3-2-301")
    page = text(enter("lin").get(reverse("portal:matter", args=[Matter.objects.get().pk])))
    assert "由小周代为登记（电话）" in page and "代我办的不对" in page
