"""The rules of dispatch tried on past reports: by the page of the committee and by the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from weizhi.cli import main
from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.test_sending import desk, photo
from weizhi.portal.tests.conftest import Enter
from weizhi.portal.tests.test_pages import text
from weizhi.record.models import Entry

__all__ = ["desk"]


@pytest.fixture
def past(desk: Stage) -> Stage:
    """Four reports: done by whom the rule names, done by others, not sorted yet, and of nothing that is known."""
    lamp = desk.report(words="三楼楼道灯坏了")
    desk.act(lamp, "sort", "zhou", "small", data={"category": "lighting", "to": ["property"]})
    desk.act(lamp, "handle", "chen", "done", evidence=[photo()])
    pipe = desk.report(words="水管漏了")
    desk.act(pipe, "sort", "zhou", "small", data={"category": "water", "to": ["committee"]})
    desk.act(pipe, "handle", "wang", "done", evidence=[photo()])
    desk.report(words="草坪都黄了，树也该修了")
    desk.report(words="想问一件说不清的事情", place="3")
    return desk


def test_the_page_counts_what_each_rule_would_have_taken(past: Stage, enter: Enter, query_budget: Any) -> None:
    wang, before = enter("wang"), Entry.objects.count()
    wang.get(reverse("portal:routing"))
    with query_budget(10):
        page = text(wang.get(reverse("portal:routing")))
    assert "第 1 条 维修 → 物业 因为公共管线归物业 办过的里，1 件" in page and "会管 2 件" in page
    assert "1 件当时就是他们办的，1 件是别人办的" in page
    assert "绿化（按原话猜的） · 第 2 条" in page
    assert "看不出是哪一类 · 没有规则" in page
    assert Entry.objects.count() == before, "a trial sends nothing"


@pytest.mark.parametrize(("rule", "shown", "hidden"), [("1", "水管漏了", "草坪"), ("0", "说不清", "水管漏了")])
def test_one_rule_can_be_looked_at(past: Stage, enter: Enter, rule: str, shown: str, hidden: str) -> None:
    page = text(enter("wang").get(reverse("portal:routing"), {"rule": rule}))
    assert shown in page and hidden not in page


def test_the_rules_are_the_committees(past: Stage, enter: Enter) -> None:
    refused = enter("zhou").get(reverse("portal:routing"))
    assert refused.status_code == 403 and "sending: levels.owner = committee" in text(refused)
    link = reverse("portal:routing")
    assert link in enter("wang").get(reverse("portal:desk")).content.decode()
    assert link not in enter("zhou").get(reverse("portal:desk")).content.decode()


# --- the command -----------------------------------------------------------------------------------------


def test_the_command_says_which_rule_and_why(past: Stage, capsys: Any) -> None:
    assert main(["reports", "dispatch", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "0001 三楼楼道灯坏了：照明 → 第 1 条，派给物业，因为公共管线归物业；当时是物业经理办的" in out
    assert "0003 草坪都黄了，树也该修了：绿化（按原话猜的） → 第 2 条，派给街道办事处" in out
    assert "一共 4 件，1 件没有规则管得到。" in out


def test_it_tries_a_charter_that_is_not_in_force(past: Stage, capsys: Any, tmp_path: Path) -> None:
    source = Path(__file__).resolve().parents[2] / "matters/tests/sending.toml"
    file = tmp_path / "sending.toml"
    file.write_text(source.read_text(encoding="utf-8").replace('categories = ["repair"]', 'categories = ["water"]'))
    assert main(["reports", "dispatch", "--dry-run", "--charter", str(file), "--json", "--last", "4"]) == 0
    rows = {row["number"]: row for row in json.loads(capsys.readouterr().out)["reports"]}
    assert {number: row["rule"] for number, row in rows.items()} == {1: 3, 2: 1, 3: 2, 4: None}
    assert (rows[2]["same"], rows[2]["had"], rows[3]["guessed"]) == (False, "居委会主任", True)


@pytest.mark.parametrize(
    "words", [[], ["--dry-run", "--community", "nowhere"], ["--dry-run", "--charter", "none.toml"]]
)
def test_what_it_cannot_do_it_says(past: Stage, capsys: Any, words: list[str]) -> None:
    assert main(["reports", "dispatch", *words]) in (1, 2)
    said = capsys.readouterr()
    assert said.err.startswith("weizhi reports dispatch：") and not said.out


def test_a_thousand_reports_take_as_few_questions(past: Stage, query_budget: Any) -> None:
    from weizhi.charters.loading import load
    from weizhi.reports.routing import tried

    charter = load(Path(__file__).resolve().parents[2] / "matters/tests/sending.toml")
    for n in range(30):
        past.report(words=f"第 {n} 件")
    with query_budget(3):
        assert len(list(tried(past.community, charter))) == 34
    assert timezone.now() > past.now
