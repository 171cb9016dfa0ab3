"""weizhi methods opinions VOTES.csv: groups of opinion and what unites them, from an export of Polis."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weizhi.cli.methods.answering import Clock, answer, answered, progress

if TYPE_CHECKING:
    from weizhi.methods.opinions import OpinionMap


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("opinions", help="draw the opinion map of a conversation")
    verb.add_argument("votes", type=Path, metavar="VOTES.csv", help="participants-votes.csv or votes.csv of Polis")
    verb.add_argument("--seed", type=int, default=0, help="for the starts of the grouping (0)")
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: opinions(arguments)))


def opinions(arguments: argparse.Namespace) -> int:
    from weizhi.methods.opinions import draw, read

    clock = Clock()
    votes = read(arguments.votes)
    clock.stop("load")
    progress(f"{len(votes.participants)} 人对 {len(votes.statements)} 条意见表态 {len(votes.rows)} 次。")
    drawn = draw(votes, seed=arguments.seed)
    clock.stop("count")
    return answer(told(drawn, clock.seconds), readable(drawn), as_json=arguments.json)


def told(drawn: "OpinionMap", seconds: dict[str, float]) -> dict[str, Any]:
    return {
        "participants": len(drawn.votes.participants),
        "statements": len(drawn.votes.statements),
        "k": drawn.k,
        "sizes": drawn.sizes,
        "silhouette": drawn.grouping.silhouette if drawn.grouping else None,
        "inertia": drawn.grouping.inertia if drawn.grouping else None,
        "consensus": [int(name) if name.isdigit() else name for name in drawn.uniting()],
        "seconds": seconds,
    }


def readable(drawn: "OpinionMap") -> Iterator[str]:
    if drawn.why:
        yield f"不分群：{drawn.why}"
    elif drawn.grouping:
        yield f"分成 {drawn.k} 群，轮廓系数 {drawn.grouping.silhouette:.3f}。"
    for n, (size, group) in enumerate(zip(drawn.sizes, drawn.spokesmen(), strict=True)):
        words = "、".join(f"{'赞成' if one.side > 0 else '反对'} {one.statement}" for one in group)
        yield f"  {chr(ord('A') + n)} 群 {size} 人：{words}"
    yield f"各群都赞成的意见（从高到低）：{'、'.join(drawn.uniting())}"
