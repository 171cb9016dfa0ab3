"""Matters are taken in between dates, chosen under a sum, let go, and waited for; whatever is held is never lost."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from weizhi.matters.actions.act import raise_matter
from weizhi.matters.actions.done import Done
from weizhi.matters.actions.wake import run_due
from weizhi.matters.kinds.pick import Candidate, choose
from weizhi.matters.models import Matter, Party, Step
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.matters.tests.conftest import Stage
from weizhi.people.access import standing

TEXT = Path(__file__).with_name("holding.toml").read_text(encoding="utf-8")


@pytest.fixture
def programme(stage: Stage) -> tuple[Stage, Done]:
    stage.adopt(TEXT)
    return stage, announced(stage)


def announced(stage: Stage, fen: int = 100_00) -> Done:
    return raise_matter(
        stage.community, "programme", by=stage.people["wang"], data={"words": "今年的项目", "sum": fen},
        at=stage.later(minutes=1),
    )  # fmt: skip


def applied(stage: Stage, fen: int, by: str = "lin", **more: Any) -> Done:
    return stage.report(by, "修一修", kind="grant", data={"wanted": fen}, **more)


def scored(stage: Stage, grant: Done, points: int, outcome: str = "good") -> None:
    stage.act(grant, "check", "wang", outcome, data={"score": {"points": points}})


def ended(grant: Done) -> str:
    return Matter.objects.get(pk=grant.matter_id).ended_as


def test_the_programme_runs_from_intake_to_the_end_of_the_last_that_was_picked(programme: tuple[Stage, Done]) -> None:
    stage, holder = programme
    dear, cheap, best, late = (applied(stage, fen) for fen in (80_00, 30_00, 60_00, 10_00))
    found = Matter.objects.get(pk=best.matter_id)
    assert (found.held_by_id, found.top_id) == (holder.matter_id, holder.matter_id)
    for grant, points in ((dear, 80), (cheap, 70), (best, 90)):
        scored(stage, grant, points)
    assert stage.stands_at(holder) == ["open"]
    run_due(stage.later(days=11))
    assert stage.stands_at(holder) == ["ready"], "one of them has not been reviewed"
    scored(stage, late, 0, "bad")
    assert stage.stands_at(holder) == ["choose"], "the last one ended, so all are ready"
    stage.act(holder, "pick", "wang")
    assert [ended(grant) for grant in (dear, cheap, best, late)] == ["not-chosen", "", "", "refused"]
    assert stage.stands_at(best) == stage.stands_at(cheap) == ["build"]
    assert stage.stands_at(holder) == ["carry"]
    stage.act(best, "handle", "lin", "done")
    assert stage.stands_at(holder) == ["carry"]
    stage.act(cheap, "handle", "lin", "done")
    assert Matter.objects.get(pk=holder.matter_id).ended_as == "done"


def test_the_choice_is_explained_line_by_line_in_the_record(programme: tuple[Stage, Done]) -> None:
    stage, holder = programme
    first, second, third = (applied(stage, fen) for fen in (60_00, 50_00, 40_00))
    for grant, points in ((first, 50), (second, 50), (third, 20)):
        scored(stage, grant, points)
    run_due(stage.later(days=11))
    stage.act(holder, "pick", "wang")
    matter = Matter.objects.preloaded().get(pk=holder.matter_id)
    public = matter.stream.entries.get(verb="pick").public
    assert [(line["n"], line["chosen"]) for line in public["lines"]] == [
        (first.number, True), (second.number, False), (third.number, True)
    ]  # fmt: skip
    assert "要 50 元，只剩 40 元，跳过" in public["lines"][1]["why"]
    texts = [line.text for line in Reader(matter, standing(stage.people["lin"], stage.now)).story().lines]
    assert "收件的期限到了，一共收到 3 件" in texts
    assert any(text.endswith("按次序选了 2 件") for text in texts)


@pytest.mark.parametrize("overrun", ["skip", "stop"])
def test_overrun_skips_or_stops(overrun: str) -> None:
    ordered = [Candidate(str(n), n, amount=fen) for n, fen in enumerate((60, 50, 40), 1)]
    taken, lines = choose(ordered, budget=100, number=None, overrun=overrun)
    assert taken == (["1", "3"] if overrun == "skip" else ["1"])
    assert len(lines) == 3
    assert choose(ordered, budget=1000, number=2, overrun=overrun)[0] == ["1", "2"]


def test_outside_the_dates_nothing_is_taken_in(stage: Stage) -> None:
    stage.adopt(TEXT)
    with pytest.raises(Refused, match="现在没有在收") as before:
        applied(stage, 10_00)
    assert before.value.code == "closed"
    holder = announced(stage)
    stage.later(days=11)  # the worker stands still: the stored instant decides, not how fast it is
    with pytest.raises(Refused, match="期限刚刚过"):
        applied(stage, 10_00)
    run_due(stage.now)
    with pytest.raises(Refused, match="“今年的项目”现在不收“申请”"):
        applied(stage, 10_00)
    assert not Matter.objects.filter(held_by=holder.matter_id).exists()


def test_of_two_that_take_in_one_must_be_named(programme: tuple[Stage, Done]) -> None:
    stage, first = programme
    second = announced(stage)
    with pytest.raises(Refused, match="请说明交给哪一件"):
        applied(stage, 10_00)
    grant = applied(stage, 10_00, held_by=second.matter_id)
    assert Matter.objects.get(pk=grant.matter_id).held_by_id == second.matter_id
    with pytest.raises(Refused, match="不收"):
        applied(stage, 10_00, held_by=UUID(int=1))
    assert first.number != second.number


def test_who_is_ready_too_late_is_not_picked(programme: tuple[Stage, Done]) -> None:
    stage, holder = programme
    quick, slow = applied(stage, 10_00), applied(stage, 10_00)
    scored(stage, quick, 50)
    run_due(stage.later(days=25))
    assert stage.stands_at(holder) == ["choose"], "time goes on without the slow one"
    stage.act(holder, "pick", "wang")
    scored(stage, slow, 99)
    assert (stage.stands_at(quick), ended(slow)) == (["build"], "not-chosen")


def test_when_the_holder_ends_nobody_waits_any_more(programme: tuple[Stage, Done]) -> None:
    stage, holder = programme
    grant = applied(stage, 10_00)
    scored(stage, grant, 50)
    stage.act(holder, "withdraw", "wang", data={"words": "今年不办了"})
    assert ended(grant) == "not-chosen"


def test_nobody_is_asked_while_the_choice_is_awaited(programme: tuple[Stage, Done]) -> None:
    stage, _ = programme
    grant = applied(stage, 10_00)
    scored(stage, grant, 50)
    row = Step.objects.get(matter=grant.matter_id, key="chosen")
    assert row.due is None and row.wakes_at is None
    assert not Party.objects.waiting().filter(matter=grant.matter_id).exists()
    with pytest.raises(Refused, match="由系统来办"):
        stage.act(grant, "wait", "lin")


def test_with_nothing_taken_in_the_programme_goes_on(programme: tuple[Stage, Done]) -> None:
    stage, holder = programme
    run_due(stage.later(days=11))
    assert stage.stands_at(holder) == ["choose"]
    stage.act(holder, "pick", "wang")
    assert Matter.objects.get(pk=holder.matter_id).ended_as == "done"


def test_a_held_matter_follows_its_holders_charter(programme: tuple[Stage, Done]) -> None:
    stage, holder = programme
    stage.adopt(TEXT.replace('title = "年度项目"', 'title = "新的年度项目"'))
    grant = applied(stage, 10_00)
    pinned = Matter.objects.filter(pk__in=[grant.matter_id, holder.matter_id]).values_list("charter", flat=True)
    assert len(set(pinned)) == 1
