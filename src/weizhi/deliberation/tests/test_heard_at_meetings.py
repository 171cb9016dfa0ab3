"""An online hall that the meetings of a series hear too: called there, said so, and one person counts once."""

from datetime import date, datetime, timedelta

import pytest

from weizhi.charters.periods import ZONE
from weizhi.deliberation.agenda import heard_at
from weizhi.deliberation.models import Hall, Sitting, Voice
from weizhi.deliberation.tests.halls import CHARTER, said
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.tests.conftest import Stage

OF_THE_OLD = """
[bodies.elders]
title = "老人"
at = "community"
seats = [{ post = "committee-director" }]
[calendar.mornings]
title = "每周三"
body = "elders"
rrule = "FREQ=WEEKLY;BYDAY=WE"
[kinds.morning]
title = "老年议事堂"
procedure = "morning"
visible = "community"
[procedures.morning]
title = "老年议事堂"
[procedures.morning.steps.call]
kind = "raise"
by = ["committee"]
fields = [{ key = "day", type = "date", title = "哪一天", required = true }]
then = "sit"
[procedures.morning.steps.sit]
kind = "sit"
by = ["committee"]
within = "field:call.day"
body = "elders"
calendar = "mornings"
day = "call.day"
clock = "09:00"
where = "活动室"
notice_days = 1
outcomes = { held = "held", no-quorum = "held" }
[procedures.morning.ends]
held = { counts = "solved" }
"""
HEARD = CHARTER.replace("at_least = 3\n", 'at_least = 3\ncalendar = "mornings"\n') + OF_THE_OLD
DAY = date(2026, 3, 4)


@pytest.fixture
def morning(stage: Stage) -> tuple[Hall, Sitting]:
    stage.adopt(HEARD)
    stage.now = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)
    topic = stage.report("lin", kind="topic", words="架空层空着", place="3-2")
    called = stage.report("wang", kind="morning", words="来坐坐", place="3-2", data={"day": DAY.isoformat()})
    return Hall.objects.get(matter=topic.matter_id), Sitting.objects.get(matter=called.matter_id)


def verbs(hall: Hall) -> list[str]:
    return list(Matter.objects.get(pk=hall.matter_id).stream.entries.order_by("n").values_list("verb", flat=True))


def test_the_meeting_hears_the_open_hall_of_its_series(morning: tuple[Hall, Sitting]):
    hall, sitting = morning
    assert [row.matter_id for row in heard_at(sitting)] == [hall.matter_id]
    sitting.calendar = "another"
    assert not heard_at(sitting)


def test_whoever_raised_it_is_told_when_the_meeting_is_called_and_once(morning: tuple[Hall, Sitting]):
    hall, sitting = morning
    run_due(sitting.starts_at - timedelta(minutes=30))
    assert verbs(hall) == ["raise", "invited"]
    run_due(sitting.starts_at - timedelta(minutes=10))
    assert verbs(hall) == ["raise", "invited"]


def test_a_meeting_is_no_more_heard_of_once_the_hall_is_shut(morning: tuple[Hall, Sitting]):
    hall, sitting = morning
    run_due(hall.closes_at)
    assert verbs(hall)[-1] == "shut"
    later = Sitting.objects.get(pk=sitting.pk)
    later.called_at = hall.closes_at + timedelta(hours=1)
    later.save(update_fields=["called_at"])
    run_due(hall.closes_at + timedelta(hours=2))
    assert verbs(hall).count("invited") == 1


def test_what_is_said_in_the_meeting_and_on_the_phone_is_one_voice(stage: Stage, morning: tuple[Hall, Sitting]):
    hall, _sitting = morning
    stage.now = stage.now + timedelta(hours=1)
    said(stage, hall, "wang", 1, "agree", of="lin", channel="meeting")
    assert said(stage, hall, "lin", 1, "disagree").answered == (1,)
    assert said(stage, hall, "wang", 1, "agree", of="lin", channel="meeting").own == (1,)
    assert Voice.objects.filter(hall=hall).count() == 1
