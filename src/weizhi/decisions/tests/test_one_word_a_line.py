"""A choice among several counts one word for each home, as yes and no do."""

from weizhi.decisions.choices import Option, Paper
from weizhi.decisions.rules import Counting, Line, Said, count

TREES = Paper("choice", (Option("1", "槐树"), Option("2", "银杏"), Option("3", "桂花")))
LINES = [
    Line("101", "a", 100),
    Line("102", "b", 100, person="person:b"),
    Line("103", "c", 100),
    Line("P1", "d", 13, "parking"),
]


def said(*rows: tuple[str, str, str]) -> list[Said]:
    return [Said(line, (choice,), voice) for line, choice, voice in rows]


def test_two_owners_who_agree_have_one_vote() -> None:
    found = count(TREES, None, LINES, said(("101", "1", "x"), ("101", "1", "y"), ("103", "2", "z")))
    assert found.ranking[:2] == (("1", 1), ("2", 1))


def test_two_owners_who_differ_do_not_take_part_although_both_are_against_what_leads() -> None:
    found = count(TREES, None, LINES, said(("101", "2", "x"), ("101", "3", "y"), ("103", "1", "z")))
    assert (found.winner, found.present.heads, dict(found.ranking)) == ("1", 1, {"1": 1, "2": 0, "3": 0})
    assert [line for line, _ in found.aside] == ["101"]


def test_whom_they_named_speaks_for_them() -> None:
    found = count(TREES, None, LINES, said(("102", "2", "person:b"), ("102", "3", "person:y")))
    assert found.winner == "2" and found.counted == {("102", "person:b")}


def test_unsigned_papers_and_parking_give_no_points() -> None:
    papers = [Said("101", ("3",), "x", signed=False), *said(("P1", "3", "d"), ("103", "1", "z"))]
    found = count(TREES, None, LINES, papers, Counting(parking=False))
    assert dict(found.ranking) == {"1": 1, "2": 0, "3": 0}
    assert {line for line, _ in found.aside} == {"101", "P1"}
