"""``weizhi backup``: database and files in one archive; the keys are kept apart."""

import argparse
import sys
from pathlib import Path
from typing import Any


def register(sub: Any) -> None:
    backup = sub.add_parser("backup", help="Write database and files into one archive, while the server goes on")
    backup.add_argument("--out", type=Path, metavar="FILE", help="where to (default: backups/ in WEIZHI_HOME)")
    backup.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from weizhi.site.upkeep.backing_up import CannotRestore, back_up, manifest_of

    try:
        target = back_up(arguments.out)
        manifest = manifest_of(target)
    except (CannotRestore, OSError) as error:
        print(f"weizhi backup：{error}", file=sys.stderr)
        return 1
    print(f"写好了 {target}（{target.stat().st_size / 1e6:.1f} MB）。请拷到另一台机器上。")
    for slug, root in manifest["roots"].items():
        print(f"根 {slug} {root}")
    print(f"密钥不在里面：{settings.KEYS_FILE}。请另外保存一份，丢了它，电话和证件号就再也打不开。")
    return 0
