"""The clock stands still until a day, or until somebody says that it goes on."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from weizhi.charters.periods import ZONE
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Party
from weizhi.matters.queries import beside_verbs
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing

CHARTER = Path(__file__).with_name("stage.toml").read_text(encoding="utf-8")
WORDS = "等配件"


@pytest.fixture
def paused(stage: Stage) -> Stage:
    charter = CHARTER.replace('"withdraw"]', '"withdraw", "suspend"]', 1)
    stage.adopt(charter.replace('name = "stage"', 'name = "paused"'))
    return stage


def day(stage: Stage, days: int) -> str:
    return (stage.now.astimezone(ZONE).date() + timedelta(days=days)).isoformat()


def due_of(stage: Stage, done) -> date:
    row = stage.matter(done).steps.get(closed_at=None)
    assert set(Party.objects.filter(step=row).values_list("due", flat=True)) == {row.due}
    return row.due.astimezone(ZONE).date()


def handled(stage: Stage):
    done = stage.report()
    stage.act(done, "sort", "zhou", "ours")
    return done


def test_the_days_in_between_do_not_count_and_the_clock_goes_on_by_itself(paused: Stage) -> None:
    done = handled(paused)  # on Monday 2 March, five working days
    before = due_of(paused, done)
    paused.act(done, "suspend", "chen", data={"words": WORDS, "until": day(paused, 14)})
    after = due_of(paused, done)
    assert (before, after) == (date(2026, 3, 9), date(2026, 3, 23))
    told = len(paused.matter(done).stream.entries.all())
    run_due(paused.now + timedelta(days=20))
    assert len(paused.matter(done).stream.entries.all()) == told, "nobody is late"
    run_due(paused.now + timedelta(days=22))
    assert paused.matter(done).stream.entries.latest("n").verb == "overdue"


def test_who_goes_on_earlier_gets_only_the_days_that_it_stood_still(paused: Stage) -> None:
    done = handled(paused)
    paused.act(done, "suspend", "chen", data={"words": WORDS, "until": day(paused, 60)})
    paused.now += timedelta(days=2)
    paused.act(done, "resume", "zhou")
    assert due_of(paused, done) == date(2026, 3, 11)
    with pytest.raises(Refused, match="没有暂停"):
        paused.act(done, "resume", "zhou")


def test_what_can_be_done_meanwhile_is_done_and_the_next_step_has_its_own_time(paused: Stage) -> None:
    done = handled(paused)
    paused.act(done, "suspend", "chen", data={"words": WORDS, "until": day(paused, 60)})
    paused.act(done, "handle", "chen", "done")
    assert paused.stands_at(done) == ["check"]
    assert due_of(paused, done) == date(2026, 3, 5)


@pytest.mark.parametrize("until", ["", "today", "far", "x"])
def test_the_day_must_be_one_to_come_and_not_too_far(paused: Stage, until: str) -> None:
    done = handled(paused)
    typed = {"today": day(paused, 0), "far": day(paused, 181)}.get(until, until)
    with pytest.raises(Refused) as refused:
        paused.act(done, "suspend", "chen", data={"words": WORDS, "until": typed})
    assert (refused.value.code, refused.value.field) == ("bad-data", "until")


def test_it_needs_a_reason_a_handler_and_a_clock_that_runs(paused: Stage) -> None:
    done = handled(paused)
    for login, words, why in (("chen", "", "words"), ("lin", WORDS, "经办的人"), ("zhao", WORDS, "经办的人")):
        with pytest.raises(Refused) as refused:
            paused.act(done, "suspend", login, data={"words": words, "until": day(paused, 3)})
        assert why in (refused.value.field, refused.value.message) or why in refused.value.message
    paused.act(done, "suspend", "chen", data={"words": WORDS, "until": day(paused, 3)})
    with pytest.raises(Refused, match="已经暂停着"):
        paused.act(done, "suspend", "chen", data={"words": WORDS, "until": day(paused, 5)})


def test_a_charter_that_does_not_name_it_does_not_have_it(stage: Stage) -> None:
    done = handled(stage)
    with pytest.raises(Refused) as refused:
        stage.act(done, "suspend", "chen", data={"words": WORDS, "until": day(stage, 3)})
    assert refused.value.line == "stage: kinds.report.always"


def test_the_story_says_until_when_and_why_and_offers_the_way_on(paused: Stage, time_machine) -> None:
    time_machine.move_to(paused.now)
    done = handled(paused)
    paused.act(done, "suspend", "chen", data={"words": WORDS, "until": "2026-03-20"})
    time_machine.move_to(paused.now)
    lin = Reader(paused.matter(done), standing(paused.people["lin"], paused.now))
    line = lin.story().lines[-1]
    assert line.text == "陈经理暂停了这件事，到3月20日接着算期限" and line.words == WORDS
    chen = Reader(paused.matter(done), standing(paused.people["chen"], paused.now))
    chen.story()
    assert "resume" in beside_verbs(chen) and "suspend" not in beside_verbs(chen)
    lin.story()
    assert not {"resume", "suspend"} & set(beside_verbs(lin))
