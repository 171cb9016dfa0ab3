"""Something is tried: counted from the start, stopped by its rule, judged at its day by the measure or by people."""

from datetime import datetime, timedelta

import pytest

from weizhi.charters.periods import ZONE
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.measuring import measured
from weizhi.matters.models import Step
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.refused import Refused
from weizhi.matters.registry import kind_named
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.record.models import Entry

CHARTER = """
[charter]
language = 1
name = "tried"
title = "试行"
extends = ["base"]
[categories.bins]
title = "垃圾"
[categories.smell]
title = "异味"
parent = "bins"
[kinds.report]
title = "报事"
procedure = "report"
visible = "community"
[procedures.report.steps.say]
kind = "raise"
by = ["resident"]
fields = [{ key = "words", type = "text" }]
then = "sort"
[procedures.report.steps.sort]
kind = "sort"
by = ["grid-officer"]
asks = ["category"]
outcomes = { ours = "done" }
[procedures.report.ends]
done = { counts = "solved" }
[kinds.plan]
title = "试行"
procedure = "plan"
visible = "community"
[procedures.plan.steps.say]
kind = "raise"
by = ["property"]
fields = [{ key = "words", type = "text" }, { key = "had", type = "count" }]
then = "trial"
[procedures.plan.steps.trial]
kind = "trial"
title = "试行三十天"
at = "estate"
open_for = "30 days"
%s
outcomes = { keep = "kept", change = "again", cancel = "back" }
outcome_titles = { keep = "留下", change = "改一改", cancel = "退回去" }
[procedures.plan.ends]
kept = { counts = "solved", title = "留下了" }
again = { counts = "partly", title = "要改" }
back = { counts = "refused", title = "退回去了" }
"""
COUNTED = """
measure = { title = "垃圾的投诉", kinds = ["report"], categories = ["bins"], less = "before" }
stop = { over = 2, because = "投诉太多" }
keep = { at_most = 0 }
change = { at_most = 2 }
"""
FIGURE = """
by = ["property"]
measure = { title = "满溢", figure = "满溢的桶", every = "7 days", less = "say.had" }
stop = { over = 20, because = "桶都满了" }
keep = { at_most = 0 }
"""
BY_PEOPLE = """
by = ["committee"]
decides = "people"
measure = { title = "垃圾的投诉", kinds = ["report"] }
keep = { at_most = 0 }
"""


def begun(stage: Stage, words: str, **data: int) -> Done:
    stage.adopt(CHARTER % words)
    return stage.report("chen", "垃圾桶挪到车库", "3", kind="plan", data=data)


def complaint(stage: Stage, by: str = "lin", place: str = "3-2-301", category: str = "smell") -> Done:
    done = stage.report(by, "垃圾桶太臭", place)
    sorter = "wang" if place == "square" else "zhou"  # outside every grid it falls to the committee
    stage.act(done, "sort", sorter, "ours", data={"category": category})
    return done


def last(stage: Stage, done: Done) -> Entry:
    return stage.matter(done).stream.entries.order_by("-n")[0]


def told(stage: Stage, done: Done) -> str:
    reader = Reader(stage.matter(done), standing(stage.people["lin"], stage.now))
    return reader.story().lines[-1].text


def day(n: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=ZONE) + timedelta(days=n)


def test_what_stays_below_the_limit_is_kept_at_its_day(stage: Stage):
    plan = begun(stage, COUNTED)
    run_due(day(31))
    assert (stage.matter(plan).ended_as, last(stage, plan).verb) == ("kept", "judged")
    assert told(stage, plan) == "试行期满，按章程：留下，30 天里“垃圾的投诉”0 件，试行前同样多天 0 件"


def test_the_stop_rule_ends_it_the_next_morning_with_its_reason(stage: Stage):
    plan = begun(stage, COUNTED)
    for n in range(3):
        stage.now = day(n + 1)
        complaint(stage)
    run_due(day(4, 8))
    assert stage.stands_at(plan) == ["trial"]
    run_due(day(4, 9))
    assert (stage.matter(plan).ended_as, last(stage, plan).at) == ("back", day(4, 9))
    assert told(stage, plan).endswith("4 天里“垃圾的投诉”3 件，试行前同样多天 0 件（投诉太多）")


def test_what_was_merged_before_anybody_sorted_it_counts_as_what_it_was_merged_into(stage: Stage):
    stage.adopt((CHARTER % COUNTED).replace('procedure = "report"\n', 'procedure = "report"\nalways = ["merge"]\n'))
    plan = stage.report("chen", "垃圾桶挪到车库", "3", kind="plan")
    stage.now = day(1)
    first, same, lamp = (stage.report("lin", words) for words in ("垃圾桶太臭", "一股臭味", "灯不亮"))
    for one, into in ((lamp, same), (same, first)):  # one after the other
        stage.act(one, "merge", "zhou", data={"into": stage.matter(into).number})
    assert measured_now(stage, plan) == 0, "nobody has sorted it yet"
    stage.act(first, "sort", "zhou", "ours", data={"category": "smell"})
    assert measured_now(stage, plan) == 3


def measured_now(stage: Stage, plan: Done) -> int:
    row = Step.objects.get(matter=plan.matter_id, key="trial")
    charter = charter_by_hash(stage.matter(plan).charter_id)
    params = charter.procedure_of("plan").steps["trial"].parsed(kind_named("trial").spec)
    return measured(params, charter, row, stage.later(minutes=1)).since


def test_only_what_concerns_it_counts_and_what_came_before_is_taken_off(stage: Stage):
    stage.adopt(CHARTER % COUNTED)
    for n in (1, 2):
        stage.now = day(n)
        complaint(stage)
    stage.now = day(10)
    plan = stage.report("chen", "垃圾桶挪到车库", "3", kind="plan")
    stage.now = day(11)
    for _ in range(2):
        complaint(stage)
    complaint(stage, place="square")  # in no estate
    stage.act(stage.report("lin", "臭"), "withdraw", "lin")
    stage.report("lin", "还没有分过类")
    run_due(day(44))
    assert {key: last(stage, plan).public[key] for key in ("since", "before", "outcome")} == {
        "since": "2", "before": 2, "outcome": "keep",
    }  # fmt: skip


def test_somewhat_worse_is_changed_and_not_thrown_away(stage: Stage):
    plan = begun(stage, COUNTED)
    for n in (10, 20):
        stage.now = day(n)
        complaint(stage)
    run_due(day(31))
    assert stage.matter(plan).ended_as == "again"


def test_nobody_decides_what_the_measure_decides(stage: Stage):
    plan = begun(stage, COUNTED + 'by = ["committee"]')
    with pytest.raises(Refused) as refused:
        stage.act(plan, "trial", "wang", "keep")
    assert (refused.value.code, refused.value.line) == ("not-yours", "tried: procedures.plan.steps.trial.decides")
    with pytest.raises(Refused) as refused:
        stage.act(plan, "trial", "wang", data={"figure": 0})
    assert refused.value.code == "not-yet"


def test_a_figure_is_written_down_each_week_and_the_mean_decides(stage: Stage):
    plan = begun(stage, FIGURE, had=6)
    for n, figure in ((2, 9), (3, 5), (9, 7), (16, 4)):  # the second corrects the first
        stage.act(plan, "trial", "chen", data={"figure": figure}, at=day(n))
    run_due(day(31))
    entry = last(stage, plan)
    assert (entry.public["since"], entry.public["turns"], entry.public["before"]) == ("16/3", 3, 6)
    assert stage.matter(plan).ended_as == "kept", "5.3 full bins on average, six before"
    asked = [entry.at.astimezone(ZONE).date() for entry in stage.matter(plan).stream.entries.filter(verb="ask")]
    assert asked == [day(28).date()], "reminded in the one week without a figure"


def test_one_figure_over_the_limit_stops_it_at_once(stage: Stage):
    plan = begun(stage, FIGURE, had=6)
    with pytest.raises(Refused) as refused:
        stage.act(plan, "trial", "chen", at=day(1))
    assert (refused.value.code, refused.value.field) == ("bad-data", "figure")
    with pytest.raises(Refused) as refused:
        stage.act(plan, "trial", "lin", data={"figure": 3}, at=day(1))
    assert refused.value.code == "not-yours"
    stage.act(plan, "trial", "chen", data={"figure": 27}, at=day(1))
    assert stage.matter(plan).ended_as == "back"
    assert told(stage, plan).endswith("退回去，“满溢的桶”记下 27（桶都满了）")


def test_where_nobody_wrote_anything_down_it_goes_back(stage: Stage):
    plan = begun(stage, FIGURE, had=6)
    run_due(day(31))
    assert stage.matter(plan).ended_as == "back"
    assert "一次也没有记" in told(stage, plan)


def test_people_decide_when_it_is_over_and_say_why_where_the_measure_says_otherwise(stage: Stage):
    plan = begun(stage, BY_PEOPLE)
    stage.now = day(1)
    complaint(stage)
    with pytest.raises(Refused) as refused:
        stage.act(plan, "trial", "wang", "keep", at=day(2))
    assert refused.value.code == "not-yet"
    run_due(day(31))
    assert stage.stands_at(plan) == ["trial"]
    verbs = list(stage.matter(plan).stream.entries.values_list("verb", flat=True))
    assert verbs[-2:] == ["full", "overdue"]
    stage.now = day(32)
    complaint(stage)  # after the trial: it does not count any more
    with pytest.raises(Refused) as refused:
        stage.act(plan, "trial", "wang", "keep", at=day(33))
    assert (refused.value.code, refused.value.field) == ("bad-data", "words")
    stage.act(plan, "trial", "wang", "keep", data={"words": "那一件是别处飘来的"}, at=day(33))
    assert (stage.matter(plan).ended_as, last(stage, plan).public["since"]) == ("kept", "1")


def test_people_may_call_it_off_before_its_day_saying_why(stage: Stage):
    plan = begun(stage, BY_PEOPLE)
    with pytest.raises(Refused) as refused:
        stage.act(plan, "trial", "wang", "cancel", at=day(2))
    assert refused.value.field == "words"
    stage.act(plan, "trial", "wang", "cancel", data={"words": "大家都不要"}, at=day(2))
    assert stage.matter(plan).ended_as == "back"


def test_a_trial_that_stood_still_while_the_server_was_down_is_judged_as_of_its_day(stage: Stage):
    plan = begun(stage, COUNTED)
    step = Step.objects.get(matter=plan.matter_id, key="trial")
    assert step.due is not None
    stage.now = day(35)
    for _ in range(5):
        complaint(stage)
    run_due(day(40), down_until=day(40))
    assert (stage.matter(plan).ended_as, last(stage, plan).public["since"]) == ("kept", "0")
