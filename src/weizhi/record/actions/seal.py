"""Seal: give each new entry its place in the Merkle log of its community.

The sealer gives the index, never a sequence: commit order is not id order, and a number taken by a
transaction that fails would leave a hole. One lease (a row) serves all workers; an entry that is not yet
committed is simply found at the next run.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from weizhi.record import clock
from weizhi.record.leaves import ACTOR_PART, new_salt
from weizhi.record.models import Entry, Leaf, Payload, Progress
from weizhi.record.opening import ACTOR_GRADE, leaf_of, parts_of

JOB = "sealed"
BATCH = 500
# UUIDv7 carries the millisecond in its first 48 bits. An entry is committed within a day of being made.
MARGIN_MS = 24 * 60 * 60 * 1000


def seal(now: datetime | None = None, *, everything: bool = False) -> int:
    """Seal every committed entry and return how many; `everything` also looks at entries made long ago.

    The minute's run looks at the last day only, so that it costs nothing on a log of millions; the daily root
    looks at all (a clock that once ran ahead can leave entries with ids older than that).
    """
    since = None if everything else _recent()
    total = 0
    while batch := _unsealed(since):
        total += _seal_batch(batch, now or clock.now())
    return total


def _recent() -> UUID | None:
    """Return the smallest id that the minute's run looks at."""
    newest = Leaf.objects.order_by("-entry_id").values_list("entry_id", flat=True).first()
    if newest is None:
        return None
    return UUID(int=max(0, (newest.int >> 80) - MARGIN_MS) << 80)


def _unsealed(since: UUID | None) -> list[Entry]:
    rows = Entry.objects.filter(leaf__isnull=True).select_related("stream").prefetch_related("parts")
    if since is not None:
        rows = rows.filter(pk__gte=since)
    return list(rows.order_by("at", "id")[:BATCH])


def _seal_batch(batch: Sequence[Entry], now: datetime) -> int:
    """Hash before the lock, since entries never change; place under it."""
    actors = [_actor_part(entry) for entry in batch if not any(row.part == ACTOR_PART for row in entry.parts.all())]
    actor_of = {row.entry_id: row for row in actors}
    hashes = {entry.pk: leaf_of(entry, parts_of(entry, _payloads(entry, actor_of))) for entry in batch}
    with transaction.atomic():
        Progress.objects.get_or_create(job=JOB, defaults={"at": now})
        lease = Progress.objects.select_for_update().get(job=JOB)
        sealed = set(Leaf.objects.filter(entry__in=hashes).values_list("entry_id", flat=True))
        open_entries = [entry for entry in batch if entry.pk not in sealed]
        Payload.objects.bulk_create([row for row in actors if row.entry_id not in sealed])
        Leaf.objects.bulk_create(_placed(open_entries, hashes))
        lease.at = now
        lease.save(update_fields=["at"])
    return len(open_entries)


def _actor_part(entry: Entry) -> Payload:
    """Make the salt under which the log knows the actor: erased with the person, it leaves nobody behind."""
    return Payload(id=uuid7(), entry=entry, part=ACTOR_PART, grade=ACTOR_GRADE, salt=new_salt())


def _payloads(entry: Entry, actor_of: dict[UUID, Payload]) -> list[Payload]:
    made = [actor_of[entry.pk]] if entry.pk in actor_of else []
    return [*entry.parts.all(), *made]


def _placed(entries: Sequence[Entry], hashes: dict[UUID, bytes]) -> list[Leaf]:
    of_community: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        of_community[entry.community_id].append(entry)
    leaves = []
    for community_id, rows in of_community.items():
        first = size_of(community_id)
        leaves += [
            Leaf(community_id=community_id, index=index, entry=entry, hash=hashes[entry.pk])
            for index, entry in enumerate(rows, first)
        ]
    return leaves


def size_of(community_id: UUID) -> int:
    """Return how many entries of the community are sealed."""
    last = Leaf.objects.filter(community_id=community_id).order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1
