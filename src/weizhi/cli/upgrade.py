"""``weizhi upgrade``: after a new version was installed: back up, bring the database up to date, look for faults."""

import argparse
import sys
from typing import Any


def register(sub: Any) -> None:
    upgrade = sub.add_parser("upgrade", help="After installing a new version: back up, migrate, check")
    upgrade.add_argument("--no-backup", action="store_true", help="somebody has just backed up by other means")
    upgrade.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from django.core.management import call_command

    from weizhi.cli.doctor import told
    from weizhi.site.upkeep.backing_up import CannotRestore, alive, back_up
    from weizhi.site.upkeep.doctor import checks

    if alive():
        print("weizhi upgrade：微治还开着。请先停下 weizhi serve，等一分钟再来。", file=sys.stderr)
        return 1
    if not arguments.no_backup:
        try:
            print(f"==> 先备份：{back_up()}")
        except (CannotRestore, OSError) as error:
            print(f"weizhi upgrade：备份没有成功，什么也没有改。{error}", file=sys.stderr)
            return 1
    print("==> 更新数据库和页面文件")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    print("==> 检查")
    return told(one for one in checks() if one.name != "任务进程")
