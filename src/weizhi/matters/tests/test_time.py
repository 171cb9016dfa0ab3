"""Time acts: due dates, escalations, rates that nobody gives, duties that return; each at its own instant."""

from datetime import timedelta

import pytest
from django.utils import timezone

from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.record.models import Entry, Origin

CARE = """
[charter]
language = 1
name = "care"
title = "结对"
extends = ["base"]
[kinds.care-pair]
title = "结对关爱"
procedure = "care-pair"
visible = "care-team"
[procedures.care-pair.steps.pair]
kind = "raise"
by = ["grid-officer"]
then = "care"
[procedures.care-pair.steps.care]
kind = "keep"
by = ["grid-officer"]
within = "1 year"
outcomes = { ended = "done", alarm = "alarm" }
[[procedures.care-pair.steps.care.duties]]
key = "greet"
title = "早上问候"
rrule = "FREQ=DAILY"
window = "07:00/09:00"
missed = [
  { after = "0 minutes", tell = ["committee-director"] },
  { after = "3 hours", tell = ["committee"], to = "alarm" },
]
[procedures.care-pair.steps.alarm]
kind = "handle"
by = ["grid-officer"]
within = "1 hour"
outcomes = { safe = "care", ended = "done" }
[procedures.care-pair.ends]
done = { counts = "solved" }
"""


def local(instant: object) -> str:
    return timezone.localtime(instant).strftime("%m-%d %H:%M")  # type: ignore[arg-type]


def test_a_step_is_due_after_its_working_days_and_escalates_once(stage: Stage) -> None:
    lamp = stage.report()  # Monday 2 March
    step = Step.objects.open().get(matter=lamp.matter_id)
    assert step.due is not None
    assert local(step.due) == "03-03 18:00"  # one working day, until the desk closes
    assert run_due(step.due - timedelta(minutes=1)) == 0
    assert run_due(step.due + timedelta(minutes=1)) == 1
    assert run_due(step.due + timedelta(days=1)) == 0
    entry = Entry.objects.get(stream=lamp.matter_id, verb="overdue")
    assert entry.at == step.due
    assert entry.parts.get(part="tell").body == ["post:committee-director@xfl"]
    assert stage.stands_at(lamp) == ["sort"]


def test_a_rating_that_nobody_gives_ends_the_matter(stage: Stage) -> None:
    lamp = stage.report()
    stage.act(lamp, "sort", "zhou", "ours")
    stage.act(lamp, "handle", "chen", "done")
    stage.act(lamp, "check", "zhou", "passed")
    run_due(stage.now + timedelta(days=20))
    matter = stage.matter(lamp)
    assert matter.ended_as == "done"
    assert matter.ended_at is not None
    assert local(matter.ended_at) == "03-17 18:00"


def test_a_daily_duty_done_is_quiet_and_a_missed_one_climbs_its_ladder(stage: Stage) -> None:
    stage.adopt(CARE)
    pair = stage.report(by="zhou", kind="care-pair", words="张奶奶独居")
    day = timezone.localtime(stage.now).replace(hour=0, minute=0, second=0, microsecond=0)
    stage.act(pair, "keep", "zhou", data={"duty": "greet"}, at=day + timedelta(days=1, hours=7, minutes=30))
    with pytest.raises(Refused, match="已经有人做过"):
        stage.act(pair, "keep", "zhou", data={"duty": "greet"}, at=day + timedelta(days=1, hours=8))
    run_due(day + timedelta(days=2, hours=6))
    assert not Entry.objects.filter(stream=pair.matter_id, verb="missed").exists()
    run_due(day + timedelta(days=2, hours=10))
    assert [e.public["occurrence"] for e in Entry.objects.filter(stream=pair.matter_id, verb="missed")] == [
        "greet.2026-03-04"
    ]
    assert stage.stands_at(pair) == ["care"]
    run_due(day + timedelta(days=2, hours=12, minutes=1))
    assert stage.stands_at(pair) == ["alarm"]
    stage.act(pair, "handle", "zhou", "safe", at=day + timedelta(days=2, hours=12, minutes=30))
    assert Step.objects.open().get(matter=pair.matter_id).round == 2


def test_what_fell_while_the_server_was_down_is_unknown_not_missed(stage: Stage) -> None:
    stage.adopt(CARE)
    pair = stage.report(by="zhou", kind="care-pair", words="张奶奶独居")
    # A live database: no story sets its clock, and the server comes back a long time after March.
    Origin.objects.update(made_as="live")
    run_due()
    verbs = list(Entry.objects.filter(stream=pair.matter_id).values_list("verb", flat=True))
    assert "missed" not in verbs
    assert "unknown" in verbs
    assert "alarm" not in stage.stands_at(pair)


def test_a_care_matter_is_seen_by_its_team_only(stage: Stage) -> None:
    stage.adopt(CARE)
    stage.report(by="zhou", kind="care-pair", words="张奶奶独居")
    assert not Matter.objects.visible_to(standing(stage.people["lin"], stage.now)).exists()
    assert Matter.objects.visible_to(standing(stage.people["zhou"], stage.now)).exists()
    assert Party.objects.waiting().for_keys(["post:grid-officer@xfl/g1"]).exists() or Party.objects.waiting().exists()
