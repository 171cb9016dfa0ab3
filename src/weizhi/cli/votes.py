"""``weizhi votes publish MATTER | recount FILE | check``: the file of a counted vote, its recount, the open boxes."""

import argparse
import sys
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
    check = verbs.add_parser("check", help="Compare envelopes, receipts and rolls of all open votes; safe at any time")
    check.set_defaults(run=run_check)


def run_publish(arguments: argparse.Namespace) -> int:
    from weizhi.decisions.publishing import written

    vote = _counted(arguments.matter)
    if vote is None:
        print(f"没有找到计过票的表决：{arguments.matter}。可以写 社区-编号，例如 xfl-231。", file=sys.stderr)
        return 1
    for row in written(vote):
        sys.stdout.buffer.write(row)
    return 0


def _counted(named: str) -> "Vote | None":
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
    return Vote.objects.select_related("roll").filter(asked, counted_at__isnull=False).order_by("-counted_at").first()


def run_recount(arguments: argparse.Namespace) -> int:
    from weizhi.decisions import recount

    words = [arguments.file]
    for name in ("root", "receipt"):
        if getattr(arguments, name):
            words += [f"--{name}", getattr(arguments, name)]
    return recount.main(words)


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
