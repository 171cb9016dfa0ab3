"""The worker that fires timers goes on when one of them cannot be fired."""

from datetime import timedelta

import pytest

from weizhi.matters.actions import wake
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage


def test_a_timer_that_fails_does_not_hold_up_those_after_it(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    first, second = stage.report(words="第一件"), stage.report(words="第二件")
    real = wake.wake_step

    def broken(step_id, matter_id, top_id, at):
        if matter_id == first.matter_id:
            raise RuntimeError("a charter that nobody can read any more")
        real(step_id, matter_id, top_id, at)

    monkeypatch.setattr(wake, "wake_step", broken)
    with pytest.raises(RuntimeError):
        run_due(stage.later(days=5))
    woken = dict(Step.objects.filter(key="sort").values_list("matter_id", "woken_at"))
    assert woken[first.matter_id] is None and woken[second.matter_id] is not None


def test_the_timers_of_one_matter_can_be_fired_alone(stage: Stage):
    first, second = stage.report(words="第一件"), stage.report(words="第二件")
    assert run_due(stage.later(days=5), matter=second.matter_id) >= 1
    woken = dict(Step.objects.filter(key="sort").values_list("matter_id", "woken_at"))
    assert woken[first.matter_id] is None and woken[second.matter_id] is not None


def verbs(stage: Stage, done) -> list[str]:
    return [entry.verb for entry in stage.matter(done).stream.entries.all()]


def rated_by(stage: Stage) -> tuple[object, Step]:
    """A report that waits for its raiser's word until a stored instant."""
    lamp = stage.report()
    for verb, by, outcome in (("sort", "zhou", "ours"), ("handle", "chen", "done"), ("check", "zhou", "passed")):
        stage.act(lamp, verb, by, outcome)
    return lamp, Step.objects.open().get(matter=lamp.matter_id, key="rate")


def test_nothing_is_accepted_after_closing_also_where_the_worker_stood_still(stage: Stage):
    lamp, rate = rated_by(stage)
    assert rate.due is not None
    before = verbs(stage, lamp)
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "rate", "lin", "bad", data={"words": "又坏了"}, at=rate.due + timedelta(seconds=1))
    assert refused.value.code == "ended"
    assert verbs(stage, lamp) == before, "a refusal writes nothing, what time did is the worker's to write"
    run_due(rate.due + timedelta(days=1))
    assert (stage.matter(lamp).ended_as, verbs(stage, lamp)[-1]) == ("done", "lapse")


def test_in_the_last_second_it_is_still_accepted(stage: Stage):
    lamp, rate = rated_by(stage)
    assert rate.due is not None
    stage.act(lamp, "rate", "lin", "bad", data={"words": "又坏了"}, at=rate.due - timedelta(seconds=1))
    assert stage.stands_at(lamp) == ["handle"]


def test_what_time_had_to_do_stands_before_the_late_act(stage: Stage):
    lamp = stage.report()
    stage.act(lamp, "sort", "zhou", "ours", at=stage.later(days=9))
    assert verbs(stage, lamp) == ["raise", "overdue", "sort"]
    assert stage.stands_at(lamp) == ["handle"]
