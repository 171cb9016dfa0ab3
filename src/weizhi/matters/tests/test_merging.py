"""Two people report one lamp: the second report ends, and its people follow the first."""

import pytest

from weizhi.matters.models import Matter, Party
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import person_key


@pytest.fixture
def merging(stage: Stage) -> Stage:
    text = (
        stage_charter().replace('"withdraw"]', '"withdraw", "merge"]', 1).replace('name = "stage"', 'name = "merging"')
    )
    stage.adopt(text)
    return stage


def stage_charter() -> str:
    from pathlib import Path

    return Path(__file__).with_name("stage.toml").read_text(encoding="utf-8")


def test_the_second_report_ends_and_its_people_follow_the_first(merging: Stage) -> None:
    first = merging.report("lin")
    second = merging.report("zhao", words="灯又不亮", place="3-1-101")
    merging.act(second, "merge", "zhou", data={"into": first.number})
    ended = merging.matter(second)
    assert (ended.ended_as, ended.counts) == ("merged", "merged")
    assert not Party.objects.waiting().filter(matter=ended).exists()
    follower = Party.objects.get(matter=first.matter_id, relation=Party.FOLLOWER)
    assert follower.who == person_key(merging.people["zhao"].pk)
    assert [entry.verb for entry in merging.matter(first).stream.entries.all()] == ["raise", "joined"]
    assert merging.stands_at(first) == ["sort"]


@pytest.mark.parametrize("wrong", [{}, {"into": 99}, {"into": "x"}, {"into": 2}])
def test_it_must_name_another_matter_that_is_open(merging: Stage, wrong) -> None:
    merging.report("lin")
    second = merging.report("zhao", place="3-1-101")
    with pytest.raises(Refused) as refused:
        merging.act(second, "merge", "zhou", data=wrong)
    assert (refused.value.code, refused.value.field) == ("bad-data", "into")


def test_an_ended_matter_takes_nothing_in(merging: Stage) -> None:
    first = merging.report("lin")
    merging.act(first, "withdraw", "lin")
    second = merging.report("zhao", place="3-1-101")
    with pytest.raises(Refused) as refused:
        merging.act(second, "merge", "zhou", data={"into": first.number})
    assert refused.value.field == "into"


def test_only_who_handles_it_merges(merging: Stage) -> None:
    first, second = merging.report("lin"), merging.report("lin")
    with pytest.raises(Refused) as refused:
        merging.act(second, "merge", "lin", data={"into": first.number})
    assert refused.value.code == "not-yours"
    assert Matter.objects.filter(ended_at=None).count() == 2
