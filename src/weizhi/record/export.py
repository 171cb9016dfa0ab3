"""Export a community's record for anybody to verify: record.jsonl, the files it shows, the verifier itself."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from weizhi.places.models import Community
from weizhi.record import verify_record
from weizhi.record.actions.publish_root import made_as, root_file
from weizhi.record.actions.seal import size_of
from weizhi.record.files import path_of
from weizhi.record.models import Entry, Leaf, Root
from weizhi.record.opening import erased_commitments, parts_of, published
from weizhi.record.published import PublishedEntry, header_line, root_line

CHUNK = 500
PUBLIC, HOUSEHOLD = 0, 2
# In the part of a file: its hash, and that of its thumbnail.
FILE_KEYS = ("hash", "thumb")


@dataclass(frozen=True)
class Exported:
    """A community's record as it stands at one moment.

    Parts above the grade are withheld and stay committed to; sensitive ones (grade 3) never leave. The tail is
    read before the size: an entry sealed in between then stands below the size, and is left out of the tail.
    """

    community: Community
    grade: int = PUBLIC

    def __post_init__(self) -> None:
        if not PUBLIC <= self.grade <= HOUSEHOLD:
            raise ValueError("敏感信息不能导出。请选 0（公开）、1（社区）或 2（住户）。")

    @cached_property
    def bounds(self) -> tuple[list[UUID], int]:
        """Return the unsealed tail and the number of sealed entries."""
        seen = [entry.pk for entry in self._unsealed(Q(leaf__isnull=True))]
        size = size_of(self.community.pk)
        return [entry.pk for entry in self._unsealed(Q(leaf__isnull=True) | Q(leaf__index__gte=size), seen)], size

    def lines(self, at: datetime | None = None) -> Iterator[bytes]:
        """Yield the lines of record.jsonl."""
        tail, size = self.bounds
        sealed = self._leaves().count()
        yield header_line(
            community=self.community.pk,
            slug=self.community.slug,
            name=self.community.name,
            made_as=made_as(),
            at=at or timezone.now(),
            entries=sealed + len(tail),
            sealed=sealed,
        )
        for entry in self.entries():
            yield entry.line()
        for root in Root.objects.filter(community=self.community, size__lte=size).order_by("size"):
            yield root_line(root_file(root))

    def entries(self) -> Iterator[PublishedEntry]:
        """Yield the sealed entries in the order of the log, then the tail."""
        erased, (tail, size) = erased_commitments(self.community.pk), self.bounds
        for first in range(0, size, CHUNK):
            leaves = self._leaves().filter(index__gte=first, index__lt=first + CHUNK).order_by("index")
            for leaf in leaves.select_related("entry__stream").prefetch_related("entry__parts"):
                yield self._published(leaf.entry, leaf, erased)
        for start in range(0, len(tail), CHUNK):
            rows = Entry.objects.filter(pk__in=tail[start : start + CHUNK]).order_by("stream_id", "n")
            for entry in rows.select_related("stream").prefetch_related("parts"):
                yield self._published(entry, None, erased)

    def _leaves(self) -> QuerySet[Leaf]:
        return Leaf.objects.filter(community=self.community, index__lt=self.bounds[1])

    def _unsealed(self, which: Q, among: list[UUID] | None = None) -> QuerySet[Entry]:
        rows = Entry.objects.filter(which, community=self.community).only("pk")
        return (rows if among is None else rows.filter(pk__in=among)).order_by("stream_id", "n")

    def _published(self, entry: Entry, leaf: Leaf | None, erased: Mapping[str, Mapping[str, bytes]]) -> PublishedEntry:
        parts = parts_of(entry, entry.parts.all(), erased.get(str(entry.pk)), self.grade)
        return published(entry, parts, leaf.index if leaf else None, bytes(leaf.hash) if leaf else None)


def write_record(community: Community, folder: Path, *, grade: int = PUBLIC) -> Path:
    """Write a folder that a stranger can verify: the record, what it shows, the latest root, the verifier."""
    exported = Exported(community, grade)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "record.jsonl").open("wb") as record:
        for line in exported.lines():
            record.write(line + b"\n")
    for digest in sorted(set(_files_shown(exported))):
        _copy_file(digest, folder / "files")
    if root := Root.objects.filter(community=community).order_by("-size").first():
        (folder / "root.json").write_text(json.dumps(root_file(root), indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(verify_record.__file__, folder / "verify_record.py")
    return folder


def _files_shown(exported: Exported) -> Iterator[str]:
    for entry in exported.entries():
        for part in entry.parts.values():
            yield from named_files(part.value)


def named_files(value: Any) -> list[str]:
    """Return the hashes of the files that a part names."""
    if not isinstance(value, dict) or "thumb" not in value:
        return []
    return [value[key] for key in FILE_KEYS]


def _copy_file(digest: str, folder: Path) -> None:
    source = path_of(digest)
    if source.exists():
        folder.mkdir(exist_ok=True)
        shutil.copyfile(source, folder / digest)
