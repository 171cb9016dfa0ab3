"""What an import will write, prepared once and kept in a file, so that writing is short and can be done again.

A plan is JSON lines: a head, then the rows in the order in which they are inserted. Telephone and ID numbers are
sealed in it already. A plan whose last line is missing was cut off and counts for nothing.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from weizhi.people.models import Person, Residence
from weizhi.places.bulk import JsonText
from weizhi.places.models import Community, Cover, Place

FORMAT = "weizhi-census-plan-1"
END = "end"
PLACE, PLACE_CHANGE, COVER, PERSON, RESIDENCE = "place", "place-change", "cover", "person", "residence"
MODELS = {PLACE: Place, COVER: Cover, PERSON: Person, RESIDENCE: Residence}
COLUMNS = {
    PLACE: (
        "id", "parent_id", "kind", "code", "name", "path", "levels", "floor", "area_cm2", "longitude", "latitude",
        "geometry",
    ),
    PLACE_CHANGE: ("levels", "longitude", "latitude", "geometry", "id"),
    COVER: ("id", "area_id", "unit_id"),
    PERSON: ("id", "name", "phone_cipher", "phone_blind", "id_number_cipher", "id_number_blind"),
    RESIDENCE: ("id", "person_id", "household_id", "status", "share"),
}  # fmt: skip
_BYTES = frozenset({"phone_cipher", "id_number_cipher"})
_JSON = frozenset({"levels", "geometry"})


@dataclass(frozen=True)
class Head:
    """Of which files, for which community, and at which state of its registers the plan was made."""

    community: str
    files: list[dict[str, Any]]
    registers: dict[str, int]
    counts: dict[str, int] = field(default_factory=dict)
    format: str = FORMAT

    @property
    def empty(self) -> bool:
        return not any(self.counts.values())


Rows = Iterable[tuple[str, tuple[Any, ...]]]


def folder() -> Path:
    """Where imports in work lie: readable by the server's own user only, since names stand in them."""
    found = Path(settings.IMPORTS)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def path_for(community: Community, digests: Iterable[str], system: str | None) -> Path:
    """One place for one import: the same files for the same community, read the same way, find their plan again."""
    import hashlib

    name = hashlib.sha256("\n".join([str(community.pk), system or "", *digests]).encode()).hexdigest()
    return folder() / f"{name[:40]}.plan"


def write(path: Path, head: Head, rows: Rows) -> None:
    """Whole or not at all: written beside and moved into place."""
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(head), ensure_ascii=False) + "\n")
            for kind, values in rows:
                file.write(json.dumps([kind, *values], ensure_ascii=False, default=_plain) + "\n")
            file.write(json.dumps([END]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def head_of(path: Path) -> Head | None:
    """The head of a whole plan, or None."""
    with suppress(OSError, ValueError, TypeError), path.open(encoding="utf-8") as file:
        head = Head(**json.loads(file.readline()))
        return head if head.format == FORMAT else None
    return None


def rows_of(path: Path, kind: str) -> Iterator[tuple[Any, ...]]:
    """The rows of one kind, as values of its columns: ids as 32 hexadecimal digits, JSON as text, bytes as bytes."""
    sealed = [n for n, name in enumerate(COLUMNS[kind]) if name in _BYTES]
    texts = [n for n, name in enumerate(COLUMNS[kind]) if name in _JSON]
    start = f'["{kind}",'
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.startswith(start):
                values = json.loads(line)[1:]
                for n in sealed:
                    values[n] = b64decode(values[n]) if values[n] else None
                for n in texts:
                    values[n] = JsonText(values[n]) if values[n] else None
                yield tuple(values)


def _plain(value: object) -> str:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(type(value))
