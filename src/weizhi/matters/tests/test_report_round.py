"""One report all the way round by the base charter: the ground's first proof."""

import pytest

from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing


def test_a_report_goes_all_the_way_round_and_back_once(stage: Stage) -> None:
    lamp = stage.report()
    assert stage.stands_at(lamp) == ["sort"]
    stage.act(lamp, "sort", "zhou", "ours")
    stage.act(lamp, "handle", "chen", "done", data={"words": "换了灯泡"})
    stage.act(lamp, "check", "zhou", "passed")
    assert stage.stands_at(lamp) == ["rate"]
    stage.act(lamp, "rate", "lin", "bad", data={"words": "昨晚又不亮了"})
    assert stage.stands_at(lamp) == ["handle"]
    stage.act(lamp, "handle", "chen", "done")
    stage.act(lamp, "check", "zhou", "passed")
    stage.act(lamp, "rate", "lin", "good", data={"stars": "5", "thanks": "true"})
    matter = stage.matter(lamp)
    assert (matter.ended_as, matter.counts) == ("done", "solved")
    assert [entry.verb for entry in matter.stream.entries.all()] == [
        "raise", "sort", "handle", "check", "rate", "handle", "check", "rate",
    ]  # fmt: skip
    assert Step.objects.get(matter=matter, key="handle", round=2).mark == "done"
    assert not Party.objects.waiting().filter(matter=matter).exists()


def test_an_outsider_does_not_even_learn_that_it_exists(stage: Stage) -> None:
    lamp = stage.report()
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "comment", "guo", data={"words": "看看"})
    assert refused.value.code == "not-found"
    assert not Matter.objects.visible_to(standing(stage.people["guo"], stage.now)).exists()


def test_only_whom_the_charter_names_may_act_and_the_line_is_told(stage: Stage) -> None:
    lamp = stage.report()
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "sort", "lin", "ours")
    assert refused.value.code == "not-yours"
    assert refused.value.line.endswith("steps.sort.by")
    assert "网格员" in refused.value.message


def test_an_ended_matter_never_moves_again(stage: Stage) -> None:
    lamp = stage.report()
    stage.act(lamp, "sort", "zhou", "elsewhere")
    with pytest.raises(Refused) as refused:
        stage.act(lamp, "sort", "zhou", "ours")
    assert refused.value.code == "ended"
