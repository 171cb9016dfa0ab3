"""``weizhi cases``: stories that prove a charter, each played on an empty database of its own."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weizhi.cases.player import Played


def register(sub: Any) -> None:
    noun = sub.add_parser("cases", help="Play stories through the same doors as real life, and check what must hold")
    verbs = noun.add_subparsers(title="verbs", metavar="VERB", required=True)
    verbs.add_parser("list", help="Name every story").set_defaults(run=run_list)
    play = verbs.add_parser("play", help="Play a story and tell what happened and what was refused")
    play.add_argument("name", nargs="?", help="its name, or a file ending in .toml")
    play.add_argument("--all", action="store_true", help="every story; tells only the results")
    play.add_argument("--json", action="store_true", help="for machines")
    play.set_defaults(run=run_play)
    coverage = verbs.add_parser("coverage", help="Write docs/systems.md: which system is proved by which stories")
    coverage.add_argument("--check", action="store_true", help="write nothing; fail where the page is not true")
    coverage.set_defaults(run=run_coverage)


def run_list(_: argparse.Namespace) -> int:
    from weizhi.cases import reading

    for name in reading.names():
        head = reading.read(name).case.case
        proves = f"  [{' '.join(head.proves)}]" if head.proves else ""
        print(f"{name:24} {head.title}（{head.charter}）{proves}")
    return 0


def run_play(arguments: argparse.Namespace) -> int:
    from weizhi.cases import reading
    from weizhi.cases.fresh import FreshDatabases
    from weizhi.cases.player import play

    if arguments.all == bool(arguments.name):
        print("请写一个案例的名字，或者 --all。有哪些：weizhi cases list", file=sys.stderr)
        return 2
    names = reading.names() if arguments.all else [arguments.name]
    try:
        readings = [reading.read(name) for name in names]
    except reading.CaseError as error:
        print(error, file=sys.stderr)
        return 1
    results = []
    with FreshDatabases() as fresh:
        for found in readings:
            with fresh.one():
                results.append(play(found))
            if not arguments.json:
                say(results[-1], whole=not arguments.all)
    if arguments.json:
        print(json.dumps([as_json(played) for played in results], ensure_ascii=False, indent=1))
    return 0 if all(played.ok for played in results) else 1


def say(played: "Played", *, whole: bool) -> None:
    if whole:
        print(f"“{played.title}”（{played.name}），章程 {played.charter}")
        print("\n".join(map(str, played.heard)), end="\n\n")
    counts = f"{played.matters} 件事，{played.entries} 笔记录，{played.refused} 次拒绝，{played.checked} 处核对"
    print(f"{'✓' if played.ok else '✗'} {played.name:24} {counts}")
    for failure in played.failures:
        print(f"    {failure}")


def as_json(played: "Played") -> dict[str, Any]:
    return {
        "name": played.name,
        "title": played.title,
        "charter": played.charter,
        "proves": played.proves,
        "ok": played.ok,
        "matters": played.matters,
        "entries": played.entries,
        "refused": played.refused,
        "checked": played.checked,
        "failures": [vars(failure) for failure in played.failures],
        "heard": [{**vars(heard), "at": heard.at.isoformat()} for heard in played.heard],
    }


def run_coverage(arguments: argparse.Namespace) -> int:
    from weizhi.cases import coverage

    page = Path(coverage.PAGE)
    written = coverage.page()
    if not arguments.check:
        page.write_text(written, encoding="utf-8")
        print(f"{page.name}: {coverage.summary()}")
        return 0
    if page.exists() and page.read_text(encoding="utf-8") == written:
        return 0
    print(f"{page.name} 和案例对不上了。请运行 weizhi cases coverage。", file=sys.stderr)
    return 1
