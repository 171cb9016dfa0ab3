"""``weizhi doctor``: what is wrong with this installation, and what to do about each."""

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weizhi.site.upkeep.doctor import Check

MARKS = {"ok": "好  ", "warn": "注意", "bad": "坏了"}


def register(sub: Any) -> None:
    doctor = sub.add_parser("doctor", help="What is wrong here and what to do: database, worker, mail, disk, backups")
    doctor.add_argument("--deep", action="store_true", help="also read every file and verify the whole record")
    doctor.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from weizhi.site.upkeep.doctor import checks

    return told(checks(deep=arguments.deep))


def told(found: Iterable["Check"]) -> int:
    """One line each, what to do below; 1 where something is broken."""
    counts = dict.fromkeys(MARKS, 0)
    for one in found:
        counts[one.state] += 1
        print(f"{MARKS[one.state]} {one.name}：{one.words}")
        if one.todo:
            print(f"       → {one.todo}")
    print(f"{counts['bad']} 处坏了，{counts['warn']} 处要注意。")
    return 1 if counts["bad"] else 0
