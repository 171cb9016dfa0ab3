"""What a meeting resolved becomes a task with its day, and comes back by itself until it is done."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.charters.periods import ZONE
from weizhi.deliberation import rules
from weizhi.deliberation.actions.check_in import check_in
from weizhi.deliberation.models import Item, Sitting
from weizhi.deliberation.resolved import resolved_before
from weizhi.deliberation.rules import Fate
from weizhi.deliberation.tests.test_meeting import CHARTER, EVENING, called, opened, topic
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.record.models import Entry

TASKS = CHARTER.replace(
    'outcomes = { agreed = "agreed", no = "no" }',
    'tasks = ["agreed"]\noutcomes = { agreed = "do", no = "no" }',
).replace(
    "[procedures.topic.ends]",
    """[procedures.topic.steps.do]
kind = "handle"
title = "办"
by = ["property"]
within = "field:meet.until"
marks = { done = "done" }
outcomes = { done = "agreed", cannot = "no" }
[procedures.topic.ends]""",
)
APRIL = date(2026, 4, 2)
TASK = {"who": "property", "until": "2026-03-20"}


@pytest.fixture
def council(stage: Stage) -> Stage:
    stage.adopt(TASKS)
    return stage


def decided(council: Stage, **more: str) -> tuple[Done, Done]:
    about, meeting, _sitting = opened(council)
    council.act(about, "meet", "wang", "agreed", data={**TASK, **more})
    return about, meeting


def next_one(council: Stage, meeting: Done, day: date = APRIL) -> Sitting:
    council.act(meeting, "sit", "wang", "held")
    return called(council, day)[1]


@given(st.booleans(), st.booleans(), st.none() | st.dates(), st.dates())
def test_a_fate_is_one_of_four_and_late_only_after_its_day(done: bool, ended: bool, until: date | None, today: date):
    found = rules.fate(done=done, ended=ended, until=until, today=today)
    assert (found is Fate.DONE) == done
    assert (found is Fate.DROPPED) == (ended and not done)
    assert (found is Fate.LATE) == (not done and not ended and until is not None and today > until)


class TestTask:
    def test_the_next_step_is_due_on_the_day_that_was_resolved(self, council: Stage):
        about, _meeting = decided(council)
        item = Item.objects.get()
        assert (item.doer, item.until) == ("property", date(2026, 3, 20))
        due = Step.objects.open().get(matter=about.matter_id).due
        assert due is not None and due.astimezone(ZONE).date() == date(2026, 3, 20)
        told = Entry.objects.get(verb="meet").public["task"]
        assert told == {"who": "property", "until": "2026-03-20", "title": "物业"}

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"until": "2026-03-20"}, "who"),
            ({"who": "property"}, "until"),
            ({"who": "nobody", "until": "2026-03-20"}, "who"),
            ({"who": "property", "until": "2026-03-01"}, "until"),
        ],
    )
    def test_what_is_refused(self, council: Stage, data: dict[str, str], field: str):
        about, _meeting, _sitting = opened(council)
        with pytest.raises(Refused) as refused:
            council.act(about, "meet", "wang", "agreed", data=data)
        assert refused.value.field == field and not Item.objects.get().outcome

    def test_what_is_not_done_needs_nobody_and_no_day(self, council: Stage):
        about, _meeting, _sitting = opened(council)
        council.act(about, "meet", "wang", "no")
        assert Item.objects.get().until is None


class TestComingBack:
    def test_what_is_going_comes_back_and_then_is_late_and_then_done(self, council: Stage):
        about, meeting = decided(council)
        sitting = next_one(council, meeting)
        before = datetime(2026, 3, 15, 12, tzinfo=ZONE)
        assert [one.fate for one in resolved_before(sitting, before)] == [Fate.GOING]
        after = datetime(2026, 3, 21, 12, tzinfo=ZONE)
        assert [one.fate for one in resolved_before(sitting, after)] == [Fate.LATE]
        council.act(about, "handle", "chen", "done", at=after)
        (one,) = resolved_before(sitting, after + timedelta(hours=1))
        assert (one.fate, one.on) == (Fate.DONE, date(2026, 3, 21))

    def test_what_was_given_up_is_said_so(self, council: Stage):
        about, meeting = decided(council)
        sitting = next_one(council, meeting)
        council.act(about, "handle", "chen", "cannot", data={"words": "没有地方"})
        assert [one.fate for one in resolved_before(sitting, council.now)] == [Fate.DROPPED]

    def test_it_stays_until_it_is_done_though_meetings_pass(self, council: Stage):
        _about, meeting = decided(council)
        second = next_one(council, meeting)
        late = topic(council, "门口积水")
        run_due(second.starts_at - timedelta(hours=1))
        council.now = second.starts_at
        for login in ("wang", "chen", "zhou"):
            check_in(second.pk, by=council.people[login], at=council.now)
        council.act(second.matter_id, "open-sitting", "wang")
        council.act(late, "meet", "wang", "no")
        council.act(second.matter_id, "sit", "wang", "held")
        _done, third = called(council, date(2026, 5, 7))
        found = resolved_before(third, council.now)
        assert [(one.item.sitting_id == second.pk, one.fate) for one in found] == [
            (True, Fate.DROPPED), (False, Fate.LATE),
        ]  # fmt: skip

    def test_the_first_meeting_has_nothing_to_report(self, council: Stage):
        _done, sitting = called(council)
        assert resolved_before(sitting, EVENING) == []
