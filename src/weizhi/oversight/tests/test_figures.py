"""The database's figures against the same counted by hand, row by row, on a community that lived for weeks."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter, Step
from weizhi.matters.pinned import charter_by_hash, hash_in_force
from weizhi.matters.tests.conftest import Stage
from weizhi.oversight import figures, rules
from weizhi.oversight.rules import From

Budget = Callable[[int], AbstractContextManager[None]]


def round_trip(stage: Stage, word: str, bad: bool = False) -> None:
    lamp = stage.report(words=word)
    stage.act(lamp, "sort", "zhou", "ours", data={"category": "lighting"})
    for _ in range(2 if bad else 1):
        stage.act(lamp, "handle", "chen", "done")
        stage.act(lamp, "check", "zhou", "passed")
        stage.act(lamp, "rate", "lin", "bad" if bad else "good", data={"words": "又灭了"} if bad else {})
        bad = False


@pytest.fixture
def lived(stage: Stage) -> Stage:
    """Ten weeks: solved, solved after a bad word, sent elsewhere, withdrawn, forgotten, and one of today."""
    round_trip(stage, "灯坏了")
    stage.later(days=8)
    round_trip(stage, "灯又坏了", bad=True)
    stage.later(days=20)
    elsewhere = stage.report(words="路口的信号灯")
    stage.act(elsewhere, "sort", "zhou", "elsewhere", data={"words": "归交警管"})
    gone = stage.report(words="看错了")
    stage.act(gone, "withdraw", "lin", data={"words": "看错了"})
    stage.report(words="没人理的事")
    silent = stage.report(words="没人评的事")
    stage.act(silent, "sort", "zhou", "ours")
    stage.act(silent, "handle", "chen", "done")
    stage.act(silent, "check", "zhou", "passed")
    stage.later(days=30)
    run_due(stage.now)
    stage.report(by="zhou", words="巡查看到井盖松了", place="3")
    stage.report(words="刚报的事")
    return stage


def test_the_rates_are_what_one_counts_by_hand(lived: Stage) -> None:
    found = figures.rates(lived.community, figures.as_of(lived.community, lived.now))
    assert (found.response.hit, found.response.of) == by_hand_responded(lived)
    assert (found.response.hit, found.response.of) == (4, 5), "the one that nobody looked at is the fifth"
    assert dict(found.response.left_out) == {rules.Left.WITHDRAWN: 1, rules.Left.IN_TIME: 2}
    assert (found.solution.hit, found.solution.of) == (3, 3)
    assert dict(found.solution.left_out) == {rules.Left.WITHDRAWN: 1, rules.Left.ELSEWHERE: 1}
    assert (found.satisfaction.hit, found.satisfaction.of) == (2, 3)
    assert dict(found.satisfaction.left_out) == {rules.Left.SILENT: 1}
    assert sum(found.came_in) == Matter.objects.filter(community=lived.community).count()
    assert sum(found.went_out) == Matter.objects.exclude(ended_at=None).count()


def by_hand_responded(stage: Stage) -> tuple[int, int]:
    hit = of = 0
    for matter in Matter.objects.filter(community=stage.community).exclude(counts__in=["withdrawn", "merged"]):
        steps = list(Step.objects.filter(matter=matter))
        responded = any({"accepted", "answered"} & set(step.mark.split(",")) for step in steps)
        waits = any(step.closed_at is None and (step.due is None or step.due > stage.now) for step in steps)
        hit, of = hit + responded, of + (responded or not waits)
    return hit, of


def test_each_week_counts_its_own_and_together_they_are_the_whole(lived: Stage) -> None:
    found = figures.rates(lived.community, figures.as_of(lived.community, lived.now))
    weekly = found.by_week()
    for n, whole in enumerate((found.response, found.solution, found.satisfaction)):
        assert sum(week[n].hit for week in weekly) == whole.hit
        assert sum(week[n].of for week in weekly) == whole.of
    for week, number in enumerate(found.came_in):
        inside = {"raised_at__gte": found.weeks[week], "raised_at__lt": found.weeks[week + 1]}
        assert number == Matter.objects.filter(community=lived.community, **inside).count()


def test_what_is_older_than_twelve_weeks_is_counted_no_more(lived: Stage) -> None:
    later = figures.rates(lived.community, lived.now + timedelta(weeks=20))
    assert sum(later.came_in) == sum(later.went_out) == later.satisfaction.of == 0
    assert later.solution.percent is None


def test_another_community_counts_its_own(lived: Stage) -> None:
    assert sum(figures.rates(lived.other, lived.now).came_in) == 0


def test_where_matters_come_from(lived: Stage) -> None:
    charter = charter_by_hash(hash_in_force(lived.community.pk, lived.now))
    found = figures.sources(lived.community, charter, figures.as_of(lived.community, lived.now))
    who: dict[From, list[int]] = {}
    for row in found.origins:
        sums = who.setdefault(row.who, [0, 0])
        sums[0], sums[1] = sums[0] + row.number, sums[1] + row.decided
    assert who[From.COMMITTEE] == [1, 0]
    assert who[From.RESIDENT][0] == Matter.objects.filter(community=lived.community).count() - 1
    assert who[From.RESIDENT][1] == 3, "three were handled"
    assert sum(row.number for row in found.about) == sum(row.number for row in found.origins)
    assert {row.category for row in found.about} >= {"lighting"}
    assert {row.grid for row in found.about} == {"xfl/g1"}


@pytest.mark.parametrize("times", [1, 10])
def test_the_figures_cost_three_queries_however_much_there_is(stage: Stage, query_budget: Budget, times: int) -> None:
    for n in range(times):
        stage.report(words=f"第 {n} 件")
    charter = charter_by_hash(hash_in_force(stage.community.pk, stage.now))
    at = figures.as_of(stage.community, stage.now)
    with query_budget(3):
        first = figures.rates(stage.community, at), figures.sources(stage.community, charter, at)
    with query_budget(0):
        again: Any = figures.rates(stage.community, at), figures.sources(stage.community, charter, at)
    assert first == again
    stage.report(words="又一件")
    with query_budget(2):
        newer = figures.rates(stage.community, figures.as_of(stage.community, stage.now))
    assert sum(newer.came_in) == times + 1, "an act makes what was kept old"
