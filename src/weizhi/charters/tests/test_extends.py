"""Charters that build on charters: who wins, who may not contradict whom, and both lines named."""

from pathlib import Path

import pytest

from weizhi.charters.loading import Checked, Library, check_file, parse_text

HEAD = '[charter]\nlanguage = 1\nname = "{name}"\ntitle = "{name}"\n'
PROCEDURE = """[kinds.topic]
title = "议题"
procedure = "p"
visible = "community"
[procedures.p.steps.say]
kind = "raise"
by = ["resident"]
then = "do"
[procedures.p.steps.do]
kind = "handle"
by = ["committee"]
within = "10 days"
people = 2
then = "tell"
[procedures.p.steps.tell]
kind = "publish"
what = ["result"]
for_days = 15
then = "done"
[procedures.p.ends]
done = { counts = "solved" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, name: str, body: str, *, extends: str = '["base"]', more: str = "") -> None:
    text = HEAD.format(name=name) + f"extends = {extends}\n{more}\n" + body
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def told(checked: Checked) -> list[str]:
    return [str(finding) for finding in checked.findings]


def test_tables_merge_by_key_and_the_deepest_wins(folder: Path):
    write(folder, "up", '[categories.trees]\ntitle = "树"\nwords = ["树"]\n')
    write(folder, "down", '[categories.trees]\ntitle = "大树"\n', extends='["up"]')
    charter = check_file("down", search=[folder]).charter
    assert charter is not None
    assert (charter.categories["trees"].title, charter.categories["trees"].words) == ("大树", ("树",))
    assert "noise" in charter.categories  # from base, two floors up


def test_a_child_that_names_a_procedure_replaces_the_whole_of_it(folder: Path):
    write(folder, "up", PROCEDURE)
    own = PROCEDURE.replace('then = "tell"', 'then = "done"').split("[procedures.p.steps.tell]")[0]
    write(folder, "down", own + '[procedures.p.ends]\ndone = { counts = "solved" }\n', extends='["up"]')
    checked = check_file("down", search=[folder])
    assert told(checked) == []
    assert checked.charter is not None
    assert list(checked.charter.procedures["p"].steps) == ["say", "do"]


def test_two_parents_that_differ_are_refused_with_both_lines_unless_the_child_decides(folder: Path):
    write(folder, "one", '[rules.house]\napproval = [{ measure = "heads", at_least = "1/2" }]\n')
    write(folder, "two", '\n\n[rules.house]\napproval = [{ measure = "heads", at_least = "2/3" }]\n')
    write(folder, "child", "", extends='["one", "two"]')
    (finding,) = check_file("child", search=[folder]).findings
    assert finding.line == 5
    assert f"{folder}/one.toml:8" in finding.message and f"{folder}/two.toml:10" in finding.message
    decided = '[rules.house]\napproval = [{ measure = "heads", at_least = "3/4" }]\n'
    write(folder, "child", decided, extends='["one", "two"]')
    assert told(check_file("child", search=[folder])) == []


@pytest.mark.parametrize("order", ['["one", "two"]', '["two", "one"]'])
def test_a_change_of_what_both_inherit_is_no_contradiction(folder: Path, order: str):
    write(folder, "one", '[posts.grid-officer]\ntitle = "全科网格员"\n')
    write(folder, "two", '[posts.cook]\ntitle = "厨师"\nat = "community"\n')
    write(folder, "child", "", extends=order)
    checked = check_file("child", search=[folder])
    assert told(checked) == [] and checked.charter is not None
    assert checked.charter.posts["grid-officer"].title == "全科网格员"
    assert "cook" in checked.charter.posts


def test_what_is_removed_is_gone(folder: Path):
    write(folder, "down", "", more='remove = ["kinds.adoption", "procedures.adoption"]')
    checked = check_file("down", search=[folder])
    assert told(checked) == [] and checked.charter is not None
    assert set(checked.charter.kinds) == {"report"}


def test_a_ring_of_charters_is_named(folder: Path):
    write(folder, "one", "", extends='["two"]')
    write(folder, "two", "", extends='["one"]')
    findings = check_file("one", search=[folder]).findings
    assert any("one → two → one" in finding.message for finding in findings)


def test_a_fault_of_the_parent_is_told_in_the_parents_file(folder: Path):
    write(folder, "up", PROCEDURE.replace('["committee"]', '["comittee"]'))
    write(folder, "down", "", extends='["up"]')
    (finding,) = check_file("down", search=[folder]).findings
    assert finding.file == str(folder / "up.toml") and finding.nearest == "committee"


NARROWER = [
    ('within = "10 days"', 'within = "7 days"'),
    ('within = "10 days"', 'within = "48 hours"'),
    ("people = 2", "people = 3"),
    ("for_days = 15", "for_days = 30"),
    ('visible = "community"', 'visible = "grid"'),
    ('within = "10 days"', 'within = "10 days"\nsecond_person = "party-branch"'),
]
WIDER = [
    ('within = "10 days"', 'within = "11 days"', "期限"),
    ('within = "10 days"', 'within = "10 working days"', "期限"),
    ('within = "10 days"', 'within = "1 month"', "期限"),
    ("people = 2", "people = 1", "2 人"),
    ("for_days = 15", "for_days = 7", "公示"),
    ('visible = "community"', 'visible = "public"', "看得更宽"),
]


@pytest.mark.parametrize(("before", "after"), NARROWER)
def test_a_lower_level_may_narrow(folder: Path, before: str, after: str):
    write(folder, "district", PROCEDURE, more='level = "district"')
    write(folder, "ours", PROCEDURE.replace(before, after), extends='["district"]')
    assert told(check_file("ours", search=[folder])) == []


@pytest.mark.parametrize(("before", "after", "words"), WIDER)
def test_a_lower_level_may_not_contradict_and_both_lines_are_named(folder: Path, before: str, after: str, words: str):
    write(folder, "district", PROCEDURE, more='level = "district"')
    write(folder, "ours", PROCEDURE.replace(before, after), extends='["district"]')
    (finding,) = check_file("ours", search=[folder]).findings
    lines = (folder / "ours.toml").read_text(encoding="utf-8").splitlines()
    assert after in lines[finding.line - 1]
    assert words in finding.message
    number = (folder / "district.toml").read_text(encoding="utf-8").splitlines().index(before) + 1
    assert f"{folder}/district.toml:{number}" in finding.message


def test_a_lower_level_may_not_drop_a_step_or_lower_a_threshold(folder: Path):
    rule = '[rules.house]\napproval = [{ measure = "heads", at_least = "2/3" }]\n'
    write(folder, "district", PROCEDURE + rule, more='level = "district"')
    shorter = PROCEDURE.replace('then = "tell"', 'then = "done"').replace(
        '[procedures.p.steps.tell]\nkind = "publish"\nwhat = ["result"]\nfor_days = 15\nthen = "done"\n', ""
    )
    write(folder, "ours", shorter + rule.replace("2/3", "1/2"), extends='["district"]')
    messages = " ".join(finding.message for finding in check_file("ours", search=[folder]).findings)
    assert "去掉了上级规定的步骤“tell”" in messages and "比例 1/2 低于上级的 2/3" in messages


def test_a_charter_without_a_level_binds_nobody(folder: Path):
    write(folder, "model", PROCEDURE)
    write(folder, "ours", PROCEDURE.replace('"10 days"', '"30 days"'), extends='["model"]')
    assert told(check_file("ours", search=[folder])) == []


def test_a_text_can_be_checked_without_a_file():
    text = HEAD.format(name="x") + 'extends = ["base"]\n'
    checked = parse_text(text, "x.toml", library=Library())
    assert told(checked) == [] and checked.charter is not None
    assert checked.where(("kinds", "report"))[0].endswith("base.toml")
