"""A budget vote: what stands on the paper, who wins, what happens to the projects, and the file that says the same."""

import json
import subprocess
from pathlib import Path

import pytest

from weizhi.cli.methods.budget import register
from weizhi.decisions import recount, recount_kinds
from weizhi.decisions.models import Ballot
from weizhi.decisions.pabulib import text_of
from weizhi.decisions.tests.budgeted import Budgeted, proposed, rows, voting
from weizhi.decisions.tests.test_recount import changed, verdict
from weizhi.decisions.tests.voted import published
from weizhi.matters.actions.wake import run_due
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.tests.conftest import Stage
from weizhi.methods.budgeting import read_text
from weizhi.methods.budgeting.tests.test_real_files import peer_python

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


PEER = """
import sys
from fractions import Fraction
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares
from pabutools.tiebreaking import min_cost_tie_breaking
instance, profile = parse_pabulib(sys.argv[1])
ties = min_cost_tie_breaking  # as the file says: cost first
for project in method_of_equal_shares(
    instance, profile, sat_class=Cost_Sat, voter_budget_increment=Fraction(1), tie_breaking=ties
):
    print(project.name)
"""


def test_pabutools_names_the_same_winners(stage: Stage, tmp_path: Path) -> None:
    vote = decided(stage).count()
    file = tmp_path / "published.pb"
    file.write_text(text_of(vote), encoding="utf-8")
    asked = [peer_python(), "-c", PEER, str(file)]
    found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert set(found.split()) == {row["key"] for row in rows(vote) if row["place"]}


def test_too_few_ballots_are_not_published_and_none_before_the_count(stage: Stage) -> None:
    here = voting(stage, COSTS, 100_000, 3)
    here.cast(0, "坡道")
    with pytest.raises(Refused, match="还没有计票"):
        text_of(here.vote)
    with pytest.raises(Refused, match="会认出是谁"):
        text_of(here.count())


def test_a_project_withdrawn_while_people_vote_takes_no_share_and_the_file_says_why(stage: Stage) -> None:
    """Who chose it keeps his share for what else he chose; program, recount and Pabulib file leave it out alike."""
    here = voting(stage, {"坡道": 300, "凉亭": 300, "路灯": 250}, 500, 6)
    for n in range(6):
        here.cast(n, "坡道", "路灯" if n < 4 else "凉亭")
    stage.act(here.projects["坡道"], "withdraw", "lin", data={"words": "不修了"})
    vote = here.count()
    [gone] = [row for row in rows(vote) if row.get("gone")]
    assert (gone["key"], gone["votes"], gone["place"], gone["gone"]) == (here.key("坡道"), 6, None, "withdrawn")
    assert "已经撤回" in gone["plain"] and "1 个在计票以前撤回" in vote.result["page"]
    assert [row["title"] for row in rows(vote) if row["place"]] == ["路灯"]
    file = published(vote)
    assert recount.COUNTS["budget"] is recount_kinds.by_shares
    told = "\n".join(recount.recount(file))
    assert "没有参加分钱：坡道" in told
    election = read_text(text_of(vote))
    assert here.key("坡道") not in {project.id for project in election.projects} and election.voters == 6
    lie = changed(file, ("leaves", -1, "result", "budget", "projects", len(rows(vote)) - 1, "votes"))
    lie["root"] = recount.root_of(lie["leaves"])
    assert "各项目的票数" in verdict(lie)
