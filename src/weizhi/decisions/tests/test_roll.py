"""The roll on the board: who may object and until when, what is corrected, that it waits for every answer."""

from datetime import timedelta

import pytest

from weizhi.decisions.models import Entitlement, Roll
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage

CHARTER = """
[charter]
language = 1
name = "here"
title = "这里"
extends = ["base"]
[kinds.listing]
title = "定名册"
procedure = "listing"
visible = "community"
[procedures.listing]
title = "定名册"
[procedures.listing.steps.say]
kind = "raise"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事" }]
then = "roll"
[procedures.listing.steps.roll]
kind = "roll"
title = "选民名册"
by = ["committee"]
electorate = "residents"
for_days = 20
then = "done"
[procedures.listing.ends]
done = { counts = "solved", title = "定下来了" }
"""


def listed(stage: Stage, charter: str = CHARTER) -> tuple[Done, Roll]:
    stage.adopt(charter)
    done = stage.report("wang", kind="listing", words="换届", place="3-2")
    return done, Roll.objects.get(matter=done.matter_id)


def line_of(roll: Roll, stage: Stage, login: str) -> Entitlement:
    return Entitlement.objects.get(roll=roll, person=stage.people[login])


def test_the_roll_waits_for_the_answer_to_every_objection(stage: Stage):
    done, roll = listed(stage)
    stage.act(done, "object", "lin", data={"words": "赵律师早就搬走了"})
    run_due(stage.later(days=25))
    assert "roll" in stage.stands_at(done), "an objection stands open"
    stage.act(done, "answer", "wang", data={"words": "查过，还住着"})
    roll.refresh_from_db()
    assert roll.frozen_at is not None and stage.matter(done).ended_as == "done"


def test_no_date_of_the_charter_passes_over_an_objection(stage: Stage):
    done, roll = listed(stage, CHARTER.replace("for_days = 20", 'for_days = 20\nwhen_due = "done"'))
    stage.act(done, "object", "lin", data={"words": "赵律师早就搬走了"})
    run_due(stage.later(days=25))
    assert "roll" in stage.stands_at(done)
    stage.act(done, "answer", "wang", data={"words": "查过，还住着"})
    roll.refresh_from_db()
    assert roll.frozen_at is not None and stage.matter(done).ended_as == "done"


def test_objections_are_heard_for_five_days(stage: Stage):
    done, _roll = listed(stage)
    stage.now += timedelta(days=8)  # the fifth day is a Saturday: the last is the Monday after it (民法典 203)
    with pytest.raises(Refused, match="日子已经过了"):
        stage.act(done, "object", "lin", data={"words": "漏了人"})


def test_a_line_is_struck_and_somebody_left_out_is_added(stage: Stage):
    done, roll = listed(stage)
    zhao = line_of(roll, stage, "zhao")
    stage.act(done, "strike", "wang", data={"line": zhao.n, "words": "本人来说搬走了"})
    zhou = stage.people["zhou"].pk
    stage.act(done, "add-elector", "wang", data={"person": str(zhou), "words": "工作满半年，本人申请"})
    added = line_of(roll, stage, "zhou")
    assert (added.place, added.grid) == (stage.places["g1"], stage.places["g1"].path), (
        "his turnout stands under his grid"
    )
    run_due(stage.later(days=25))
    roll.refresh_from_db()
    standing = Entitlement.objects.filter(roll=roll).standing()
    assert roll.size == standing.count()
    assert {zhao.person_id, zhou} & set(standing.values_list("person", flat=True)) == {zhou}


def test_who_runs_nothing_corrects_nothing_and_nobody_is_on_it_twice(stage: Stage):
    done, roll = listed(stage)
    with pytest.raises(Refused) as refused:
        stage.act(done, "strike", "lin", data={"line": 1, "words": "不该有他"})
    assert refused.value.code == "not-yours"
    lin = str(stage.people["lin"].pk)
    with pytest.raises(Refused, match="已经在名册上"):
        stage.act(done, "add-elector", "wang", data={"person": lin, "words": "补"})
    with pytest.raises(Refused, match="居民登记里没有"):
        stage.act(done, "add-elector", "wang", data={"person": str(stage.people["guo"].pk), "words": "补"})
    assert line_of(roll, stage, "lin").n >= 1
