"""The same once more: signatures under an ended matter, how many and how late, once, and whose they are."""

from pathlib import Path

import pytest

from weizhi.charters.loading import parse_text
from weizhi.matters.actions.done import Done
from weizhi.matters.again import needed
from weizhi.matters.models import Matter, Party
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import person_key, standing
from weizhi.record.models import Entry

TOML = Path(__file__).with_name("again.toml").read_text(encoding="utf-8")


def raise_topic(stage: Stage, by: str = "lin", **rest) -> Done:
    return stage.report(by, "广场上晒被子", kind="topic", place="3", **rest)


@pytest.fixture
def refused(stage: Stage) -> Done:
    stage.adopt(TOML)
    topic = raise_topic(stage)
    stage.act(topic, "check", "wang", "refused", data={"words": "是消防通道"})
    return topic


def code_of(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_it_takes_so_many_signatures_and_so_many_days(stage: Stage, refused: Done) -> None:
    stage.act(refused, "support", "lin")
    stage.later(days=20)
    assert code_of(lambda: raise_topic(stage, follows=refused.matter_id)) == "not-yet"
    done = stage.act(refused, "support", "zhao")
    assert Entry.objects.get(pk=done.entry_id).public["again"] == 2
    matter = stage.matter(refused)
    assert matter.ended_as == "refused"  # signing moves nothing
    found = needed(matter)
    assert found is not None and (found.missing(), found.signed) == (0, 2)
    again = raise_topic(stage, follows=refused.matter_id)
    assert stage.stands_at(again) == ["second-look"]


def test_not_before_its_time(stage: Stage, refused: Done) -> None:
    stage.act(refused, "support", "lin")
    stage.act(refused, "support", "zhao")
    assert code_of(lambda: raise_topic(stage, follows=refused.matter_id)) == "not-yet"


def test_whoever_signed_supports_the_new_one(stage: Stage, refused: Done) -> None:
    for who in ("lin", "zhao"):
        stage.act(refused, "support", who)
    stage.later(days=20)
    again = raise_topic(stage, follows=refused.matter_id)
    supporters = Party.objects.filter(matter=again.matter_id, relation="supporter").values_list("who", flat=True)
    assert set(supporters) == {person_key(stage.people[who].pk) for who in ("lin", "zhao")}


def test_each_person_once_and_only_whom_the_charter_asks(stage: Stage, refused: Done) -> None:
    stage.act(refused, "support", "lin")
    assert code_of(lambda: stage.act(refused, "support", "lin")) == "too-often"
    assert code_of(lambda: stage.act(refused, "support", "wang")) == "not-yours"
    assert code_of(lambda: stage.act(refused, "support", "guo")) == "not-found"


def test_it_is_raised_again_once(stage: Stage, refused: Done) -> None:
    for who in ("lin", "zhao"):
        stage.act(refused, "support", who)
    stage.later(days=20)
    raise_topic(stage, follows=refused.matter_id)
    assert code_of(lambda: raise_topic(stage, "zhao", follows=refused.matter_id)) == "meanwhile"
    assert Matter.objects.filter(follows=refused.matter_id).count() == 1


def test_what_is_refused_twice_asks_for_signatures_twice(stage: Stage, refused: Done) -> None:
    for who in ("lin", "zhao"):
        stage.act(refused, "support", who)
    stage.later(days=20)
    again = raise_topic(stage, follows=refused.matter_id)
    stage.act(again, "check", "zhou", "refused")
    assert code_of(lambda: raise_topic(stage, follows=again.matter_id)) == "not-yet"


def test_another_kind_may_follow_as_before(stage: Stage, refused: Done) -> None:
    done = stage.report(kind="report", follows=refused.matter_id)
    assert stage.matter(done).follows_id == refused.matter_id


def test_signing_opens_no_closed_word(stage: Stage, refused: Done) -> None:
    stage.act(refused, "support", "zhao")
    reader = Reader(stage.matter(refused), standing(stage.people["zhao"], stage.now))
    assert not reader.involved
    assert "第 1 位" in reader.story().lines[-1].text


def test_a_gate_that_nothing_can_open_is_a_fault() -> None:
    toml = TOML.replace(', again = { supporters = 2, after = "14 days", electorate = "residents" }', "")
    assert any("again" in finding.message for finding in parse_text(toml, "again.toml").findings)


def test_signatures_of_nobody_are_a_fault() -> None:
    toml = TOML.replace('electorate = "residents"', 'electorate = "residence"')
    finding = next(found for found in parse_text(toml, "again.toml").findings)
    assert "residence" in finding.message
