"""What changes from one charter to the next is told in sentences, and nothing else is."""

import pytest

from weizhi.charters.comparing import compare
from weizhi.charters.loading import Library, library_names, load, parse_text

FOUND = Library()("base")
assert FOUND is not None
BASE = FOUND[1]
HANDLE = 'title = "办理"\nby = ["property", "grid-officer", "committee"]\nwithin = "5 working days"'


def after(old: str, new: str) -> list[str]:
    assert old in BASE
    checked = parse_text(BASE.replace(old, new, 1), "base.toml")
    assert checked.charter is not None, checked.findings
    return compare(load("base"), checked.charter)


@pytest.mark.parametrize("name", library_names())
def test_the_same_charter_has_not_changed(name: str) -> None:
    assert compare(load(name), load(name)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (HANDLE, HANDLE.replace("5", "3"), "“报事”的“办理”：期限从“5 个工作日”改为“3 个工作日”。"),
        (HANDLE, HANDLE.replace(', "committee"', ""),
         "“报事”的“办理”：由物业、网格员、居委会办，改为由物业、网格员办。"),
        ('done = "check", cannot = "tell"', 'done = "check", cannot = "sort"',
         "“报事”的“办理”：“办不了”以后，从到“说明为什么”改为到“看是什么事”。"),
        ('title = "监督委员"', 'title = "居务监督员"', "职务“监督委员”改叫“居务监督员”。"),
        ('visible = "community"\nalways', 'visible = "grid"\nalways', "“报事”谁能看到，改了。"),
    ],
)  # fmt: skip
def test_a_change_is_one_sentence(old: str, new: str, told: str) -> None:
    found = after(old, new)
    assert found == [told]


def test_steps_that_come_and_go_are_told() -> None:
    told = compare(load("base"), load("qingshan"))
    assert "多了一种事：“天天敲门”。" in told
    assert any(sentence.startswith("“报事”多了一步“回访”：居委会、网格员，2 个工作日") for sentence in told)
    assert any(sentence.startswith("“报事”少了一步") for sentence in told)
