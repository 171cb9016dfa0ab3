"""Where is it? Typed, chosen from the list, pointed at on the map, scanned; with a script and without one."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.places.models import Place
from weizhi.portal.picking.pointing import TOUCH, laid_out
from weizhi.portal.queries.places import RECENT
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.portal.tests.test_map import square
from weizhi.portal.tests.test_pages import picture, text
from weizhi.record.actions.add_places import NewPlace, add_places

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["committed_stage"]

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10


def offered(answer: HttpResponse) -> dict[str, str]:
    """The places to choose from, by their words."""
    found = re.findall(r'name="other_place" value="([^"]+)"[^>]*><span>([^<]*)', answer.content.decode())
    return {words: pk for pk, words in found}


def look(client: Client, **asked: str) -> HttpResponse:
    answer: HttpResponse = client.get(reverse("portal:report-places"), asked)
    return answer


def send(client: Client, **more: Any) -> HttpResponse:
    sent = {"kind": "report", "words": "门坏了", "place": "other", "key": str(uuid4()), "anyway": "yes", **more}
    answer: HttpResponse = client.post(reverse("portal:report"), sent)
    return answer


def second_estate(stage: Stage) -> dict[str, Place]:
    """Two buildings beside each other, numbered as in the first."""
    return add_places(
        stage.community,
        [
            NewPlace("estate", "e2", "幸福里二期", geometry=square(0.004, 0, 0.003)),
            NewPlace("building", "b3", "3 号楼", "e2", geometry=square(0.0045, 0.0005, 0.0004)),
            NewPlace("building", "b4", "4 号楼", "e2", geometry=square(0.0055, 0.0005, 0.0004)),
            NewPlace("stairwell", "b4-1", "1 单元", "b4"),
            NewPlace("space", "pond", "月亮塘", "e2"),
        ],
        at=stage.now,
    )


def drawn(stage: Stage) -> dict[str, Place]:
    Place.objects.filter(path="xfl/e1").update(geometry=square(0, 0, 0.003))
    Place.objects.filter(path="xfl/e1/3").update(geometry=square(0.0005, 0.0005))
    return second_estate(stage)


# --- typed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("3号楼2单元", "3 号楼 2 单元"), ("三号楼二单元", "3 号楼 2 单元"), ("3栋2单元", "3 号楼 2 单元"),
        ("3-2", "3 号楼 2 单元"), ("广场", "中心广场"), ("3", "3 号楼"), ("第一网格", "第一网格"), ("3号楼", "3 号楼"),
    ],
)  # fmt: skip
def test_what_is_typed_is_found(stage: Stage, enter: Enter, typed: str, first: str) -> None:
    assert next(iter(offered(look(enter("lin"), find=typed)))) == first


def test_what_is_not_there_is_said_and_markup_stays_words(stage: Stage, enter: Enter) -> None:
    page = look(enter("lin"), find="<b>九号楼")
    assert not offered(page) and "没找到“<b>九号楼”" in text(page).replace("&lt;", "<").replace("&gt;", ">")
    assert "<b>九" not in page.content.decode()


def test_homes_and_other_communities_are_not_found(stage: Stage, enter: Enter) -> None:
    lin = enter("lin")
    assert not offered(look(lin, find="301 室")) and not offered(look(lin, find="9 号楼"))
    assert not offered(look(lin, find="9 号楼", at=stage.places["9"].path))
    assert "9 号楼" in offered(look(enter("guo"), find="9"))


def test_namesakes_are_told_apart_by_their_estate(stage: Stage, enter: Enter) -> None:
    second_estate(stage)
    page = look(enter("lin"), find="3号楼")
    assert "幸福里二期" in text(page) and "e1" not in text(page)


def test_a_place_typed_and_not_pressed_is_taken_where_it_can_only_be_one(stage: Stage, enter: Enter) -> None:
    assert send(enter("lin"), find="3号楼1单元").status_code == 302
    assert Matter.objects.get().place == stage.places["3-1"]


def test_where_it_is_unsure_it_is_asked_and_nothing_is_lost(stage: Stage, enter: Enter) -> None:
    places, lin = second_estate(stage), enter("lin")
    asked = send(lin, find="3号楼", photos=picture())
    assert asked.status_code == 422 and "不能确定“3号楼”是哪里" in text(asked)
    assert "门坏了</textarea>" in asked.content.decode() and "kept_photos" in asked.content.decode()
    assert str(places["b3"].pk) in offered(asked).values() and not Matter.objects.exists()
    assert send(lin, find="3号楼", other_place=str(places["b3"].pk)).status_code == 302
    assert Matter.objects.get().place == places["b3"]


@pytest.mark.parametrize("number", [3, 700])
def test_it_costs_the_same_however_many_places_there_are(
    stage: Stage, enter: Enter, query_budget: Budget, number: int
) -> None:
    """More than ever fitted into a list: the last is found by typing, and by scanning its sign."""
    more = [NewPlace("space", f"s{n}", f"第 {n} 号花坛") for n in range(number)]
    last = add_places(stage.community, more, at=stage.now)[f"s{number - 1}"]
    lin = enter("lin")
    lin.get(reverse("portal:report"))
    look(lin)
    with query_budget(PAGE):
        assert last.name in offered(look(lin, find=f"第{number - 1}号花坛"))
    with query_budget(PAGE):
        page = lin.get(reverse("portal:report"), {"at": last.path})
    assert f'value="{last.pk}" checked' in page.content.decode() and "您扫的码在这里" in text(page)
    assert page.content.count(b'type="radio" name="place"') <= RECENT + 1
    assert len(page.content) < 25_000
    with query_budget(12):
        assert send(lin, find=f"第{number - 1}号花坛").status_code == 302
    assert Matter.objects.get().place == last


# --- without a script ----------------------------------------------------------------------------------


def test_without_a_script_the_list_opens_in_the_page_and_nothing_is_lost(stage: Stage, enter: Enter) -> None:
    places, lin = drawn(stage), enter("lin")
    page = send(lin, look="list", photos=picture())
    body = page.content.decode()
    assert page.status_code == 200 and "门坏了</textarea>" in body and "kept_photos" in body
    assert 'value="other" checked' in body and 'name="under" value="xfl/e2"' in body and "中心广场" in offered(page)
    closer = send(lin, under="xfl/e2")
    assert set(offered(closer)) == {"幸福里二期（不在哪栋楼里）", "3 号楼", "4 号楼", "月亮塘"}
    found = send(lin, look="find", find="广场")
    assert list(offered(found)) == ["中心广场"] and "checked><span>中心广场" in found.content.decode()
    assert not Matter.objects.exists()
    assert send(lin, other_place=str(places["b4"].pk)).status_code == 302


def test_what_was_chosen_stays_chosen_when_something_else_is_wrong(stage: Stage, enter: Enter) -> None:
    stairwell = str(second_estate(stage)["b4-1"].pk)
    refused = send(enter("lin"), words=" ", other_place=stairwell)
    assert refused.status_code == 422
    assert re.search(rf'name="other_place" value="{stairwell}" checked', refused.content.decode())


# --- the map -------------------------------------------------------------------------------------------


def test_estates_first_then_their_buildings(stage: Stage, enter: Enter) -> None:
    places, lin = drawn(stage), enter("lin")
    whole = look(lin).content.decode()
    assert re.findall(r'data-under="([^"]+)"', whole) == ["xfl/e1", "xfl/e2"] and "data-place" not in whole
    near = look(lin, under="xfl/e2").content.decode()
    assert set(re.findall(r'data-place="([^"]+)"', near)) == {str(places[code].pk) for code in ("b3", "b4")}
    ways = [way.replace("&amp;", "&") for way in re.findall(r'<a href="([^"]+)" aria-label="4 号楼"', near)]
    chosen = lin.get(ways[0])
    assert f'value="{places["b4"].pk}" checked' in chosen.content.decode() and "您在图上点的" in text(chosen)
    opened = lin.get(reverse("portal:report"), {"under": "xfl/e2"}).content.decode()
    assert 'value="other" checked' in opened and "data-place" in opened


def test_where_nothing_is_drawn_the_list_stands_alone(stage: Stage, enter: Enter) -> None:
    page = look(enter("lin"))
    assert "<svg" not in page.content.decode() and "3 号楼" in offered(page)


def test_a_finger_hits_one_building_and_no_other(stage: Stage) -> None:
    drawn(stage)
    laid = laid_out(stage.community.pk, 0, "xfl/e2", ())
    assert laid is not None and len(laid.spots) == 2
    one, other = laid.spots
    apart = max(abs(one.shape.x - other.shape.x), abs(one.shape.y - other.shape.y))
    shown = laid.width or 280
    assert one.reach <= apart and one.reach * shown / 1000 >= TOUCH - 0.5


def chosen(page: "Page") -> str:
    return str(page.locator("[name=other_place]:checked").input_value())


@pytest.mark.parametrize("width", ["phone", "narrow"])
def test_a_building_is_pointed_at_with_a_finger(committed_stage: Stage, open_page: OpenPage, width: str) -> None:
    places = drawn(committed_stage)
    page = sign_in(open_page(width), committed_stage, "lin")
    page.goto("/report")
    page.get_by_label("什么事？").fill("门禁坏了")
    page.get_by_label("在别的地方").check()
    page.locator("[data-under]").first.wait_for()
    looked_at(page)
    page.locator('[data-under="xfl/e2"]').click()
    page.locator("[data-place]").first.wait_for()
    page.locator(f'[data-place="{places["b4"].pk}"]').click()
    assert chosen(page) == str(places["b4"].pk)
    looked_at(page)
    page.get_by_role("button", name="报上去").click()
    page.get_by_text("收到了。").wait_for()
    assert Matter.objects.get().place == places["b4"]


def test_typing_finds_a_place_by_keyboard(committed_stage: Stage, open_page: OpenPage) -> None:
    page = sign_in(open_page("desk"), committed_stage, "lin")
    page.goto("/report")
    page.get_by_label("在别的地方").check()
    page.get_by_label("找一个地方").fill("3号楼1")
    page.get_by_label("3 号楼 1 单元").wait_for()
    page.get_by_label("3 号楼 1 单元").check()
    looked_at(page)
    page.get_by_label("什么事？").fill("门禁坏了")
    page.get_by_role("button", name="报上去").click()
    page.get_by_text("收到了。").wait_for()
    assert Matter.objects.get().place == committed_stage.places["3-1"]
