"""Lists as tables: what the page shows and no more, formulas stay words, what is personal leaves an entry behind."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from weizhi.matters.actions.act import act
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.portal.taking import sheet, table
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_board import report, solve
from weizhi.record.models import Entry

Budget = Callable[[int], AbstractContextManager[None]]
HANDED = "hand-out"


def take(client: Client, name: str = "search-table", **asked: str) -> bytes:
    answer = client.post(reverse(f"portal:{name}") + "?" + "&".join(f"{key}={value}" for key, value in asked.items()))
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    return answer.getvalue()


def rows_of(file: bytes) -> list[dict[str, Any]]:
    head, *rows = load_workbook(BytesIO(file))["事项"].iter_rows()
    return [dict(zip([cell.value for cell in head], row, strict=True)) for row in rows]


def told_by(file: bytes) -> str:
    return "\n".join(f"{name.value}:{words.value}" for name, words in load_workbook(BytesIO(file))["说明"].iter_rows())


def test_a_table_holds_what_the_search_found(stage: Stage, enter: Enter) -> None:
    report(stage, "三楼楼道灯不亮了", place="3")
    solve(stage, report(stage, "二楼楼道灯不亮了", place="3"))
    report(stage, "垃圾桶满了")
    rows = rows_of(take(enter("zhao"), q="楼道灯"))
    assert {row["什么事"].value for row in rows} == {"三楼楼道灯不亮了", "二楼楼道灯不亮了"}
    still = next(row for row in rows if row["编号"].value == "0001")
    assert (
        still["在谁手里"].value == "网格员"
        and still["在哪里"].value == "3 号楼"
        and still["办到哪里"].value == "正在办"
    )
    assert isinstance(still["报上来"].value, datetime) and still["结束"].value is None
    assert isinstance(next(row for row in rows if row is not still)["结束"].value, datetime)


@pytest.mark.parametrize("words", ['=HYPERLINK("http://x","灯")', "+1 灯", "-灯坏了", "@灯坏了", "=1+1"])
def test_what_begins_like_a_formula_stays_words(stage: Stage, enter: Enter, words: str) -> None:
    done = report(stage, words, place="3")
    title = Matter.objects.get(pk=done.matter_id).title
    (row,) = rows_of(take(enter("zhao"), state="open"))
    cell = row["什么事"]
    assert (cell.value, cell.data_type) == (title, "s")
    assert cell.quotePrefix, "words, also after somebody edits the cell"


def test_control_characters_do_not_break_the_file(stage: Stage, enter: Enter) -> None:
    done = report(stage, "灯坏了", place="3")
    Matter.objects.filter(pk=done.matter_id).update(title="灯\x0b坏\x01了")
    assert rows_of(take(enter("zhao"), state="open"))[0]["什么事"].value == "灯坏了"


def test_nobody_takes_along_what_he_may_not_see(stage: Stage, enter: Enter) -> None:
    hidden = report(stage, "家里的悄悄话")
    Matter.objects.filter(pk=hidden.matter_id).update(audience=Matter.PARTIES_ONLY)
    report(stage, "楼道灯坏了", place="3")
    assert {row["什么事"].value for row in rows_of(take(enter("zhao"), state="open"))} == {"楼道灯坏了"}
    assert len(rows_of(take(enter("lin"), state="open"))) == 2
    assert rows_of(take(enter("guo"), state="open")) == []


def test_what_everybody_may_read_leaves_without_an_entry(stage: Stage, enter: Enter) -> None:
    report(stage, "楼道灯坏了", place="3")
    take(enter("zhao"), state="open")
    assert not Entry.objects.filter(verb=HANDED).exists()


def test_what_is_personal_leaves_an_entry_with_the_hash_of_the_file(stage: Stage, enter: Enter) -> None:
    report(stage, "我家漏水", place="3-2-301")
    report(stage, "楼道灯坏了", place="3")
    file = take(enter("zhou"), state="open", q="漏水 水管")
    assert not rows_of(file) and not Entry.objects.filter(verb=HANDED).exists(), "nothing found, nothing left"
    file = take(enter("zhou"), state="open")
    entry = Entry.objects.get(verb=HANDED)
    assert entry.actor == stage.people["zhou"] and entry.holding is not None and entry.stream.kind == "people"
    assert entry.public == {"form": "table", "rows": 2, "personal": 1, "sha256": sha256(file).hexdigest()}
    assert entry.parts.get().body == {"state": "open"}
    assert "其中 1 件写着住户" in told_by(file) and "小周" in told_by(file)


def test_the_work_table_leaves_in_its_order(stage: Stage, enter: Enter) -> None:
    first = report(stage, "先报的", hours=5, place="3")
    report(stage, "后报的", hours=1, place="3")
    solve(stage, first)
    rows = rows_of(take(enter("zhou"), "desk-table"))
    assert [row["什么事"].value for row in rows] == ["后报的"]
    assert [row["什么事"].value for row in rows_of(take(enter("zhou"), "desk-table", view="ended"))] == ["先报的"]
    assert enter("lin").post(reverse("portal:desk-table")).status_code == 302, "the desk is where a post works"


def test_a_table_that_is_cut_says_so(stage: Stage, enter: Enter, monkeypatch: Any) -> None:
    monkeypatch.setattr(table, "AT_MOST", 2)
    for n in range(3):
        report(stage, f"第 {n} 件", place="3")
    file = take(enter("zhao"), state="open")
    assert len(rows_of(file)) == 2 and "只有前 2 件" in told_by(file)


@pytest.mark.parametrize("number", [2, 20])
def test_a_table_costs_the_same_for_each_five_hundred(
    stage: Stage, enter: Enter, query_budget: Budget, number: int
) -> None:
    for n in range(number):
        report(stage, f"第 {n} 件", hours=n + 1, place="3")
    browser = enter("zhao")
    browser.get(reverse("portal:home"))
    with query_budget(10):
        assert len(rows_of(take(browser, state="open"))) == number


def test_looking_takes_nothing_along(stage: Stage, enter: Enter) -> None:
    for name in ("search-table", "desk-table"):
        assert enter("zhou").get(reverse(f"portal:{name}")).status_code == 405


# --- one matter on paper -------------------------------------------------------------------------------


def test_a_matter_on_paper_tells_its_story_with_marks_and_seal(stage: Stage, enter: Enter) -> None:
    done = report(stage, "楼道灯坏了", place="3")
    act(done.matter_id, "note", by=stage.people["zhou"], data={"words": "先别声张"}, at=timezone.now())
    solve(stage, done)
    answer = enter("zhou").post(reverse("portal:matter-paper", args=[done.matter_id]))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")
    assert not Entry.objects.filter(verb=HANDED).exists(), "a lamp on the stairs is nobody's"
    matter = Matter.objects.select_related("community", "stream", "place__parent__parent").get(pk=done.matter_id)
    told = sheet.content(matter, standing(stage.people["zhou"], timezone.now()), "小周", timezone.now())
    said = str(told)
    assert "已办" in said and "已答复" in said and told["seal"] == "办好了"
    assert "先别声张" not in said, "inner remarks do not travel"
    assert str(told["address"]).endswith(f"/m/{done.matter_id}") and "<svg" in str(told["svg"])


def test_words_are_set_as_words_and_never_run(stage: Stage, enter: Enter) -> None:
    done = report(stage, '#read("/etc/passwd") $x$ *灯* <a>', place="3")
    answer = enter("zhao").post(reverse("portal:matter-paper", args=[done.matter_id]))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")


def test_a_home_on_paper_leaves_an_entry_and_outsiders_get_nothing(stage: Stage, enter: Enter) -> None:
    done = report(stage, "我家漏水", place="3-2-301")
    url = reverse("portal:matter-paper", args=[done.matter_id])
    assert enter("guo").post(url).status_code == 404
    paper = enter("zhou").post(url)
    entry = Entry.objects.get(verb=HANDED)
    assert entry.public["form"] == "paper" and entry.public["sha256"] == sha256(paper.content).hexdigest()
    assert entry.parts.get().body == {"matter": str(done.matter_id)}
    assert enter("zhou").get(url).status_code == 405
