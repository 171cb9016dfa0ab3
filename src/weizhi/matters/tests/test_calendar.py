"""Calendars open matters: on their date, for each target once, late or not at all, and by two workers once."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from weizhi.charters.periods import ZONE
from weizhi.matters.actions.act import raise_matter
from weizhi.matters.actions.open_by_calendar import open_by_calendar
from weizhi.matters.actions.open_due import next_due, open_due
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import CalendarOpening, Matter, Step
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.people.models import NextDate
from weizhi.record.models import Entry, Payload

TEXT = Path(__file__).with_name("calendar.toml").read_text(encoding="utf-8")


def on(day: int, month: int = 3, hour: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


@pytest.fixture
def dated(stage: Stage) -> Stage:
    stage.adopt(TEXT)  # on Monday, 2 March 2026
    return stage


def opened(entry: str) -> list[tuple[str, str]]:
    found = CalendarOpening.objects.filter(entry=entry).select_related("matter").order_by("rule_day", "target")
    return [(one.day.isoformat(), one.matter.raised_at.astimezone(ZONE).strftime("%m-%d %H:%M")) for one in found]


def registered(verb: str) -> list[dict[str, Any]]:
    return list(Entry.objects.filter(stream__kind="charter", verb=verb).order_by("n").values_list("public", flat=True))


def test_the_adoption_notes_the_next_date_of_each_entry(dated: Stage) -> None:
    noted = {row.entry: (row.rule_day, row.day, row.wakes_at.astimezone(ZONE)) for row in NextDate.objects.all()}
    assert noted["joint-meeting"][:2] == (date(2026, 3, 5), date(2026, 3, 5))
    assert noted["joint-meeting"][2] == dated.now, "its fourteen days have begun: it opens at once"
    assert noted["rating"] == (date(2026, 10, 3), date(2026, 10, 8), on(8, 10, 9)), "moved over the national holiday"
    assert noted["round"] == (date(2026, 3, 15), date(2026, 3, 15), on(15, 3, 9) + timedelta(minutes=30))


def test_a_year_of_first_thursdays_opens_fourteen_days_before_each_at_the_hour_the_desk_opens(dated: Stage) -> None:
    run_due(on(1, 2, year=2027))
    days = [day for day, _ in opened("joint-meeting")]
    assert days == [
        "2026-03-05", "2026-04-02", "2026-05-07", "2026-06-04", "2026-07-02", "2026-08-06", "2026-09-03",
        "2026-10-01", "2026-11-05", "2026-12-03", "2027-01-07", "2027-02-04",
    ]  # fmt: skip
    assert opened("joint-meeting")[1] == ("2026-04-02", "03-19 09:00")
    assert run_due(on(1, 2, year=2027)) == 0, "what was opened is not opened again"


def test_it_is_raised_by_nobody_and_says_which_calendar_and_date(dated: Stage) -> None:
    run_due(on(20))
    matter = Matter.objects.get(calendar_opening__day="2026-04-02")
    first = matter.stream.entries.get(n=1)
    assert (first.actor, first.verb, first.step) == (None, "calendar", "due")
    assert (first.public["calendar"], first.public["date"]) == ("joint-meeting", "2026-04-02")
    fields = Payload.objects.get(entry=first, part="fields").read()
    assert fields == {"date": "2026-04-02", "body": "committee"}
    assert matter.title == "四方平台例会（2026年4月2日）"
    assert not matter.parties.filter(relation="raiser").exists()
    assert matter.parties.filter(step__key="prepare").values_list("who", flat=True).get() == "body:committee@xfl"
    lines = Reader(matter, standing(dated.people["lin"], on(20))).story().lines
    assert lines[0].text == "到了日子（四方平台例会，4月2日），按章程开了这件事"


def test_one_for_each_place_and_one_for_each_body(dated: Stage) -> None:
    run_due(on(15, 10))
    grids = Matter.objects.filter(kind="round").values_list("place__code", "audience").distinct()
    assert sorted(grids) == [("g1", "xfl/g1"), ("g2", "xfl/g2")]
    rating = Matter.objects.get(kind="rating")
    assert (rating.place.code, rating.title) == ("e1", "物业年度考评（2026年10月8日，property）")
    assert rating.parties.get(relation="about").who == "about-body:property@xfl/e1"


def test_a_first_step_that_is_not_said_by_anybody_stands_open(dated: Stage) -> None:
    run_due(on(16))
    step = Step.objects.open().filter(matter__kind="round", matter__place__code="g1").get()
    assert (step.key, step.matter.audience) == ("walk", "xfl/g1")
    assert step.due is not None and step.due.astimezone(ZONE).date() == date(2026, 3, 18)
    assert step.waits.get().who == "post:grid-officer@xfl/g1"
    dated.act(step.matter_id, "handle", "zhou", "done", at=on(17))
    assert Matter.objects.get(pk=step.matter_id).ended_as == "walked"


def test_what_the_calendar_alone_opens_nobody_raises_and_whom_the_step_names_may(dated: Stage) -> None:
    with pytest.raises(Refused) as refused:
        dated.report("wang", "开个会", kind="meeting", place="square")
    assert refused.value.code == "not-yours" and "到了日子会自己开" in refused.value.message
    data = {"date": "2026-03-09", "about_whom": "property", "body": "property"}
    done = raise_matter(
        dated.community, "rating", by=dated.people["wang"], data=data, place=dated.places["e1"].pk, at=on(9)
    )
    assert Step.objects.open().get(matter=done.matter_id).key == "rate"


def test_after_downtime_a_meeting_opens_late_and_a_round_is_left_out(dated: Stage) -> None:
    run_due(on(3))
    run_due(on(20, 5), down_until=on(20, 5))
    assert opened("joint-meeting")[1:] == [("2026-04-02", "05-20 12:00"), ("2026-05-07", "05-20 12:00")]
    late = Matter.objects.get(calendar_opening__day="2026-04-02").stream.entries.get(n=1)
    assert late.public["late"] is True
    assert opened("round") == []
    assert [said["day"] for said in registered("date-skipped")] == ["2026-03-15", "2026-04-15", "2026-05-15"]


def test_a_worker_that_wakes_on_the_same_day_leaves_nothing_out(dated: Stage) -> None:
    run_due(on(14))
    run_due(on(15, hour=23), down_until=on(15, hour=22))
    assert [at for _, at in opened("round")] == ["03-15 22:00"] * 2


def test_one_query_where_nothing_is_due_however_many_communities_there_are(dated: Stage) -> None:
    run_due(on(3))
    with CaptureQueriesContext(connection) as asked:
        assert run_due(on(4)) == 0
    tables = [query["sql"] for query in asked.captured_queries if "people_nextdate" in query["sql"]]
    assert len(tables) == 1
    assert len(asked) <= 3


def test_a_new_charter_plans_anew_and_repeats_no_date_that_has_passed(dated: Stage) -> None:
    run_due(on(20))
    dated.now = on(20)
    dated.adopt(TEXT.replace("BYDAY=1TH", "BYDAY=1FR").replace("[calendar.round]", "[calendar.patrol]"))
    run_due(on(30, 4))
    assert [day for day, _ in opened("joint-meeting")] == ["2026-03-05", "2026-04-02", "2026-04-03", "2026-05-01"]
    assert opened("round") == [("2026-03-15", "03-15 09:30")] * 2
    assert opened("patrol") == [("2026-04-15", "04-15 09:30")] * 2


def test_the_same_charter_adopted_again_opens_nothing_twice(dated: Stage) -> None:
    run_due(on(3))
    dated.now = on(3)
    dated.adopt(TEXT.replace("按日历开会", "按日历开会（二）"))
    assert NextDate.objects.get(entry="joint-meeting").day == date(2026, 3, 5)
    run_due(on(4))
    assert Matter.objects.filter(kind="meeting").count() == 1
    assert NextDate.objects.get(entry="joint-meeting").day == date(2026, 4, 2)


def test_what_cannot_be_opened_is_tried_daily_until_the_next_date_and_does_not_hold_up_the_rest(dated: Stage) -> None:
    data = {"date": "2026-03-09", "about_whom": "property"}
    first = raise_matter(
        dated.community, "rating", by=dated.people["wang"], data=data, place=dated.places["e1"].pk, at=on(9)
    )
    run_due(on(12, 10))
    assert not CalendarOpening.objects.filter(entry="rating").exists(), "one of them is still open"
    assert len(registered("date-hindered")) == 1, "said once, tried five times"
    assert "已经有一件在办" in NextDate.objects.get(entry="rating").why_not
    assert opened("joint-meeting")[-1][0] == "2026-10-01", "the others went on"
    dated.act(first, "handle", "wang", "done", at=on(12, 10, 13))
    run_due(on(14, 10))
    assert opened("rating") == [("2026-10-08", "10-13 09:00")]
    assert NextDate.objects.get(entry="rating").rule_day == date(2027, 10, 3)


def test_opened_by_its_name_and_day_it_answers_with_what_stands(dated: Stage) -> None:
    matters = open_by_calendar(dated.community, "round", date(2026, 3, 15), at=on(10))
    assert [matter.place.code for matter in matters] == ["g1", "g2"]
    assert open_by_calendar(dated.community, "round", date(2026, 3, 15), at=on(11)) == matters
    run_due(on(16))
    assert Matter.objects.filter(kind="round").count() == 2
    for entry, day in (("nothing", date(2026, 3, 15)), ("round", date(2026, 3, 16))):
        with pytest.raises(Refused) as refused:
            open_by_calendar(dated.community, entry, day, at=on(11))
        assert refused.value.code == "not-found"


def test_the_database_itself_refuses_a_second_one_of_a_date(dated: Stage) -> None:
    open_by_calendar(dated.community, "joint-meeting", date(2026, 3, 5), at=on(3))
    row = CalendarOpening.objects.get()
    row.pk, row.matter = None, Matter.objects.get(pk=dated.report().matter_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarOpening(
            community=row.community, matter=row.matter, entry=row.entry, rule_day=row.rule_day, day=row.day,
            target=row.target,
        ).save(force_insert=True)  # fmt: skip


def test_two_workers_open_it_once(committed_stage: Stage) -> None:
    committed_stage.adopt(TEXT)
    row = next_due(on(15))
    assert row is not None
    together, failed = threading.Barrier(2), []

    def worker() -> None:
        try:
            together.wait(timeout=30)
            open_due(row, on(15))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []
    assert Matter.objects.filter(kind="meeting").count() == 1
    assert NextDate.objects.get(entry="joint-meeting").rule_day == date(2026, 4, 2)


def test_a_date_moved_by_a_holiday_announced_later_is_worked_out_again(dated: Stage) -> None:
    NextDate.objects.filter(entry="rating").update(
        day=date(2026, 10, 5), wakes_at=datetime(2026, 10, 5, 1, tzinfo=UTC), provisional=True, calendar="before"
    )
    run_due(on(3))
    row = NextDate.objects.get(entry="rating")
    assert (row.day, row.wakes_at, row.provisional) == (date(2026, 10, 8), on(8, 10, 9), False)
    assert registered("date-moved") == [{"calendar": "rating", "day": "2026-10-08", "before": "2026-10-05"}]
    run_due(on(4))
    assert len(registered("date-moved")) == 1
