"""空转: a meeting is idle when none of what it resolved was done within ninety days."""

from datetime import timedelta

from weizhi.deliberation.tests.test_meeting import opened
from weizhi.deliberation.tests.test_resolved import TASK, TASKS
from weizhi.matters.tests.conftest import Stage
from weizhi.oversight.idle import TIME_TO_ACT, idle_meetings
from weizhi.people.access import standing


def held(stage: Stage, *, days: int | None, outcome: str = "agreed") -> None:
    """A meeting that resolves one thing, which is done so many days later."""
    stage.adopt(TASKS)
    about, meeting, _sitting = opened(stage)
    if outcome:
        stage.act(about, "meet", "wang", outcome, data=TASK if outcome == "agreed" else {})
    stage.act(meeting, "sit", "wang", "held")
    if days is not None:
        stage.act(about, "handle", "chen", "done", at=stage.now + timedelta(days=days))


def idle(stage: Stage, who: str = "lin", after: timedelta = TIME_TO_ACT + timedelta(days=9)) -> tuple[int, int]:
    at = stage.now + after
    found = idle_meetings(stage.community.pk, standing(stage.people[who], at), at)
    return found.held, len(found.idle)


def test_what_was_done_in_time_is_not_idle(stage: Stage) -> None:
    held(stage, days=89)
    assert idle(stage) == (1, 0)


def test_what_was_done_too_late_is(stage: Stage) -> None:
    held(stage, days=91)
    assert idle(stage) == (1, 1)


def test_a_meeting_that_resolved_nothing_is(stage: Stage) -> None:
    held(stage, days=None, outcome="")
    assert idle(stage) == (1, 1)


def test_what_was_turned_down_is_nothing_done(stage: Stage) -> None:
    held(stage, days=None, outcome="no")
    assert idle(stage) == (1, 1)


def test_before_ninety_days_nothing_is_said_and_another_community_sees_none(stage: Stage) -> None:
    held(stage, days=None)
    assert idle(stage, after=timedelta(days=89)) == (0, 0)
    assert idle(stage, "guo") == (0, 0)
