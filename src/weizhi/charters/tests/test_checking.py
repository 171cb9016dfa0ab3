"""The checker's finer judgements: what it lets pass, and how a wrong part does not hide the rest."""

import pytest

from weizhi.charters.graph import StepGraph
from weizhi.charters.loading import Checked, parse_text
from weizhi.charters.standing import STANDING

HEAD = """[charter]
language = 1
name = "x"
title = "x"
extends = ["base"]
[kinds.topic]
title = "议题"
procedure = "p"
visible = "community"
[procedures.p.steps.say]
kind = "raise"
by = ["resident"]
fields = [{ key = "big", type = "yes-no" }, { key = "ready", type = "date" }]
then = "do"
"""
ENDS = '[procedures.p.ends]\ndone = { counts = "solved" }\n'


def step(key: str, kind: str, *lines: str) -> str:
    return "\n".join([f"[procedures.p.steps.{key}]", f'kind = "{kind}"', *lines, ""])


def checked(*parts: str) -> Checked:
    return parse_text(HEAD + "".join(parts) + ENDS, "x.toml")


def messages(found: Checked) -> list[str]:
    return [finding.message for finding in found.findings]


HANDLE = ('by = ["committee"]', 'within = "2 days"')


def test_a_circle_with_a_person_in_it_is_no_fault():
    assert messages(checked(step("do", "handle", *HANDLE, 'outcomes = { again = "do", done = "done" }'))) == []


def test_a_circle_of_clock_and_rule_is_bounded_by_rounds():
    rounds = '{ when = [{ gate = "rounds", of = "do", at_least = 3 }], to = "done" }'
    do = step("do", "handle", *HANDLE, 'when_due = "again"', 'then = "done"')
    assert messages(checked(do, step("again", "route", f'routes = [{rounds}, {{ to = "do" }}]'))) == []
    (message,) = messages(checked(do, step("again", "route", 'routes = [{ to = "do" }]')))
    assert "自己转圈" in message


def test_rounds_of_a_step_outside_the_circle_bound_nothing():
    rounds = '{ when = [{ gate = "rounds", of = "say", at_least = 3 }], to = "done" }'
    do = step("do", "handle", *HANDLE, 'when_due = "again"', 'then = "done"')
    (message,) = messages(checked(do, step("again", "route", f'routes = [{rounds}, {{ to = "do" }}]')))
    assert "自己转圈" in message


def test_at_most_bounds_a_circle_that_a_clock_moves():
    first = step("do", "wait", 'for = "time"', 'within = "1 day"', 'outcomes = { again = "do", over = "done" }')
    assert any("自己转圈" in message for message in messages(checked(first)))
    assert messages(checked(first + "at_most = { again = 3 }\n")) == []


def test_publishing_without_anybody_needs_no_period():
    assert messages(checked(step("do", "publish", 'what = ["result"]', 'then = "done"'))) == []


def test_a_first_step_that_is_entered_again_needs_a_period():
    back = checked(step("do", "handle", *HANDLE, 'outcomes = { back = "say", done = "done" }'))
    assert any("回到第一步" in message for message in messages(back))


def test_a_deadline_may_be_a_date_that_was_asked_before():
    late = step("do", "handle", 'by = ["committee"]', 'within = "field:say.ready"', 'then = "done"')
    assert messages(checked(late)) == []


FORK = step("do", "fork", 'branches = { one = "a", two = "b" }', 'outcomes = { met = "end", unmet = "done" }')
ANSWERS = 'outcomes = { yes = "do.yes", no = "do.no" }'
A = step("a", "handle", *HANDLE, 'fields = [{ key = "seen", type = "yes-no" }]', ANSWERS)
END = step(
    "end",
    "route",
    'routes = [{{ when = [{{ gate = "field", of = "{}", is = "yes" }}], to = "done" }}, {{ to = "done" }}]',
)


def test_a_nested_fork_answers_inside_out():
    inner = step("b", "fork", 'branches = { x = "c", y = "d" }', 'outcomes = { met = "do.yes", unmet = "do.no" }')
    c = step("c", "handle", *HANDLE, 'outcomes = { yes = "b.yes", no = "b.no" }')
    d = step("d", "handle", *HANDLE, 'outcomes = { yes = "b.yes", no = "b.no" }')
    assert messages(checked(FORK, A, inner, c, d, END.format("say.big"))) == []
    wrong = d.replace('no = "b.no"', 'no = "do.no"')
    (message,) = messages(checked(FORK, A, inner, c, wrong, END.format("say.big")))
    assert "分支只能从“b.yes”或“b.no”出去" in message


def test_after_a_fork_a_branch_is_not_surely_done():
    b = step("b", "handle", *HANDLE, ANSWERS)
    (message,) = messages(checked(FORK, A, b, END.format("a.seen")))
    assert "不一定已经办过" in message


def test_a_step_that_stands_before_on_every_way_may_be_read():
    graph_text = checked(FORK, A, step("b", "handle", *HANDLE, ANSWERS), END.format("say.big"))
    assert messages(graph_text) == [] and graph_text.charter is not None
    graph = StepGraph(graph_text.charter.procedures["p"], STANDING)
    assert graph.dominators["end"] == {"say", "do", "do.", "end"}
    assert graph.dominators["a"] == {"say", "do", "a"}


def test_a_wrong_shape_does_not_hide_the_rest():
    found = checked(
        step("do", "handle", 'by = ["comittee"]', 'within = "2 dayz"', 'then = "done"'),
        '[rules.r]\napproval = [{ measure = "heads", more_than = "1/1" }]\n',
    )
    told = " ".join(messages(found))
    assert "dayz" in told and "comittee" in told and "永远达不到" in told
    assert found.charter is None


def test_a_kind_of_another_room_is_named_and_no_error():
    found = checked(step("do", "meet", 'body = "council"', 'outcomes = { agreed = "done" }'))
    assert [finding.severity for finding in found.findings] == ["missing"]
    assert "deliberation" in found.findings[0].message and found.charter is not None


def test_a_verb_that_nobody_can_do_yet_is_named_and_no_error():
    done = step("do", "handle", *HANDLE, 'then = "done"')
    found = checked(done, '[kinds.frozen]\ntitle = "x"\nprocedure = "p"\nvisible = "community"\nalways = ["freeze"]\n')
    assert [(finding.severity, finding.key) for finding in found.findings] == [("missing", "always 第 1 项")]


def test_an_empty_text_says_what_is_missing():
    assert messages(parse_text("", "x.toml")) == ["缺少这一项，必须写。"]


@pytest.mark.parametrize(
    "text", ["charter = 3\n", "[charter]\n", "[[kinds]]\n", "kinds = 1\n", "[procedures]\nx = 2\n"]
)
def test_any_shape_gives_findings_and_no_crash(text: str):
    found = parse_text(text, "x.toml")
    assert found.charter is None and found.findings
