"""weizhi methods duplicates FILE: for each message, others that are likely about the same thing."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from weizhi.cli.methods.answering import Clock, answer, answered
from weizhi.cli.methods.messages import HELP, messages


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("duplicates", help="messages that are likely about the same thing")
    verb.add_argument("file", type=Path, metavar="FILE.jsonl", help=HELP)
    verb.add_argument("--least", type=float, default=0.30, metavar="COSINE", help="how alike at least, 0 to 1 (0.30)")
    verb.add_argument("--most", type=int, default=10, metavar="N", help="how many for each message (10)")
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: duplicates(arguments)))


def duplicates(arguments: argparse.Namespace) -> int:
    from weizhi.methods.text.duplicates import Known

    clock = Clock()
    given = messages(arguments.file)
    clock.stop("load")
    known = Known(given)
    clock.stop("index")
    rows = [
        {"id": one.key, "near": [{"id": near.key, "cosine": near.cosine} for near in found]}
        for one in given
        if (found := known.near(one, most=arguments.most, least=arguments.least))
    ]
    clock.stop("compare")
    titles = {one.key: one.title.strip() for one in given}
    answered_with = {"messages": len(given), "near": rows, "seconds": clock.seconds}
    return answer(answered_with, readable(rows, titles), as_json=arguments.json)


def readable(rows: list[dict[str, Any]], titles: dict[str, str]) -> Iterator[str]:
    if not rows:
        yield "没有相近的留言。"
    for row in rows:
        yield f"{row['id']} {titles[row['id']]}"
        for near in row["near"]:
            yield f"  {near['cosine']:.2f} {near['id']} {titles[near['id']]}"
