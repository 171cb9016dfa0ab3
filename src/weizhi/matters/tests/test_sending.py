"""A report is sent to one body or split among several, taken back with a reason, asked about, and done again."""

from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from weizhi.matters.actions.done import Done
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Party, Step
from weizhi.matters.notice_words import with_words, words_for
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing
from weizhi.people.models import Body, Person
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Delivery
from weizhi.record.photos import Photo, take

PROPERTY, GRID = "body:property@xfl/e1", "post:grid-officer@xfl/g1"
COMMITTEE = "body:committee@xfl"


@pytest.fixture
def desk(stage: Stage) -> Stage:
    return with_desk(stage)


def with_desk(stage: Stage) -> Stage:
    """The charter that sends, and one body more."""
    stage.adopt(Path(__file__).with_name("sending.toml").read_text(encoding="utf-8"))
    owners = Body.objects.create(
        community=stage.community, key="owners-committee", name="业委会", place=stage.places["e1"]
    )
    stage.people["xu"] = Person.objects.create_user("xu", "许主任")
    appoint(stage.community, stage.people["xu"], owners, "owners-director", "业委会主任", at=stage.now)
    return stage


def photo() -> Photo:
    from io import BytesIO

    file = BytesIO()
    Image.new("RGB", (64, 48), "grey").save(file, "JPEG")
    return take(file.getvalue())


def waits(done: Done) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for party in Party.objects.waiting().filter(matter=done.matter_id).select_related("step"):
        assert party.step is not None
        found.setdefault(party.step.key, set()).add(party.who)
    return found


def told(stage: Stage, login: str) -> list[str]:
    tell(stage.now)
    rows = with_words(Delivery.objects.filter(to=stage.people[login], channel="page").order_by("entry_id"))
    return [words_for(row, stage.now).text for row in rows]


def sentences(stage: Stage, done: Done, login: str) -> list[str]:
    reader = Reader(stage.matter(done), standing(stage.people[login], stage.now), "desk")
    return [line.text for line in reader.story().lines]


# --- sending -------------------------------------------------------------------------------------------


def test_where_nobody_is_named_whoever_of_the_list_comes_first_acts(desk: Stage) -> None:
    done = desk.report()
    desk.act(done, "sort", "zhou", "small", data={"category": "lighting"})
    assert waits(done) == {"handle": {PROPERTY, GRID, COMMITTEE}}
    assert "派给" not in sentences(desk, done, "zhou")[-1]
    desk.act(done, "handle", "wang", "ask", data={"words": "几楼？"})


def test_the_rule_of_dispatch_names_whom_it_names(desk: Stage) -> None:
    done = desk.report()
    desk.act(done, "sort", "zhou", "small", data={"category": "lighting", "to": ["dispatch"]})
    assert waits(done) == {"handle": {PROPERTY}}
    assert sentences(desk, done, "zhou")[-1].endswith("派给物业（按派单规则第 1 条）")


def test_who_is_named_counts_more_than_the_rule(desk: Stage) -> None:
    done = desk.report()
    desk.act(done, "sort", "zhou", "small", data={"category": "lighting", "to": ["dispatch", "committee"]})
    assert waits(done) == {"handle": {COMMITTEE}}
    with pytest.raises(Refused) as refused:
        desk.act(done, "handle", "chen", "done", evidence=[photo()])
    assert refused.value.code == "not-yours"
    assert "规则" not in sentences(desk, done, "zhou")[-1]


def test_a_rule_that_names_nobody_of_the_list_asks_the_clerk(desk: Stage) -> None:
    """The trees' rule sends to the street, which this step does not offer: then it must be said."""
    done = desk.report(words="行道树倒了")
    with pytest.raises(Refused) as refused:
        desk.act(done, "sort", "zhou", "small", data={"category": "green", "to": ["dispatch"]})
    assert (refused.value.field, refused.value.line) == ("to", "sending: procedures.report.steps.sort.to")


@pytest.mark.parametrize("to", [["street-office"], ["nobody"], ["property", "resident"]])
def test_it_is_sent_only_to_whom_the_charter_lists(desk: Stage, to: list[str]) -> None:
    done = desk.report()
    with pytest.raises(Refused) as refused:
        desk.act(done, "sort", "zhou", "small", data={"to": to})
    assert refused.value.field == "to"


def test_the_button_says_how_big_it_is(desk: Stage) -> None:
    done = desk.report()
    desk.act(done, "sort", "zhou", "private")
    assert desk.matter(done).sorted_as == "private"
    assert waits(done) == {"guide": {GRID}}


# --- several at once -----------------------------------------------------------------------------------


def split(desk: Stage) -> Done:
    done = desk.report(words="水管爆了，路也塌了")
    desk.act(done, "sort", "zhou", "small", data={"category": "water", "to": ["property", "committee"]})
    return done


def test_one_report_becomes_a_task_for_each(desk: Stage) -> None:
    done = split(desk)
    tasks = {row.branch: row for row in Step.objects.open().filter(matter=done.matter_id, key="part")}
    assert set(tasks) == {PROPERTY, COMMITTEE}
    assert all(row.due for row in tasks.values())
    assert "要几家一起办" in str(desk.matter(done).stream.entries.last().public["because"])
    desk.act(done, "handle", "chen", "done", step=tasks[PROPERTY].pk)
    assert desk.stands_at(done) == ["part", "parts"], "the other still has its own to do"
    with pytest.raises(Refused):
        desk.act(done, "handle", "chen", "done", step=tasks[COMMITTEE].pk)
    desk.act(done, "handle", "wang", "done", step=tasks[COMMITTEE].pk)
    assert desk.stands_at(done) == ["rate"]


def test_a_part_goes_on_to_others_and_the_rest_stays(desk: Stage) -> None:
    done = split(desk)
    part = Step.objects.open().get(matter=done.matter_id, key="part", branch=COMMITTEE)
    with pytest.raises(Refused) as refused:
        desk.act(done, "take-back", "zhou", step=part.pk, data={"words": "派错了"})
    assert refused.value.field == "to", "the other parts run on: this one needs somebody at once"
    desk.act(done, "take-back", "zhou", step=part.pk, data={"words": "派错了", "to": ["grid-officer"]})
    assert waits(done)["part"] == {PROPERTY, GRID}
    desk.act(done, "handle", "zhou", "done")
    desk.act(done, "handle", "chen", "done")
    assert desk.stands_at(done) == ["rate"]


def test_bad_after_a_split_goes_back_to_all_who_had_a_part(desk: Stage) -> None:
    done = split(desk)
    desk.act(done, "handle", "chen", "done")
    desk.act(done, "handle", "wang", "done")
    desk.act(done, "rate", "lin", "bad", data={"words": "路还是塌的"})
    assert waits(done) == {"redo": {PROPERTY, COMMITTEE}}


# --- taking back ---------------------------------------------------------------------------------------


@pytest.fixture
def sent(desk: Stage) -> Done:
    done = desk.report()
    desk.act(done, "sort", "zhou", "small", data={"category": "lighting", "to": ["dispatch"]})
    return done


def test_what_was_sent_wrongly_comes_back_to_be_sorted(desk: Stage, sent: Done) -> None:
    desk.act(sent, "take-back", "zhou", data={"words": "是社区的灯，不归物业"})
    assert waits(sent) == {"sort": {GRID}}
    assert "收回“办理”" in told(desk, "chen")[-1], "who had it learns that he has it no more"
    desk.act(sent, "sort", "zhou", "small", data={"to": ["committee"]})
    assert waits(sent) == {"handle": {COMMITTEE}}


def test_or_straight_on_to_others(desk: Stage, sent: Done) -> None:
    first = Step.objects.open().get(matter=sent.matter_id)
    desk.act(sent, "take-back", "zhou", data={"words": "归居委会", "to": ["committee"]})
    assert waits(sent) == {"handle": {COMMITTEE}}
    first.refresh_from_db()
    assert (first.outcome, first.mark, first.brief) == (">handle", "", {"sent": [PROPERTY]}), "the past stays"
    assert "派给居委会" in sentences(desk, sent, "zhou")[-1]
    assert any("等您办" in words for words in told(desk, "wang"))


@pytest.mark.parametrize(
    ("by", "data", "code", "field"),
    [
        ("lin", {"words": "不要"}, "not-yours", ""),
        ("chen", {"words": "不是我们的"}, "not-yours", ""),
        ("zhou", {}, "bad-data", "words"),
        ("zhou", {"words": "错了", "to": ["property"]}, "bad-data", "to"),
        ("zhou", {"words": "错了", "to": ["street-office"]}, "bad-data", "to"),
        ("zhou", {"words": "错了", "to": ["committee", "grid-officer"]}, "bad-data", "to"),
    ],
)
def test_taking_back_is_refused(desk: Stage, sent: Done, by: str, data: dict, code: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.act(sent, "take-back", by, data=data)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert waits(sent) == {"handle": {PROPERTY}}
    if code == "not-yours":
        assert refused.value.line == "sending: procedures.report.steps.handle.take_back"


def test_what_is_done_or_was_never_sent_is_not_taken_back(desk: Stage, sent: Done) -> None:
    fresh = desk.report()
    with pytest.raises(Refused) as never:
        desk.act(fresh, "take-back", "zhou", step="sort", data={"words": "错了"})
    desk.act(sent, "handle", "chen", "done", evidence=[photo()])
    with pytest.raises(Refused) as late:
        desk.act(sent, "take-back", "zhou", step="handle", data={"words": "错了"})
    desk.act(sent, "rate", "lin", "good")
    with pytest.raises(Refused) as over:
        desk.act(sent, "take-back", "zhou", data={"words": "错了"})
    assert [found.value.code for found in (never, late, over)] == ["not-yours", "closed", "ended"]


# --- asking, refusing with a ground, doing again -------------------------------------------------------------


def test_a_question_needs_words_and_stops_the_clock(desk: Stage, sent: Done) -> None:
    with pytest.raises(Refused) as refused:
        desk.act(sent, "handle", "chen", "ask")
    assert refused.value.field == "words"
    due = Step.objects.open().get(matter=sent.matter_id).due
    desk.act(sent, "handle", "chen", "ask", data={"words": "是几楼的灯？"})
    assert waits(sent) == {"ask-first": {f"person:{desk.people['lin'].pk}"}}
    desk.later(days=2)
    desk.act(sent, "wait", "lin", data={"words": "三楼"})
    again = Step.objects.open().get(matter=sent.matter_id)
    assert waits(sent) == {"handle": {PROPERTY}}, "back to the same body"
    assert due is not None and again.due is not None
    assert again.due >= due + timedelta(days=2), "the two days of waiting are not the body's"


def test_without_an_answer_it_goes_on(desk: Stage, sent: Done) -> None:
    desk.act(sent, "handle", "chen", "ask", data={"words": "是几楼的灯？"})
    run_due(desk.later(days=6))
    assert waits(sent) == {"handle": {PROPERTY}}


def test_refusing_takes_words_and_a_ground(desk: Stage, sent: Done) -> None:
    for data, field in [({}, "ground"), ({"ground": "money"}, "words"), ({"ground": "mood", "words": "x"}, "ground")]:
        with pytest.raises(Refused) as refused:
            desk.act(sent, "handle", "chen", "refused", data=data)
        assert refused.value.field == field
    with pytest.raises(Refused) as refused:
        desk.act(sent, "handle", "chen", "done", data={"ground": "law"}, evidence=[photo()])
    assert refused.value.field == "ground", "who is done is not asked for a ground"
    desk.act(sent, "handle", "chen", "refused", data={"ground": "money", "words": "今年没有预算"})
    assert (desk.matter(sent).counts, desk.matter(sent).ended_as) == ("refused", "refused")


def test_a_photo_is_asked_only_of_who_is_done(desk: Stage, sent: Done) -> None:
    with pytest.raises(Refused) as refused:
        desk.act(sent, "handle", "chen", "done")
    assert refused.value.field == "photos"
    desk.act(sent, "handle", "chen", "ask", data={"words": "几楼？"})


def test_a_bad_word_goes_back_to_the_same_body_and_its_superior_knows(desk: Stage, sent: Done) -> None:
    desk.act(sent, "handle", "chen", "done", evidence=[photo()])
    before = len(told(desk, "xu"))
    desk.act(sent, "rate", "lin", "bad", data={"words": "又不亮了"})
    redo = Step.objects.open().get(matter=sent.matter_id)
    assert waits(sent) == {"redo": {PROPERTY}}
    assert redo.due is not None and redo.due - desk.now < timedelta(days=2), "a day and not five"
    words = told(desk, "xu")
    assert len(words) == before + 1 and "不满意" in words[-1]
    desk.later(days=3)
    run_due(desk.now)
    assert "过了期限还没有办" in told(desk, "xu")[-1]


def test_who_is_late_is_named_and_not_called_whom_it_was_sent_to(desk: Stage) -> None:
    """A part has no escalation of its own here: whoever has it is reminded, by name."""
    done = split(desk)
    run_due(desk.later(days=9))
    assert {"逾期，已提醒物业。", "逾期，已提醒居委会。"} <= set(sentences(desk, done, "zhou"))
