"""weizhi methods budget FILE.pb: who wins a participatory budget, and why."""

import argparse
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weizhi.cli.methods.answering import Clock, answer, answered, number, progress

if TYPE_CHECKING:
    from weizhi.methods.budgeting import Outcome


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("budget", help="count a participatory budget from a Pabulib file")
    verb.add_argument("file", type=Path, metavar="FILE.pb")
    verb.add_argument("--rule", choices=["greedy", "mes", "phragmen"], default="mes")
    verb.add_argument("--utility", choices=["cost", "cardinality"], default="cost")
    verb.add_argument("--completion", choices=["none", "add1", "utilitarian", "add1-utilitarian"], default="none")
    verb.add_argument(
        "--step",
        type=Fraction,
        default=Fraction(1),
        metavar="N",
        help="what add1 adds a voter and step, in the currency",
    )
    verb.add_argument(
        "--stop-when-exhaustive",
        action="store_true",
        help="add1 ends at the first outcome to which nothing can be added",
    )
    verb.add_argument("--ties", choices=["cost-votes-lot", "lexicographic"], help="else as the file says, or by id")
    verb.add_argument(
        "--lot",
        metavar="SEED",
        help="draw the lot of cost-votes-lot from this published seed; else the file's, or by id",
    )
    verb.add_argument("--ordinal", choices=["approval", "borda"], default="approval", help="what ranked ballots mean")
    verb.add_argument("--top", type=int, metavar="K", help="of ranked ballots count the first K")
    verb.add_argument("--explain", action="store_true", help="say for each project why it won or lost")
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: budget(arguments)))


def budget(arguments: argparse.Namespace) -> int:
    from weizhi.methods.budgeting import Rule, count, read
    from weizhi.methods.budgeting.ties import Ties, draw_lot

    clock = Clock()
    progress(f"读 {arguments.file} …")
    election = read(arguments.file, ordinal=arguments.ordinal, top=arguments.top)
    clock.stop("load")
    for note in election.notes:
        progress(note)
    progress(f"{election.voters:,} 人投票，{len(election.projects)} 个项目；计数 …")
    clock.stop("between")
    drawn = election.meta.get("ties") == "cost-votes-lot"
    ties: Ties = arguments.ties or ("cost-votes-lot" if drawn else "lexicographic")
    lot = arguments.lot if arguments.lot is not None else election.meta.get("lot")
    rule = Rule(
        arguments.rule,
        arguments.utility,
        arguments.completion,
        arguments.step,
        arguments.stop_when_exhaustive,
        ties,
        None if lot is None else tuple(draw_lot(election.ids, lot)),
    )
    outcome = count(election, rule)
    clock.stop("count")
    found: dict[str, Any] = {
        "selected": outcome.selected,
        "cost": number(outcome.cost),
        "budget": number(outcome.budget),
        "seconds": {stage: clock.seconds[stage] for stage in ("load", "count")},
    }
    if arguments.explain and arguments.json:
        found["projects"] = reasons(outcome)
    return answer(found, readable(outcome, explained=arguments.explain), as_json=arguments.json)


def reasons(outcome: "Outcome") -> list[dict[str, Any]]:
    from weizhi.methods.budgeting import explain

    told = explain(outcome)
    return [
        {
            "id": fate.id,
            "won": fate.won,
            "place": fate.purchase.place if fate.purchase else None,
            "cost": number(fate.cost),
            "votes": fate.votes,
            "missing": number(fate.missing),
            "why": told[fate.id],
            "payments": [
                {"ballot": list(one.ballot), "voters": one.voters, "each": str(one.each)}
                for one in (outcome.payments(fate.id) if fate.won else ())
            ],
        }
        for fate in outcome.fates
    ]


def readable(outcome: "Outcome", *, explained: bool) -> Iterator[str]:
    from weizhi.methods.budgeting import explain
    from weizhi.methods.budgeting.reasons import amount

    names = {project.id: project.name for project in outcome.election.projects}
    costs = dict(zip(outcome.election.ids, outcome.election.projects, strict=True))
    for place, one in enumerate(outcome.selected, 1):
        yield f"{place:>3}  {one:<8} {amount(costs[one].cost):>14}  {names[one]}"
    yield f"入选 {len(outcome.selected)} 个项目，共 {amount(outcome.cost)}，预算 {amount(outcome.budget)}。"
    if outcome.steps:
        yield f"每人的份额加了 {outcome.steps} 步，到 {amount(outcome.endowment or Fraction(0))}。"
    if explained:
        yield from explain(outcome).values()
