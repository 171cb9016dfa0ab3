"""A survey from its draw to its counts: who is asked, how answers come in, and that nobody is told of."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from weizhi.deliberation.actions.fill_in import enter, fill_in
from weizhi.deliberation.actions.remind_asked import remind
from weizhi.deliberation.asking import redrawn
from weizhi.deliberation.collecting import root_of_answers
from weizhi.deliberation.models import Answer, Asked, Remark, Survey
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.registry import check_ties
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Person, Residence
from weizhi.places.models import Place
from weizhi.record.models import Delivery, Entry, Payload

CHARTER = """
[charter]
language = 1
name = "here"
title = "这里"
extends = ["base"]
[kinds.question]
title = "问问大家"
procedure = "question"
visible = "community"
[procedures.question]
title = "问问大家"
[procedures.question.steps.say]
kind = "raise"
by = ["committee"]
fields = [{ key = "words", type = "text", title = "什么事" }]
then = "survey"
[procedures.question.steps.survey]
kind = "survey"
title = "问卷"
by = ["committee"]
asks = "households"
SAMPLE
open_for = "14 days"
questions = [
  { key = "move", title = "垃圾桶挪不挪？", choices = ["挪", "不挪"], required = true },
  { key = "why", title = "为什么？", form = "choices", choices = ["太臭", "太远", "不好看"], at_most = 2 },
  { key = "rate", title = "打几分？", form = "scale" },
  { key = "words", title = "还想说什么？", form = "text" },
]
outcomes = { done = "told", too-few = "not-told" }
[procedures.question.ends]
told = { counts = "solved" }
not-told = { counts = "lapsed" }
"""
HOMES = 12
CANARY = "隔壁三楼半夜打麻将"


def asked_all(stage: Stage, sample: str = "") -> Survey:
    """Twelve homes of one person each beside those of the stage, and a question put to them."""
    stage.adopt(CHARTER.replace("SAMPLE", sample))
    door = Place.objects.get(code="3-2")
    for n in range(HOMES):
        home = Place.objects.create(
            community=door.community, parent=door, kind="household", code=f"3-2-9{n:02d}", name=f"9{n:02d} 室",
            path=f"{door.path}/3-2-9{n:02d}", levels=door.levels,
        )  # fmt: skip
        person = Person.objects.create_user(f"home{n}", f"住户{n}")
        Residence.objects.create(
            community=door.community, person=person, household=home, status="resident",
            since=stage.now - timedelta(days=30),
        )  # fmt: skip
        stage.people[f"home{n}"] = person
    done = stage.report("wang", kind="question", words="垃圾桶放哪里", place="3-2")
    return Survey.objects.get(matter=done.matter_id)


def home(survey: Survey, login: str) -> Asked:
    return Asked.objects.filter(survey=survey, place__residences__person__login=login).distinct().get()


def say(stage: Stage, survey: Survey, login: str, move: str = "挪", **rest: object) -> None:
    fill_in(survey.pk, {"move": move} | rest, by=stage.people[login], at=stage.later(minutes=1))


def ended(survey: Survey) -> Survey:
    run_due(survey.opens_at + timedelta(days=30))
    return Survey.objects.select_related("matter").get(pk=survey.pk)


@pytest.fixture
def survey(stage: Stage) -> Survey:
    return asked_all(stage)


def test_all_homes_are_asked_once_and_told(stage: Stage, survey: Survey):
    homes = Residence.objects.filter(community=survey.community_id).values("household").distinct().count()
    assert survey.asked == survey.population == homes > HOMES
    assert (survey.seed, survey.is_sample) == ("", False)
    run_due(stage.now + timedelta(minutes=1))
    entry = Entry.objects.get(verb="survey-asked")
    assert entry.public["asked"] == survey.asked and "seed" not in entry.public
    matter = Matter.objects.get(pk=survey.matter_id)
    assert matter.ended_at is None
    told = Payload.objects.get(entry=entry, part="tell").read()
    assert len(told) == survey.asked and f"person:{stage.people['lin'].pk}" in told


def test_a_sample_is_drawn_as_anybody_may_draw_it_again(stage: Stage):
    survey = asked_all(stage, "sample = 6")
    assert (survey.asked, survey.population, survey.asked_rows.count()) == (6, HOMES + 2, 6)
    assert set(redrawn(survey)) == set(survey.asked_rows.values_list("place__code", flat=True))
    run_due(stage.now + timedelta(minutes=1))
    public = Entry.objects.get(verb="survey-asked").public
    assert (public["seed"], public["list"]) == (survey.seed, survey.list_hash)


def test_people_are_drawn_under_a_hidden_name(stage: Stage):
    survey = asked_all(stage, "sample = 3")
    charter = CHARTER.replace('asks = "households"', 'asks = "residents"').replace("SAMPLE", "sample = 3")
    stage.adopt(charter)
    done = stage.report("wang", kind="question", words="垃圾桶放哪里", place="3-2")
    survey = Survey.objects.get(matter=done.matter_id)
    people = {str(pk) for pk in Person.objects.values_list("pk", flat=True)}
    assert survey.population == HOMES + 2 and survey.asked_rows.filter(person__isnull=False).count() == 3
    assert not people & {name for name, _grid in survey.frame}


def test_an_answer_is_saved_sealed_and_may_be_changed(stage: Stage, survey: Survey):
    first = fill_in(survey.pk, {"move": "1"}, by=stage.people["lin"], key="a", at=stage.later(minutes=1))
    again = fill_in(survey.pk, {"move": "1"}, by=stage.people["lin"], key="a", at=stage.later(minutes=1))
    change = fill_in(survey.pk, {"move": "2"}, by=stage.people["lin"], key="b", at=stage.later(minutes=1))
    assert (first.again, first.changed, again.again, change.changed) == (False, False, True, True)
    with pytest.raises(Refused, match="后来又改过") as refused:
        fill_in(survey.pk, {"move": "1"}, by=stage.people["lin"], key="a", at=stage.later(minutes=1))
    assert refused.value.code == "key-reused"
    assert Answer.objects.filter(asked__survey=survey).count() == 1
    result = ended(survey).result
    assert result is not None and result["back"] == 1


def test_an_echo_after_the_end_is_answered(stage: Stage, survey: Survey):
    say(stage, survey, "home1")
    fill_in(survey.pk, {"move": "1"}, by=stage.people["lin"], key="a", at=stage.later(minutes=1))
    at = survey.opens_at + timedelta(days=20)
    assert fill_in(survey.pk, {"move": "1"}, by=stage.people["lin"], key="a", at=at).again
    with pytest.raises(Refused) as refused:
        fill_in(survey.pk, {"move": "2"}, by=stage.people["lin"], key="c", at=at)
    assert refused.value.code == "closed"


@pytest.mark.parametrize(
    "said",
    [{}, {"move": "3"}, {"move": "１０"}, {"why": ["1"]}, {"move": "1", "why": ["1", "2", "3"]},
     {"move": "1", "rate": 6}, {"move": "1", "rate": "五"}, {"move": "1", "words": "字" * 501},
     {"move": "1", "other": "1"}],
)  # fmt: skip
def test_what_does_not_fit_its_question_is_refused(stage: Stage, survey: Survey, said: dict[str, object]):
    with pytest.raises(Refused) as refused:
        fill_in(survey.pk, said, by=stage.people["lin"], at=stage.later(minutes=1))
    assert refused.value.code == "bad-data"
    assert not Answer.objects.exists()


def test_one_of_a_home_speaks_for_it(stage: Stage, survey: Survey):
    Residence.objects.create(
        community=stage.community, person=stage.people["zhou"], household=stage.places["3-2-301"], status="resident",
        since=stage.now - timedelta(days=1),
    )  # fmt: skip
    say(stage, survey, "lin")
    with pytest.raises(Refused, match="一户一份"):
        say(stage, survey, "zhou", "不挪")
    say(stage, survey, "lin", "不挪")


def test_who_is_not_asked_is_refused_and_the_outsider_sees_nothing(stage: Stage, survey: Survey):
    with pytest.raises(Refused) as refused:
        say(stage, survey, "chen")
    assert refused.value.code == "not-yours"
    with pytest.raises(Refused) as refused:
        say(stage, survey, "guo")
    assert refused.value.code == "not-found"


def test_a_paper_counts_as_a_phone_does(stage: Stage, survey: Survey):
    wang, row = stage.people["wang"], home(survey, "home1")
    enter(survey.pk, {"move": "1"}, by=wang, of=row.code, at=stage.later(minutes=1))
    enter(survey.pk, {"move": "2"}, by=wang, of=row.place.code, channel="call", at=stage.later(minutes=1))
    assert Answer.objects.get(asked=row).channel == "call"
    say(stage, survey, "home1")  # the own word stands over what was written down
    with pytest.raises(Refused, match="以自己答的为准"):
        enter(survey.pk, {"move": "2"}, by=wang, of=row.code, at=stage.later(minutes=1))
    with pytest.raises(Refused, match="没有这一份"):
        enter(survey.pk, {"move": "2"}, by=wang, of="00000000", at=stage.later(minutes=1))
    with pytest.raises(Refused, match="怎么来的"):
        enter(survey.pk, {"move": "2"}, by=wang, of=row.code, channel="phone", at=stage.later(minutes=1))
    with pytest.raises(Refused) as refused:
        enter(survey.pk, {"move": "2"}, by=stage.people["zhao"], of=row.code, at=stage.later(minutes=1))
    assert refused.value.code == "not-yours"


def test_the_end_counts_and_forgets_who_said_what(stage: Stage, survey: Survey):
    for n in range(7):
        say(stage, survey, f"home{n}", why=["太臭"], rate=3, words=CANARY if n == 1 else "")
    for n in range(7, 12):
        say(stage, survey, f"home{n}", "不挪", rate=5)
    over = ended(survey)
    assert over.result is not None and over.matter.ended_as == "told"
    cells = {one["key"]: one["cells"] for one in over.result["questions"]}
    assert cells["move"] == [[7, 7], [5, 5]] and cells["rate"][2] == [7, 7]
    assert (over.result["asked"], over.result["back"], over.result["channels"]) == (HOMES + 2, 12, {"phone": 12})
    assert {bytes(row.sealed) for row in Answer.objects.all()} == {b""}
    entry = Entry.objects.get(verb="survey-collected")
    assert entry.public["root"] == over.root == root_of_answers(over)
    assert CANARY not in json.dumps(entry.public, ensure_ascii=False)
    assert Remark.objects.filter(survey=over, question="words").count() == 1


def test_a_few_are_not_shown(stage: Stage, survey: Survey):
    for n in range(9):
        say(stage, survey, f"home{n}", "不挪" if n < 2 else "挪")
    over = ended(survey)
    assert over.result is not None
    assert over.result["questions"][0]["cells"] == [[5, 8], [1, 4]]
    assert over.result["questions"][1] == {"key": "why", "answered": 0, "cells": None}


def test_those_from_whom_nothing_came_are_reminded_once_a_day(stage: Stage, survey: Survey):
    for n in range(1, HOMES):
        say(stage, survey, f"home{n}")
    with pytest.raises(Refused) as refused:
        remind(survey.pk, by=stage.people["lin"], at=stage.later(minutes=1))
    assert refused.value.code == "not-yours"
    with pytest.raises(Refused, match="看不到"):
        remind(survey.pk, by=stage.people["guo"], at=stage.later(minutes=1))
    silent = {"lin", "zhao", "home0"}
    assert remind(survey.pk, by=stage.people["wang"], at=stage.later(minutes=1)) == len(silent)
    entry = Entry.objects.get(verb="survey-reminded")
    told = Delivery.objects.filter(entry=entry, channel="page").values_list("to__login", flat=True)
    assert set(told) == silent and entry.public == {"people": len(silent)}
    with pytest.raises(Refused, match="今天已经提醒过了"):
        remind(survey.pk, by=stage.people["wang"], at=stage.later(hours=1))
    stage.later(days=1)
    for login in silent:
        say(stage, survey, login)
    with pytest.raises(Refused, match="都答过了"):
        remind(survey.pk, by=stage.people["wang"], at=stage.later(minutes=1))
    over = ended(survey)
    with pytest.raises(Refused, match="已经截止"):
        remind(over.pk, by=stage.people["wang"], at=over.closes_at + timedelta(days=2))


def test_too_few_lead_elsewhere(stage: Stage):
    survey = asked_all(stage, 'at_least = "1/2"')
    for n in range(6):
        say(stage, survey, f"home{n}")
    assert ended(survey).matter.ended_as == "not-told"


def test_whoever_runs_it_ends_it_early_once_enough_came(stage: Stage):
    survey = asked_all(stage, 'at_least = "1/2"')
    for n in range(6):
        say(stage, survey, f"home{n}")
    with pytest.raises(Refused, match="还不够"):
        stage.act(survey.matter_id, "survey", "wang")
    say(stage, survey, "lin")
    with pytest.raises(Refused):
        stage.act(survey.matter_id, "survey", "lin")
    stage.act(survey.matter_id, "survey", "wang")
    assert Matter.objects.get(pk=survey.matter_id).ended_as == "told"


def test_a_survey_that_is_withdrawn_is_not_read(stage: Stage, survey: Survey):
    say(stage, survey, "lin", words=CANARY)
    stage.act(survey.matter_id, "withdraw", "wang")
    over = Survey.objects.get(pk=survey.pk)
    assert over.closed_at is not None and over.result is None and not Remark.objects.exists()
    assert {bytes(row.sealed) for row in Answer.objects.all()} == {b""}


def test_a_survey_nobody_could_answer_does_not_open(stage: Stage):
    Residence.objects.update(until=stage.now)
    stage.adopt(CHARTER.replace("SAMPLE", ""))
    with pytest.raises(Refused, match="没有人可以问"):
        stage.report("wang", kind="question", words="垃圾桶放哪里", place="3-2")


def test_who_is_asked_is_not_merged_away_meanwhile(stage: Stage):
    stage.adopt(CHARTER.replace('asks = "households"', 'asks = "residents"').replace("SAMPLE", ""))
    done = stage.report("wang", kind="question", words="垃圾桶放哪里", place="3-2")
    with pytest.raises(Refused, match="问卷名单"):
        check_ties(stage.people["lin"])
    run_due(stage.now + timedelta(days=30))
    assert Matter.objects.get(pk=done.matter_id).ended_at is not None
    check_ties(stage.people["lin"])


def test_an_unknown_survey_is_not_found(stage: Stage):
    with pytest.raises(Refused) as refused:
        fill_in(uuid4(), {"move": "1"}, by=stage.people["lin"], at=stage.now)
    assert refused.value.code == "not-found"
