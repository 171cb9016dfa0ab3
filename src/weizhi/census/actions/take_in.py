"""Somebody brings files to the desk: take them in, confirm what was checked, or drop it."""

from collections.abc import Sequence
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone

from weizhi.census import sealed
from weizhi.census.models import Import
from weizhi.people.models import Person
from weizhi.places.coordinates import SYSTEMS
from weizhi.places.models import Community

FILES_AT_MOST, BYTES_AT_MOST, NAME_AT_MOST = 5, 50_000_000, 80


class NotTaken(Exception):
    """Files that are not taken in; says what to do."""


def take_in(community: Community, files: Sequence[tuple[str, bytes]], *, by: Person, system: str = "") -> Import:
    """Keep the files sealed; the worker checks them. Nothing is written to the census yet."""
    if not files:
        raise NotTaken("还没有选文件。请选一个填好的 .xlsx、.csv 或 .geojson。")
    if len(files) > FILES_AT_MOST or sum(len(data) for _, data in files) > BYTES_AT_MOST:
        raise NotTaken(f"一次最多 {FILES_AT_MOST} 个文件、一共 {BYTES_AT_MOST // 1_000_000} MB。请分几次导入。")
    if system and system not in SYSTEMS:
        raise NotTaken("不认识这种坐标。请重新选一次。")
    names = [PurePath(name.replace("\\", "/")).name[-NAME_AT_MOST:] or "文件" for name, _ in files]
    with transaction.atomic():
        made = Import.objects.create(community=community, by=by, at=timezone.now(), files=names, system=system)
        sealed.keep(made.pk, [data for _, data in files])
    return made


def confirm(one: Import) -> bool:
    """Let the worker write what was checked; whether it was there to be confirmed."""
    ready = Import.objects.filter(pk=one.pk, state=Import.State.READY)
    return bool(ready.update(state=Import.State.CONFIRMED, said="", beat=None))


def drop(one: Import) -> bool:
    """Give it up, at any time before it is written."""
    open_ones = Import.objects.filter(pk=one.pk, state__in=(Import.State.READY, Import.State.FAULTY, Import.State.SENT))
    dropped = bool(open_ones.update(state=Import.State.DROPPED))
    if dropped:
        sealed.forget(one.pk)
    return dropped
