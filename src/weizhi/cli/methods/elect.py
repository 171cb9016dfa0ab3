"""weizhi methods elect FILE.json: committee, run-off, recall, approval, Borda, SNTV, STV, a draw, or seats."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from weizhi.cli.methods.answering import Clock, Wrong, answer, answered, load, take

Found = tuple[dict[str, Any], list[str]]
NAMES = {"candidates": list, "ballots": list, "seats": int, "lot": list}


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("elect", help="elect a committee or deputies, draw lots, share out seats")
    verb.add_argument("file", type=Path, metavar="FILE.json", help=f'{{"method": one of {", ".join(METHODS)}, …}}')
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: elect(arguments)))


def elect(arguments: argparse.Namespace) -> int:
    clock = Clock()
    given = load(arguments.file)
    if not isinstance(given, dict) or given.get("method") not in METHODS:
        raise Wrong(f"{arguments.file}：请写 “method”，可以是：{'、'.join(METHODS)}。")
    rest = {key: value for key, value in given.items() if key != "method"}
    clock.stop("load")
    try:
        found, lines = METHODS[given["method"]](rest, str(arguments.file))
    except TypeError:
        raise Wrong(f'{arguments.file}：候选人和选票要写成文字的列表，例如 [["林姨", "小周"], ["小周"]]。') from None
    clock.stop("count")
    return answer({**found, "seconds": clock.seconds}, lines, as_json=arguments.json)


def committee(given: dict[str, Any], where: str) -> Found:
    from weizhi.methods.elections.committee import CommitteeRule, first_round, run_off

    known = {**NAMES, "mode": str, "everybody": int, "write_ins": bool, "tie": str, "run_off": bool}
    take(given, where, known, needed=["mode", "seats", "candidates", "ballots"])
    rule = CommitteeRule(
        given["mode"],
        given["seats"],
        given.get("write_ins", False),
        given.get("tie", "run-off"),
        tuple(given.get("lot", ())),
    )
    if given.get("run_off"):
        result = run_off(rule, given["candidates"], given["ballots"])
    else:
        take(given, where, known, needed=["everybody"])
        result = first_round(rule, given["everybody"], given["candidates"], given["ballots"])
    found = {
        "outcome": result.outcome,
        "elected": list(result.elected),
        "votes": {one.name: one.votes for one in result.standings},
        "open_seats": result.open_seats,
        "candidates_next": list(result.candidates_next),
        "cast": result.cast,
        "spoilt": result.spoilt,
        "notice": result.notice,
    }
    return found, [result.notice]


def recall(given: dict[str, Any], where: str) -> Found:
    from weizhi.methods.elections.committee import ELECTORS, recall

    known = {"mode": str, "everybody": int, "cast": int, "agree": int}
    take(given, where, known, needed=known)
    if given["mode"] not in ELECTORS:
        raise Wrong(f"{where}：“mode”可以是：{'、'.join(ELECTORS)}。")
    result = recall(given["mode"], everybody=given["everybody"], cast=given["cast"], agree=given["agree"])
    return {"outcome": result.outcome, "notice": result.notice}, [result.minutes]


def scored(name: str) -> Callable[[dict[str, Any], str], Found]:
    def run(given: dict[str, Any], where: str) -> Found:
        from weizhi.methods.elections import scoring
        from weizhi.methods.thresholds import Bound

        known: dict[str, Any] = (
            {**NAMES, "share": (int, Fraction, str), "strict": bool, "most": int} if name == "approval" else NAMES
        )
        take(given, where, known, needed=["candidates", "ballots", "seats"])
        candidates, ballots, seats, lot = given["candidates"], given["ballots"], given["seats"], given.get("lot", [])
        if name == "approval":
            bound = Bound(Fraction(given["share"]), given.get("strict", False)) if "share" in given else None
            result = scoring.bloc_approval(candidates, ballots, seats, bound=bound, most=given.get("most"), lot=lot)
        else:
            result = (scoring.sntv if name == "sntv" else scoring.borda)(candidates, ballots, seats, lot=lot)
        return {**asdict(result), "notice": result.sentence}, [result.sentence]

    return run


def transferred(given: dict[str, Any], where: str) -> Found:
    from weizhi.methods.elections.stv import UNIT, stv

    take(given, where, NAMES, needed=NAMES)
    result = stv(given["candidates"], given["ballots"], given["seats"], lot=given["lot"])
    stages = [
        {"what": one.what, "votes": {name: votes / UNIT for name, votes in one.votes.items()}, "lost": one.lost / UNIT}
        for one in result.stages
    ]
    lines = [f"{one['what']}：{one['votes']}" for one in stages] + [f"当选：{'、'.join(result.elected)}"]
    return {"elected": list(result.elected), "quota": result.quota // UNIT, "stages": stages}, lines


def drawn(given: dict[str, Any], where: str) -> Found:
    from weizhi.methods.elections.sortition import draw

    known = {"people": dict, "seats": int, "seed": str, "least": int}
    take(given, where, known, needed=["people", "seats", "seed"])
    result = draw(given["people"], given["seats"], given["seed"], least=given.get("least", 0))
    found = {
        "drawn": list(result.drawn),
        "reserves": list(result.reserves),
        "list_hash": result.list_hash,
        "seed": result.seed,
        "strata": {one.group: one.seats for one in result.strata},
    }
    return found, [*result.drawn, result.sentence]


def seats(given: dict[str, Any], where: str) -> Found:
    from weizhi.methods.elections.apportionment import largest_remainder

    known = {"groups": dict, "seats": int, "least": int}
    take(given, where, known, needed=["groups", "seats"])
    shares = largest_remainder(given["groups"], given["seats"], least=given.get("least", 0))
    return {"seats": {one.group: one.seats for one in shares}}, [one.sentence for one in shares]


METHODS: Mapping[str, Callable[[dict[str, Any], str], Found]] = {
    "committee": committee,
    "recall": recall,
    "approval": scored("approval"),
    "borda": scored("borda"),
    "sntv": scored("sntv"),
    "stv": transferred,
    "draw": drawn,
    "seats": seats,
}
