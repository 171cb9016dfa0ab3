"""``weizhi demo``: the invented community 幸福里, in which everything can be tried."""

import argparse
import sys
from typing import Any


def register(sub: Any) -> None:
    demo = sub.add_parser("demo", help="Fill an empty database with the demo community 幸福里")
    demo.add_argument("--if-empty", action="store_true", help="do nothing where a community exists already")
    demo.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from weizhi.cases import demo
    from weizhi.record.actions.go_back import keep_start

    if demo.exists():
        if arguments.if_empty:
            return 0
        print(
            "这个数据库里已经有社区了。演示社区只放进空的数据库：请用 WEIZHI_HOME 或 DATABASE_URL 另指一个。",
            file=sys.stderr,
        )
        return 1
    print("==> 正在建演示社区“幸福里”：九十天的事一件一件办过来，要一分钟左右……", flush=True)
    made = demo.make()
    keep_start()
    print(f"==> {made.community.name}：{made.people} 个人，{made.matters} 件事，{made.acts} 个动作。")
    return 0
