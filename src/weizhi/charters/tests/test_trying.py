"""What a trial may say, and the law of its verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from weizhi.charters.loading import parse_text
from weizhi.charters.trying import CANCEL, CHANGE, KEEP, TrialBound, TrialParams

COUNT = {"title": "投诉", "kinds": ["report"], "less": "before"}
CHARTER = """
[charter]
language = 1
name = "tried"
title = "试行"
extends = ["base"]
[kinds.plan]
title = "试行"
procedure = "plan"
visible = "community"
[procedures.plan.steps.say]
kind = "raise"
by = ["property"]
fields = [{{ key = "words", type = "text" }}, {{ key = "had", type = "count", required = true }}]
then = "trial"
[procedures.plan.steps.trial]
kind = "trial"
open_for = "30 days"
{words}
outcomes = {{ keep = "kept", change = "again", cancel = "back" }}
[procedures.plan.ends]
kept = {{ counts = "solved" }}
again = {{ counts = "partly" }}
back = {{ counts = "refused" }}
"""


def faults(words: str) -> list[str]:
    return [str(finding) for finding in parse_text(CHARTER.format(words=words), "tried.toml").findings]


def test_a_trial_with_a_measure_and_a_limit_is_right():
    assert faults('measure = { title = "投诉", kinds = ["report"], less = "before" }\nkeep = { at_most = 0 }') == []
    words = 'by = ["property"]\nmeasure = { title = "满溢", figure = "满溢的桶", every = "7 days", less = "say.had" }'
    assert faults(f"{words}\nkeep = {{ at_most = 0 }}") == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ('measure = { title = "投诉", kinds = ["report"] }', "keep"),
        ('measure = { title = "投诉" }\nkeep = { at_most = 0 }', "二选一"),
        ('measure = { title = "投诉", kinds = ["report"] }\nkeep = { }', "没有说要到多少"),
        ('measure = { title = "投诉", kinds = ["reprot"] }\nkeep = { at_most = 0 }', "report"),
        ('measure = { title = "投诉", kinds = ["report"], categories = ["x"] }\nkeep = { at_most = 0 }', "类别"),
        ('measure = { title = "满", figure = "满", every = "7 days" }\nkeep = { at_most = 0 }', "没有人负责"),
        ('measure = { title = "满", figure = "满" }\nkeep = { at_most = 0 }', "every"),
        (
            'by = ["property"]\nmeasure = { title = "满", figure = "满", every = "7 days", less = "say.words" }\n'
            "keep = { at_most = 0 }",
            "不是数目",
        ),
        ('decides = "people"\nmeasure = { title = "投诉", kinds = ["report"] }', "没有人负责"),
        ('when_due = "kept"\nmeasure = { title = "投诉", kinds = ["report"] }\nkeep = { at_most = 0 }', "when_due"),
        ('stop = { over = 3 }\nmeasure = { title = "投诉", kinds = ["report"] }\nkeep = { at_most = 0 }', "because"),
    ],
)
def test_a_trial_that_cannot_be_judged_is_refused_with_what_to_do(words: str, says: str):
    found = faults(words)
    assert any(says in finding for finding in found), found


def test_at_least_includes_the_number_and_over_does_not():
    assert TrialBound(at_least=3).holds(3) and not TrialBound(over=3).holds(3)
    assert TrialBound(at_most=3).holds(3) and not TrialBound(under=3).holds(3)


def test_nothing_measured_proves_nothing():
    params = TrialParams.model_validate(
        {"measure": COUNT, "keep": {"at_most": 5}, "stop": {"over": 9, "because": "多"}}
    )
    assert params.verdict(None) == CANCEL and not params.stops(None)
    with pytest.raises(ValidationError):
        TrialParams.model_validate({"measure": COUNT})


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 50), st.integers(0, 20))
def test_a_better_measure_is_never_judged_worse(one: int, other: int, keep: int, more: int):
    params = TrialParams.model_validate({
        "measure": COUNT, "keep": {"at_most": keep}, "change": {"at_most": keep + more},
        "stop": {"over": keep + more, "because": "太多"},
    })  # fmt: skip
    rank = {KEEP: 0, CHANGE: 1, CANCEL: 2}
    low, high = sorted((one, other))
    verdicts = [params.verdict(low), params.verdict(high)]
    assert rank[str(verdicts[0])] <= rank[str(verdicts[1])]
    assert params.stops(high) == (params.verdict(high) == CANCEL), "stopped exactly where its end would cancel it"
