"""A roll drawn up, its lines as they are published, and its root: what nobody may change once ballots come in."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from weizhi.charters.rulebook import Electorate
from weizhi.decisions.electing import NewLine, lines_of
from weizhi.decisions.models import Entitlement, Roll, Speaker
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene
from weizhi.places import bulk
from weizhi.record.canonical import canonical
from weizhi.record.merkle import leaf_hash, root_of

BATCH = 2000
MANY = 200  # lines that a ballot must not go through one by one
LINE = ("id", "roll_id", "n", "kind", "place_id", "person_id", "label", "name", "head", "area", "grid")
COMMITTED = ("n", "kind", "label", "area", "head", "grid")
MEASURED = (Entitlement.Kind.HOME, Entitlement.Kind.PARKING)


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
            f"这件事不在任何一个“{level}”里，定不了名册。请撤回这一件，选好在哪个“{level}”再提一次。",
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
    ids = [uuid7() for _one in found]
    roll.size, roll.heads = len(found), len({one.head for one in found})
    roll.area = sum(one.area for one in found)
    roll.save(force_insert=True)
    bulk.insert(Entitlement, LINE, (_line(ids[n], roll, n + 1, one) for n, one in enumerate(found)))
    speakers = ((ids[n], person) for n, one in enumerate(found) for person in one.others)
    owners = ((uuid7(), line, person, Speaker.As.OWNER.value, scene.now) for line, person in speakers)
    bulk.insert(Speaker, ("id", "entitlement_id", "person_id", "as_what", "since"), owners)
    if len(found) >= MANY:  # the first ballots come within the minute
        bulk.looked_at(Entitlement)
        bulk.looked_at(Speaker)
    return roll


def _line(pk: UUID, roll: Roll, n: int, one: NewLine) -> Sequence[Any]:
    return (
        pk, roll.pk, n, one.kind, one.place, one.person, one.label, one.name, one.head, one.area, one.grid,
    )  # fmt: skip


def freeze(roll: Roll, at: datetime) -> None:
    """From now on the roll stands: its root is what the record keeps."""
    _measure(roll)
    heads: set[str] = set()
    roll.size = roll.area = 0

    def summed() -> Iterator[dict[str, Any]]:
        for n, kind, label, area, head, grid in standing.iterator(chunk_size=BATCH):
            heads.add(head)
            roll.size, roll.area = roll.size + 1, roll.area + area
            yield _committed(roll.pk, n, kind, label, area, head, grid)

    standing = Entitlement.objects.filter(roll=roll).standing().order_by("n").values_list(*COMMITTED)
    roll.frozen_at, roll.root = at, root_hex(summed())
    roll.heads = len(heads)
    roll.save(update_fields=["size", "heads", "area", "frozen_at", "root"])


def _measure(roll: Roll) -> None:
    """Areas that were registered since the roll was drawn up: whoever corrected the register did what was asked."""
    unmeasured = Entitlement.objects.filter(roll=roll, area=0, place__area_cm2__gt=0, kind__in=MEASURED)
    lines = list(unmeasured.select_related("place"))
    for line in lines:
        assert line.place is not None
        line.area = line.place.area_cm2 or 0
    Entitlement.objects.bulk_update(lines, ["area"], batch_size=BATCH)


def line_of(line: Entitlement) -> dict[str, Any]:
    """A line as it is committed to and published: who owns what together, without naming anybody."""
    return _committed(line.roll_id, line.n, line.kind, line.label, line.area, line.head, line.grid)


def _committed(roll: UUID, n: int, kind: str, label: str, area: int, head: str, grid: str) -> dict[str, Any]:
    one = hashlib.sha256(f"{roll}:{head}".encode()).hexdigest()[:16]
    return {"n": n, "kind": kind, "label": label, "area": area, "head": one, "grid": grid}


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
