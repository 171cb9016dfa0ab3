"""The online hall: who speaks, once over all channels; who moderates, with reasons; what becomes of it at the end."""

from datetime import timedelta
from uuid import uuid4

import pytest

from weizhi.deliberation.actions.draw_halls import draw_halls, waiting
from weizhi.deliberation.actions.moderate import moderate
from weizhi.deliberation.drawing import map_of as map_of_hall
from weizhi.deliberation.drawing import rows_of
from weizhi.deliberation.hall_ties import check_no_open_hall, forget_in_halls
from weizhi.deliberation.kinds.discuss import hash_of_hall
from weizhi.deliberation.models import Channel, Hall, Stance, Statement, Voice
from weizhi.deliberation.opinions import ALIKE, FEW, SMALL, Drawn
from weizhi.deliberation.tests.halls import CHARTER, OPEN_FOR, TITLES, WAYS, added, crowd, opened, said
from weizhi.deliberation.tests.simulated import differences, filled, map_of, simulated
from weizhi.matters.actions.wake import run_due
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.record.models import Entry


def over(stage: Stage) -> None:
    """Time shuts it, the map is drawn, time takes the result."""
    stage.later(days=OPEN_FOR.days)
    run_due(stage.now)
    draw_halls(stage.now)
    run_due(stage.now)


class TestSpeaking:
    def test_it_opens_with_the_charters_statements(self, stage: Stage):
        _done, hall = opened(stage)
        assert [(one.n, one.state, one.author) for one in hall.statements.order_by("n")] == [
            (1, "open", None), (2, "open", None),
        ]  # fmt: skip
        assert hall.closes_at > stage.now and hall.drawn == {}

    def test_a_person_speaks_and_changes_his_mind(self, stage: Stage):
        _done, hall = opened(stage)
        assert said(stage, hall, "lin", 1, "agree").answered == (1,)
        said(stage, hall, "lin", 1, "disagree")
        stance = Stance.objects.get()
        assert (stance.said, stance.channel, stance.recorded_by) == (-1, "phone", None)
        assert Voice.objects.count() == 1 and str(stage.people["lin"].pk) not in Voice.objects.get().who

    def test_sent_again_it_changes_nothing_back(self, stage: Stage):
        _done, hall = opened(stage)
        said(stage, hall, "lin", 1, "agree", key="a")
        said(stage, hall, "lin", 1, "disagree", key="b")
        said(stage, hall, "lin", 1, "agree", key="a")
        assert Stance.objects.get().said == -1

    def test_once_over_all_channels_and_the_own_hand_stands(self, stage: Stage):
        _done, hall = opened(stage)
        said(stage, hall, "wang", 1, "agree", of="lin", channel=Channel.PAPER)
        said(stage, hall, "wang", 2, "pass", of="lin", channel=Channel.VOICE)
        assert {one.recorded_by for one in Stance.objects.all()} == {stage.people["wang"]}
        said(stage, hall, "lin", 1, "disagree")
        late = said(stage, hall, "wang", 1, "agree", of="lin", channel=Channel.MEETING)
        assert (late.answered, late.own) == ((), (1,))
        assert Voice.objects.get().channel == "paper"
        assert dict(Stance.objects.values_list("statement__n", "said")) == {1: -1, 2: 0}

    @pytest.mark.parametrize(
        ("by", "n", "word", "rest", "code"),
        [
            ("guo", 1, "agree", {}, "not-yours"),
            ("lin", 9, "agree", {}, "meanwhile"),
            ("lin", 1, "perhaps", {}, "bad-data"),
            ("lin", 1, "agree", {"of": "zhao", "channel": "paper"}, "not-yours"),
            ("wang", 1, "agree", {"of": "guo", "channel": "paper"}, "not-yours"),
            ("wang", 1, "agree", {"of": "lin", "channel": "phone"}, "bad-data"),
            ("wang", 1, "agree", {}, "not-yours"),
        ],
    )
    def test_what_is_refused(self, stage: Stage, by: str, n: int, word: str, rest: dict[str, str], code: str):
        _done, hall = opened(stage)
        with pytest.raises(Refused) as refused:
            said(stage, hall, by, n, word, **rest)
        assert refused.value.code == code and not Stance.objects.exists() and not Voice.objects.exists()

    def test_when_it_is_over_nobody_speaks(self, stage: Stage):
        _done, hall = opened(stage)
        stage.now = hall.closes_at
        for speak in (lambda: said(stage, hall, "lin", 1, "agree"), lambda: added(stage, hall, "lin", "再说一句话")):
            with pytest.raises(Refused, match="已经结束"):
                speak()


class TestStatements:
    def test_it_waits_and_its_author_agrees(self, stage: Stage):
        _done, hall = opened(stage)
        one = added(stage, hall, "lin", "  架空层摆两张 桌子，电话 13912345678 ", key="k")
        assert (one.n, one.state, one.channel) == (3, "waiting", "phone")
        assert "13912345678" not in one.words
        assert Stance.objects.get().said == 1
        assert added(stage, hall, "lin", "别的话也行", key="k").pk == one.pk and Statement.objects.count() == 3

    def test_what_is_refused(self, stage: Stage):
        _done, hall = opened(stage)
        for words, why in (("好", "完整的话"), ("长" * 141, "最多 140 个字"), ("架空层应当先给老人坐。", "第 1 条")):
            with pytest.raises(Refused, match=why):
                added(stage, hall, "lin", words)
        for n in range(3):
            added(stage, hall, "lin", f"我的第 {n} 句话")
        with pytest.raises(Refused, match="最多写 3 条"):
            added(stage, hall, "lin", "我的又一句话")
        with pytest.raises(Refused, match="不收您的话"):
            added(stage, hall, "chen", "物业也想说一句")

    def test_moderated_with_a_reason_on_the_record(self, stage: Stage):
        done, hall = opened(stage)
        one, two = added(stage, hall, "lin", "老张家的狗太吵了"), added(stage, hall, "zhao", "架空层装个灯")
        people = stage.people
        with pytest.raises(Refused, match="主持人"):
            moderate(hall.pk, [one.n], "hidden", by=people["wang"], reason="说到了人", at=stage.later(minutes=1))
        with pytest.raises(Refused, match="为什么"):
            moderate(hall.pk, [one.n], "hidden", by=people["chen"], reason=" ", at=stage.now)
        with pytest.raises(Refused, match="没有第 9 条"):
            moderate(hall.pk, [9], "open", by=people["chen"], at=stage.now)
        with pytest.raises(Refused) as outsider:
            moderate(hall.pk, [one.n], "open", by=people["guo"], at=stage.now)
        assert outsider.value.code == "not-found"
        moderate(hall.pk, [one.n], "hidden", by=people["chen"], reason="点了邻居的名", at=stage.later(minutes=1))
        moderate(hall.pk, [two.n], "open", by=people["chen"], at=stage.later(minutes=1))
        assert moderate(hall.pk, [two.n], "open", by=people["chen"], at=stage.now) is None
        entries = list(Entry.objects.filter(stream=done.matter_id, verb="moderate").order_by("n"))
        assert [entry.public for entry in entries] == [
            {"statements": [3], "state": "hidden"}, {"statements": [4], "state": "open"},
        ]  # fmt: skip
        assert entries[0].parts.get(part="words").read() == "点了邻居的名"
        one.refresh_from_db()
        assert (one.state, one.reason) == ("hidden", "点了邻居的名")
        with pytest.raises(Refused, match="不在了"):
            said(stage, hall, "zhao", one.n, "agree")


class TestTheMap:
    def test_forty_people_no_groups_and_why(self, stage: Stage):
        _done, hall = opened(stage)
        crowd(hall, 40)
        assert draw_halls(stage.now) == 1
        drawn = Drawn.of(Hall.objects.get().drawn)
        assert (drawn.people, drawn.groups, drawn.why, drawn.standing, drawn.needed) == (40, (), FEW, 40, 50)
        assert drawn.united and not Voice.objects.exclude(group=None).exists()

    def test_sixty_in_two_camps_are_the_methods_groups(self, stage: Stage):
        _done, hall = opened(stage)
        crowd(hall, 60)
        draw_halls(stage.now)
        hall.refresh_from_db()
        drawn, found = Drawn.of(hall.drawn), map_of_hall(rows_of(hall))
        assert [one.people for one in drawn.groups] == found.sizes == [20, 40] and drawn.why == ""
        kept = dict(Voice.objects.values_list("pk", "group"))
        assert {str(pk): group for pk, group in kept.items()} == dict(
            zip(found.votes.participants, found.label.tolist(), strict=True)
        )
        told = [[said.statement for said in one if said.significant] for one in found.spokesmen()]
        names = {one.n: str(one.pk) for one in Statement.objects.all()}
        assert [[names[said.n] for said in one.says] for one in drawn.groups] == told
        united = [names[n] for n in drawn.united]
        assert united == [n for n in found.uniting(len(names)) if n in united] and len(united) == 5
        assert set(Statement.objects.values_list("priority", flat=True)) != {5.0625}

    def test_eighty_who_saw_a_part_stand_where_the_method_puts_them(self, stage: Stage):
        """Held against the method's own map of the same matrix, which is made without the hall's rows."""
        _done, hall = opened(stage)
        numbers = range(3, 63)
        said = simulated(80, numbers, groups=2, least=15, most=30)
        voices = filled(hall, said, [uuid4().hex for _ in said], numbers)
        draw_halls(stage.now)
        found = map_of(said, [1, 2, *numbers])
        assert found.k == 2 and found.uniting() and differences(hall, voices, found) == []
        Voice.objects.filter(pk=voices[0]).update(group=7)
        assert differences(hall, voices, found) == ["who stands where"]

    @pytest.mark.parametrize(("people", "opposed", "why"), [(64, 4, SMALL), (60, 0, ALIKE)])
    def test_a_group_of_four_and_no_difference_are_not_shown(self, stage: Stage, people: int, opposed: int, why: str):
        _done, hall = opened(stage)
        crowd(hall, people, opposed=opposed, firm=1)
        draw_halls(stage.now)
        drawn = Drawn.of(Hall.objects.get().drawn)
        assert (drawn.why, drawn.groups) == (why, ()) and drawn.united

    def test_it_changes_only_once_five_more_have_spoken(self, stage: Stage):
        _done, hall = opened(stage)
        crowd(hall, 40)
        draw_halls(stage.now)
        stage.later(minutes=5)
        before = Hall.objects.get().drawn
        for login in ("lin", "zhao"):
            said(stage, hall, login, 1, "agree")
        assert waiting(stage.now) == [] and Hall.objects.get().drawn == before
        crowd(hall, 3, statements=1)
        assert draw_halls(stage.now) == 1
        assert Drawn.of(Hall.objects.get().drawn).people == 45


class TestTheEnd:
    def test_one_result_in_the_record_and_nothing_leads_to_a_person(self, stage: Stage):
        done, hall = opened(stage)
        for login in ("lin", "zhao"):
            said(stage, hall, login, 1, "agree", key="k")
        said(stage, hall, "wang", 2, "disagree", of="lin", channel=Channel.PAPER, key="p")
        crowd(hall, 60)
        with pytest.raises(Refused, match="还没有结果"):
            stage.act(done, "discuss", "wang", "build")
        over(stage)
        hall.refresh_from_db()
        assert stage.stands_at(done) == ["hall"] and hall.final_at is not None
        entry = Entry.objects.get(verb="heard")
        assert (entry.public["people"], entry.public["few"]) == (62, False)
        assert [one["people"] for one in entry.public["groups"]] == [20, 40]
        assert entry.public["voices"] == hash_of_hall(hall) and "大家都同意的" in entry.parts.get(part="words").read()
        assert set(Voice.objects.values_list("who", flat=True)) == {""}
        assert not Stance.objects.exclude(key="", recorded_by=None).exists()
        with pytest.raises(Refused, match="不能选"):
            stage.act(done, "discuss", "wang", "too-few")
        stage.act(done, "discuss", "wang", "build")
        assert stage.matter(done).ended_as == "build"

    def test_too_few_goes_the_charters_way(self, stage: Stage):
        done, hall = opened(stage)
        said(stage, hall, "lin", 1, "agree")
        over(stage)
        assert stage.matter(done).ended_as == "no"
        public = Entry.objects.get(verb="heard").public
        assert (public["few"], public["outcome"], public["counts"], public["groups"]) == (True, "too-few", {}, [])

    def test_with_then_it_goes_on_by_itself(self, stage: Stage):
        then = CHARTER.replace(WAYS, 'then = "build"').replace(TITLES, "").partition("no = {")[0]
        done, _hall = opened(stage, then)
        with pytest.raises(Refused):
            stage.act(done, "discuss", "wang")
        over(stage)
        assert stage.matter(done).ended_as == "build"

    def test_it_is_not_suspended_and_a_withdrawn_one_forgets(self, stage: Stage):
        _done, hall = opened(stage)
        said(stage, hall, "lin", 1, "agree")
        stage.act(_done, "withdraw", "lin")
        hall.refresh_from_db()
        assert hall.final_at is not None and Voice.objects.get().who == ""

    def test_nobody_is_overdue_while_the_map_is_drawn(self, stage: Stage):
        _done, _hall = opened(stage)
        stage.later(days=OPEN_FOR.days)
        run_due(stage.now)
        assert Entry.objects.filter(stream=_done.matter_id).latest("n").verb == "shut"
        run_due(stage.now + timedelta(hours=1))
        assert not Entry.objects.filter(verb="overdue").exists()


class TestPeople:
    def test_who_speaks_in_a_hall_is_not_merged_away(self, stage: Stage):
        _done, hall = opened(stage)
        check_no_open_hall(stage.people["lin"])
        said(stage, hall, "lin", 1, "agree")
        with pytest.raises(Refused, match="合并了会算两次"):
            check_no_open_hall(stage.people["lin"])

    def test_who_is_erased_takes_the_own_words_along(self, stage: Stage):
        _done, hall = opened(stage)
        one, other = added(stage, hall, "lin", "我家窗外太吵了"), added(stage, hall, "zhao", "架空层装个灯")
        forget_in_halls(stage.community.pk, stage.people["lin"])
        one.refresh_from_db()
        other.refresh_from_db()
        assert ("太吵" in one.words, one.state, one.author) == (False, "hidden", None)
        assert other.words == "架空层装个灯" and Stance.objects.count() == 2
        assert Voice.objects.filter(who="").count() == 1
