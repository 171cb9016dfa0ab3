"""A running matter keeps its rules until two people carry it over."""

from pathlib import Path

import pytest

from weizhi.matters.actions.move import move
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.models import Body, Person
from weizhi.record.actions.appoint import appoint
from weizhi.record.models import Entry

STAGE = Path(__file__).with_name("stage.toml").read_text()


@pytest.fixture
def second(stage: Stage) -> Person:
    person = Person.objects.create_user("li", "李委员")
    committee = Body.objects.get(community=stage.community, key="committee")
    appoint(stage.community, person, committee, "committee-member", "居委会委员", at=stage.now)
    return person


def slower(stage: Stage) -> None:
    """The same procedure with a new step name and a longer period for sorting."""
    stage.adopt(STAGE.replace("steps.sort]", "steps.look]").replace('then = "sort"', 'then = "look"'))


def test_a_new_version_leaves_running_matters_alone(stage: Stage) -> None:
    old = stage.report()
    slower(stage)
    assert stage.stands_at(old) == ["sort"]
    assert stage.stands_at(stage.report(words="又一件")) == ["look"]
    stage.act(old, "sort", "zhou", "ours")


def test_two_people_carry_it_over_with_a_reason(stage: Stage, second: Person) -> None:
    old = stage.report()
    slower(stage)
    move(
        old.matter_id,
        {"sort": "look"},
        by=stage.people["wang"],
        second=second,
        reason="新章程",
        at=stage.later(hours=1),
    )
    assert stage.stands_at(old) == ["look"]
    assert Step.objects.open().get(matter=old.matter_id).due is not None
    entry = Entry.objects.get(stream=old.matter_id, verb="move")
    assert entry.public["steps"] == {"sort": "look"}
    stage.act(old, "sort", "zhou", "ours")
    assert stage.stands_at(old) == ["handle"]


def test_one_person_or_an_incomplete_map_is_refused(stage: Stage, second: Person) -> None:
    old = stage.report()
    slower(stage)
    wang = stage.people["wang"]
    with pytest.raises(Refused, match="两个人"):
        move(old.matter_id, {"sort": "look"}, by=wang, second=wang, reason="新章程", at=stage.now)
    with pytest.raises(Refused, match="对应新章程的哪一步"):
        move(old.matter_id, {}, by=wang, second=second, reason="新章程", at=stage.now)
    with pytest.raises(Refused, match="为什么"):
        move(old.matter_id, {"sort": "look"}, by=wang, second=second, reason=" ", at=stage.now)
