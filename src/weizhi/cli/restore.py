"""``weizhi restore``: put a backup back and verify the record."""

import argparse
import sys
from pathlib import Path
from typing import Any


def register(sub: Any) -> None:
    restore = sub.add_parser("restore", help="Put a backup back; the record is verified against the roots in it")
    restore.add_argument("archive", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="also where a community lives; the old one is kept")
    restore.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from weizhi.site.upkeep.backing_up import CannotRestore, restore

    try:
        manifest = restore(arguments.archive, replace=arguments.replace)
    except (CannotRestore, OSError) as error:
        print(f"weizhi restore：{error}", file=sys.stderr)
        return 1
    print(f"恢复到 {manifest['at'][:16].replace('T', ' ')} 的样子，{manifest['verified']} 条记录核对无误。")
    print("接下来：weizhi doctor，再 weizhi serve。")
    return 0
