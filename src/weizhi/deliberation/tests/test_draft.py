"""A text is written version by version, nobody's work is written over, and what is frozen is what later steps read."""

import pytest

from weizhi.charters.loading import parse_text
from weizhi.deliberation.models import Text
from weizhi.deliberation.tests.texts import CHARTER, FIRST, SECOND, begun, posted, row_of, written
from weizhi.deliberation.versions import body_of, versions_of, why_and_words
from weizhi.matters.actions.wake import run_due
from weizhi.matters.refused import Refused
from weizhi.matters.registry import left_by
from weizhi.matters.scene import load
from weizhi.matters.tests.conftest import Stage


@pytest.fixture
def here(stage: Stage) -> Stage:
    stage.adopt(CHARTER)
    return stage


def text_of(done) -> Text:
    return Text.objects.select_related("matter").get(matter=done.matter_id)


def test_each_version_says_who_when_and_why(here: Stage):
    done = written(here)
    here.act(done, "write", "wang", data={"text": SECOND, "words": "鞋柜也挡路", "base": 1})
    versions = versions_of(done.matter_id, "write")
    assert [(one.n, one.who.name) for one in versions if one.who] == [(1, "王主任"), (2, "王主任")]
    why, words = why_and_words(versions, {1, 2})
    assert why == {1: "先写两条", 2: "鞋柜也挡路"} and words == {1: FIRST, 2: SECOND}


def test_nobodys_work_is_written_over(here: Stage):
    done = written(here)
    here.act(done, "write", "wang", data={"text": SECOND, "base": 1})
    with pytest.raises(Refused, match="别人存了第 2 版") as refused:
        here.act(done, "write", "wang", data={"text": "我的另一版", "base": 1})
    assert refused.value.code == "meanwhile"
    assert text_of(done).versions == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "还没有写"),
        (FIRST, "一个字也没有变"),
        ("第一条 甲\n第一条 乙", "写了两次"),
        ("\n".join("段" for _ in range(401)), "分了太多段"),
        ("长" * 20_001, "太长"),
    ],
)
def test_what_is_no_version_is_refused(here: Stage, text: str, said: str):
    done = written(here)
    with pytest.raises(Refused, match=said) as refused:
        here.act(done, "write", "wang", data={"text": text})
    assert refused.value.field == "text"
    assert text_of(done).versions == 1


def test_only_those_whom_the_charter_names_write(here: Stage):
    done = begun(here)
    for login, code in (("lin", "not-yours"), ("guo", "not-found")):
        with pytest.raises(Refused) as refused:
            here.act(done, "write", login, data={"text": FIRST})
        assert refused.value.code == code


def test_nothing_is_frozen_that_nobody_wrote(here: Stage):
    done = begun(here)
    for data in ({}, {"text": "楼道里堆满了东西"}, {"text": FIRST, "base": 0}):  # nor by the press that freezes it
        with pytest.raises(Refused, match="还没有存过一版") as refused:
            here.act(done, "draft", "wang", data=data)
        assert (refused.value.code, refused.value.field) == ("not-yet", "text")
    assert (text_of(done).versions, text_of(done).frozen) == (0, None) and here.stands_at(done) == ["write"]
    here.act(done, "write", "wang", data={"text": FIRST})
    here.act(done, "draft", "wang")
    assert (text_of(done).versions, text_of(done).frozen) == (1, 1)


def test_later_steps_read_what_was_frozen(here: Stage):
    done = posted(here)
    left = left_by(load(here.matter(done), here.now), "write")
    assert left is not None and (left.words, left.version) == (FIRST, 1)
    assert row_of(done, "notice").brief["version"] == 1
    with pytest.raises(Refused):
        here.act(done, "write", "wang", data={"text": SECOND})


def test_what_came_back_is_not_sent_on_unchanged(here: Stage):
    done = posted(here)
    here.act(done, "object", "lin", data={"words": "鞋柜呢？"})
    here.act(done, "answer", "wang", data={"words": "有道理", "upheld": "yes"})
    assert here.stands_at(done) == ["write"]
    with pytest.raises(Refused, match="退回来了"):
        here.act(done, "draft", "wang")
    here.act(done, "draft", "wang", data={"text": SECOND})
    assert here.stands_at(done) == ["board"] and row_of(done, "notice").brief["version"] == 2


def test_others_read_no_telephone_that_is_in_a_text(here: Stage):
    done = written(here, f"{FIRST}\n有事打 13912345678")
    assert "13912345678" not in body_of(done.matter_id, "write", 1, closed=False)


def test_time_sends_on_what_stands(here: Stage):
    here.adopt(CHARTER.replace('from = "say"', 'from = "say"\nwithin = "3 days"\nwhen_due = "board"'))
    done = written(here)
    run_due(here.later(days=5))
    assert here.stands_at(done) == ["board"] and text_of(done).frozen == 1


def test_a_draft_begins_with_an_earlier_step(here: Stage):
    checked = parse_text(CHARTER.replace('from = "say"', 'from = "look"'), "test.toml")
    assert checked.charter is None and any("look" in str(one) for one in checked.findings)
