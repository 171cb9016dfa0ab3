"""A sum shared out: who won, what each loser was short of, told so that it adds up."""

import re
from typing import Any

import pytest

from weizhi.decisions.sharing import Terms, page_of, shared

PROJECTS = [
    {"key": str(n), "n": n, "title": title, "cost": yuan * 100, "place": "中心广场"}
    for n, (title, yuan) in enumerate((("健身器材", 60_000), ("路灯", 40_000), ("坡道", 35_000), ("长椅", 12_000)), 1)
]
BALLOTS = [["1", "2"]] * 5 + [["1", "2", "4"]] * 2 + [["3"]] * 3 + [["3", "4"]] * 2
KEYS = [str(row["key"]) for row in PROJECTS]


def counted(method: str = "mes", ballots: list[list[str]] = BALLOTS, yuan: int = 100_000) -> dict[str, Any]:
    return shared(PROJECTS, Terms.drawn(yuan * 100, method, "cost", "add1", KEYS, "lot"), ballots)


def won(found: dict[str, Any]) -> list[str]:
    return [row["title"] for row in found["projects"] if row["place"] is not None]


def test_equal_shares_give_the_smaller_part_its_share_where_most_votes_take_all():
    assert won(counted("greedy")) == ["路灯", "健身器材"]
    assert won(counted("mes")) == ["路灯", "坡道", "长椅"]


def test_what_is_spent_and_what_is_left_make_the_sum():
    found = counted()
    assert found["spent"] == sum(row["cost"] for row in found["projects"] if row["place"] is not None)
    assert found["spent"] + found["left"] == found["amount"] == 10_000_000
    assert "12 人投了票" in page_of(found) and "还剩 13,000 元" in page_of(found)


@pytest.mark.parametrize("method", ["mes", "greedy", "greedy-per-cost", "phragmen"])
def test_every_loser_is_told_what_was_missing(method: str):
    for row in counted(method)["projects"]:
        assert row["plain"].startswith("选上了" if row["place"] is not None else "没有选上")
        if row["place"] is None:
            assert row["had"] + row["missing"] == row["cost"]
            short = r"还差(约)? [\d,.]+ 元" if row["missing"] else "装不下"
            assert re.search(short, row["plain"])
            assert len(row["plain"]) < 60, "one sentence"


def test_what_nobody_chose_says_so_and_blank_papers_count_as_voters():
    found = counted(ballots=[["2"], [], []], yuan=90_000)
    assert found["voters"] == 3
    assert {row["title"]: row["plain"] for row in found["projects"]}["坡道"] == "没有选上：没有人选它。"


def test_with_nothing_to_choose_or_nobody_who_votes_nothing_is_spent():
    empty = shared([], Terms.drawn(100, "mes", "cost", "add1", [], "lot"), [])
    assert (empty["projects"], empty["left"]) == ([], 100)
    assert won(counted(ballots=[])) == []


def test_the_lot_is_drawn_before_and_breaks_a_tie():
    twins = [{"key": key, "n": int(key), "title": key, "cost": 100, "place": ""} for key in ("1", "2")]
    first = {seed: Terms.drawn(100, "mes", "cost", "add1", ["1", "2"], seed) for seed in ("a", "b", "c", "d")}
    for terms in first.values():
        found = shared(twins, terms, [["1", "2"]])
        assert [row["key"] for row in found["projects"] if row["place"]] == [terms.lot[0]]
        assert Terms.from_row(terms.row()) == terms
    assert {terms.lot for terms in first.values()} == {("1", "2"), ("2", "1")}
