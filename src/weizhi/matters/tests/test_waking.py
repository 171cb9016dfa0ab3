"""The worker that fires timers goes on when one of them cannot be fired."""

import pytest

from weizhi.matters.actions import wake
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Step
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
