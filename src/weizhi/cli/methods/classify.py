"""weizhi methods classify FILE: suggest a category and 大事/小事/私事 for each message, with certainty and reason."""

import argparse
import dataclasses
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weizhi.cli.methods.answering import Clock, Wrong, answer, answered
from weizhi.cli.methods.messages import HELP, confirmed, messages

if TYPE_CHECKING:
    from weizhi.methods.text.features import Message
    from weizhi.methods.text.keywords import Words
    from weizhi.methods.text.model import Model


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verb = verbs.add_parser("classify", help="suggest categories for messages")
    verb.add_argument("file", type=Path, metavar="FILE.jsonl", help=HELP)
    verb.add_argument("--charter", type=Path, metavar="CHARTER.toml", help="whose [categories] and words come first")
    verb.add_argument("--confirmed", type=Path, metavar="FILE.jsonl", help='messages with "label", to learn from')
    verb.add_argument("--model", type=Path, metavar="MODEL.npz", help="what --save wrote")
    verb.add_argument("--save", type=Path, metavar="MODEL.npz", help="keep what was learned")
    verb.add_argument("--check", action="store_true", help="cross-validate on the confirmed messages first")
    verb.add_argument("--seed", type=int, default=1, help="the same seed gives the same model (1)")
    verb.add_argument("--json", action="store_true", help="one object on standard output")
    verb.set_defaults(run=lambda arguments: answered(lambda: classify(arguments)))


def classify(arguments: argparse.Namespace) -> int:
    from weizhi.methods.text.suggestion import suggest

    clock = Clock()
    given, words = messages(arguments.file), words_of(arguments.charter)
    clock.stop("load")
    found: dict[str, Any] = {}
    model = model_of(arguments, found, words, given)
    if model is None and not words.owners:
        raise Wrong("没有依据：请用 --charter 给出类别和词，或用 --confirmed、--model 给出已确认的留言或模型。")
    clock.stop("learn")
    found["messages"] = [
        {
            "id": one.key,
            "suggestions": [dataclasses.asdict(each) for each in suggest(one, words, model)],
            "size": size(one),
        }
        for one in given
    ]
    clock.stop("suggest")
    found["seconds"] = clock.seconds
    return answer(found, readable(given, found), as_json=arguments.json)


def words_of(path: Path | None) -> "Words":
    """The [categories] of a charter's file as they are written there; what it extends is not followed."""
    from weizhi.methods.text.keywords import Category, Words

    if path is None:
        return Words([])
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("categories", {})
    except tomllib.TOMLDecodeError as wrong:
        raise Wrong(f"{path}：不是 TOML。{wrong}") from None
    return Words(
        Category(key, row.get("title", key), tuple(row.get("words", ())), row.get("parent"))
        for key, row in table.items()
        if isinstance(row, dict)
    )


def model_of(
    arguments: argparse.Namespace, found: dict[str, Any], words: "Words", given: "list[Message]"
) -> "Model | None":
    from weizhi.methods.text.learning import check, learn
    from weizhi.methods.text.model import Model

    if arguments.confirmed is None:
        if arguments.save or arguments.check:
            raise Wrong("--save 和 --check 要和 --confirmed 一起用。")
        return Model.from_bytes(arguments.model.read_bytes()) if arguments.model else None
    taught, labels = confirmed(arguments.confirmed)
    said = words if words.owners else None
    if arguments.check:
        found["check"] = dataclasses.asdict(check(taught, labels, words=said, others=given, seed=arguments.seed))
    model = learn(taught, labels, words=said, others=given, seed=arguments.seed)
    if arguments.save:
        arguments.save.write_bytes(model.to_bytes())
    return model


def size(message: "Message") -> dict[str, Any] | None:
    from weizhi.methods.text.three import suggest_size

    suggested = suggest_size(message.title, message.text)
    return dataclasses.asdict(suggested) if suggested else None


def readable(given: list["Message"], found: dict[str, Any]) -> Iterator[str]:
    from weizhi.methods.text.three import TITLES

    if "check" in found:
        check = found["check"]
        surest = "，".join(f"最有把握的 {part:.0%} 中对 {right:.1%}" for part, right in check["surest"].items())
        yield f"交叉验证 {check['messages']} 条：对 {check['accuracy']:.1%}，macro-F1 {check['macro_f1']:.3f}；{surest}"
    for one, row in zip(given, found["messages"], strict=True):
        first = row["suggestions"][0] if row["suggestions"] else None
        told = f"{first['key']} {first['certainty']:.0%} {first['reason']}" if first else "没有建议"
        whose = f"；{TITLES[row['size']['size']]} {row['size']['reason']}" if row["size"] else ""
        yield f"{one.key} {one.title.strip()}：{told}{whose}"
