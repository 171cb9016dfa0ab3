"""weizhi methods topics FILE: what many people write about, the topic of most people first."""

import argparse
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from weizhi.cli.methods.answering import Clock, answer, answered
from weizhi.cli.methods.messages import HELP, messages

if TYPE_CHECKING:
    from weizhi.methods.text.duplicates import Topic


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("topics", help="what many people write about")
    verb.add_argument("file", type=Path, metavar="FILE.jsonl", help=HELP)
    verb.add_argument("--at-least", type=int, default=2, metavar="N", help="messages that make a topic (2)")
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: hot(arguments)))


def hot(arguments: argparse.Namespace) -> int:
    from weizhi.methods.text.duplicates import topics

    clock = Clock()
    given = messages(arguments.file)
    clock.stop("load")
    found = topics(given, at_least=arguments.at_least)
    clock.stop("group")
    told = {"topics": [dataclasses.asdict(topic) for topic in found], "seconds": clock.seconds}
    return answer(told, readable(found), as_json=arguments.json)


def readable(found: tuple["Topic", ...]) -> Iterator[str]:
    if not found:
        yield "没有多人说同一件事。"
    for topic in found:
        yield f"{topic.people} 人 {len(topic.keys)} 条：{topic.title.strip()}（{'、'.join(topic.keys)}）"
