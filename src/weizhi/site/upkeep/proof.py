"""The record after a move: judged by the stand-alone verifier, against roots that came with the data."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from weizhi.places.models import Community
from weizhi.record import verify_record
from weizhi.record.actions.publish_root import publish_root
from weizhi.record.export import write_record
from weizhi.record.models import Root


class NotProven(Exception):
    """The record does not verify; says of which community and where."""


def roots_of_all() -> dict[str, str]:
    """Seal, sign and name the newest root of every community: slug → SIZE:HASH."""
    return {one.slug: root for one in Community.objects.order_by("slug") if (root := root_of(one))}


def root_of(community: Community) -> str:
    root = publish_root(community)
    return named(root) if root else ""


def named(root: Root) -> str:
    return f"{root.size}:{bytes(root.root).hex()}"


def prove(roots: Mapping[str, str]) -> int:
    """Verify every community that has a root; returns how many entries were verified. Raises NotProven."""
    return sum(prove_one(Community.objects.get(slug=slug), root) for slug, root in roots.items())


def prove_one(community: Community, root: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        write_record(community, Path(folder))
        report = verify_record.check_path(folder, [verify_record.read_root(root)])
    if not report["ok"]:
        told = "\n".join(verify_record.in_words(report))
        raise NotProven(f"{community.name}的记录核对不上：\n{told}")
    return int(root.partition(":")[0])
