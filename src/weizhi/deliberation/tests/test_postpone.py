"""A new day for a meeting that was set: told to all with its reason, called for again, due anew."""

from datetime import datetime, timedelta

import pytest

from weizhi.charters.periods import ZONE
from weizhi.deliberation.models import Attendance
from weizhi.deliberation.tests.test_meeting import CHARTER, EVENING, called, filled, opened, topic
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.record.models import Entry

LATER = datetime(2026, 3, 19, 19, 30, tzinfo=ZONE)
NEW = {"day": "2026-03-19", "clock": "19:30", "words": "那天停电"}


@pytest.fixture
def council(stage: Stage) -> Stage:
    stage.adopt(CHARTER)
    return stage


def test_it_is_called_again_and_due_on_the_new_day(council: Stage):
    about, (meeting, sitting) = topic(council), called(council)
    run_due(EVENING - timedelta(days=2))
    council.now = EVENING - timedelta(days=1)
    council.act(meeting, "postpone", "wang", data=NEW)
    sitting.refresh_from_db()
    assert (sitting.starts_at, sitting.where, sitting.called_at) == (LATER, "居委会二楼", None)
    due = Step.objects.get(matter=meeting.matter_id, key="sit").due
    assert due is not None and due.astimezone(ZONE).date() == LATER.date()
    told = Entry.objects.get(verb="postpone").parts.get(part="tell").read()
    assert {"body:committee@xfl", "body:property@xfl/e1", "post:grid-officer@xfl/g1"} <= set(told)
    run_due(LATER - timedelta(days=2))
    assert Entry.objects.filter(stream=meeting.matter_id, verb="called").count() == 2
    assert Entry.objects.filter(stream=about.matter_id, verb="invited").count() == 2
    run_due(EVENING + timedelta(days=1))
    assert council.stands_at(meeting) == ["sit"], "the old day sends nobody on"


def test_a_new_day_that_is_near_is_called_for_at_once(council: Stage):
    about, (meeting, _sitting) = topic(council), called(council)
    run_due(EVENING - timedelta(days=2))
    council.now = EVENING - timedelta(hours=3)
    council.act(meeting, "postpone", "wang", data={"day": "2026-03-13", "words": "主任要去街道"})
    run_due(council.now + timedelta(minutes=5))
    assert Entry.objects.filter(stream=meeting.matter_id, verb="called").count() == 2
    assert Entry.objects.filter(stream=about.matter_id, verb="invited").count() == 2


def test_whoever_had_come_already_comes_again(council: Stage):
    meeting, sitting = called(council)
    filled(council, sitting)
    council.act(meeting, "postpone", "wang", data=NEW)
    assert Attendance.objects.seated(sitting.pk, council.now) == 0
    with pytest.raises(Refused, match="还没到开会的时候"):
        council.act(meeting, "open-sitting", "wang")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"words": "停电"}, "day"),
        ({"day": "2026-03-19"}, "words"),
        ({"day": "2026-03-01", "words": "停电"}, "day"),
        ({"day": "2026-03-12", "words": "停电"}, "day"),
        ({"day": "2026-03-19", "clock": "25:00", "words": "停电"}, "clock"),
    ],
)
def test_what_is_refused(council: Stage, data: dict[str, str], field: str):
    meeting, _sitting = called(council)
    with pytest.raises(Refused) as refused:
        council.act(meeting, "postpone", "wang", data=data)
    assert refused.value.field == field


def test_a_meeting_that_has_begun_is_not_put_off(council: Stage):
    _about, meeting, _sitting = opened(council)
    with pytest.raises(Refused, match="会已经开了"):
        council.act(meeting, "postpone", "wang", data=NEW)
    with pytest.raises(Refused) as other:
        council.act(meeting, "postpone", "lin", data=NEW)
    assert other.value.code == "not-yours"
