"""What is suggested for a report, from the charter's words and from what officers decided; and what is like it."""

from pathlib import Path

import pytest

from weizhi.charters.models import Charter
from weizhi.matters.actions.act import act, raise_matter
from weizhi.matters.pinned import charter_by_hash, hash_in_force
from weizhi.matters.tests.conftest import Stage
from weizhi.methods.text.learning import TooFew
from weizhi.people.access import standing
from weizhi.reports.actions.learn import learn_from
from weizhi.reports.near import similar
from weizhi.reports.suggesting import model_path, suggest_for


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path):
    settings.HOME = tmp_path


def charter_of(stage: Stage) -> Charter:
    return charter_by_hash(hash_in_force(stage.community.pk, stage.now))


def category(stage: Stage, words: str) -> str:
    found = suggest_for(charter_of(stage), "xfl", words).category
    return found.key if found else ""


def like(stage: Stage, words: str, by: str = "zhao", place: str = "3") -> list[str]:
    who = standing(stage.people[by], stage.now)
    found = similar(who, stage.community, charter_of(stage), "report", stage.places[place], words)
    return [one.matter.title for one in found]


# --- category and size --------------------------------------------------------------------------------


def test_the_charters_words_suggest_and_are_the_reason(stage: Stage):
    found = suggest_for(charter_of(stage), "xfl", "电梯不动了")
    assert found.category and found.category.key == "lift"
    assert found.category.reason == "因为说到“电梯”"
    assert found.size and found.size.size == "small"


def test_where_nothing_speaks_nothing_is_suggested(stage: Stage):
    found = suggest_for(charter_of(stage), "xfl", "你好")
    assert (found.category, found.size) == (None, None)


def test_danger_is_big_whatever_else_is_said(stage: Stage):
    found = suggest_for(charter_of(stage), "xfl", "楼道堆的垃圾起火了")
    assert found.size and (found.size.size, found.size.reason) == ("big", "因为说到“起火”")


def decide(stage: Stage, words: str, key: str, times: int) -> None:
    for n in range(times):
        done = raise_matter(
            stage.community, "report", by=stage.people["lin"], data={"words": f"{words}，第{n}回"}, at=stage.now,
            place=stage.places["3-2"].pk,
        )  # fmt: skip
        act(done.matter_id, "sort", by=stage.people["zhou"], outcome="ours", data={"category": key}, at=stage.now)


def test_what_officers_decide_is_learned(stage: Stage):
    assert category(stage, "钟点工没来") == ""
    decide(stage, "钟点工没来扫地", "service", 10)
    decide(stage, "合唱团少个唱低音的", "culture", 10)
    learned = learn_from(stage.community)
    assert (learned.reports, learned.categories) == (20, 2)
    found = suggest_for(charter_of(stage), "xfl", "钟点工没来").category
    assert found and (found.key, found.source) == ("service", "model")


def test_too_few_decisions_write_no_model(stage: Stage):
    decide(stage, "钟点工没来扫地", "service", 10)
    with pytest.raises(TooFew):
        learn_from(stage.community)
    assert not model_path("xfl").exists()


def test_a_file_that_is_no_model_leaves_the_words(stage: Stage):
    model_path("xfl").parent.mkdir()
    model_path("xfl").write_bytes(b"rubbish")
    assert category(stage, "电梯不动了") == "lift"


# --- what is like it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["三单元楼道灯又坏了", "楼道的灯坏了", "灯不亮"])
def test_the_same_lamp_is_found_in_other_words(stage: Stage, words: str):
    stage.report(words="三单元楼道灯坏了")
    stage.report(words="中心广场有人遛狗不牵绳", place="square")
    assert like(stage, words) == ["三单元楼道灯坏了"]


@pytest.mark.parametrize("words", ["水管漏水", "有人在楼下唱歌"])
def test_something_else_is_not(stage: Stage, words: str):
    stage.report(words="三单元楼道灯坏了")
    assert like(stage, words) == []


def test_only_near_by(stage: Stage):
    stage.report(words="三单元楼道灯坏了")
    assert like(stage, "楼道灯坏了", place="square") == []


def test_what_has_ended_is_not_shown(stage: Stage):
    stage.act(stage.report(words="楼道灯坏了"), "withdraw", "lin")
    assert like(stage, "楼道灯坏了") == []


def test_an_outsider_learns_of_nothing(stage: Stage):
    stage.report(words="楼道灯坏了")
    assert like(stage, "楼道灯坏了", by="guo") == []


def test_two_queries_however_many_there_are(stage: Stage, django_assert_num_queries):
    for n in range(5):
        stage.report(words=f"楼道灯坏了{n}")
    who, charter = standing(stage.people["zhao"], stage.now), charter_of(stage)
    with django_assert_num_queries(2):
        assert len(similar(who, stage.community, charter, "report", stage.places["3"], "楼道灯坏了")) == 3
