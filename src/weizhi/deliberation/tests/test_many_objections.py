"""1,200 objections to a notice within a day: each is answered or in an answered group, and it cannot end before."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weizhi.deliberation.tests.many import neighbours, objections
from weizhi.deliberation.tests.texts import CHARTER, posted
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.tell import tell
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Objection
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.record.models import Delivery, Entry

MANY = 1_200
ALONE = 10


@pytest.fixture
def board(stage: Stage) -> tuple[Stage, Done]:
    stage.adopt(CHARTER)
    return stage, posted(stage)


def answered(stage: Stage, done: Done, which: list[UUID], words: str = "看过了", upheld: str = "no") -> Done:
    data = {"words": words, "upheld": upheld, "objections": [str(pk) for pk in which]}
    return stage.act(done, "answer", "wang", data=data)


def test_twelve_hundred_in_a_day(board: tuple[Stage, Done]):
    stage, done = board
    people = neighbours(stage, MANY)
    made = [one.entry_id for one in objections(stage, done, people)]
    assert Objection.objects.filter(matter=done.matter_id, answer=None).count() == MANY

    for pk in made[:ALONE]:
        answered(stage, done, [pk])
    tell(stage.now)
    run_due(stage.later(days=9))
    assert stage.stands_at(done) == ["board"], "its days are over, and it waits for the answers"

    groups = [made[n::3] for n in range(3)]
    for group in groups[:2]:
        left = [pk for pk in group if pk not in made[:ALONE]]
        answered(stage, done, left, "车棚往外移，电价按居民价")
        assert stage.stands_at(done) == ["board"]
    last = [pk for pk in groups[2] if pk not in made[:ALONE]]
    answered(stage, done, last[1:])
    assert stage.stands_at(done) == ["board"], "one is left"
    answered(stage, done, last[:1])
    assert stage.stands_at(done) == ["look"]

    rows = Objection.objects.filter(matter=done.matter_id)
    assert rows.count() == MANY and not rows.filter(answer=None).exists()
    # The record alone says the same: every objection is named by an answer, once.
    entries = Entry.objects.filter(stream=done.matter_id)
    named = [n for one in entries.filter(verb="answer") for n in one.public.get("answers_all", [])]
    alone = entries.filter(verb="answer", public__has_key="answers").count()
    assert (len(named) + alone, len(set(named))) == (MANY, len(named))

    tell(stage.now)
    told = Delivery.objects.filter(entry__verb="answer", why=Delivery.Why.ASKED, channel="page")
    assert set(told.values_list("to", flat=True)) == {person.pk for person in people}, "each one is told, once"
    assert told.count() == MANY


def test_who_is_right_waits_for_the_others_too(board: tuple[Stage, Done]):
    stage, done = board
    first, second, third = [one.entry_id for one in objections(stage, done, neighbours(stage, 3))]
    answered(stage, done, [first], "对，要改", "yes")
    assert stage.stands_at(done) == ["board"]
    answered(stage, done, [second, third], "也会写进去")
    assert stage.stands_at(done) == ["write"], "all have their answer, and it goes back at once"


def test_nobody_is_answered_twice(board: tuple[Stage, Done]):
    stage, done = board
    first, second = [one.entry_id for one in objections(stage, done, neighbours(stage, 2))]
    answered(stage, done, [first])
    with pytest.raises(Refused, match="没有等着答复") as refused:
        answered(stage, done, [first, second])
    assert refused.value.field == "objection"
    assert Objection.objects.filter(matter=done.matter_id, answer=None).count() == 1


def test_an_objection_to_another_matter_is_none_of_these(board: tuple[Stage, Done]):
    stage, done = board
    other = posted(stage, "别的公约")
    (theirs,) = [one.entry_id for one in objections(stage, other, neighbours(stage, 1))]
    with pytest.raises(Refused):
        answered(stage, done, [theirs])


def test_an_act_asks_as_often_among_many_as_among_few(board: tuple[Stage, Done]):
    stage, done = board
    people = neighbours(stage, 60)
    counts = []
    for at, few in ((0, 2), (2, 50)):
        made = [one.entry_id for one in objections(stage, done, people[at : at + few])]
        with CaptureQueriesContext(connection) as asked:
            answered(stage, done, made[:1])
        counts.append(len(asked))
    assert counts[0] == counts[1]
