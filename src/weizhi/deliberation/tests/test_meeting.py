"""A meeting from its day to its end: who sits there, what it takes to begin, what becomes of each matter."""

from datetime import date, datetime, timedelta

import pytest

from weizhi.charters.periods import ZONE
from weizhi.deliberation.actions.check_in import check_in, leave
from weizhi.deliberation.models import Attendance, Item, Sitting
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person
from weizhi.record.models import Entry

CHARTER = """
[charter]
language = 1
name = "here"
title = "这里"
extends = ["base"]
[bodies.council]
title = "议事会"
at = "community"
seats = [{ body = "committee" }, { body = "property" }, { post = "grid-officer", count = 2 }]
[kinds.meeting]
title = "议事会会议"
procedure = "meeting"
visible = "community"
[procedures.meeting]
title = "议事会会议"
[procedures.meeting.steps.call]
kind = "raise"
by = ["committee"]
fields = [
  { key = "words", type = "text", title = "说明" },
  { key = "day", type = "date", title = "哪一天", required = true },
]
then = "sit"
[procedures.meeting.steps.sit]
kind = "sit"
by = ["committee"]
within = "field:call.day"
body = "council"
day = "call.day"
clock = "19:00"
where = "居委会二楼"
quorum = { seats = "3/4" }
outcomes = { held = "held", no-quorum = "not-held" }
[procedures.meeting.ends]
held = { counts = "solved" }
not-held = { counts = "lapsed" }
[kinds.topic]
title = "议题"
procedure = "topic"
visible = "community"
[procedures.topic]
title = "议事"
[procedures.topic.steps.say]
kind = "raise"
by = ["resident"]
fields = [{ key = "words", type = "text", title = "什么事" }]
then = "meet"
[procedures.topic.steps.meet]
kind = "meet"
by = ["committee"]
within = "60 days"
body = "council"
invite = ["resident"]
outcomes = { agreed = "agreed", no = "no" }
outcome_titles = { agreed = "同意", no = "不办" }
[procedures.topic.ends]
agreed = { counts = "solved" }
no = { counts = "refused" }
"""
THURSDAY = date(2026, 3, 12)
EVENING = datetime(2026, 3, 12, 19, 0, tzinfo=ZONE)


@pytest.fixture
def council(stage: Stage) -> Stage:
    stage.adopt(CHARTER)
    return stage


def called(stage: Stage, day: date = THURSDAY) -> tuple[Done, Sitting]:
    done = stage.report("wang", kind="meeting", words="本月议事", place="3-2", data={"day": day.isoformat()})
    return done, Sitting.objects.get(matter=done.matter_id)


def topic(stage: Stage, words: str = "楼道灯太暗") -> Done:
    return stage.report("lin", kind="topic", words=words, place="3-2")


def filled(stage: Stage, sitting: Sitting) -> None:
    """Three of four seats: the committee, the property company, one grid officer."""
    stage.now = EVENING - timedelta(minutes=20)
    for login in ("wang", "chen", "zhou"):
        check_in(sitting.pk, by=stage.people[login], at=stage.later(minutes=1))


def opened(stage: Stage) -> tuple[Done, Done, Sitting]:
    about, (meeting, sitting) = topic(stage), called(stage)
    run_due(EVENING - timedelta(hours=2))
    filled(stage, sitting)
    stage.act(meeting, "open-sitting", "wang")
    sitting.refresh_from_db()
    return about, meeting, sitting


def test_a_meeting_is_set_with_the_seats_of_its_body(council: Stage):
    _done, sitting = called(council)
    assert (sitting.starts_at, sitting.where) == (EVENING, "居委会二楼")
    assert [seat.title for seat in sitting.seat_list] == ["居委会", "物业", "网格员", "网格员"]


def test_a_day_that_is_over_is_refused(council: Stage):
    with pytest.raises(Refused, match="已经过去") as refused:
        called(council, date(2026, 3, 1))
    assert refused.value.field == "day"


def test_those_with_a_seat_are_invited_and_a_matter_tells_its_own_people(council: Stage):
    about, (meeting, _sitting) = topic(council), called(council)
    run_due(EVENING - timedelta(days=4))
    assert not Entry.objects.filter(verb="called").exists()
    run_due(EVENING - timedelta(days=2))
    call, invited = Entry.objects.get(verb="called"), Entry.objects.get(verb="invited")
    assert call.stream_id == meeting.matter_id and call.public["agenda"] == [about.number]
    assert invited.stream_id == about.matter_id and invited.public["sitting"] == meeting.number
    told = set(call.parts.get(part="tell").read())
    assert {"body:committee@xfl", "body:property@xfl/e1", "post:grid-officer@xfl/g1"} <= told
    assert f"person:{council.people['lin'].pk}" in invited.parts.get(part="tell").read()
    run_due(EVENING - timedelta(hours=1))
    assert Entry.objects.filter(verb="invited").count() == 1


class TestCheckIn:
    def test_each_takes_his_own_seat_once_and_others_are_guests(self, council: Stage):
        _done, sitting = called(council)
        filled(council, sitting)
        guest = check_in(sitting.pk, by=council.people["lin"], at=council.later(minutes=1))
        again = check_in(sitting.pk, by=council.people["wang"], at=council.later(minutes=1))
        seats = {row.called: row.seat for row in Attendance.objects.select_related("person")}
        assert seats == {"王主任": 1, "陈经理": 2, "小周": 3, "林姨": None}
        assert guest.seat is None and again.seat == 1 and Attendance.objects.count() == 4

    def test_two_in_the_same_instant_get_two_seats_and_one_alone_one(self, council: Stage):
        _done, sitting = called(council)
        council.now = EVENING
        later = check_in(sitting.pk, by=council.people["wang"], name="老李", seat=4, at=EVENING + timedelta(seconds=1))
        with pytest.raises(Refused, match="已经有人坐了"):  # its clock was read before, its lock came after
            check_in(sitting.pk, by=council.people["wang"], name="老王", seat=4, at=EVENING)
        again = check_in(sitting.pk, by=council.people["wang"], name="老李", seat=4, at=EVENING + timedelta(seconds=9))
        assert again.pk == later.pk and Attendance.objects.count() == 1

    def test_a_name_goes_with_its_person(self, council: Stage):
        _done, sitting = called(council)
        filled(council, sitting)
        Person.objects.filter(login="chen").update(name="", erased_at=council.now)
        row = Attendance.objects.select_related("person").get(seat=2)
        assert (row.name, row.called) == ("", "一位居民")

    def test_the_clerk_writes_down_whoever_signed_on_paper(self, council: Stage):
        _done, sitting = called(council)
        filled(council, sitting)
        row = check_in(
            sitting.pk, by=council.people["wang"], name="老李", seat=4, channel="paper", at=council.later(minutes=1)
        )
        assert (row.person_id, row.seat, row.channel, row.recorded_by) == (None, 4, "paper", council.people["wang"])

    def test_what_is_refused(self, council: Stage):
        _done, sitting = called(council)
        people = council.people
        with pytest.raises(Refused, match="还没到签到的时候"):
            check_in(sitting.pk, by=people["wang"], at=EVENING - timedelta(hours=3))
        filled(council, sitting)
        with pytest.raises(Refused) as hidden:
            check_in(sitting.pk, by=people["guo"], at=council.now)
        assert hidden.value.code == "not-found"
        with pytest.raises(Refused, match="替别人签到"):
            check_in(sitting.pk, by=people["lin"], name="老李", at=council.now)
        with pytest.raises(Refused, match="不属于本社区"):
            check_in(sitting.pk, by=people["wang"], person=people["guo"], at=council.now)
        with pytest.raises(Refused, match="已经有人坐了"):
            check_in(sitting.pk, by=people["wang"], name="老李", seat=1, at=council.now)
        with pytest.raises(Refused, match="没有第 9 席"):
            check_in(sitting.pk, by=people["wang"], name="老李", seat=9, at=council.now)
        with pytest.raises(Refused, match="这个人不能坐"):
            check_in(sitting.pk, by=people["wang"], person=people["lin"], seat=4, at=council.now)

    def test_a_seat_that_somebody_left_is_free(self, council: Stage):
        _done, sitting = called(council)
        filled(council, sitting)
        row = Attendance.objects.get(seat=3)
        with pytest.raises(Refused, match="本人或者会议的工作人员"):
            leave(sitting.pk, row.pk, by=council.people["lin"], at=council.later(minutes=1))
        leave(sitting.pk, row.pk, by=council.people["zhou"], at=council.later(minutes=1))
        assert Attendance.objects.seated(sitting.pk, council.now) == 2
        with pytest.raises(Refused, match="已经离开了"):
            leave(sitting.pk, row.pk, by=council.people["wang"], at=council.later(minutes=1))


class TestOpening:
    def test_it_begins_with_its_quorum_and_its_agenda(self, council: Stage):
        about, _meeting, sitting = opened(council)
        assert sitting.chair == council.people["wang"]
        entry = Entry.objects.get(verb="open-sitting")
        assert entry.public == {"seated": 3, "seats": 4, "agenda": [about.number]}

    def test_without_enough_seats_it_does_not_begin(self, council: Stage):
        meeting, sitting = called(council)
        council.now = EVENING - timedelta(minutes=5)
        check_in(sitting.pk, by=council.people["wang"], at=council.now)
        with pytest.raises(Refused, match="还差 2 席") as refused:
            council.act(meeting, "open-sitting", "wang")
        assert "quorum" in str(refused.value.line)
        with pytest.raises(Refused, match="人可能还在路上"):
            council.act(meeting, "sit", "wang", "no-quorum")
        council.now = EVENING + timedelta(minutes=30)
        council.act(meeting, "sit", "wang", "no-quorum")
        assert council.matter(meeting).ended_as == "not-held"

    def test_what_is_refused(self, council: Stage):
        meeting, sitting = called(council)
        with pytest.raises(Refused, match="还没到开会的时候"):
            council.act(meeting, "open-sitting", "wang")
        with pytest.raises(Refused) as other:
            council.act(meeting, "open-sitting", "chen")
        assert other.value.code == "not-yours"
        filled(council, sitting)
        with pytest.raises(Refused, match="还没有宣布开始"):
            council.act(meeting, "sit", "wang", "held")
        council.act(meeting, "open-sitting", "wang")
        with pytest.raises(Refused, match="会已经开了"):
            council.act(meeting, "open-sitting", "wang")
        with pytest.raises(Refused, match="人数是够的"):
            council.act(meeting, "sit", "wang", "no-quorum")
        with pytest.raises(Refused, match="安排不能再改"):
            council.act(meeting, "arrange", "wang", data={"where": "活动室"})

    def test_place_and_order_are_arranged_before(self, council: Stage):
        first, second = topic(council), topic(council, "门口积水")
        meeting, sitting = called(council)
        with pytest.raises(Refused, match="不在等着上这个会"):
            council.act(meeting, "arrange", "wang", data={"order": [9999]})
        with pytest.raises(Refused, match="请写改什么"):
            council.act(meeting, "arrange", "wang")
        council.act(meeting, "arrange", "wang", data={"where": "活动室", "order": [second.number, first.number]})
        filled(council, sitting)
        council.act(meeting, "open-sitting", "wang")
        order = Item.objects.order_by("n").values_list("step__matter__number", flat=True)
        assert list(order) == [second.number, first.number]


class TestMatter:
    def test_it_goes_on_with_what_was_said(self, council: Stage):
        about, meeting, _sitting = opened(council)
        hands = {"hands_for": 2, "hands_against": 1, "words": "换成感应灯，物业一个月内办"}
        council.act(about, "meet", "wang", "agreed", data=hands)
        assert council.matter(about).ended_as == "agreed"
        item = Item.objects.get()
        assert (item.outcome, item.seated, item.hands) == ("agreed", 3, {"for": 2, "against": 1})
        council.act(meeting, "sit", "wang", "held")
        entry = Entry.objects.get(verb="sit")
        assert entry.public["items"] == [{"number": about.number, "outcome": "agreed"}]
        assert council.matter(meeting).ended_as == "held"

    def test_what_was_not_dealt_with_waits_for_the_next_meeting(self, council: Stage):
        about, meeting, _sitting = opened(council)
        council.act(meeting, "sit", "wang", "held")
        with pytest.raises(Refused, match="会还没有开"):
            council.act(about, "meet", "wang", "agreed")
        later, next_one = called(council, date(2026, 4, 2))
        with pytest.raises(Refused, match="下次会在 04 月 02 日"):
            council.act(about, "meet", "wang", "agreed")
        run_due(next_one.starts_at - timedelta(hours=2))
        council.now = next_one.starts_at
        for login in ("wang", "chen", "zhou"):
            check_in(next_one.pk, by=council.people[login], at=council.now)
        council.act(later, "open-sitting", "wang")
        council.act(about, "meet", "wang", "no")
        assert council.matter(about).ended_as == "no"

    def test_what_is_refused(self, council: Stage):
        about, _meeting, sitting = opened(council)
        with pytest.raises(Refused, match="比在座的 3 席还多"):
            council.act(about, "meet", "wang", "agreed", data={"hands_for": 3, "hands_against": 1})
        with pytest.raises(Refused) as outcome:
            council.act(about, "meet", "wang", "maybe")
        assert outcome.value.field == "outcome"
        with pytest.raises(Refused) as other:
            council.act(about, "meet", "lin", "agreed")
        assert other.value.code == "not-yours"
        late = topic(council, "门口积水")
        with pytest.raises(Refused, match="不在这次会的议程上"):
            council.act(late, "meet", "wang", "agreed")
        leave(sitting.pk, Attendance.objects.get(seat=3).pk, by=council.people["zhou"], at=council.later(minutes=1))
        with pytest.raises(Refused, match="现在在座 2 席"):
            council.act(about, "meet", "wang", "agreed")


def test_a_meeting_that_was_not_held_invites_nobody_afterwards(council: Stage):
    meeting, _sitting = called(council)
    run_due(EVENING - timedelta(hours=1))
    council.now = EVENING + timedelta(minutes=40)
    council.act(meeting, "sit", "wang", "no-quorum")
    about = topic(council)
    run_due(EVENING + timedelta(days=1))
    assert not Entry.objects.filter(stream=about.matter_id, verb="invited").exists()


def test_a_meeting_that_time_sends_on_decides_nothing_more(stage: Stage):
    stage.adopt(CHARTER.replace('quorum = { seats = "3/4" }', 'quorum = { seats = "3/4" }\nwhen_due = "not-held"'))
    about, meeting, sitting = opened(stage)
    run_due(EVENING + timedelta(days=2))
    assert stage.matter(meeting).ended_as == "not-held"
    stage.now = EVENING + timedelta(days=2)
    with pytest.raises(Refused, match="会还没有开"):
        stage.act(about, "meet", "wang", "agreed")
    assert not Sitting.objects.coming().filter(pk=sitting.pk).exists()


def test_the_record_keeps_no_outcome_of_what_not_all_may_see(council: Stage):
    about, meeting, _sitting = opened(council)
    council.act(about, "meet", "wang", "no")
    Matter.objects.filter(pk=about.matter_id).update(audience=Matter.PARTIES_ONLY)
    council.act(meeting, "sit", "wang", "held")
    assert Entry.objects.get(verb="sit").public["items"] == [{"number": about.number}]


def test_a_body_that_keeps_no_meetings_here_tells_the_day_and_how_many_came(stage: Stage):
    body, _cut, rest = CHARTER.partition("[kinds.meeting]")
    stage.adopt(body + rest[rest.index("[kinds.topic]") :])
    about = topic(stage)
    with pytest.raises(Refused, match="哪一天") as missing:
        stage.act(about, "meet", "wang", "agreed", data={"present": 12})
    assert missing.value.field == "day"
    with pytest.raises(Refused, match="还没到"):
        stage.act(about, "meet", "wang", "agreed", data={"present": 12, "day": "2026-05-01"})
    stage.act(about, "meet", "wang", "agreed", data={"present": 12, "day": "2026-03-01", "hands_for": 12})
    entry = Entry.objects.get(verb="meet")
    assert (entry.public["day"], entry.public["present"], entry.public["for"]) == ("2026-03-01", 12, 12)


def test_a_quorum_of_the_step_holds_where_the_meeting_is_told_by_hand(stage: Stage):
    body, _cut, rest = CHARTER.partition("[kinds.meeting]")
    rest = rest[rest.index("[kinds.topic]") :].replace(
        'body = "council"\n', 'body = "council"\nquorum = { seats = "3/4" }\n'
    )
    stage.adopt(body + rest)
    about, said = topic(stage), {"day": "2026-03-01"}
    with pytest.raises(Refused, match="到会 2 人，章程要 4 席里到 3 席") as few:
        stage.act(about, "meet", "wang", "agreed", data={**said, "present": 2})
    assert few.value.field == "present" and few.value.line.endswith("steps.meet.quorum")
    stage.act(about, "meet", "wang", "agreed", data={**said, "present": 3})
    assert stage.matter(about).ended_as == "agreed"


class TestClasses:
    """Two of four seats are those of a class: half of them must be there, however many others are."""

    SHARED = CHARTER.replace(
        '{ post = "grid-officer", count = 2 }]',
        '{ post = "grid-officer", count = 2, group = "grid" }]\n'
        'shares = [{ group = "grid", title = "网格", at_least = "1/2" }]',
    ).replace('{ seats = "3/4" }', '{ seats = "1/2", each = { grid = "1/2" } }')

    def test_without_its_class_it_neither_opens_nor_decides(self, stage: Stage):
        stage.adopt(self.SHARED)
        about, (meeting, sitting) = topic(stage), called(stage)
        stage.now = EVENING - timedelta(minutes=20)
        for login in ("wang", "chen"):
            check_in(sitting.pk, by=stage.people[login], at=stage.later(minutes=1))
        with pytest.raises(Refused, match="“网格”的席位到了 0 席，章程要 1 席"):
            stage.act(meeting, "open-sitting", "wang")
        row = check_in(sitting.pk, by=stage.people["zhou"], at=stage.later(minutes=1))
        stage.act(meeting, "open-sitting", "wang")
        leave(sitting.pk, row.pk, by=stage.people["zhou"], at=stage.later(minutes=1))
        with pytest.raises(Refused, match="“网格”的席位到了 0 席"):
            stage.act(about, "meet", "wang", "agreed")

    def test_it_may_be_said_that_it_was_not_held(self, stage: Stage):
        stage.adopt(self.SHARED)
        meeting, sitting = called(stage)
        stage.now = EVENING
        for login in ("wang", "chen"):
            check_in(sitting.pk, by=stage.people[login], at=stage.later(minutes=1))
        stage.act(meeting, "sit", "wang", "no-quorum")
        assert stage.matter(meeting).ended_as == "not-held"
