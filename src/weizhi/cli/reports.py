"""``weizhi reports import FILE``: letters of a file as reports, in a demo or test. ``learn``: teach the suggester.
``dispatch --dry-run``: what the rules of routing would do with past reports."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def register(sub: Any) -> None:
    reports = sub.add_parser("reports", help="Reports: bring in letters from a file")
    verbs = reports.add_subparsers(metavar="VERB", required=True)
    bring = verbs.add_parser("import", help="Raise each letter of a file (.jsonl, .csv) as a report; safe to repeat")
    bring.add_argument("file", type=Path, metavar="FILE", help="with id, time, title and text")
    bring.add_argument("--community", metavar="SLUG", help="where (default: the first community founded here)")
    bring.add_argument("--source", help="what the letters' numbers belong to (default: the file's name)")
    bring.set_defaults(run=run)
    learn = verbs.add_parser("learn", help="Learn categories from what officers have sorted; safe to repeat")
    learn.add_argument("--community", metavar="SLUG", help="where (default: the first community founded here)")
    nightly = "every community where officers decided something since (the worker starts this by itself each night)"
    learn.add_argument("--nightly", action="store_true", help=nightly)
    learn.set_defaults(run=run_learn)
    route = verbs.add_parser("dispatch", help="Try the rules of dispatch on past reports")
    route.add_argument("--dry-run", action="store_true", help="say what the rules would do; nothing is ever sent by it")
    route.add_argument("--community", metavar="SLUG", help="where (default: the first community founded here)")
    route.add_argument("--charter", metavar="FILE", help="the rules of a charter that is not in force yet")
    route.add_argument("--last", type=int, metavar="N", help="only the newest N reports")
    route.add_argument("--json", action="store_true", help="one object on standard output")
    route.set_defaults(run=run_dispatch)


def run(arguments: argparse.Namespace) -> int:
    from weizhi.record.origin import ClockRefused
    from weizhi.reports.actions.import_letters import CannotImport
    from weizhi.reports.letters import BadFile

    try:
        return bring_in(arguments.file, arguments.community, arguments.source or arguments.file.stem)
    except ClockRefused:
        why = "来信带着过去的日期，只能导入演示或测试用的数据库。请用 WEIZHI_DEMO=1 另建一个。"
    except (BadFile, CannotImport) as error:
        why = str(error)
    print(f"weizhi reports import：{why}", file=sys.stderr)
    return 1


def run_learn(arguments: argparse.Namespace) -> int:
    from weizhi.methods.text.learning import TooFew
    from weizhi.reports.actions.import_letters import CannotImport
    from weizhi.reports.actions.learn import learn_from

    if arguments.nightly:
        return learn_each()
    try:
        learned = learn_from(community_named(arguments.community))
    except (CannotImport, TooFew) as error:
        print(f"weizhi reports learn：{error}", file=sys.stderr)
        return 1
    print(f"从 {learned.reports} 件分过类的报事里学会了 {learned.categories} 类，写在 {learned.path}。")
    return 0


def learn_each() -> int:
    from django.utils import timezone

    from weizhi.reports.actions.learn_nightly import learn_nightly

    for slug in learn_nightly(timezone.now()):
        print(f"{slug}：学会了。")
    return 0


def run_dispatch(arguments: argparse.Namespace) -> int:
    if not arguments.dry_run:
        print("weizhi reports dispatch：派单由人在工作台上确认。要看规则会怎样派，请加 --dry-run。", file=sys.stderr)
        return 2
    from weizhi.charters.findings import CharterError
    from weizhi.matters.refused import Refused
    from weizhi.reports.actions.import_letters import CannotImport

    try:
        return try_rules(community_named(arguments.community), arguments.charter, arguments.last, arguments.json)
    except (CannotImport, CharterError, Refused, OSError) as error:
        print(f"weizhi reports dispatch：{error}", file=sys.stderr)
        return 1


def try_rules(community: Any, file: str | None, last: int | None, as_json: bool) -> int:
    from django.utils import timezone

    from weizhi.charters.loading import load
    from weizhi.matters.pinned import charter_by_hash, hash_in_force
    from weizhi.matters.registry import specs
    from weizhi.reports.routing import Tally, tried

    charter = load(file, specs=specs()) if file else charter_by_hash(hash_in_force(community.pk, timezone.now()))
    tally, rows = Tally(), []
    for one in tried(community, charter, newest=last):
        tally.add(one)
        if as_json:
            rows.append(dispatched(charter, one))
        else:
            print(dispatch_line(charter, one))
    if as_json:
        print(json.dumps({"charter": charter.name, "reports": rows}, ensure_ascii=False))
        return 0
    for n, rule in enumerate(charter.dispatch.values(), start=1):
        counts = f"{tally.taken[n]} 件，其中 {tally.same[n]} 件当时就是他们办的，{tally.other[n]} 件是别人办的"
        print(f"第 {n} 条 {rule.key}：{counts}。")
    print(f"一共 {tally.seen} 件，{tally.taken[0]} 件没有规则管得到。没有派出任何一件：这是试跑。")
    return 0


def dispatched(charter: Any, one: Any) -> dict[str, Any]:
    found = one.ruling
    return {
        "number": one.matter.number,
        "category": one.category,
        "guessed": one.guessed,
        "rule": found.n if found else None,
        "to": list(found.rule.to) if found else [],
        "because": found.rule.because if found else "",
        "had": one.had,
        "same": one.same,
    }


def dispatch_line(charter: Any, one: Any) -> str:
    from weizhi.reports.routing import said

    what = charter.categories[one.category].title if one.category in charter.categories else "看不出是哪一类"
    what += "（按原话猜的）" if one.guessed and one.category else ""
    head = f"{one.matter.number:04d} {one.matter.title}：{what}"
    if one.ruling is None:
        return f"{head} → 没有规则"
    to, because = said(charter, one.ruling)
    had = f"；当时是{one.had}办的" if one.had else ""
    return f"{head} → 第 {one.n} 条，派给{to}{'，因为' + because if because else ''}{had}"


def bring_in(file: Path, slug: str | None, source: str) -> int:
    from django.utils import timezone

    from weizhi.reports.actions.import_letters import import_letters
    from weizhi.reports.letters import Letter, Unread, read_letters

    rows = list(read_letters(file))
    letters = [row for row in rows if isinstance(row, Letter)]
    community = community_named(slug)
    print(f"{file}：{len(letters)} 封来信，导入“{community.name}”。", file=sys.stderr)
    told = Told(len(letters))
    done = import_letters(community, letters, source=source, now=timezone.now(), progress=told)
    faults = [(row.line, row.why) for row in rows if isinstance(row, Unread)] + done.refused
    report(file, faults)
    print(f"新导入 {done.new} 件，以前导入过 {done.known} 件，没能导入 {len(faults)} 行。")
    return 1 if faults else 0


def community_named(slug: str | None) -> Any:
    from weizhi.places.models import Community
    from weizhi.reports.actions.import_letters import CannotImport

    found = Community.objects.filter(adoptions__isnull=False).order_by("pk").distinct()
    community = found.filter(slug=slug).first() if slug else found.first()
    if community is None:
        known = "、".join(found.values_list("slug", flat=True))
        raise CannotImport(
            f"没有叫“{slug}”的社区。可以选：{known}。" if known else "这里还没有社区。请先建一个，例如 weizhi demo。"
        )
    return community


class Told:
    """Progress on stderr, at most once a second, and at the end."""

    def __init__(self, total: int) -> None:
        self.total, self.last = total, time.monotonic()

    def __call__(self, done: Any) -> None:
        if time.monotonic() - self.last >= 1 or done.seen == self.total:
            self.last = time.monotonic()
            print(f"  {done.seen}/{self.total}", file=sys.stderr, flush=True)


def report(file: Path, faults: Iterable[tuple[int, str]]) -> None:
    for line, why in sorted(faults):
        print(f"{file}:{line}：{why}", file=sys.stderr)
