"""``weizhi census``: buildings, households, residents and spaces from files; the template to fill in."""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weizhi.census.actions.check_files import Checked
    from weizhi.places.models import Community

SYSTEMS = ("gcj02", "bd09", "wgs84")
TRIES = 3  # as often as the community may change while a file is checked


def register(sub: Any) -> None:
    census = sub.add_parser("census", help="Bring in buildings, households, residents and spaces from files")
    verbs = census.add_subparsers(metavar="VERB", required=True)
    bring = verbs.add_parser(
        "import", help="Bring in files (.xlsx, .csv, .geojson), all or nothing; safe to repeat and to interrupt"
    )
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.add_argument("--community", metavar="SLUG", help="where; may be left out where there is only one")
    bring.add_argument("--dry-run", action="store_true", help="tell every fault and what would be new; write nothing")
    bring.add_argument("--coordinates", choices=SYSTEMS, help="of which map (default: gcj02; GeoJSON wgs84)")
    bring.add_argument("--by", metavar="LOGIN", help="who brings it in, for the record")
    bring.set_defaults(run=run)
    work = verbs.add_parser("work", help="Check and write what was sent at the desk (the worker starts this by itself)")
    work.set_defaults(run=run_work)
    template = verbs.add_parser("template", help="Write the workbook to fill in")
    template.add_argument("out", nargs="?", type=Path, default=Path("名册模板.xlsx"), metavar="FILE")
    template.set_defaults(run=run_template)


def run(arguments: argparse.Namespace) -> int:
    from weizhi.census.reading import BadFile
    from weizhi.cli.community.asking import CannotTell, community_named, person_named

    try:
        community = community_named(arguments.community)
        by = person_named(arguments.by) if arguments.by else None
        return bring_in(community, arguments.files, arguments.coordinates, dry=arguments.dry_run, by=by)
    except (BadFile, CannotTell) as error:
        print(f"weizhi census import：{error}", file=sys.stderr)
        return 1


def bring_in(community: "Community", files: Sequence[Path], system: str | None, *, dry: bool, by: Any = None) -> int:
    from weizhi.census import plan
    from weizhi.census.actions.bring_in import Stale
    from weizhi.census.actions.bring_in import bring_in as write
    from weizhi.census.reading import Source

    told = Told()
    sources = [Source(str(file), file) for file in files]
    for _ in range(TRIES):
        path = None if dry else _prepared(community, sources, system)
        if path is None:
            checked = _check(community, sources, system, told)
            if checked.plan is None:
                return 1
            path = checked.plan
        head = plan.head_of(path)
        if dry or head is None:
            path.unlink(missing_ok=True)
            return 0
        try:
            entry = write(community, path, by=by, progress=told)
        except Stale:
            told("核对以后名册有了变化，再核对一次")
            path.unlink(missing_ok=True)
            continue
        path.unlink(missing_ok=True)
        print(f"{community.name}：{said(head.counts)}。" + (f"记录 {entry.pk}。" if entry else "没有写记录。"))
        return 0
    print("weizhi census import：名册一直有人在改。请等他们改完，再运行一次。", file=sys.stderr)
    return 1


def _prepared(community: "Community", sources: Sequence[Any], system: str | None) -> Path | None:
    """The plan of a run that was interrupted after checking, if nothing has changed since."""
    from weizhi.census import plan
    from weizhi.census.actions.check_files import heads

    try:
        path = plan.path_for(community, [source.sha256 for source in sources], system)
    except OSError:
        return None
    head = plan.head_of(path)
    if head is None or head.registers != heads(community):
        return None
    print("  上次已经核对过，接着写入", file=sys.stderr)
    return path


def _check(community: "Community", sources: Sequence[Any], system: str | None, told: "Told") -> "Checked":
    from django.utils import timezone

    from weizhi.census.actions.check_files import check_files
    from weizhi.census.tables import KIND_WORDS

    checked = check_files(community, sources, now=timezone.now(), system=system, progress=told)
    tell(checked.found)
    read = "、".join(f"{KIND_WORDS[kind]} {count} 行" for kind, count in checked.lines.items())
    notes = checked.found.counts["note"]
    print(f"  读到{read or ' 0 行'}；要改 {checked.found.errors} 处，提醒 {notes} 处。", file=sys.stderr)
    if checked.plan is None:
        print("有要改的地方，什么也没有写。改好以后再运行一次。", file=sys.stderr)
    else:
        print(f"  可以导入：{said(checked.counts)}。", file=sys.stderr)
    return checked


def said(counts: dict[str, int]) -> str:
    from weizhi.census.words import new_words

    return new_words(counts)


def tell(found: Iterable[object]) -> None:
    for finding in found:
        print(finding, file=sys.stderr)


def run_work(_arguments: argparse.Namespace) -> int:
    from weizhi.census.actions.work_off import work_off

    work_off()
    return 0


def run_template(arguments: argparse.Namespace) -> int:
    from weizhi.census.template import template

    arguments.out.write_bytes(template())
    print(f"写好了 {arguments.out}。填好以后：weizhi census import {arguments.out} --dry-run")
    return 0


class Told:
    """Progress on stderr, at most once a second for the same words."""

    def __init__(self) -> None:
        self.last, self.words = 0.0, ""

    def __call__(self, words: str) -> None:
        now, start = time.monotonic(), words.rstrip("0123456789 行")
        if start != self.words or now - self.last >= 1:
            self.last, self.words = now, start
            print(f"  {words}", file=sys.stderr, flush=True)
