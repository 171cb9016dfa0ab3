"""A mediation: nobody is made to come, a time is had once, both sign the same words, nobody else learns of it."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.charters.loading import parse_text
from weizhi.charters.mediating import MediateParams
from weizhi.charters.periods import ZONE
from weizhi.charters.workdays import state_calendar
from weizhi.deliberation.mediating import slots
from weizhi.deliberation.models import Appointment, Mediation, Side, Signature
from weizhi.deliberation.tests.mediation_stage import (
    CHARTER,
    SLOT,
    TEXT,
    THURSDAY,
    asked,
    booked,
    invited,
    mediating,
    written,
)
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter, Party, Searchable
from weizhi.matters.recorded import Recorded
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.record.models import Entry, Payload
from weizhi.record.photos import Photo


@pytest.fixture
def room(stage: Stage) -> Stage:
    return mediating(stage)


def photo() -> Photo:
    return Photo(b"x" * 40, b"y" * 20, "image/jpeg", 4, 3, None, None)


def sees(stage: Stage, login: str) -> bool:
    return Matter.objects.visible_to(standing(stage.people[login], stage.now)).filter(kind="mediation").exists()


def test_both_sign_the_same_words_and_it_is_agreed(room: Stage):
    done, talks = written(room)
    room.act(done, "sign", "lin", data={"seen": talks.version})
    assert room.stands_at(done) == ["talk"]
    room.act(done, "sign", "chen", data={"seen": talks.version})
    matter = room.matter(done)
    assert (matter.ended_as, matter.counts) == ("agreed", "solved")
    assert {row.side for row in Signature.objects.all()} == {Side.FIRST, Side.OTHER}
    last = Entry.objects.filter(stream=done.matter_id, verb="sign").latest("n")
    assert last.public["agreement"] == talks.text_hash and last.public["signed"] == 2


def test_what_was_written_anew_is_signed_anew(room: Stage):
    done, talks = written(room)
    room.act(done, "sign", "lin", data={"seen": talks.version})
    room.act(done, "write-down", "zhao", data={"text": "吊顶由楼上全付。"})
    with pytest.raises(Refused, match="刚改过"):
        room.act(done, "sign", "chen", data={"seen": talks.version})
    talks.refresh_from_db()
    room.act(done, "sign", "chen", data={"seen": talks.version})
    assert room.stands_at(done) == ["talk"], "the one signed other words"
    room.act(done, "sign", "lin", data={"seen": talks.version})
    assert room.matter(done).ended_as == "agreed"


def test_who_has_no_account_takes_part_on_paper(room: Stage):
    done = asked(room)
    invited(room, done, name="楼上老罗")
    with pytest.raises(Refused, match="自己说"):
        room.act(done, "take-part", "lin")
    room.act(done, "take-part", "zhao")
    room.act(done, "book", "zhao", data={"slot": SLOT})
    room.act(done, "write-down", "zhao", data={"text": TEXT})
    talks = Mediation.objects.get()
    room.act(done, "sign", "lin", data={"seen": talks.version})
    with pytest.raises(Refused, match="拍下") as refused:
        room.act(done, "sign", "zhao", data={"side": "other"})
    assert refused.value.field == "photos"
    room.act(done, "sign", "zhao", data={"side": "other"}, evidence=[photo()])
    assert room.matter(done).ended_as == "agreed"
    assert set(Signature.objects.values_list("side", "channel")) == {("first", "phone"), ("other", "paper")}


def test_nobody_is_made_to_come(room: Stage):
    done = asked(room)
    invited(room, done)
    room.act(done, "leave-talks", "chen")
    assert room.matter(done).counts == "withdrawn"
    again = asked(room)
    with pytest.raises(Refused, match="还没有答应"):
        room.act(again, "book", "lin", data={"slot": SLOT})
    invited(room, again)
    booked(room, again)
    room.act(again, "leave-talks", "lin")
    assert room.matter(again).ended_as == "declined"
    assert not Appointment.objects.standing().exists(), "the time is free for others"


def test_it_is_sent_elsewhere_with_a_reason(room: Stage):
    done = asked(room)
    with pytest.raises(Refused, match="为什么"):
        room.act(done, "mediate", "zhao", "court")
    with pytest.raises(Refused, match="请从这几项里选"):
        room.act(done, "mediate", "zhao", "agreed", data={"words": "他们说好了"})
    room.act(done, "mediate", "zhao", "court", data={"words": "要先做鉴定"})
    assert room.matter(done).counts == "elsewhere"


def test_a_time_is_had_once_and_goes_back(room: Stage):
    first, second = asked(room), asked(room, "楼道堆物")
    for one in (first, second):
        invited(room, one)
        room.act(one, "take-part", "chen")
    room.act(first, "book", "lin", data={"slot": SLOT})
    with pytest.raises(Refused, match="约不到") as refused:
        room.act(second, "book", "lin", data={"slot": SLOT})
    assert refused.value.field == "slot"
    later = f"lawyer-day {(THURSDAY + timedelta(hours=1)).isoformat()}"
    room.act(first, "book", "chen", data={"slot": later})
    room.act(second, "book", "zhao", data={"slot": SLOT})
    assert Appointment.objects.current().count() == 2


def test_the_morning_before_both_are_reminded(room: Stage):
    done = asked(room)
    invited(room, done)
    booked(room, done)
    run_due(THURSDAY - timedelta(days=1, hours=1))
    assert not Entry.objects.filter(verb="reminded").exists()
    run_due(THURSDAY - timedelta(hours=23))
    told = Payload.objects.get(entry__verb="reminded", part="tell").read()
    people = {f"person:{room.people[login].pk}" for login in ("lin", "chen")}
    assert people | {"body:talking-room@xfl"} == set(told)
    run_due(THURSDAY - timedelta(hours=2))
    assert Entry.objects.filter(verb="reminded").count() == 1


def test_without_a_result_the_day_decides_and_gives_the_time_back(room: Stage):
    done = asked(room)
    invited(room, done)
    run_due(room.now + timedelta(days=10))
    room.now += timedelta(days=10)
    room.act(done, "take-part", "chen")
    room.act(done, "book", "lin", data={"slot": f"lawyer-day {(THURSDAY + timedelta(days=35)).isoformat()}"})
    run_due(room.now + timedelta(days=21))
    assert room.matter(done).ended_as == "failed" and not Appointment.objects.standing().exists()


def test_only_its_own_people_act_in_it(room: Stage):
    done = asked(room)
    for login in ("wang", "chen", "zhou", "guo"):
        with pytest.raises(Refused) as refused:
            room.act(done, "invite", login, data={"name": "谁"})
        assert refused.value.code == "not-found", "the director learns not even that there is one"
    with pytest.raises(Refused, match="调解员来发"):
        room.act(done, "invite", "lin", data={"name": "楼上"})
    invited(room, done)
    booked(room, done)
    for verb, data in (("write-down", {"text": "我说了算"}), ("mediate", {})):
        with pytest.raises(Refused) as refused:
            room.act(done, verb, "lin", "failed" if verb == "mediate" else None, data=data)
        assert refused.value.code == "not-yours"
    with pytest.raises(Refused, match="还没有写好"):
        room.act(done, "sign", "lin", data={"seen": 0})


def test_whoever_was_invited_by_mistake_sees_it_no_more(room: Stage):
    done = asked(room)
    invited(room, done, person=str(room.people["zhou"].pk))
    assert sees(room, "zhou")
    invited(room, done)
    assert not sees(room, "zhou") and sees(room, "chen")
    assert not Party.objects.filter(who=f"person:{room.people['zhou'].pk}").exists()
    with pytest.raises(Refused, match="已经是当事人"):
        invited(room, done, person=str(room.people["lin"].pk))
    with pytest.raises(Refused, match="不属于本社区"):
        invited(room, done, person=str(room.people["guo"].pk))
    room.act(done, "take-part", "chen")
    with pytest.raises(Refused, match="不能再换"):
        invited(room, done, name="别人")


def test_a_mediator_who_is_a_side_does_not_mediate(room: Stage):
    done = room.report("lin", kind="mediation", words="和律师吵了一架", place="3-2-301")
    room.act(done, "invite", "zhao", data={"person": str(room.people["zhao"].pk)})
    with pytest.raises(Refused) as refused:
        room.act(done, "write-down", "zhao", data={"text": "都怪林姨"})
    assert refused.value.code == "not-yours"


def test_every_word_is_sealed_and_none_stands_in_a_title(room: Stage):
    done, talks = written(room, "绝不外传的协议")
    room.act(done, "comment", "chen", data={"words": "绝不外传的话"})
    matter = room.matter(done)
    assert matter.title == "调解" and matter.audience == Matter.PARTIES_ONLY
    assert "漏" not in Searchable.objects.get(matter=matter).words
    parts = Payload.objects.filter(entry__stream=done.matter_id)
    assert parts.exclude(part="actor").exists()
    assert not parts.exclude(part="actor").exclude(grade=3, body=None).exists()
    said = {row.part: row.read() for row in parts.order_by("entry__n")}
    assert said["agreement"]["text"] == "绝不外传的协议" and said["words"] == "绝不外传的话"
    public = str(list(Entry.objects.filter(stream=done.matter_id).values_list("public", flat=True)))
    assert "绝不" not in public and "09:00" not in public and str(room.people["chen"].pk) not in public
    assert talks.text_hash in public


def test_a_report_opens_one_and_learns_only_how_it_ended(room: Stage):
    report = room.report("lin", words="楼上漏水", place="3-2-301")
    talks = Matter.objects.get(kind="mediation")
    assert talks.title == "调解" and not sees(room, "wang") and sees(room, "lin") and sees(room, "zhao")
    room.act(talks.pk, "mediate", "zhao", "court", data={"words": "绝不外传"})
    assert room.matter(report).ended_as == "over"
    told = Entry.objects.get(stream=report.matter_id, verb="returned")
    assert told.public["outcome"] == "elsewhere"
    assert not Payload.objects.filter(entry=told, part="words").exists()


def test_an_officer_who_writes_down_a_strangers_word_is_no_party(room: Stage):
    call = Recorded("call", "楼下刘婶")
    room.report("zhou", words="楼上太吵", place="3-2-301", recorded=call)
    talks = Mediation.objects.get()
    assert not sees(room, "zhou")
    room.act(talks.matter_id, "invite", "zhao", data={"side": "first", "name": "楼下刘婶"})
    talks.refresh_from_db()
    assert talks.first_by_paper
    with pytest.raises(Refused, match="经办的人来记"):
        room.report("zhou", kind="mediation", words="吵架", place="3-2-301", recorded=call)


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ('visible = "parties"', 'visible = "community"', "只能给当事人看"),
        ('always = ["comment", "note"]', 'always = ["comment", "merge"]', "不能并入"),
        ('when_due = "failed"', 'escalate = [{ after = "0 days", tell = ["committee-director"] }]', "保密的话"),
        ('"raiser", "other-side"]', '"raiser"]', "调解要写明三方"),
        ('calendar = ["lawyer-day"]', 'calendar = ["judge-day"]', "没有叫“judge-day”的日历"),
        ("agreed = \"agreed\", declined", "signed = \"agreed\", declined", "结果“agreed”"),
    ],
)  # fmt: skip
def test_the_checker_keeps_it_closed(wrong: str, right: str, words: str):
    assert wrong in CHARTER
    checked = parse_text(CHARTER.replace(wrong, right, 1), "test.toml")
    assert any(words in finding.message for finding in checked.findings), checked.findings


@given(day=st.dates(date(2025, 1, 1), date(2026, 12, 31)), hour=st.times(), days=st.integers(1, 90))
def test_every_time_lies_on_its_day_and_within_reach(day: date, hour: time, days: int):
    checked = parse_text(CHARTER, "test.toml")
    assert checked.charter is not None
    now = datetime.combine(day, hour, ZONE)
    params = MediateParams(calendar=("lawyer-day",), slots=("09:00", "14:30"), where="这里", book_days=days)
    found = list(slots(checked.charter, params, now, state_calendar()))
    assert len({slot.key for slot in found}) == len(found)
    for slot in found:
        assert slot.starts_at.weekday() == 3 and now < slot.starts_at
        assert (slot.starts_at.date() - now.date()).days <= days + 1
    assert len(found) >= 2 * (days // 7)
