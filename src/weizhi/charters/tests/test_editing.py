"""Small changes of the text: the change that was asked for and no other, in every charter that we ship."""

import pytest

from weizhi.charters.comparing import compare
from weizhi.charters.editing import CannotEdit, add_step, set_period
from weizhi.charters.loading import Library, library_names, load, parse_text
from weizhi.charters.models import Charter
from weizhi.charters.periods import parse_period

LIBRARY = Library()


def text_of(name: str) -> str:
    found = LIBRARY(name)
    assert found is not None
    return found[1]


def built(text: str) -> Charter:
    checked = parse_text(text, "charter.toml")
    assert checked.charter is not None, checked.findings
    return checked.charter


@pytest.mark.parametrize("name", library_names())
def test_every_period_that_the_file_writes_can_be_changed_and_nothing_else_changes(name: str) -> None:
    text, charter = text_of(name), load(name)
    steps = [(procedure.key, step) for procedure in charter.procedures.values() for step in procedure.steps.values()]
    written = [
        (procedure, step)
        for procedure, step in steps
        if f"[procedures.{procedure}.steps.{step.key}]" in text and step.period is not None
    ]
    changed = text
    for procedure, step in written:
        before = changed.split("\n")
        changed = set_period(changed, procedure, step.key, "27 days")  # no roll stands on the board for longer
        after = changed.split("\n")
        assert len(after) - len(before) in (0, 1) and len(set(after) - set(before)) <= 1
    now = built(changed)
    for procedure, step in written:
        assert now.procedures[procedure].steps[step.key].period == parse_period("27 days")


@pytest.mark.parametrize("name", ["base", "qingshan", "jianghan", "wuwei"])
def test_a_look_can_be_put_behind_every_piece_of_work(name: str) -> None:
    text, charter = text_of(name), load(name)
    for kind in charter.kinds.values():
        procedure = charter.procedure_of(kind.key)
        work = (step for step in procedure.steps.values() if step.kind == "handle" and step.outcomes)
        step = next((one for one in work if f"[procedures.{procedure.key}.steps.{one.key}]" in text), None)
        outcome, target = next(iter(step.outcomes.items())) if step else ("", ".")
        if step is None or "." in target:
            continue  # nothing of the file's own, or the answer of a branch
        changed = add_step(
            text, procedure.key, step.key, outcome,
            key="another-look", title="再看一眼", by="committee", period="2 working days",
        )  # fmt: skip
        now = built(changed)
        steps = now.procedures[procedure.key].steps
        assert steps[step.key].outcomes[outcome] == "another-look"
        assert steps["another-look"].outcomes == {"good": target, "again": step.key}
        told = compare(charter, now)
        assert any("多了一步“再看一眼”" in sentence for sentence in told) and len(told) % 2 == 0


def test_the_clerk_s_change_is_two_presses() -> None:
    text = set_period(text_of("wuwei"), "wuwei-report", "property", "5 working days")
    text = add_step(
        text, "wuwei-report", "property", "done", key="look", title="看一眼", by="grid-officer", period="2 working days"
    )
    assert compare(load("wuwei"), built(text)) == [
        "“报事”的“物业办”：期限从“3 个工作日”改为“5 个工作日”。",
        "“报事”的“物业办”：“办好了”以后，从到“公开结果”改为到“看一眼”。",
        "“报事”多了一步“看一眼”：网格员，2 个工作日。",
    ]


def test_what_another_file_says_is_not_edited_here() -> None:
    with pytest.raises(CannotEdit, match="上级章程"):
        set_period(text_of("kelamayi"), "adoption", "agree", "3 days")
    with pytest.raises(CannotEdit, match="公示"):
        set_period(text_of("wuwei"), "disclosure", "board", "3 working days")
    with pytest.raises(CannotEdit, match="已经有"):
        add_step(
            text_of("wuwei"), "letter", "answer", "answered", key="rate", title="x", by="committee", period="1 day"
        )
    with pytest.raises(CannotEdit, match="引号"):
        add_step(text_of("wuwei"), "letter", "answer", "answered", key="x", title='a"]', by="committee", period="1 day")
    with pytest.raises(CannotEdit, match="代号"):
        add_step(text_of("wuwei"), "letter", "answer", "answered", key="看", title="x", by="committee", period="1 day")
