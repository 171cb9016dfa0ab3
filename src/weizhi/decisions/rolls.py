"""A roll drawn up, its lines as they are published, and its root: what nobody may change once ballots come in."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from uuid_utils.compat import uuid7

from weizhi.charters.rulebook import Electorate
from weizhi.decisions.electing import NewLine, lines_of
from weizhi.decisions.models import Entitlement, Roll, Speaker
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene
from weizhi.record.canonical import canonical
from weizhi.record.merkle import leaf_hash, root_of

BATCH = 2000


def electorate_of(scene: Scene, key: str) -> Electorate:
    """The charter's electorate of this name, as the matter pinned it."""
    return scene.charter.electorates[key]


def scope_of(scene: Scene, electorate: Electorate) -> str:
    """The path of the place whose people are asked: that of the matter at the electorate's level."""
    path = scene.here.at(electorate.within)
    if path is None:
        level = scene.charter.levels.titles.get(electorate.within, "范围")
        raise Refused(
            "not-yet",
            f"这件事不在任何一个“{level}”里，定不了名册。",
        )
    return path


def draw_up(scene: Scene, row: StepRow, key: str) -> Roll:
    """Write the roll of an electorate as it stands now. Inside the matter's lock; three queries and the rows."""
    electorate = electorate_of(scene, key)
    path = scope_of(scene, electorate)
    found = lines_of(electorate, scene.matter.community_id, path, scene.now)
    roll = Roll(
        id=uuid7(), community_id=scene.matter.community_id, matter=scene.matter, step=row,
        electorate=key, path=path, drawn_at=scene.now,
    )  # fmt: skip
    lines = [_line(roll, n, one) for n, one in enumerate(found, 1)]
    _sum_up(roll, lines)
    roll.save(force_insert=True)
    Entitlement.objects.bulk_create(lines, batch_size=_batch(12))
    speakers = [
        Speaker(entitlement=line, person_id=person, as_what=Speaker.As.OWNER, since=scene.now)
        for line, one in zip(lines, found, strict=True)
        for person in one.others
    ]
    Speaker.objects.bulk_create(speakers, batch_size=_batch(8))
    return roll


def _batch(columns: int) -> int:
    """SQLite takes a bounded number of values in one statement."""
    most = connection.features.max_query_params
    return min(BATCH, most // columns) if most else BATCH


def _line(roll: Roll, n: int, one: NewLine) -> Entitlement:
    return Entitlement(
        id=uuid7(), roll=roll, n=n, kind=one.kind, place_id=one.place, person_id=one.person,
        label=one.label, name=one.name, head=one.head, area=one.area, grid=one.grid,
    )  # fmt: skip


def _sum_up(roll: Roll, lines: Sequence[Entitlement]) -> None:
    roll.size = len(lines)
    roll.heads = len({line.head for line in lines})
    roll.area = sum(line.area for line in lines)


def freeze(roll: Roll, at: datetime) -> None:
    """From now on the roll stands: its root is what the record keeps."""
    lines = list(Entitlement.objects.filter(roll=roll).standing().order_by("n"))
    _sum_up(roll, lines)
    roll.frozen_at, roll.root = at, root_hex(line_of(line) for line in lines)
    roll.save(update_fields=["size", "heads", "area", "frozen_at", "root"])


def line_of(line: Entitlement) -> dict[str, Any]:
    """A line as it is committed to and published: who owns what together, without naming anybody."""
    head = hashlib.sha256(f"{line.roll_id}:{line.head}".encode()).hexdigest()[:16]
    return {"n": line.n, "kind": line.kind, "label": line.label, "area": line.area, "head": head, "grid": line.grid}


def root_hex(rows: Iterable[Any]) -> str:
    """The Merkle root (RFC 9162) over rows in their canonical form."""
    return root_of(leaf_hash(canonical(row)) for row in rows).hex()


def roll_for(scene: Scene, row: StepRow, key: str) -> Roll:
    """The roll that a vote uses: the newest of this electorate in the matter, else one drawn up now; frozen."""
    found = Roll.objects.filter(matter=scene.matter, electorate=key).order_by("-drawn_at", "-id").first()
    roll = found or draw_up(scene, row, key)
    if roll.frozen_at is None:
        freeze(roll, scene.now)
    return roll
