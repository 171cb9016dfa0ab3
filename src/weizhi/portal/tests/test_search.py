"""Search: words, number, place; what was found is marked; nobody finds what he may not see."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.portal.finding.wanted import bits
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_board import report, solve
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in

__all__ = ["committed_stage"]

Budget = Callable[[int], AbstractContextManager[None]]


def ask(client: Client, q: str = "", **more: str) -> str:
    answer = client.get(reverse("portal:search"), {"q": q, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_characters_are_enough_and_are_marked(stage: Stage, enter: Enter) -> None:
    report(stage, "三楼楼道灯不亮了")
    report(stage, "垃圾桶满了")
    page = ask(enter("zhao"), "道灯")
    assert "三楼楼<mark>道灯</mark>不亮了" in page and "垃圾桶" not in page
    assert "找到 1 件" in page and "在网格员手里" in page


def test_all_words_must_be_there_in_the_title_or_the_place(stage: Stage, enter: Enter) -> None:
    report(stage, "灯不亮了")
    report(stage, "灯不亮了", place="square")
    page = ask(enter("zhao"), "不亮 广场")
    assert page.count("matter-card") == 1 and "中心<mark>广场</mark>" in page
    assert ask(enter("zhao"), "不亮 水管").count("matter-card") == 0
    assert ask(enter("zhao"), "一期").count("matter-card") == 0, "a home is not named by its estate at this depth"
    assert "<mark>3 号楼</mark>" in ask(enter("zhao"), "号楼").replace("3 <mark>号楼</mark>", "<mark>3 号楼</mark>")


def test_what_was_said_is_found_and_shown_around_the_words(stage: Stage, enter: Enter) -> None:
    long = "昨晚回家的时候发现电梯里面全是水，物业的人说要等到下个星期才能修，" * 3
    report(stage, long + "请先放一块防滑垫，老人怕摔跤")
    page = ask(enter("zhao"), "防滑")
    assert "说的话里" in page and "请先放一块<mark>防滑</mark>垫" in page
    assert "matter-card" not in ask(enter("guo"), "防滑")


def test_a_number_with_or_without_its_zeros(stage: Stage, enter: Enter) -> None:
    report(stage, "灯不亮了")
    for number in ("1", "0001"):
        assert "<mark>0001</mark>" in ask(enter("zhao"), number), number
    assert "没有找到" in ask(enter("zhao"), "9")


def test_one_character_is_too_few_and_says_so(stage: Stage, enter: Enter) -> None:
    report(stage, "灯不亮了")
    page = ask(enter("zhao"), "灯")
    assert "请至少输入两个字" in page and "matter-card" not in page
    assert "matter-card" in ask(enter("zhao"), "不 亮"), "typed with a space after each character"


def test_state_and_place_narrow_what_is_found(stage: Stage, enter: Enter) -> None:
    report(stage, "楼道灯一")
    solve(stage, report(stage, "楼道灯二", place="3-1-101"))
    zhao = enter("zhao")
    assert "道灯</mark>二" in ask(zhao, "道灯", state="ended") and "道灯</mark>一" not in ask(
        zhao, "道灯", state="ended"
    )
    assert "道灯</mark>一" not in ask(zhao, "道灯", place="xfl/e1/3/3-1")
    assert ask(zhao, "道灯", place="xfl/g1").count("matter-card") == 2, "a grid covers its buildings"


def test_nobody_finds_what_he_may_not_see(stage: Stage, enter: Enter) -> None:
    hidden = report(stage, "家里的悄悄话")
    Matter.objects.filter(pk=hidden.matter_id).update(audience=Matter.PARTIES_ONLY)
    assert "悄悄话</mark>" in ask(enter("lin"), "悄悄话"), "whoever raised it does"
    for login in ("zhao", "guo"):
        assert "matter-card" not in ask(enter(login), "悄悄话")
    report(stage, "三楼楼道灯不亮了")
    assert "matter-card" not in ask(enter("guo"), "楼道灯")


def test_what_is_typed_is_shown_as_text(stage: Stage, enter: Enter) -> None:
    report(stage, "<b>灯</b>不亮了")
    page = ask(enter("zhao"), "<b>不亮")
    assert "&lt;b&gt;灯&lt;/b&gt;<mark>不亮</mark>了" in page and "<b>灯" not in page
    assert (
        enter("zhao").get(reverse("portal:search"), {"q": "x' OR 1=1 --", "page": "x", "state": "?"}).status_code == 200
    )


LETTERS = "楼道灯aAＡ①İß 1"  # some change their length when they are folded


@given(st.text(LETTERS, max_size=30), st.lists(st.text(LETTERS, min_size=1, max_size=4), max_size=3))
def test_cutting_loses_no_character(words: str, asked: list[str]) -> None:
    cut = bits(words, tuple(asked))
    assert "".join(bit.text for bit in cut) == words


@pytest.mark.parametrize("number", [2, 25])
def test_a_search_costs_the_same_however_much_is_found(
    stage: Stage, enter: Enter, query_budget: Budget, number: int
) -> None:
    for n in range(number):
        report(stage, f"第 {n} 盏楼道灯", hours=n + 1)
    browser = enter("zhao")
    browser.get(reverse("portal:home"))
    with query_budget(10):
        page = ask(browser, "楼道灯")
    assert page.count("matter-card") == min(number, 20)


@pytest.mark.parametrize("width", ["phone", "narrow", "desk"])
def test_search_in_a_browser_from_the_dock(committed_stage: Stage, open_page: OpenPage, width: str) -> None:
    report(committed_stage, "三楼楼道灯不亮了")
    page = sign_in(open_page(width), committed_stage, "zhao", large=width == "narrow")
    page.get_by_role("link", name="大家的事").first.click()
    page.wait_for_url("**/common")
    page.get_by_label("找一件事").fill("道灯")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="三楼楼道灯不亮了").wait_for()
    looked_at(page)
