"""Minutes are made of what happened; words are corrected version by version; four eyes sign what they have read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weizhi.deliberation import minutes, rules
from weizhi.deliberation.actions.check_in import leave
from weizhi.deliberation.models import Attendance, Item, Sitting
from weizhi.deliberation.rules import Signature
from weizhi.deliberation.tests.test_meeting import CHARTER, opened
from weizhi.matters.actions.done import Done
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.record.models import Entry, Payload

MINUTED = CHARTER.replace('held = "held", no-quorum', 'held = "minutes", no-quorum').replace(
    "[procedures.meeting.ends]",
    """[procedures.meeting.steps.minutes]
kind = "minutes"
title = "会议记录"
of = "sit"
by = ["committee", "property", "grid-officer"]
signed_by = ["property", "grid-officer"]
within = "7 days"
then = "held"
[procedures.meeting.ends]""",
)
WORDS = "换成感应灯，物业下周三前办好"


@pytest.fixture
def council(stage: Stage) -> Stage:
    stage.adopt(MINUTED)
    return stage


def closed(council: Stage) -> tuple[Done, Done, Sitting]:
    about, meeting, sitting = opened(council)
    council.act(about, "meet", "wang", "agreed", data={"words": WORDS, "hands_for": 3})
    council.act(meeting, "sit", "wang", "held")
    sitting.refresh_from_db()
    return about, meeting, sitting


def read(sitting: Sitting) -> minutes.Written:
    return minutes.written(sitting, minutes.items_of(sitting))


def correct(council: Stage, meeting: Done, by: str = "wang", **texts: str) -> None:
    council.act(meeting, "correct", by, data={"texts": {key.replace("_", "-"): words for key, words in texts.items()}})


def digest(sitting: Sitting) -> str:
    return minutes.digest_of(sitting, sitting.attendances.all(), sitting.items.all(), 0)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans(), st.booleans()), max_size=6), st.integers(1, 3))
def test_minutes_are_signed_by_a_chair_and_so_many_others(rows: list[tuple[str, bool, bool]], others: int):
    given = list({who: Signature(who, chairs, named) for who, chairs, named in rows}.values())
    found = rules.signed(given, others)
    if found:
        assert len(given) > others and any(one.chairs for one in given)
    assert rules.signed([one for one in given if not one.chairs], others) is False


class TestDraft:
    def test_it_is_there_when_the_meeting_closes_with_the_words_of_each_matter(self, council: Stage):
        _about, meeting, sitting = closed(council)
        assert council.stands_at(meeting) == ["minutes"]
        found = read(sitting)
        assert (found.version, found.words(), found.signed) == (1, {"item-1": WORDS}, False)

    def test_what_nobody_said_has_no_words(self, council: Stage):
        _about, meeting, sitting = opened(council)
        council.act(meeting, "sit", "wang", "held")
        assert read(sitting).words() == {}


class TestCorrect:
    def test_each_correction_is_a_version_with_what_changed(self, council: Stage):
        _about, meeting, sitting = closed(council)
        correct(council, meeting, item_1="换成感应灯，物业 3 月 18 日前办好", more="下次会看样品。")
        correct(council, meeting, "chen", more="下次会看两种样品。")
        found = read(sitting)
        assert [(one.version, one.changed) for one in found.corrections] == [(2, ("item-1", "more")), (3, ("more",))]
        assert found.words(2)["more"] == "下次会看样品。" and found.words()["more"] == "下次会看两种样品。"
        assert found.words(1) == {"item-1": WORDS}

    def test_what_is_refused(self, council: Stage):
        _about, meeting, _sitting = closed(council)
        with pytest.raises(Refused, match="席位、举手和结果不能改"):
            correct(council, meeting, item_9="没有这一件")
        with pytest.raises(Refused, match="没有改动"):
            correct(council, meeting, item_1=WORDS)
        with pytest.raises(Refused, match="太长") as long:
            correct(council, meeting, more="长" * 2001)
        assert long.value.field == "texts.more"
        with pytest.raises(Refused) as other:
            correct(council, meeting, "lin", more="我也要改")
        assert other.value.code == "not-yours"
        with pytest.raises(Refused) as unknown:
            council.act(meeting, "correct", "wang", data={"hands": {"for": 9}})
        assert unknown.value.code == "bad-data"

    def test_personal_numbers_are_masked_and_words_follow_erasure(self, council: Stage):
        _about, meeting, sitting = closed(council)
        correct(council, meeting, more="有事打 13800001234 找老李。")
        assert "13800001234" not in str(read(sitting).words()["more"])
        Payload.objects.filter(entry__verb="correct", part=minutes.TEXTS).delete()
        assert read(sitting).words()["more"] is None

    def test_words_of_a_matter_for_its_parties_go_into_their_part(self, council: Stage):
        about, meeting, _sitting = closed(council)
        Matter.objects.filter(pk=about.matter_id).update(audience=Matter.PARTIES_ONLY)
        correct(council, meeting, item_1="只给有关的人看的话", more="大家都看得到的话")
        parts = dict(Entry.objects.get(verb="correct").parts.values_list("part", "body"))
        assert parts["texts"] == {"more": "大家都看得到的话"}
        assert parts["texts:parties"] == {"item-1": "只给有关的人看的话"}


class TestSign:
    def test_the_chair_and_another_sign_one_version(self, council: Stage):
        _about, meeting, sitting = closed(council)
        council.act(meeting, "minutes", "chen", data={"version": 1})
        assert council.stands_at(meeting) == ["minutes"]
        with pytest.raises(Refused, match="已经签过了"):
            council.act(meeting, "minutes", "chen", data={"version": 1})
        council.act(meeting, "minutes", "wang", data={"version": 1})
        assert council.matter(meeting).ended_as == "held"
        found = read(sitting)
        assert found.signed and [one.who for one in found.standing] == [council.people["chen"], council.people["wang"]]
        assert {one.digest for one in found.standing} == {digest(sitting)}

    def test_two_who_did_not_hold_it_are_not_enough(self, council: Stage):
        _about, meeting, _sitting = closed(council)
        for login in ("chen", "zhou"):
            council.act(meeting, "minutes", login, data={"version": 1})
        assert council.stands_at(meeting) == ["minutes"]

    def test_a_correction_asks_for_all_signatures_anew(self, council: Stage):
        _about, meeting, sitting = closed(council)
        council.act(meeting, "minutes", "chen", data={"version": 1})
        correct(council, meeting, more="下次会看样品。")
        assert read(sitting).standing == ()
        with pytest.raises(Refused, match="现在是第 2 版"):
            council.act(meeting, "minutes", "wang", data={"version": 1})
        council.act(meeting, "minutes", "wang", data={"version": 2})
        assert council.stands_at(meeting) == ["minutes"], "who signed the first version signs the second"
        council.act(meeting, "minutes", "chen", data={"version": 2})
        assert council.matter(meeting).ended_as == "held"

    def test_what_was_counted_is_no_more_to_be_changed_and_a_change_is_found(self, council: Stage):
        about, meeting, sitting = closed(council)
        for login in ("chen", "wang"):
            council.act(meeting, "minutes", login, data={"version": 1})
        with pytest.raises(Refused, match="不能再改"):
            leave(sitting.pk, Attendance.objects.get(seat=3).pk, by=council.people["zhou"], at=council.now)
        with pytest.raises(Refused):
            council.act(about, "meet", "wang", "no")
        signed = read(sitting).standing[0].digest
        Item.objects.filter(n=1).update(hands={"for": 2})
        assert digest(sitting) != signed
