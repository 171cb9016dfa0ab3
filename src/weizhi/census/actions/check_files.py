"""Check files against the community and prepare what would be written. Writes nothing to the database."""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from uuid_utils.compat import uuid7

from weizhi.census import plan
from weizhi.census.findings import Findings
from weizhi.census.known import GRID, Known, known
from weizhi.census.placing import Placing
from weizhi.census.reading import Source, read_files
from weizhi.census.settling import Newcomer, Settling
from weizhi.census.tables import RESIDENT
from weizhi.people.vault import ID_NUMBER, PHONE, sealed
from weizhi.places.models import Community
from weizhi.record.models import Stream

REGISTERS = ("registry", "people")
Progress = Callable[[str], object]


@dataclass(frozen=True)
class Checked:
    """What was found, and the plan, which is None while there are faults."""

    found: Findings
    plan: Path | None
    lines: dict[str, int]
    counts: dict[str, int]

    @property
    def ready(self) -> bool:
        return self.plan is not None


def check_files(
    community: Community,
    sources: Sequence[Source],
    *,
    now: datetime,
    system: str | None = None,
    progress: Progress = lambda _: None,
) -> Checked:
    """Read every line, tell every fault, prepare the plan. Raises BadFile."""
    found = Findings()
    digests = [source.sha256 for source in sources]
    registers = heads(community)  # before anything else is read: a later change makes the plan stale
    world = known(community, now)
    before = len(world.places)
    lines = read_files(sources, found, lambda count: progress(f"读了 {count} 行"))
    if not any(lines.values()) and not found.errors:
        found.wrong(_first(sources), "", "里面没有可以导入的行。请照模板填写。")
    progress("核对楼栋和住户")
    placing = Placing(world, lines, found, system)
    placing.read()
    progress("核对居民")
    settling = Settling(world, placing, found)
    settling.read(lines[RESIDENT])
    counts = _counts(world, before, placing, settling)
    path = None
    if not found.errors:
        progress("加密电话和证件号")
        path = plan.path_for(community, digests, system)
        files = [{"name": s.name, "sha256": digest} for s, digest in zip(sources, digests, strict=True)]
        plan.write(path, plan.Head(str(community.pk), files, registers, counts), _rows(world, placing, settling))
    return Checked(found, path, {kind: len(rows) for kind, rows in lines.items() if rows}, counts)


def heads(community: Community) -> dict[str, int]:
    """How far the registers have come in which places and people are written."""
    found = Stream.objects.filter(community=community, kind__in=REGISTERS)
    return dict(found.order_by("kind").values_list("kind", "head"))


def _first(sources: Sequence[Source]) -> Any:
    from weizhi.census.findings import Spot

    return Spot(sources[0].name if sources else "-", "", 1)


def _counts(world: Known, before: int, placing: Placing, settling: Settling) -> dict[str, int]:
    _regrid(world, placing)
    new = Counter(place.kind for place in world.places.values() if place.new)
    changed = sum(place.changed for place in world.places.values())
    told = {"person": len(settling.people), "residence": len(settling.residences), "changed": changed}
    return {kind: count for kind, count in {**new, **told}.items() if count}


def _regrid(world: Known, placing: Placing) -> None:
    """A unit that a grid takes over brings everything inside it along."""
    if not placing.covers:
        return
    inside = sorted(world.places.values(), key=lambda place: place.path)
    paths = [place.path for place in inside]
    units = {place.id: place for place in inside}
    for unit_id, grid in placing.covers.items():
        unit = units[unit_id]
        for at in range(bisect_left(paths, unit.path), bisect_left(paths, f"{unit.path}0")):
            place = inside[at]
            if (place is unit or place.path.startswith(f"{unit.path}/")) and place.levels.get(GRID) != grid.path:
                place.levels = {**place.levels, GRID: grid.path}
                place.changed = not place.new


def _rows(world: Known, placing: Placing, settling: Settling) -> plan.Rows:
    """Parents before children: places are made in that order."""
    for place in world.places.values():
        if place.new and place.parent:
            yield plan.PLACE, (
                place.id, place.parent.id, place.kind, place.code, place.name, place.path, _json(place.levels),
                place.floor, place.area_cm2, place.longitude, place.latitude, _json(place.geometry),
            )  # fmt: skip
    for place in world.places.values():
        if place.changed:
            where = place.longitude, place.latitude, _json(place.geometry)
            yield plan.PLACE_CHANGE, (_json(place.levels), *where, place.id)
    for unit, grid in placing.covers.items():
        yield plan.COVER, (uuid7(), grid.id, unit)
    yield from map(_person, settling.people.values())
    for person, household, status, share in settling.residences:
        yield plan.RESIDENCE, (uuid7(), person, household, status, share)


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _person(newcomer: Newcomer) -> tuple[str, tuple[Any, ...]]:
    one = newcomer.person
    phone = sealed(one.id, PHONE, newcomer.phone) if newcomer.phone else None
    number = sealed(one.id, ID_NUMBER, newcomer.id_number) if newcomer.id_number else None
    return plan.PERSON, (one.id, one.name, phone, one.phone, number, one.id_number)
