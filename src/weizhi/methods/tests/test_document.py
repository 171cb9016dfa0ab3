"""docs/methods.md promises sentences; they must come out of the code as they stand there."""

import re

import pytest

from weizhi.methods.budgeting import Rule, count, explain, read_text
from weizhi.methods.elections.committee import CommitteeRule, first_round
from weizhi.methods.elections.sortition import draw
from weizhi.methods.owners import OwnersRule, Paper, Unit, owners_vote

BLOCK = re.compile(r"^```(\w+) ?([\w ]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def blocks(repository):
    found = BLOCK.findall((repository / "docs/methods.md").read_text(encoding="utf-8"))
    return {(kind, name): text for kind, name, text in found}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("greedy", Rule("greedy")),
        ("mes", Rule("mes")),
        ("mes add1", Rule("mes", completion="add1")),
        ("phragmen", Rule("phragmen")),
    ],
)
def test_budgets(blocks, name, rule):
    told = explain(count(read_text(blocks["pb", ""]), rule)).values()
    assert set(blocks["text", name].splitlines()) <= set(told)


def test_owners(blocks):
    roll = [Unit(f"h{n}", f"o{n}", 10_000) for n in range(12)]
    cast = [Paper(f"h{n}", "yes" if n < 5 else "no") for n in range(8)]
    notice = owners_vote(OwnersRule(7), roll, cast).notice
    assert all(line in notice for line in blocks["text", "owners"].splitlines())


def test_committee(blocks):
    ballots = [["林姨", "小周"]] * 20 + [["林姨"]] * 15 + [["赵律师"]] * 20 + [[]] * 5
    notice = first_round(CommitteeRule("households", 2), 100, ["林姨", "小周", "赵律师"], ballots).notice
    assert all(line in notice for line in blocks["text", "committee"].splitlines())


def test_draw(blocks):
    people = {"林姨": ("一网格",), "小周": ("一网格",), "王主任": ("二网格",), "赵律师": ("二网格",)}
    assert blocks["text", "draw"].strip() in draw(people, 2, "2026-05-01 开奖 0712").sentence
