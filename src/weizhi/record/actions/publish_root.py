"""Publish a root: sign what a community's log hashes to, to be printed and kept where no operator reaches it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from weizhi.people.vault import keyring
from weizhi.places.models import Community
from weizhi.record import clock
from weizhi.record.actions.seal import seal
from weizhi.record.merkle import Frontier
from weizhi.record.models import Leaf, Origin, Root
from weizhi.record.published import RootStatement


class RecordBroken(Exception):
    """The log no longer contains what an earlier root stands for: nothing is signed over it."""


def publish_root(community: Community, now: datetime | None = None) -> Root | None:
    """Seal, then sign the root over all sealed entries; None while there are none, the last one if nothing is new."""
    at = now or clock.now()
    seal(at, everything=True)
    last = Root.objects.filter(community=community).order_by("-size").first()
    frontier = _log(community, last)
    if frontier.size == 0 or (last is not None and last.size == frontier.size):
        return last
    keys = keyring()
    stated = RootStatement(community.pk, frontier.size, frontier.root(), at, made_as())
    with transaction.atomic():
        root, _ = Root.objects.get_or_create(
            community=community,
            size=frontier.size,
            defaults={
                "root": stated.root,
                "signature": keys.sign(stated.signed_bytes()),
                "key_id": keys.signing_key_id,
                "at": at,
            },
        )
    return root


def publish_roots(now: datetime | None = None) -> list[Root]:
    """Publish the root of every community; one broken log does not keep the others from theirs."""
    published, broken = [], []
    for community in Community.objects.order_by("pk"):
        try:
            root = publish_root(community, now)
        except RecordBroken as found:
            broken.append(str(found))
        else:
            published += [root] if root else []
    if broken:
        raise RecordBroken(" ".join(broken))
    return published


def root_file(root: Root) -> dict[str, Any]:
    """Return the root file: what is published, and what `verify --root` reads."""
    stated = RootStatement(root.community_id, root.size, bytes(root.root), root.at, made_as())
    return stated.file_row(
        signature=bytes(root.signature), key_id=root.key_id, public_key=keyring().public_key(root.key_id)
    )


def made_as() -> str:
    """Say whether this database serves real people; nobody said so means it does."""
    origin = Origin.objects.order_by("pk").first()
    return origin.made_as if origin else Origin.MadeAs.LIVE.value


def _log(community: Community, last: Root | None) -> Frontier:
    """Read the log and refuse if it is not a continuation of the last root."""
    frontier = Frontier()
    leaves = Leaf.objects.filter(community=community).order_by("index").values_list("index", "hash")
    for index, leaf in leaves.iterator(chunk_size=5000):
        if index != frontier.size:
            break
        frontier.append(bytes(leaf))
        if last is not None and frontier.size == last.size and frontier.root() != bytes(last.root):
            break
    else:
        if last is None or frontier.size >= last.size:
            return frontier
    raise RecordBroken(f"{community.name}的记录和以前公布的根对不上，没有签新的根。请用导出和另存的根核对。")
