"""Written down for somebody at the door or on the telephone: who may, what stands where, the slip and its claim."""

import pytest

from weizhi.matters.actions.act import act, raise_matter
from weizhi.matters.actions.done import Done
from weizhi.matters.merging import went_into
from weizhi.matters.models import Party
from weizhi.matters.recorded import CALLER, NUMBER, Recorded
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.matters.tests.test_merging import stage_charter
from weizhi.people.access import NOBODY, person_key, standing
from weizhi.record.export import Exported
from weizhi.record.models import Entry, Payload
from weizhi.reports.actions.claim import claim
from weizhi.reports.models import Report
from weizhi.reports.slips import as_code, code_of, slip_with

PHONE = "13800138000"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_FILE = tmp_path / "keys.json"


def record(stage: Stage, by: str = "zhou", recorded: Recorded | None = None, **more) -> Done:
    said = recorded or Recorded("call", "周大爷", PHONE)
    return raise_matter(
        stage.community, "report", by=stage.people[by], data={"words": "水管爆了"}, place=stage.places["3-2"].pk,
        recorded=said, at=stage.later(minutes=1), **more,
    )  # fmt: skip


def code(done: Done) -> str:
    return code_of(done.matter_id, Report.objects.get(matter=done.matter_id).turn)


def told(stage: Stage, done: Done, login: str = "") -> str:
    who = standing(stage.people[login], stage.now) if login else NOBODY
    return str(Reader(stage.matter(done), who).story())


# --- writing it down ------------------------------------------------------------------------------------


def test_the_channel_is_public_the_name_is_for_those_concerned_the_number_is_encrypted(stage: Stage):
    done = record(stage)
    assert Entry.objects.get(pk=done.entry_id).public["channel"] == "call"
    assert "周大爷" in told(stage, done, "wang")
    assert "周大爷" not in told(stage, done, "zhao")
    number = Payload.objects.get(entry=done.entry_id, part=NUMBER)
    assert (number.grade, number.body, number.read()) == (3, None, PHONE)
    assert Payload.objects.get(entry=done.entry_id, part=CALLER).grade == 2
    assert Report.objects.get(matter=done.matter_id).channel == Report.Channel.CALL
    exported = b"".join(Exported(stage.community, 2).lines(stage.now)).decode()
    assert PHONE not in exported


@pytest.mark.parametrize("by", ["lin", "guo"])
def test_only_an_officer_of_the_community_writes_for_others(stage: Stage, by: str):
    with pytest.raises(Refused, match="只有本社区的工作人员"):
        record(stage, by=by)


def test_the_director_may_write_what_only_residents_report(stage: Stage):
    with pytest.raises(Refused, match="提出"):
        stage.report(by="wang", words="灯")
    assert record(stage, by="wang").number == 1


def test_a_channel_that_is_none_is_refused(stage: Stage):
    with pytest.raises(Refused, match="怎么收到的"):
        record(stage, recorded=Recorded("telex"))


def test_for_a_registered_person_it_is_the_persons_own(stage: Stage):
    done = record(stage, recorded=Recorded("door"), on_behalf_of=stage.people["lin"])
    assert Party.objects.filter(
        matter=done.matter_id, who=person_key(stage.people["lin"].pk), relation="raiser"
    ).exists()


def test_the_same_call_sent_twice_is_one_report_with_one_slip(stage: Stage):
    now = stage.later(minutes=1)
    both = [
        raise_matter(
            stage.community, "report", by=stage.people["zhou"], data={"words": "水管爆了"}, key="once", at=now,
            place=stage.places["3-2"].pk, recorded=Recorded("call", "周大爷"),
        )
        for _ in range(2)
    ]  # fmt: skip
    assert both[0] == both[1]
    assert Report.objects.filter(code_blind__isnull=False).count() == 1


# --- the slip -------------------------------------------------------------------------------------------


def test_the_code_is_found_however_it_is_typed_and_is_not_kept(stage: Stage):
    done = record(stage)
    digits = code(done)
    for typed in (digits, f"{digits[:3]} {digits[3:6]}-{digits[6:]}", "".join(chr(ord(d) + 0xFEE0) for d in digits)):
        found = slip_with(typed)
        assert found and found.matter_id == done.matter_id
    assert digits not in str(Report.objects.values().get())


@pytest.mark.parametrize("typed", ["", "12345", "12345678901", "abcdefghij", "0000000000"])
def test_what_is_no_code_opens_nothing(stage: Stage, typed: str):
    record(stage)
    assert slip_with(typed) is None


def test_two_codes_alike_give_way(stage: Stage, monkeypatch):
    monkeypatch.setattr("weizhi.reports.slips.code_of", lambda matter, turn: f"{turn:010}")
    assert {as_code(f"{slip.turn:010}") for slip in (record(stage) and record(stage) and Report.objects.all())} == {
        "0000000000", "0000000001",
    }  # fmt: skip


def test_the_holder_of_the_slip_claims_it_and_may_dispute_it(stage: Stage):
    done = record(stage)
    claim(code(done), by=stage.people["lin"], at=stage.later(minutes=1))
    raisers = Party.objects.filter(matter=done.matter_id, relation=Party.RAISER).values_list("who", flat=True)
    assert list(raisers) == [person_key(stage.people["lin"].pk)]
    act(done.matter_id, "dispute", by=stage.people["lin"], data={"words": "我说的是三楼"}, at=stage.later(minutes=1))
    entry = Entry.objects.get(stream=done.matter_id, verb="dispute")
    asked = Payload.objects.get(entry=entry, part="tell").read()
    assert asked == [person_key(stage.people["zhou"].pk)], "who wrote it down is asked to look again"


def waits(stage: Stage, done: Done, login: str) -> list[str]:
    mine = Party.objects.waiting().filter(matter=done.matter_id, who=person_key(stage.people[login].pk))
    return list(mine.values_list("step__key", flat=True))


def test_what_the_officer_has_to_do_himself_stays_with_him(stage: Stage):
    """Only what waits for whoever raised it goes over, and nobody waits twice for one step."""
    done = record(stage)
    sorting = stage.matter(done).steps.get(closed_at=None)
    own = person_key(stage.people["zhou"].pk)
    Party.objects.create(matter=stage.matter(done), community=stage.community, who=own, relation="waits", step=sorting)
    claim(code(done), by=stage.people["lin"], at=stage.later(minutes=1))
    assert (waits(stage, done, "zhou"), waits(stage, done, "lin")) == (["sort"], [])


def test_who_claims_what_was_merged_is_asked_where_it_went(stage: Stage):
    charter = stage_charter().replace('"withdraw"]', '"withdraw", "merge"]', 1)
    stage.adopt(charter.replace('name = "stage"', 'name = "merging"'))
    first, told_us = stage.report("zhao", words="水管爆了", place="3-1-101"), record(stage)
    stage.act(told_us, "merge", "zhou", data={"into": first.number})
    stage.act(first, "sort", "zhou", "ours")
    stage.act(first, "handle", "chen", "done")
    stage.act(first, "check", "zhou", "passed")
    assert (waits(stage, first, "zhou"), waits(stage, first, "zhao")) == ([], ["rate"]), "not who wrote it down"
    claim(code(told_us), by=stage.people["lin"], at=stage.later(minutes=1))
    assert (waits(stage, first, "lin"), waits(stage, first, "zhao")) == (["rate"], ["rate"])


def test_merged_while_it_is_being_claimed(stage: Stage, monkeypatch):
    """Between looking and locking somebody merged it: the claim looks again, and the caller is asked where it went."""
    charter = stage_charter().replace('"withdraw"]', '"withdraw", "merge"]', 1)
    stage.adopt(charter.replace('name = "stage"', 'name = "merging"'))
    first, told_us = stage.report("zhao", words="水管爆了", place="3-1-101"), record(stage)
    stage.act(told_us, "merge", "zhou", data={"into": first.number})
    seen = iter([None])
    monkeypatch.setattr("weizhi.reports.actions.claim.went_into", lambda matter: next(seen, went_into(matter)))
    claim(code(told_us), by=stage.people["lin"], at=stage.later(minutes=1))
    follows = Party.objects.filter(matter=first.matter_id, who=person_key(stage.people["lin"].pk))
    assert {party.relation for party in follows} == {"follower", "joint-raiser"}


def test_who_wrote_a_call_down_is_not_waited_for_where_a_neighbour_reported_the_same(stage: Stage):
    charter = stage_charter().replace('"withdraw"]', '"withdraw", "merge"]', 1)
    stage.adopt(charter.replace('name = "stage"', 'name = "merging"'))
    told_us, same = record(stage), stage.report("zhao", words="水管爆了", place="3-1-101")
    stage.act(same, "merge", "zhou", data={"into": told_us.number})
    stage.act(told_us, "sort", "zhou", "ours")
    stage.act(told_us, "handle", "chen", "done")
    stage.act(told_us, "check", "zhou", "passed")
    stage.act(told_us, "rate", "zhao", "good")
    assert stage.matter(told_us).ended_as == "done"


def test_nobody_claims_what_is_anothers(stage: Stage):
    done = record(stage)
    claim(code(done), by=stage.people["lin"], at=stage.later(minutes=1))
    with pytest.raises(Refused, match="已经有人认了"):
        claim(code(done), by=stage.people["zhao"], at=stage.later(minutes=1))
    registered = record(stage, on_behalf_of=stage.people["lin"])
    with pytest.raises(Refused, match="已经有人认了"):
        claim(code(registered), by=stage.people["zhao"], at=stage.later(minutes=1))


def test_without_a_claim_nobody_may_dispute(stage: Stage):
    done = record(stage)
    with pytest.raises(Refused, match="只有被代为办理的本人"):
        act(done.matter_id, "dispute", by=stage.people["zhao"], data={"words": "不是"}, at=stage.later(minutes=1))


def test_the_question_whether_it_was_done_well_goes_over_to_the_caller(stage: Stage):
    done = record(stage)
    stage.act(done, "sort", "zhou", "ours")
    stage.act(done, "handle", "chen", "done")
    stage.act(done, "check", "zhou", "passed")
    claim(code(done), by=stage.people["lin"], at=stage.later(minutes=1))
    stage.act(done, "rate", "lin", "good")
    assert stage.matter(done).ended_as == "done"
