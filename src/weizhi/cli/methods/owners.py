"""weizhi methods owners RULE.json ROLL.json BALLOTS.json: a vote of owners on area and heads."""

import argparse
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weizhi.cli.methods.answering import Clock, Wrong, answer, answered, load, take

if TYPE_CHECKING:
    from weizhi.methods.owners import OwnersResult, OwnersRule, Paper, Sum, Unit


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("owners", help="decide a vote of owners by area and heads")
    verb.add_argument("rule", type=Path, metavar="RULE.json", help='{"item": 7} and settings of the local rule')
    verb.add_argument("roll", type=Path, metavar="ROLL.json", help='[{"unit": …, "owner": …, "area": square metres}]')
    verb.add_argument("ballots", type=Path, metavar="BALLOTS.json", help='[{"unit": …, "choice": "yes"}]')
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: owners(arguments)))


def owners(arguments: argparse.Namespace) -> int:
    from weizhi.methods.owners import owners_vote

    clock = Clock()
    rule, roll, papers = read_rule(arguments.rule), read_roll(arguments.roll), read_papers(arguments.ballots)
    clock.stop("load")
    result = owners_vote(rule, roll, papers)
    clock.stop("count")
    return answer(told(result, clock.seconds), readable(result), as_json=arguments.json)


def read_rule(path: Path) -> "OwnersRule":
    from weizhi.methods.owners import REGIMES, OwnersRule

    known = {"item": int, "regime": str, "parking": bool, "silence": str, "follow": bool, "citation": str}
    given = dict(take(load(path), str(path), known, needed=["item"]))
    key = given.pop("regime", "civil-code")
    if key not in REGIMES:
        raise Wrong(f"{path}：没有“{key}”这种法规，可以是：{'、'.join(REGIMES)}。")
    if given.get("silence", "absent") not in ("absent", "majority"):
        raise Wrong(f"{path}：“silence”可以是 absent（不算参加）或 majority（随多数）。")
    return OwnersRule(regime=REGIMES[key], **given)


def read_roll(path: Path) -> list["Unit"]:
    from weizhi.methods.owners import Unit

    known: dict[str, Any] = {
        "unit": str,
        "owner": str,
        "area": (int, Fraction, str),
        "kind": str,
        "representative": str,
    }
    units: list[Unit] = []
    for place, row in enumerate(listed(path), 1):
        where = f"{path} 第 {place} 条"
        given = take(row, where, known, needed=["unit", "owner", "area"])
        units.append(
            Unit(
                given["unit"],
                given["owner"],
                _area(given["area"], where),
                given.get("kind", "home"),
                given.get("representative", ""),
            )
        )
    return units


def _area(value: int | Fraction | str, where: str) -> int:
    try:
        hundredths = Fraction(value) * 100
    except ValueError:
        raise Wrong(f"{where}：面积“{value}”不是数。请写平方米，例如 89.50。") from None
    if hundredths.denominator != 1:
        raise Wrong(f"{where}：面积只到 0.01 平方米，“{float(hundredths) / 100}”太细了。")
    return int(hundredths)


def read_papers(path: Path) -> list["Paper"]:
    from weizhi.methods.owners import Paper

    known = {"unit": str, "choice": str, "by": str, "signed": bool}
    return [
        Paper(**take(row, f"{path} 第 {place} 条", known, needed=["unit", "choice"]))
        for place, row in enumerate(listed(path), 1)
    ]


def listed(path: Path) -> list[Any]:
    rows = load(path)
    if not isinstance(rows, list):
        raise Wrong(f"{path}：这里要写一个列表：[{{…}}, {{…}}]。")
    return rows


def told(result: "OwnersResult", seconds: dict[str, float]) -> dict[str, Any]:
    def both(one: "Sum") -> dict[str, Any]:
        return {"area": f"{one.area // 100}.{one.area % 100:02d}", "heads": one.heads}

    return {
        "outcome": result.outcome,
        "electorate": both(result.electorate),
        "present": both(result.present),
        "yes": both(result.yes),
        "no": both(result.no),
        "abstain": both(result.abstain),
        "followed": result.followed,
        "checks": [
            {
                "name": check.name,
                "met": check.met,
                "part": check.part,
                "whole": check.whole,
                "needed": check.needed,
                "missing": check.missing,
                "sentence": check.sentence,
            }
            for check in result.decision.checks
        ],
        "set_aside": [{"unit": unit, "why": why} for unit, why in result.set_aside],
        "page": result.page,
        "notice": result.notice,
        "minutes": result.minutes,
        "seconds": seconds,
    }


def readable(result: "OwnersResult") -> Iterator[str]:
    yield f"结果：{result.page}"
    for check in result.decision.checks:
        yield check.sentence
    for unit, why in result.set_aside:
        yield f"不计入：{unit}，{why}。"
