"""A convention comes into force by the matter that decided it, changes by its own kind, is cited as it read then."""

import pytest

from weizhi.charters.loading import parse_text
from weizhi.deliberation.in_force import articles_now, edition_in_force
from weizhi.deliberation.models import Edition
from weizhi.deliberation.tests.conventions import CHARTER, SECOND, THIRD, adopted, changing, drafted
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.record.models import Payload


def now(stage: Stage) -> Edition:
    found = edition_in_force(stage.community.pk, "residents")
    assert found is not None
    return found


def test_what_was_decided_is_in_force_in_articles(stage: Stage):
    done = adopted(stage)
    assert Matter.objects.get(pk=done.matter_id).ended_as == "done"
    assert (now(stage).n, now(stage).matter_id, now(stage).version) == (1, done.matter_id, 1)
    assert [one.name for one in articles_now(stage.community.pk, "residents")] == ["第一条", "第二条", "第三条"]
    entry = Matter.objects.get(pk=done.matter_id).stream.entries.get(verb="enacted")
    assert (entry.public["edition"], entry.public["articles"], entry.actor_id) == (1, 3, None)


def test_a_change_makes_the_next_edition_and_keeps_the_former(stage: Stage):
    adopted(stage)
    drafted(stage, changing(stage), SECOND)
    assert now(stage).changed == {"new": ["第四条"], "changed": ["第二条"], "gone": []}
    former = Edition.objects.get(n=1)
    assert former.until == now(stage).since and Edition.objects.in_force().count() == 1


def test_a_change_written_on_an_older_edition_does_not_write_over_the_newer(stage: Stage):
    adopted(stage)
    first, second = changing(stage), changing(stage, "第三条")
    drafted(stage, first, SECOND)
    drafted(stage, second, THIRD)
    assert Matter.objects.get(pk=second.matter_id).ended_as == "late"
    assert now(stage).n == 2 and "九点" in articles_now(stage.community.pk, "residents")[1].words


def test_in_force_it_is_not_adopted_anew_and_before_there_is_nothing_to_change(stage: Stage):
    stage.adopt(CHARTER)
    with pytest.raises(Refused, match="还没有施行"):
        changing(stage)
    adopted(stage)
    with pytest.raises(Refused, match="请提“改公约”") as refused:
        stage.report("wang", kind="convention", words="再来一份", place="3-2")
    assert refused.value.code == "not-yet"


def test_it_is_written_in_articles(stage: Stage):
    stage.adopt(CHARTER)
    done = stage.report("wang", kind="convention", words="大家说好", place="3-2")
    with pytest.raises(Refused, match="一条一条写") as refused:
        drafted(stage, done, "大家互相体谅。")
    assert refused.value.field == "text" and not Edition.objects.exists()


def test_a_breach_names_an_article_as_it_read_that_day(stage: Stage):
    adopted(stage)
    with pytest.raises(Refused, match="没有“第九条”"):
        stage.report("lin", kind="breach", words="吵", place="3-2", data={"article": "第九条"})
    done = stage.report("lin", kind="breach", words="吵", place="3-2", data={"article": "第二条"})
    drafted(stage, changing(stage), SECOND)
    said = [str(part.read()) for part in Payload.objects.filter(entry__stream=done.matter_id)]
    assert any("第二条（第 1 版）：晚上十点以后" in one for one in said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('adopted_by = "convention"', 'adopted_by = "conventoin"', "没有叫“conventoin”的事项"),
        ('amended_by = "change"', 'amended_by = "breach"', "没有让“residents”施行的一步"),
        ('about = "draft"', 'about = "say"', "不是为这份公约起草的"),
        ('visible = "parties"', 'visible = "community"', "不当众点名"),
        ('amended_by = "change"\n', "", "既不定也不改"),
        ('"是哪一条", convention = "residents"', '"是哪一条"', "要写 convention"),
    ],
)  # fmt: skip
def test_the_checker_tells_what_would_not_work(old: str, new: str, said: str):
    assert not parse_text(CHARTER, "here.toml").findings
    told = [one.message for one in parse_text(CHARTER.replace(old, new), "here.toml").findings]
    assert any(said in one for one in told), told
