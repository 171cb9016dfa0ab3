"""Several places in one field: what was said is found, or told with the nearest right name; on each kind of form."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from weizhi.charters.loading import load
from weizhi.deliberation.actions.check_in import check_in
from weizhi.deliberation.models import Item, Sitting
from weizhi.deliberation.tests.test_meeting import CHARTER, EVENING, THURSDAY
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter, Step
from weizhi.matters.tests.conftest import Stage, committed_stage
from weizhi.matters.tests.test_kinds import adopt
from weizhi.places.models import Place
from weizhi.portal.picking.asking import NAMES_AT_MOST, PRESSED, known_in
from weizhi.portal.picking.listing import Listed, counted
from weizhi.portal.picking.naming import Names
from weizhi.portal.tests.conftest import Enter, some_key
from weizhi.portal.tests.test_browser import OpenPage, looked_at, sign_in
from weizhi.portal.tests.test_pages import text
from weizhi.record import clock
from weizhi.record.actions.add_places import NewPlace, add_places
from weizhi.record.actions.adopt_charter import adopt_charter
from weizhi.record.models import Payload

__all__ = ["committed_stage"]

Budget = Callable[[int], AbstractContextManager[None]]
PAGE = 10
SPACE: Final = UUID(int=7)

# --- what was said, and nothing else -------------------------------------------------------------------

ROWS = [
    ("xfl/e1", "estate", "翠竹苑"), ("xfl/e1/3", "building", "3 号楼"), ("xfl/e1/3/3-1", "stairwell", "1 单元"),
    ("xfl/e1/3/3-2", "stairwell", "2 单元"), ("xfl/e1/5", "building", "5 号楼"),
    ("xfl/e1/5/5-2", "stairwell", "2 单元"),
    ("xfl/e1/13", "building", "13 号楼"), ("xfl/e1/bins", "space", "3 号楼前投放点"),
    ("xfl/e1/square", "space", "小广场"),
    ("xfl/e2", "estate", "翠竹苑北区"), ("xfl/e2/b3", "building", "3 号楼"), ("xfl/e2/b8", "building", "8 号楼"),
    ("xfl/e2/b8/b8-w", "stairwell", "西单元"), ("xfl/e2/shed1", "space", "车棚"), ("xfl/e2/shed2", "space", "车棚"),
    ("xfl/g1", "grid", "第一网格"), ("xfl/and", "space", "和平亭"), ("xfl/two", "space", "东门、西门"),
]  # fmt: skip
PLACES = counted((uuid5(SPACE, path), path, kind, path.rpartition("/")[2], name) for path, kind, name in ROWS)
NAMES = Names(PLACES)


def codes(places: tuple[Listed, ...]) -> str:
    return " ".join(one.code for one in places)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("5号楼、5号楼2单元、小广场", "5 5-2 square"), ("五号楼，八栋；\n小广场。", "5 b8 square"), ("5", "5"),
        ("翠竹苑3号楼、翠竹苑北区 3 号楼、翠竹苑北区的8号楼", "3 b3 b8"), ("北区", "e2"), ("翠竹苑", "e1"),
        ("5号楼和8号楼", "5 b8"), ("5号楼 8号楼 和平亭", "5 b8 and"), ("5和8号楼", "5 b8"), ("13 5", "13 5"),
        ("3-1、2单元", "3-1 3-2"), ("5号楼2单元、翠竹苑3号楼1单元、2单元", "5-2 3-1 3-2"), ("8栋西单元", "b8-w"),
        ("3号楼前投放点、3 号楼前投放点", "bins"), ("第一网格", "g1"), ("shed2", "shed2"), ("", ""), ("、 ，\n", ""),
    ],
)  # fmt: skip
def test_what_people_say_is_found_each_once_and_in_their_order(said: str, meant: str) -> None:
    found = NAMES.heard(said)
    assert (codes(found.places), found.unsure) == (meant, ())


@pytest.mark.parametrize(
    ("said", "unsure", "several"),
    [
        ("3号楼", "3号楼", "3 b3"), ("小广场、3号楼", "3号楼", "3 b3"), ("车棚", "车棚", "shed1 shed2"),
        ("2单元", "2单元", "3-2 5-2"), ("小广场、2单元", "2单元", ""), ("5号楼旁边", "5号楼旁边", ""),
        ("5号楼2单元门口", "5号楼2单元门口", ""), ("5-2-301", "5-2-301", ""), ("5号楼9单元", "5号楼9单元", ""),
        ("5号楼和那边", "5号楼和那边", ""), ("9号楼", "9号楼", ""), ("翠竹苑北区5号楼", "翠竹苑北区5号楼", ""),
        ("5号楼、9单元", "9单元", ""), ("3-5号楼", "3-5号楼", ""),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_told_and_never_guessed(said: str, unsure: str, several: str) -> None:
    (told,) = NAMES.heard(said).unsure
    assert (told.said, codes(told.several)) == (unsure, several)


def test_every_place_has_a_name_by_which_it_alone_is_found() -> None:
    names = NAMES.right
    assert names[uuid5(SPACE, "xfl/e2/b3")] == "翠竹苑北区 3 号楼" and names[uuid5(SPACE, "xfl/e1/5")] == "5 号楼"
    for one in PLACES:
        assert NAMES.heard(names[one.pk]).places == (one,), names[one.pk]
    assert NAMES.heard("、".join(names.values())).places == PLACES


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("小广厂", "小广场"),
        ("5号楼9单元", "5 号楼 2 单元"),
        ("5号搂", "5 号楼"),
        ("翠竹苑北区9号楼", "8 号楼"),
        ("x", ""),
    ],
)
def test_the_nearest_right_name_is_offered(said: str, near: str) -> None:
    assert NAMES.nearest(said) == near


# --- a first step --------------------------------------------------------------------------------------


@pytest.fixture
def town(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(clock, "now", lambda: stage.now)
    cache.clear()
    return grown(stage)


def grown(stage: Stage) -> Stage:
    """Two estates, together more buildings than anybody would look through, partly numbered alike."""
    more = [NewPlace("estate", "e2", "幸福里二期"), NewPlace("space", "bins", "南门投放点")]
    more += [NewPlace("building", f"{n}", f"{n} 号楼", "e1") for n in range(4, 21)]
    more += [NewPlace("building", f"b{n}", f"{n} 号楼", "e2") for n in range(10, 31)]
    stage.places |= add_places(stage.community, more, at=stage.now)
    Place.objects.update(longitude=113.9, latitude=30.6)
    return stage


def in_force(stage: Stage, name: str) -> None:
    adopt_charter(stage.community, load(name), at=stage.later(seconds=1))


def form(client: Client, kind: str) -> str:
    page = client.get(reverse("portal:report"), {"kind": kind, "whole": "1"})
    assert page.status_code == 200
    return str(page.content.decode())


def raised(client: Client, stage: Stage, kind: str, **said: Any) -> HttpResponse:
    sent = {"kind": kind, "words": "挪到门口", "place": str(stage.places["e1"].pk), "key": some_key(), "anyway": "yes"}
    answer: HttpResponse = client.post(reverse("portal:report"), {**sent, "by_name": ["old[]", "new[]"], **said})
    return answer


def stored(step: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in Payload.objects.filter(entry__step=step, part__startswith="fields"):
        found |= part.read()
    return found


def ids(stage: Stage, *wanted: str) -> list[str]:
    return [str(stage.places[code].pk) for code in wanted]


@pytest.mark.parametrize(("charter", "kind"), [("licheng", "move"), ("cuizhuyuan", "trial-run")])
def test_where_places_are_many_they_are_named(
    town: Stage, enter: Enter, query_budget: Budget, charter: str, kind: str
) -> None:
    in_force(town, charter)
    chen = enter("chen")
    form(chen, kind)
    with query_budget(PAGE):
        page = form(chen, kind)
    assert 'type="checkbox"' not in page and page.count('name="by_name"') == 2
    areas = re.findall(r'<textarea[^>]*name="(old|new)\[\]"', page)
    assert areas == ["old", "new"]
    example = known_in(town.community.pk).example(("building", "stairwell", "space"))
    assert f"比如“{example}”" in page and not known_in(town.community.pk).names.heard(example).unsure
    done = raised(chen, town, kind, **{"old[]": "幸福里一期10号楼，3号楼2单元\n中心广场", "new[]": "南门投放点"})
    assert done.status_code == 302
    assert stored("plan") == {"old": ids(town, "10", "3-2", "square"), "new": ids(town, "bins")}


def test_what_is_not_sure_is_refused_at_its_field_and_nothing_is_lost(town: Stage, enter: Enter) -> None:
    in_force(town, "licheng")
    said = {"old[]": "小广场、12号楼 、3号楼9单元、龙王庙", "new[]": "南门投放点"}
    answer = raised(enter("chen"), town, "move", **said)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Matter.objects.exists()
    wrong = re.search(r'id="f-old\[\]-error">(.*?)</p>', page, re.S)
    assert wrong is not None
    for told in (
        "没有叫“小广场”的地方，最接近的是“中心广场”。",
        "“12号楼”有 2 处，请写全，比如“幸福里一期 12 号楼”、“幸福里二期 12 号楼”。",
        "没有叫“3号楼9单元”的地方，最接近的是“3 号楼 ",
        "还有 1 处也没认出来。",
    ):
        assert told in wrong[1], told
    assert 'id="f-new[]-error"' not in page and 'href="#f-old[]"' in page
    assert f">{said['old[]']}</textarea>" in page and ">南门投放点</textarea>" in page and "挪到门口</textarea>" in page


def test_what_is_missing_too_much_or_strange_is_said(town: Stage, enter: Enter) -> None:
    in_force(town, "licheng")
    chen = enter("chen")
    none = raised(chen, town, "move", **{"old[]": " 、", "new[]": "南门投放点"})
    assert none.status_code == 422 and "还缺“现在在哪几处”。请填上再发。" in text(none)
    many = raised(chen, town, "move", **{"old[]": "、".join(["龙王庙"] * (NAMES_AT_MOST + 1)), "new[]": "南门投放点"})
    assert many.status_code == 422 and f"一次最多写 {NAMES_AT_MOST} 处" in text(many)
    markup = raised(chen, town, "move", **{"old[]": "<b>庙", "new[]": "南门投放点"})
    assert (
        markup.status_code == 422
        and "<b>庙" not in markup.content.decode()
        and "&lt;b&gt;庙" in markup.content.decode()
    )
    next_door = raised(chen, town, "move", **{"old[]": "9号楼、光明里", "new[]": "南门投放点"})
    assert next_door.status_code == 422 and "光明里”，" not in text(next_door), "of another community nothing is told"


def test_ids_are_taken_as_ever_with_and_without_names_beside_them(town: Stage, enter: Enter) -> None:
    in_force(town, "licheng")
    said = {"old[]": [*ids(town, "3", "4"), "中心广场、3号楼2单元"], "new[]": ids(town, "bins"), "by_name": []}
    assert raised(enter("chen"), town, "move", **said).status_code == 422, "this form does not say that it has names"
    assert raised(enter("chen"), town, "move", **{**said, "by_name": "old[]"}).status_code == 302
    assert stored("plan") == {"old": ids(town, "3", "4", "square", "3-2"), "new": ids(town, "bins")}


def test_where_they_are_few_they_are_ticked_and_the_rest_is_named(stage: Stage, enter: Enter) -> None:
    in_force(stage, "licheng")
    Place.objects.update(longitude=113.9, latitude=30.6)
    chen = enter("chen")
    page = form(chen, "move")
    ticks = re.findall(r'type="checkbox" name="old\[\]" value="([^"]+)"', page)
    assert set(ticks) == set(ids(stage, "e1", "3", "square", "g1", "g2")) and len(ticks) <= PRESSED
    assert "<textarea" not in page.partition('name="old[]"')[2].partition("</fieldset>")[0]
    said = {"old[]": [*ids(stage, "3"), "3号楼三单元"], "new[]": ids(stage, "square")}
    refused = raised(chen, stage, "move", **said)
    page = refused.content.decode()
    assert refused.status_code == 422 and "没有叫“3号楼三单元”的地方，最接近的是“3 号楼 " in page
    assert re.findall(r'name="(\w+)\[\]" value="([^"]+)" checked', page) == [
        ("old", ids(stage, "3")[0]), ("new", ids(stage, "square")[0]),
    ]  # fmt: skip
    assert 'name="old[]" value="3号楼三单元"' in page
    assert raised(chen, stage, "move", **{**said, "old[]": [*ids(stage, "3"), "3号楼二单元"]}).status_code == 302
    assert stored("plan")["old"] == ids(stage, "3", "3-2")


def test_without_a_script_what_was_named_stands_while_the_list_is_looked_at(town: Stage, enter: Enter) -> None:
    in_force(town, "licheng")
    sent = {"kind": "move", "words": "挪", "by_name": "old[]", "old[]": "中心广场、3号楼9单元", "look": "list"}
    found = enter("chen").post(reverse("portal:report"), sent)
    assert found.status_code == 200 and ">中心广场、3号楼9单元</textarea>" in found.content.decode()


# --- a later step --------------------------------------------------------------------------------------

LATER = """
then = "do"
[procedures.thing.steps.do]
kind = "handle"
by = ["property"]
fields = [
  { key = "where", type = "places", title = "查了哪些地方", required = true, only_for = ["done"] },
  { key = "spot", type = "place", title = "最坏的一处" },
]
outcomes = { done = "done", cannot = "no" }
"""


@pytest.fixture
def later(town: Stage) -> Done:
    adopt(town, LATER)
    done: Done = town.report(kind="thing", words="一件事")
    return done


def acted(client: Client, done: Done, outcome: str = "done", **said: Any) -> HttpResponse:
    sent = {"verb": "handle", "step": str(Step.objects.get(matter=done.matter_id, key="do").pk), "key": some_key()}
    sent |= {"outcome": outcome, "words": "去看了"}
    answer: HttpResponse = client.post(
        reverse("portal:act", args=[done.matter_id]), {**sent, "by_name": ["where[]", "spot"], **said}
    )
    return answer


def test_a_later_step_is_filled_in_on_the_page(town: Stage, later: Done, enter: Enter, query_budget: Budget) -> None:
    chen, url = enter("chen"), reverse("portal:matter", args=[later.matter_id])
    chen.get(url)
    with query_budget(PAGE):
        page = chen.get(url).content.decode()
    assert 'name="where[]"' in page and 'name="spot"' in page and page.count('name="by_name"') == 2
    assert acted(chen, later, **{"where[]": "3号楼、南门投放点", "spot": ""}).status_code == 302
    assert stored("do") == {"where": ids(town, "3", "bins")}


def test_one_place_is_one(town: Stage, later: Done, enter: Enter) -> None:
    chen = enter("chen")
    two = acted(chen, later, "cannot", spot="3号楼、中心广场")
    assert two.status_code == 422 and "这里只写一处，您写了 2 处。请留下一处。" in text(two)
    assert 'value="3号楼、中心广场"' in two.content.decode() and "去看了</textarea>" in two.content.decode()
    assert acted(chen, later, "cannot", spot="三号楼二单元").status_code == 302
    assert stored("do") == {"spot": ids(town, "3-2")[0]}


def test_a_refusal_at_a_later_step_stands_at_its_field(town: Stage, later: Done, enter: Enter) -> None:
    answer = acted(enter("chen"), later, **{"where[]": "12号楼"})
    page = answer.content.decode()
    assert answer.status_code == 422 and ">12号楼</textarea>" in page
    assert re.search(r'id="a\d-where\[\]-error">', page) and "“幸福里二期 12 号楼”" in page


def test_whom_it_does_not_concern_no_place_is_named(town: Stage, later: Done, enter: Enter) -> None:
    answer = acted(enter("guo"), later, **{"where[]": "12号楼"})
    assert answer.status_code == 404 and "幸福里二期" not in answer.content.decode()
    assert acted(enter("chen"), later, "cannot", spot="").status_code == 302
    over = acted(enter("chen"), later, **{"where[]": "12号楼"})
    assert "12 号楼" not in text(over) and over.status_code != 302, "the step is closed, and that is said"


def test_ids_go_through_at_a_later_step_and_the_api_asks_for_them(town: Stage, later: Done, enter: Enter) -> None:
    chen = enter("chen")
    assert acted(chen, later, by_name=[], **{"where[]": ids(town, "3", "4")}).status_code == 302
    assert stored("do") == {"where": ids(town, "3", "4")}


def test_few_places_stand_at_a_later_step(stage: Stage, enter: Enter) -> None:
    adopt(stage, LATER)
    done: Done = stage.report(kind="thing", words="一件事")
    page = enter("chen").get(reverse("portal:matter", args=[done.matter_id])).content.decode()
    assert f'type="checkbox" name="where[]" value="{stage.places["3"].pk}"' in page
    assert f'type="radio" name="spot" value="{stage.places["3-2"].pk}"' in page, "one of a list may be a stairwell too"


# --- a meeting -----------------------------------------------------------------------------------------

ASKED = '{ key = "seen", type = "places", title = "会前看了哪些地方"'
MET = CHARTER.replace(
    'quorum = { seats = "3/4" }',
    f'quorum = {{ seats = "3/4" }}\nfields = [{ASKED}, required = true, only_for = ["held"] }}]',
).replace('invite = ["resident"]', f'invite = ["resident"]\nfields = [{ASKED} }}]')


def test_at_a_meeting_places_are_named_for_a_matter_and_at_its_close(
    town: Stage, enter: Enter, query_budget: Budget
) -> None:
    town.adopt(MET)
    town.report("lin", kind="topic", words="楼道灯太暗", place="3-2")
    done = town.report("wang", kind="meeting", words="本月议事", place="3-2", data={"day": THURSDAY.isoformat()})
    run_due(EVENING - timedelta(days=2))
    town.now = EVENING - timedelta(minutes=20)
    sitting = Sitting.objects.get(matter=done.matter_id)
    for login in ("wang", "chen", "zhou"):
        check_in(sitting.pk, by=town.people[login], at=town.later(minutes=1))
    town.act(done, "open-sitting", "wang")
    wang, url = enter("wang"), reverse("portal:meeting", args=[done.matter_id])
    wang.get(url)
    with query_budget(PAGE):
        page = wang.get(url).content.decode()
    assert page.count('name="seen[]"') == 2

    def sent(verb: str, step: str, **more: str) -> Any:
        said = {"verb": verb, "step": step, "key": some_key(), "by_name": "seen[]", **more}
        return wang.post(url, said, follow=True)

    item = str(Item.objects.get().step_id)
    wrong = sent("meet", item, outcome="agreed", words="装", **{"seen[]": "12号楼"})
    assert wrong.status_code == 422 and ">12号楼</textarea>" in wrong.content.decode()
    assert "“幸福里一期 12 号楼”" in text(wrong)
    sent("meet", item, outcome="agreed", words="装", **{"seen[]": "中心广场、3号楼2单元"})
    assert stored("meet") == {"seen": ids(town, "square", "3-2")}
    wrong = sent("sit", "held", outcome="held", **{"seen[]": "12号楼"})
    assert wrong.status_code == 422 and "“幸福里一期 12 号楼”" in text(wrong)
    assert "散会了" in text(sent("sit", "held", outcome="held", **{"seen[]": "3号楼"}))
    assert stored("sit") == {"seen": ids(town, "3")}


# --- in a browser --------------------------------------------------------------------------------------


def test_places_are_named_on_a_small_telephone_in_large_type(committed_stage: Stage, open_page: OpenPage) -> None:
    stage = grown(committed_stage)
    in_force(stage, "licheng")
    page = sign_in(open_page("narrow"), stage, "chen", large=True)
    page.goto("/report?kind=move&whole=1&at=xfl/e1")
    page.get_by_label("挪什么、为什么").fill("合并投放点")
    page.get_by_label("现在在哪几处").fill("幸福里一期10号楼、12号楼")
    page.get_by_label("要挪到哪几处").fill("南门投放点")
    looked_at(page)
    page.get_by_role("button", name="报上去").click()
    page.get_by_role("alert").get_by_role("link").click()
    assert page.get_by_label("现在在哪几处").evaluate("field => field === document.activeElement")
    page.get_by_text("“12号楼”有 2 处").first.wait_for()
    looked_at(page)
    page.get_by_label("现在在哪几处").fill("幸福里一期10号楼、幸福里一期12号楼")
    page.get_by_role("button", name="报上去").click()
    page.get_by_text("收到了。").wait_for()
    assert stored("plan") == {"old": ids(stage, "10", "12"), "new": ids(stage, "bins")}


def test_ticks_and_the_line_beneath_on_a_small_telephone(committed_stage: Stage, open_page: OpenPage) -> None:
    in_force(committed_stage, "licheng")
    page = sign_in(open_page("narrow"), committed_stage, "chen", large=True)
    page.goto("/report?kind=move&whole=1")
    asked = page.get_by_role("group", name="现在在哪几处")
    asked.get_by_label("中心广场").check()
    asked.get_by_role("textbox").fill("3号楼9单元")
    page.get_by_role("button", name="报上去").click()
    asked.get_by_text("没有叫“3号楼9单元”的地方").wait_for()
    assert asked.get_by_label("中心广场").is_checked() and asked.get_by_role("textbox").input_value() == "3号楼9单元"
    looked_at(page)
