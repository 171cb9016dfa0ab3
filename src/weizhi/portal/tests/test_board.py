"""What everybody may see: who has what, the rates with their denominators, where matters come from."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from weizhi.matters.actions.act import act, raise_matter
from weizhi.matters.actions.done import Done
from weizhi.matters.tests.conftest import Stage
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import text

Budget = Callable[[int], AbstractContextManager[None]]
PAGES = 10


def report(stage: Stage, words: str, hours: int = 1, by: str = "lin", place: str = "3-2-301") -> Done:
    at = timezone.now() - timedelta(hours=hours)
    person, where = stage.people[by], stage.places[place].pk
    return raise_matter(stage.community, "report", by=person, data={"words": words}, place=where, at=at)


def solve(stage: Stage, done: Done) -> None:
    steps = [("zhou", "sort", "ours"), ("chen", "handle", "done"), ("zhou", "check", "passed"), ("lin", "rate", "good")]
    for login, verb, outcome in steps:
        act(done.matter_id, verb, by=stage.people[login], outcome=outcome, at=timezone.now())


def test_the_board_says_who_has_each_matter_and_since_when(stage: Stage, enter: Enter) -> None:
    report(stage, "楼道灯坏了")
    solve(stage, report(stage, "井盖松了"))
    page = text(enter("zhao").get(reverse("portal:common")))
    assert "楼道灯坏了" in page and "在网格员手里" in page and "起" in page
    assert "井盖松了" in page and "最近办好的" in page
    assert "林姨" not in page and "小周" not in page, "titles of posts, nobody's name"


def test_rates_stand_with_their_denominators_and_what_is_left_out(stage: Stage, enter: Enter) -> None:
    solve(stage, report(stage, "楼道灯坏了", hours=3))
    gone = report(stage, "看错了", hours=2)
    act(gone.matter_id, "withdraw", by=stage.people["lin"], data={"words": "看错了"}, at=timezone.now())
    report(stage, "刚报的")
    page = text(enter("zhao").get(reverse("portal:common")))
    assert "响应率 100 % 1 件里 1 件" in page.replace("100%", "100 %")
    assert "不算：1 件，报的人自己撤回了" in page
    assert "不算：1 件，刚报上来，还在期限里" in page
    assert "1 次评价里 1 次" in page


def test_an_empty_community_has_no_percentages(stage: Stage, enter: Enter) -> None:
    page = text(enter("zhao").get(reverse("portal:common")))
    assert "这 12 周还没有可数的" in page and "%" not in page
    assert enter("zhao").get(reverse("portal:figures")).status_code == 200


def test_the_figures_tell_where_matters_come_from(stage: Stage, enter: Enter) -> None:
    report(stage, "楼道灯坏了", hours=3)
    report(stage, "巡查看到的", hours=2, by="zhou")
    page = text(enter("zhao").get(reverse("portal:figures")))
    assert "2 件里 1 件是居民提的" in page
    assert "社区自己" in page and "第一网格" in page and "还没有分类" in page
    assert page.count("从这天起的 7 天") == 2, "each chart has its table"


def test_another_community_is_neither_listed_nor_counted(stage: Stage, enter: Enter) -> None:
    report(stage, "楼道灯坏了")
    guo = enter("guo")
    assert "楼道灯" not in text(guo.get(reverse("portal:common")))
    assert "12 周里报上来 0 件" in text(guo.get(reverse("portal:figures")))


def test_what_only_some_may_read_is_counted_without_its_category_or_place(stage: Stage, enter: Enter) -> None:
    from weizhi.matters.models import Matter

    hidden = report(stage, "家里的事")
    Matter.objects.filter(pk=hidden.matter_id).update(audience=Matter.PARTIES_ONLY, category="disputes")
    board = text(enter("zhao").get(reverse("portal:common")))
    figures = text(enter("zhao").get(reverse("portal:figures")))
    assert "家里的事" not in board + figures
    assert "只给有关的人看的" in figures and "邻里纠纷" not in figures and "第一网格" not in figures


def test_a_list_of_all_turns_its_pages(stage: Stage, enter: Enter) -> None:
    for n in range(22):
        report(stage, f"第 {n} 件")
    zhao = enter("zhao")
    assert "全部" in text(zhao.get(reverse("portal:common")))
    first = zhao.get(reverse("portal:common"), {"view": "open"})
    assert "?view=open&amp;page=2" in first.content.decode()
    second = zhao.get(reverse("portal:common"), {"view": "open", "page": "2"})
    assert second.content.decode().count("matter-card") == 2
    assert zhao.get(reverse("portal:common"), {"view": "nonsense", "page": "9999"}).status_code == 200


@pytest.mark.parametrize("number", [2, 20])
@pytest.mark.parametrize("name", ["common", "figures"])
def test_a_page_costs_the_same_however_much_there_is(
    stage: Stage, enter: Enter, query_budget: Budget, name: str, number: int
) -> None:
    for n in range(number):
        done = report(stage, f"第 {n} 件", hours=n + 1)
        if n % 2:
            solve(stage, done)
    browser = enter("zhao")
    browser.get(reverse("portal:home"))  # charters and names are read once in a process
    with query_budget(PAGES):
        assert browser.get(reverse(f"portal:{name}")).status_code == 200
