"""``weizhi record``: seal, publish roots, export for strangers, verify against a root kept elsewhere."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weizhi.places.models import Community


def register(sub: Any) -> None:
    noun = sub.add_parser("record", help="The sealed record: seal, root, export, verify")
    verbs = noun.add_subparsers(metavar="VERB", required=True)

    seal = verbs.add_parser("seal", help="Give every new entry its place in the log")
    seal.set_defaults(run=run_seal)

    root = verbs.add_parser("root", help="Sign and print the root of a community (to be published and kept elsewhere)")
    _community(root)
    root.add_argument("--out", type=Path, help="write the root file here")
    root.set_defaults(run=run_root)

    export = verbs.add_parser("export", help="Write a folder that anybody can verify: record, root, verifier")
    _community(export)
    export.add_argument("--out", type=Path, help="folder to write (default: record-SLUG)")
    export.add_argument(
        "--grade", type=int, choices=(0, 1, 2), default=0, help="show parts up to this class (0 public)"
    )
    export.set_defaults(run=run_export)

    verify = verbs.add_parser("verify", help="Verify this database's record against a root kept elsewhere")
    _community(verify)
    verify.add_argument("--root", action="append", required=True, help="root file, or SIZE:HASH as printed")
    verify.add_argument("--json", action="store_true", help="print JSON")
    verify.set_defaults(run=run_verify)

    rotate = verbs.add_parser("rotate-keys", help="New keys for sensitive data; everything is encrypted anew")
    rotate.set_defaults(run=run_rotate_keys)


def _community(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--community", help="slug; may be left out where there is only one")


def run_seal(_arguments: argparse.Namespace) -> int:
    from weizhi.record.actions.seal import seal

    print(f"封存了 {seal(everything=True)} 条。")
    return 0


def run_root(arguments: argparse.Namespace) -> int:
    from weizhi.record.actions.publish_root import RecordBroken, publish_root, root_file

    community = _chosen(arguments)
    if community is None:
        return 2
    try:
        root = publish_root(community)
    except RecordBroken as broken:
        return _refuse(str(broken), 1)
    if root is None:
        return _refuse(f"{community.name}还没有记录。", 1)
    row = root_file(root)
    if arguments.out:
        arguments.out.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
    print(f"{community.name} {row['at'][:10]}\n{row['size']}:{row['root']}")
    return 0


def run_export(arguments: argparse.Namespace) -> int:
    from weizhi.record.export import write_record

    community = _chosen(arguments)
    if community is None:
        return 2
    folder = write_record(community, arguments.out or Path(f"record-{community.slug}"), grade=arguments.grade)
    print(f"已导出到 {folder}。核对：python3 {folder}/verify_record.py {folder} --root 另存的根")
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """Export to a folder of its own and let the stand-alone verifier judge: there is one judge, not two."""
    from weizhi.record import verify_record
    from weizhi.record.export import write_record

    community = _chosen(arguments)
    if community is None:
        return 2
    with tempfile.TemporaryDirectory() as folder:
        write_record(community, Path(folder))
        roots = [word for root in arguments.root for word in ("--root", root)]
        return verify_record.main([folder, *roots, *(["--json"] if arguments.json else [])])


def run_rotate_keys(_arguments: argparse.Namespace) -> int:
    from weizhi.record.actions.rotate_keys import rotate_keys

    print(f"换了新密钥，重新加密了 {rotate_keys()} 处。请马上另存一份密钥文件。")
    return 0


def _chosen(arguments: argparse.Namespace) -> "Community | None":
    from weizhi.places.models import Community

    found = Community.objects.order_by("slug")
    if arguments.community:
        found = found.filter(slug=arguments.community)
    rows = list(found)
    if len(rows) == 1:
        return rows[0]
    slugs = "、".join(Community.objects.order_by("slug").values_list("slug", flat=True)) or "（还没有社区）"
    _refuse(f"请用 --community 指定一个社区。有：{slugs}", 2)
    return None


def _refuse(words: str, code: int) -> int:
    print(words, file=sys.stderr)
    return code
