"""``weizhi votes publish MATTER | recount FILE | draw FILE | check``: the file of a counted vote, its recount, lots,
and whether the open boxes hold what was put in."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from weizhi.decisions.models import Vote


def register(sub: Any) -> None:
    noun = sub.add_parser("votes", help="Votes: publish, recount, check the open boxes")
    verbs = noun.add_subparsers(metavar="VERB", required=True)
    publish = verbs.add_parser("publish", help="Print the file from which anybody recounts a counted vote")
    publish.add_argument("matter", metavar="MATTER", help="such as xfl-231, or the id of a matter or of a vote")
    publish.set_defaults(run=run_publish)
    recount = verbs.add_parser("recount", help="Recount a published file, as votes/recount.py does without Weizhi")
    recount.add_argument("file", metavar="FILE")
    recount.add_argument("--root", metavar="HEX", help="as printed on the notice board")
    recount.add_argument("--receipt", metavar="CODE", help="say whether this receipt is in it")
    recount.set_defaults(run=run_recount, django=False)
    draw = verbs.add_parser("draw", help="Draw lots from a list, so that anybody draws the same again")
    draw.add_argument("file", type=Path, metavar="FILE", help="a name a line, its groups after it, parted by tabs")
    draw.add_argument("--seats", type=int, default=1, metavar="N", help="how many are drawn (1)")
    draw.add_argument("--least", type=int, default=0, metavar="N", help="at least so many from each group (0)")
    draw.add_argument("--seed", metavar="TEXT", help="a number that nobody chose; without it the list's hash alone")
    draw.set_defaults(run=run_draw, django=False)
    check = verbs.add_parser("check", help="Compare envelopes, receipts and rolls of all open votes; safe at any time")
    check.set_defaults(run=run_check)


def run_publish(arguments: argparse.Namespace) -> int:
    from weizhi.decisions.publishing import written

    vote = counted_vote(arguments.matter)
    if vote is None:
        print(f"没有找到计过票的表决：{arguments.matter}。可以写 社区-编号，例如 xfl-231。", file=sys.stderr)
        return 1
    for row in written(vote):
        sys.stdout.buffer.write(row)
    return 0


def counted_vote(named: str) -> "Vote | None":
    """The newest counted vote of a matter, or the vote itself."""
    from django.db.models import Q

    from weizhi.decisions.models import Vote

    try:
        asked = Q(pk=UUID(named)) | Q(matter=UUID(named))
    except ValueError:
        slug, _, number = named.rpartition("-")
        if not number.isdecimal():
            return None
        asked = Q(community__slug=slug, matter__number=int(number))
    counted = Vote.objects.select_related("roll").filter(asked, counted_at__isnull=False)
    return counted.exclude(root="").order_by("-counted_at").first()  # one that was called off has no root


def run_recount(arguments: argparse.Namespace) -> int:
    from weizhi.decisions import recount, recount_kinds  # the second adds kinds to the first

    words = [arguments.file]
    for name in ("root", "receipt"):
        if getattr(arguments, name):
            words += [f"--{name}", getattr(arguments, name)]
    assert recount_kinds.DRAW in recount.OTHERS
    return recount.main(words)


def run_draw(arguments: argparse.Namespace) -> int:
    """First without a seed: publish the hash. Then with one: whom it draws, as a file that votes recount repeats."""
    from weizhi.decisions.recount_kinds import DRAW
    from weizhi.methods.elections.sortition import draw, list_hash

    rows = [line.split("\t") for line in arguments.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    people = {name: groups for name, *groups in rows}
    try:
        if len(people) != len(rows):
            raise ValueError("名单里有重复的名字。请写得能分清，例如加上门牌。")
        if not arguments.seed:
            print(f"{list_hash(people)}  名单 {len(people)} 个的指纹。先公布它，再等种子。")
            return 0
        found = draw(people, arguments.seats, arguments.seed, least=arguments.least)
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    told = {
        "format": DRAW, "list": people, "seats": arguments.seats, "least": arguments.least, "seed": found.seed,
        "list_hash": found.list_hash, "drawn": list(found.drawn), "reserves": list(found.reserves),
    }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


def run_check(_arguments: argparse.Namespace) -> int:
    """For the nightly round: silent pages are not enough, somebody has to look into the boxes."""
    from weizhi.decisions.checking import faults
    from weizhi.decisions.models import Vote

    bad = votes = 0
    for vote in Vote.objects.select_related("matter__community", "roll").filter(counted_at__isnull=True).order_by("pk"):
        votes += 1
        for fault in faults(vote):
            bad += 1
            print(f"{vote.matter.community.slug}-{vote.matter.number}：{fault.what}（{fault.where[:20].upper()}）")
    print(f"正在投的表决 {votes} 个，" + (f"有 {bad} 处不对，请马上停下来查。" if bad else "票封、回执都对得上。"))
    return 1 if bad else 0
