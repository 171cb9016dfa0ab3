"""What each reader is told."""

from weizhi.matters.queries import beside_verbs, mine, near, offers, waits, why_not
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing


def reader(stage: Stage, done: object, login: str, audience: str = "resident") -> Reader:
    return Reader(stage.matter(done), standing(stage.people[login], stage.now), audience)  # type: ignore[arg-type]


def test_the_story_is_told_in_sentences_with_what_comes_next(stage: Stage) -> None:
    lamp = stage.report()
    stage.act(lamp, "sort", "zhou", "ours")
    stage.act(lamp, "handle", "chen", "done", data={"words": "换了灯泡"})
    story = reader(stage, lamp, "lin").story()
    assert [line.text for line in story.lines] == ["您报了这件事", "小周看过了：我们办", "陈经理：办好了"]
    assert story.lines[2].words == "换了灯泡"
    assert (story.lines[1].post, story.lines[2].post) == ("网格员", "物业经理")
    assert [(step.title, step.who) for step in story.coming] == [("去看一眼", ("网格员",))]
    assert story.coming[0].due is not None


def test_each_sees_the_acts_open_to_him_and_why_not(stage: Stage) -> None:
    lamp = stage.report()
    zhou = offers(reader(stage, lamp, "zhou"))
    assert [(choice.key, choice.title) for choice in zhou[0].choices] == [("ours", "我们办"), ("elsewhere", "不归我们")]
    assert offers(reader(stage, lamp, "lin")) == []
    assert why_not(reader(stage, lamp, "lin"))[0].line == 'stage: procedures.report.steps.sort.by = ["grid-officer"]'
    assert "withdraw" in beside_verbs(reader(stage, lamp, "lin"))
    assert "withdraw" not in beside_verbs(reader(stage, lamp, "zhao"))


def test_the_work_table_and_the_home_page_lists(stage: Stage) -> None:
    lamp = stage.report()
    zhou, lin, zhao = (standing(stage.people[login], stage.now) for login in ("zhou", "lin", "zhao"))
    assert [row.matter_id for row in waits(zhou)] == [lamp.matter_id]
    assert not waits(lin).exists()
    assert [matter.pk for matter in mine(lin)] == [lamp.matter_id]
    assert [matter.pk for matter in near(zhao)] == [lamp.matter_id]


def test_an_inner_note_is_for_those_who_handle(stage: Stage) -> None:
    lamp = stage.report()
    stage.act(lamp, "note", "zhou", data={"words": "户主耳背，要当面说"})
    assert "note" not in [line.verb for line in reader(stage, lamp, "lin").story().lines]
    assert "note" in [line.verb for line in reader(stage, lamp, "chen").story().lines]
