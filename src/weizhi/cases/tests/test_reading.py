"""A case with a fault is not played: each fault is told with its line and the nearest right name."""

import pytest

from weizhi.cases.reading import CaseError, read, read_text

GOOD = """[case]
name = "lamp"
title = "灯"
charter = "base"
starts = 2026-03-02T09:00:00
[cast]
lin = { status = "resident", home = "3-2-301" }
zhou = { post = "grid-officer", at = "g2" }
[[acts]]
at = "day 0 09:10"
by = "lin"
raise = "report"
as = "lamp"
words = "灯坏了"
photo = "lamp"
[[acts]]
at = "day 1 10:00"
by = "zhou"
matter = "lamp"
do = "sort"
outcome = "ours"
[[expect]]
matter = "lamp"
stands_at = "handle"
"""


def findings(text):
    with pytest.raises(CaseError) as error:
        read_text(text, "broken.toml")
    return error.value.findings


def test_the_good_one_is_read_in_the_order_of_its_lines():
    moved = GOOD.replace("[[expect]]", '[[advance]]\nto = "day 2 10:00"\n[[expect]]')
    kinds = [type(told.scene).__name__ for told in read_text(moved, "lamp.toml").order]
    assert kinds == ["Act", "Act", "Advance", "Expect"]


@pytest.mark.parametrize(
    ("was", "wrong", "line", "nearest"),
    [
        ('charter = "base"', 'charter = "bse"', 4, "base"),
        ('title = "灯"', 'titel = "灯"', 3, "title"),
        ('post = "grid-officer"', 'post = "grid-oficer"', 8, "grid-officer"),
        ('raise = "report"', 'raise = "reprot"', 12, "report"),
        ('photo = "lamp"', 'photo = "lmap"', 15, "lamp"),
        ('at = "day 1 10:00"\nby = "zhou"', 'at = "day 1 10:00"\nby = "zho"', 18, "zhou"),
        ('matter = "lamp"\ndo', 'matter = "lmp"\ndo', 19, "lamp"),
        ('do = "sort"', 'do = "sotr"', 20, "sort"),
        ('stands_at = "handle"', 'stands_at = "handel"', 24, "handle"),
        ('outcome = "ours"', 'outcom = "ours"', 21, "outcome"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_told_with_its_line_and_the_nearest_right_one(was, wrong, line, nearest):
    assert was in GOOD
    found = findings(GOOD.replace(was, wrong, 1))
    assert any(fault.line == line and fault.nearest == nearest for fault in found), list(map(str, found))


@pytest.mark.parametrize(
    ("was", "wrong", "line"),
    [
        ('at = "day 1 10:00"', 'at = "day 0 09:00"', 17),  # time runs back
        ('at = "day 1 10:00"', 'at = "tomorrow"', 17),
        ('at = "day 1 10:00"', 'at = "day 1 25:00"', 17),
        ('do = "sort"\n', "", 16),  # neither raise nor do
        ('as = "lamp"\n', "", 9),  # a matter without a name
        ('stands_at = "handle"\n', "", 22),  # expects nothing
        ('starts = 2026-03-02T09:00:00', 'starts = 2026-03-02T09:00:00\nproves = ["Z9"]', 6),
        ('title = "灯"', 'title = "灯', 3),  # no TOML
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_its_line(was, wrong, line):
    assert was in GOOD
    found = findings(GOOD.replace(was, wrong, 1))
    assert line in [fault.line for fault in found], list(map(str, found))


def test_all_faults_are_told_at_once():
    found = findings(GOOD.replace('photo = "lamp"', 'photo = "lmap"').replace('do = "sort"', 'do = "sotr"'))
    assert len(found) == 2


def test_an_unknown_case_is_told_with_the_nearest():
    with pytest.raises(CaseError, match="base-lamp"):
        read("base-lmap")
