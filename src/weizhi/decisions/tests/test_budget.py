"""A budget vote: what stands on the paper, who wins, what happens to the projects, and the file that says the same."""

import importlib.util
import json
from fractions import Fraction
from pathlib import Path

import pytest

from weizhi.cli.methods.budget import register
from weizhi.decisions.models import Ballot
from weizhi.decisions.pabulib import text_of
from weizhi.decisions.tests.budgeted import Budgeted, proposed, rows, voting
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.methods.budgeting import read_text

COSTS = {"健身器材": 60_000, "路灯": 40_000, "坡道": 35_000, "长椅": 12_000}


def decided(stage: Stage) -> Budgeted:
    here = voting(stage, COSTS, 100_000, 12)
    for n in range(12):
        mine = ["健身器材", "路灯"] if n < 7 else ["坡道"]
        here.cast(n, *mine, *(["长椅"] if n in (5, 6, 10, 11) else []))
    return here


def test_the_paper_holds_what_was_checked_and_the_lot_lies_drawn(stage: Stage) -> None:
    here = proposed(stage, COSTS, 100_000)
    unchecked = stage.report(words="没有核对的", kind="proposal", place="square", data={"cost": 100})
    run_due(stage.later(days=40))
    brief = here.vote.brief
    assert [row["title"] for row in brief["projects"]] == list(COSTS)
    assert (brief["form"], brief["at_most"], brief["amount"]) == ("approve", 4, 10_000_000)
    assert {row["place"] for row in brief["projects"]} == {"中心广场"}
    terms = here.vote.rule["budget"]
    assert sorted(terms["lot"]) == sorted(row["key"] for row in brief["projects"]) and len(terms["seed"]) == 16
    assert here.vote.secret and Matter.objects.get(pk=unchecked.matter_id).ended_as == ""


def test_winners_go_on_and_losers_end_in_the_instant_of_the_count(stage: Stage) -> None:
    here = decided(stage)
    here.cast(0, "长椅")  # and again: the second replaces the first
    here.cast(0, "健身器材", "路灯")
    vote = here.count()
    assert (vote.outcome, Ballot.objects.filter(vote=vote).count()) == ("decided", 12)
    assert [row["title"] for row in rows(vote) if row["place"]] == ["路灯", "坡道", "长椅"]
    ends = {name: Matter.objects.get(pk=done.matter_id).ended_as for name, done in here.projects.items()}
    assert ends == {"健身器材": "not-picked", "路灯": "picked", "坡道": "picked", "长椅": "picked"}
    counted = here.vote.matter.stream.entries.get(verb="counted")
    assert counted.public["winners"] == [here.projects[name].number for name in ("路灯", "坡道", "长椅")]


def test_the_published_file_gives_the_same_winners_by_the_command(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import argparse

    vote = decided(stage).count()
    file = tmp_path / "published.pb"
    file.write_text(text_of(vote), encoding="utf-8")
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    asked = ["budget", str(file), "--rule", "mes", "--utility", "cost", "--completion", "add1", "--json"]
    arguments = parser.parse_args(asked)
    assert arguments.run(arguments) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["selected"] == [row["key"] for row in rows(vote) if row["place"]]
    assert said["cost"] * 100 == vote.result["budget"]["spent"]


def test_equal_projects_are_told_apart_by_the_same_lot_in_the_file(stage: Stage, tmp_path: Path) -> None:
    here = voting(stage, {f"项目{n}": 100 for n in range(6)}, 300, 5)
    for n in range(5):
        here.cast(n, *(f"项目{one}" for one in range(5)))
    vote = here.count()
    election = read_text(text_of(vote))
    assert election.meta["lot"] == vote.rule["budget"]["seed"]
    lot = [key for key in vote.rule["budget"]["lot"] if key != here.key("项目5")]
    assert [row["key"] for row in rows(vote) if row["place"]] == lot[:3]


@pytest.mark.skipif(importlib.util.find_spec("pabutools") is None, reason="pabutools is not installed")
def test_pabutools_names_the_same_winners(stage: Stage, tmp_path: Path) -> None:
    from pabutools.election import Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares

    vote = decided(stage).count()
    file = tmp_path / "published.pb"
    file.write_text(text_of(vote), encoding="utf-8")
    instance, profile = parse_pabulib(str(file))
    found = method_of_equal_shares(instance, profile, sat_class=Cost_Sat, voter_budget_increment=Fraction(1))
    assert {project.name for project in found} == {row["key"] for row in rows(vote) if row["place"]}


def test_too_few_ballots_are_not_published_and_none_before_the_count(stage: Stage) -> None:
    here = voting(stage, COSTS, 100_000, 3)
    here.cast(0, "坡道")
    with pytest.raises(Refused, match="还没有计票"):
        text_of(here.vote)
    with pytest.raises(Refused, match="会认出是谁"):
        text_of(here.count())
