"""Experts speak point by point, the authors answer each, and no conclusion stands against its own points."""

import pytest

from weizhi.charters.loading import parse_text
from weizhi.deliberation.kinds.review import points_of
from weizhi.deliberation.reviewing import Point, hinders
from weizhi.deliberation.tests.texts import CHARTER, SECOND, posted, row_of
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Payload


@pytest.fixture
def here(stage: Stage) -> Stage:
    stage.adopt(CHARTER)
    body = Body.objects.create(community=stage.community, key="experts", place=stage.places["xfl"], name="专家组")
    appoint(
        stage.community, stage.people["zhao"], body, "legal-expert", "法律专家", place=stage.places["xfl"], at=stage.now
    )
    return stage


@pytest.fixture
def looked_at(here: Stage) -> Done:
    done = posted(here)
    run_due(here.later(days=9))
    assert here.stands_at(done) == ["look"]
    return done


def point(stage: Stage, done: Done, severity: str = "must", article: str = "第二条", words: str = "没有说去哪里充电"):
    return stage.act(done, "point", "zhao", data={"severity": severity, "article": article, "words": words})


def test_points_are_numbered_and_answered_one_by_one(here: Stage, looked_at: Done):
    point(here, looked_at)
    point(here, looked_at, "note", "", "标题可以短一些")
    entry = here.act(looked_at, "reply", "wang", data={"point": 1, "reply": "accept"})
    assert [(one.n, one.severity, one.reply) for one in points_of(row_of(looked_at, "review"))] == [
        (1, "must", "accept"), (2, "note", None),
    ]  # fmt: skip
    told = Payload.objects.get(entry=entry.entry_id, part="tell")
    assert told.read() == [f"person:{here.people['zhao'].pk}"]


def test_the_conclusion_waits_for_every_answer(here: Stage, looked_at: Done):
    point(here, looked_at)
    for outcome in ("passed", "changes", "failed"):
        with pytest.raises(Refused, match="还没有答复"):
            here.act(looked_at, "review", "zhao", outcome, data={"words": "我看"})
    here.act(looked_at, "reply", "wang", data={"point": 1, "reply": "accept"})
    here.act(looked_at, "review", "zhao", "changes")
    assert here.stands_at(looked_at) == ["write"]


def test_what_was_accepted_must_be_changed_first(here: Stage, looked_at: Done):
    point(here, looked_at, "note")
    here.act(looked_at, "reply", "wang", data={"point": 1, "reply": "accept"})
    with pytest.raises(Refused, match="文本还没有改"):
        here.act(looked_at, "review", "zhao", "passed")
    here.act(looked_at, "review", "zhao", "changes")
    here.act(looked_at, "draft", "wang", data={"text": SECOND})
    run_due(here.later(days=9))
    assert row_of(looked_at, "review").brief["version"] == 2
    here.act(looked_at, "review", "zhao", "passed")
    assert here.matter(looked_at).ended_as == "passed"


def test_a_must_that_is_declined_fails_or_is_taken_back(here: Stage, looked_at: Done):
    point(here, looked_at)
    with pytest.raises(Refused, match="为什么"):
        here.act(looked_at, "reply", "wang", data={"point": 1, "reply": "decline"})
    here.act(looked_at, "reply", "wang", data={"point": 1, "reply": "decline", "words": "车棚还没有建"})
    with pytest.raises(Refused, match="没有被接受"):
        here.act(looked_at, "review", "zhao", "passed")
    with pytest.raises(Refused, match="为什么"):
        here.act(looked_at, "review", "zhao", "failed")
    here.act(looked_at, "take-back-point", "zhao", data={"point": 1})
    point(here, looked_at, "note", "", "车棚建好以后再改")
    assert [one.n for one in points_of(row_of(looked_at, "review"))] == [2], "a number is given once"
    here.act(looked_at, "reply", "wang", data={"point": 2, "reply": "decline", "words": "好，以后改"})
    here.act(looked_at, "review", "zhao", "passed")
    assert here.matter(looked_at).ended_as == "passed"


def test_it_fails_with_a_reason(here: Stage, looked_at: Done):
    with pytest.raises(Refused, match="必须改"):
        here.act(looked_at, "review", "zhao", "failed", data={"words": "不好"})
    point(here, looked_at)
    here.act(looked_at, "reply", "wang", data={"point": 1, "reply": "decline", "words": "不改"})
    here.act(looked_at, "review", "zhao", "failed", data={"words": "没有充电的地方，等于白写"})
    assert here.matter(looked_at).ended_as == "failed"


def test_each_does_his_own_part(here: Stage, looked_at: Done):
    point(here, looked_at)
    for verb, login, data in (
        ("point", "wang", {"severity": "note", "words": "我也说一条"}),
        ("reply", "zhao", {"point": 1, "reply": "accept"}),
        ("review", "wang", {}),
        ("point", "lin", {"severity": "note", "words": "我也说一条"}),
    ):
        with pytest.raises(Refused) as refused:
            here.act(looked_at, verb, login, "passed" if verb == "review" else None, data=data)
        assert refused.value.code == "not-yours"
    with pytest.raises(Refused) as refused:
        here.act(looked_at, "point", "guo", data={"severity": "note", "words": "路过"})
    assert refused.value.code == "not-found"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"words": "没说多要紧"}, "severity"),
        ({"severity": "must"}, "words"),
        ({"severity": "must", "article": "第九条", "words": "没有这一条"}, "article"),
    ],
)
def test_a_point_that_says_too_little_is_refused(here: Stage, looked_at: Done, data: dict, field: str):
    with pytest.raises(Refused) as refused:
        here.act(looked_at, "point", "zhao", data=data)
    assert refused.value.field == field


def test_an_answer_names_a_point_that_stands(here: Stage, looked_at: Done):
    for data in ({"reply": "accept"}, {"point": 7, "reply": "accept"}):
        with pytest.raises(Refused) as refused:
            here.act(looked_at, "reply", "wang", data=data)
        assert refused.value.field == "point"


def test_who_answers_must_be_somebody(here: Stage):
    checked = parse_text(CHARTER.replace('answers = ["committee"]', 'answers = ["nobody"]'), "test.toml")
    assert checked.charter is None and any("nobody" in str(one) for one in checked.findings)


def test_without_points_it_passes_and_nothing_else():
    assert hinders("passed", []) == ""
    assert hinders("changes", []) and hinders("failed", [])
    assert hinders("passed", [Point(1, "should", reply="decline")]) == ""
