"""``weizhi community export | import``: one community from one database to another."""

import argparse
import sys
from pathlib import Path


def run_export(arguments: argparse.Namespace) -> int:
    from weizhi.cli.community.asking import CannotTell, community_named
    from weizhi.site.upkeep.moving import CannotMove, export_community

    try:
        community = community_named(arguments.community)
        out = arguments.out or Path(f"community-{community.slug}")
        manifest = export_community(community, out)
    except (CannotTell, CannotMove) as error:
        print(f"weizhi community export：{error}", file=sys.stderr)
        return 1
    print(f"{community.name}写在 {out}：{sum(manifest['rows'].values())} 行。根 {manifest['root'] or '还没有'}。")
    print("里面有居民的名字，请像看护数据库一样看护它。密钥文件（keys.json）不在里面，请另外带过去。")
    return 0


def run_import(arguments: argparse.Namespace) -> int:
    from weizhi.site.upkeep.moving import CannotMove, import_community

    try:
        arrival = import_community(arguments.folder, arguments.keys)
    except CannotMove as error:
        print(f"weizhi community import：{error}", file=sys.stderr)
        return 1
    print(f"{arrival.manifest['name']}导入好了，{arrival.entries} 条记录核对无误。")
    for old, new in arrival.renamed.items():
        print(f"登录名 {old} 在这里已经有人用，改成了 {new}。请告诉本人。")
    return 0
