"""Write a prepared import: everything in one transaction, as one entry that names the files by their hash."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from weizhi.census import plan
from weizhi.census.actions.check_files import REGISTERS
from weizhi.people.models import Person
from weizhi.places import bulk
from weizhi.places.models import Community, Place
from weizhi.record.actions.append import Deed, Part, append, lock
from weizhi.record.models import Entry, Stream
from weizhi.record.origin import the_clock

VERB = "import-census"
PROOF = "名册导入"


class Stale(Exception):
    """The community has changed since the plan was made: check again."""


def bring_in(
    community: Community,
    path: Path,
    *,
    by: Person | None = None,
    at: datetime | None = None,
    progress: Callable[[str], object] = lambda _: None,
) -> Entry | None:
    """Write the plan; returns its entry, or None where nothing was new. Raises Stale.

    Killed at any moment it has written nothing, and is simply called again. Whoever reads sees all or nothing;
    whoever writes waits for the seconds that it takes.
    """
    head = plan.head_of(path)
    if head is None or head.community != str(community.pk):
        raise Stale
    if head.empty:
        return None
    now = the_clock(at)
    ids = list(Stream.objects.filter(community=community, kind__in=REGISTERS).values_list("pk", flat=True))
    with bulk.large_cache(), transaction.atomic():
        streams = {stream.kind: stream for stream in lock(ids).values()}
        if {kind: stream.head for kind, stream in streams.items()} != head.registers:
            raise Stale
        _places(community, path, now, progress)
        progress("写入居民")
        _people(community, path, now)
        digests = [file["sha256"] for file in head.files]
        deed = Deed(at=now, actor=by, public={"files": digests, "new": head.counts})
        names = Part("files", [file["name"] for file in head.files])
        return append(streams["registry"], VERB, deed, [names])


def _places(community: Community, path: Path, now: datetime, progress: Callable[[str], object]) -> None:
    progress("写入楼栋和住户")
    columns = ("community_id", *plan.COLUMNS[plan.PLACE])
    bulk.insert(Place, columns, ((community.pk, *row) for row in plan.rows_of(path, plan.PLACE)))
    bulk.update(Place, plan.COLUMNS[plan.PLACE_CHANGE], plan.rows_of(path, plan.PLACE_CHANGE))
    today = timezone.localdate(now)
    covers = ((community.pk, "grid", today, *row) for row in plan.rows_of(path, plan.COVER))
    bulk.insert(plan.MODELS[plan.COVER], ("community_id", "level", "since", *plan.COLUMNS[plan.COVER]), covers)


def _people(community: Community, path: Path, now: datetime) -> None:
    columns = ("login", "password", *plan.COLUMNS[plan.PERSON])
    bulk.insert(Person, columns, map(_person, plan.rows_of(path, plan.PERSON)))
    lived: Iterator[tuple[Any, ...]] = ((community.pk, PROOF, now, *row) for row in plan.rows_of(path, plan.RESIDENCE))
    bulk.insert(plan.MODELS[plan.RESIDENCE], ("community_id", "proof", "since", *plan.COLUMNS[plan.RESIDENCE]), lived)


def _person(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Nobody signs in with a password that was never given: a code to the telephone, or a letter, opens the door."""
    return f"r{row[0]}", "!", *row
