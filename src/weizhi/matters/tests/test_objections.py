"""An objection is open until an answer names it: the gate `objections` counts those."""

import pytest

from weizhi.matters.objecting import open_objections
from weizhi.matters.refused import Refused
from weizhi.matters.scene import load
from weizhi.matters.tests.conftest import Stage


def still_open(stage: Stage, done) -> list:
    return open_objections(load(stage.matter(done), stage.now))


def test_each_answer_settles_one_objection_the_oldest_first(stage: Stage) -> None:
    lamp = stage.report()
    first = stage.act(lamp, "object", "zhao", data={"words": "太亮了"})
    second = stage.act(lamp, "object", "lin", data={"words": "太暗了"})
    assert still_open(stage, lamp) == [first.entry_id, second.entry_id]
    stage.act(lamp, "answer", "wang", data={"words": "换暖光的"})
    assert still_open(stage, lamp) == [second.entry_id]


def test_an_answer_may_name_its_objection(stage: Stage) -> None:
    lamp = stage.report()
    first = stage.act(lamp, "object", "zhao", data={"words": "太亮了"})
    second = stage.act(lamp, "object", "lin", data={"words": "太暗了"})
    stage.act(lamp, "answer", "wang", data={"words": "加一盏", "objection": str(second.entry_id)})
    assert still_open(stage, lamp) == [first.entry_id]
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "answer", "wang", data={"words": "再说一遍", "objection": str(second.entry_id)})
    assert refused.value.field == "objection"


def test_there_is_nothing_to_answer_where_nobody_objected(stage: Stage) -> None:
    lamp = stage.report()
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "answer", "wang", data={"words": "好的"})
    assert refused.value.code == "bad-data"
