"""Say which units a grid covers from a day on. Grids are dated cover of units, not tree parents."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from weizhi.people.models import Person
from weizhi.places.models import Community, Cover, Place
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.registers import lock_register
from weizhi.record.origin import the_clock


def set_grid(
    community: Community,
    grid: Place,
    units: Sequence[Place],
    *,
    since: date,
    level: str = "grid",
    by: Person | None = None,
    at: datetime | None = None,
) -> None:
    """Let `grid` cover `units` from `since`; what covered them before at this level ends the day it begins."""
    now = the_clock(at)
    with transaction.atomic():
        register = lock_register(community, "registry")
        before = Cover.objects.filter(community=community, unit__in=units, level=level, until__isnull=True)
        before.update(until=since)
        Cover.objects.bulk_create(
            Cover(community=community, area=grid, unit=unit, level=level, since=since) for unit in units
        )
        recover(community, timezone.localdate(now))
        append(register, "set-grid", Deed(at=now, actor=by, public={"grid": grid.code, "units": len(units)}))


def recover(community: Community, day: date) -> int:
    """Make `Place.levels` say what covers each place on `day`; run daily, since a cover may begin later."""
    covers = Cover.objects.filter(
        Q(until__isnull=True) | Q(until__gt=day), community=community, since__lte=day
    ).select_related("area", "unit")
    changed = []
    for cover in covers:
        for place in Place.objects.filter(community=community).under(cover.unit.path):
            if place.levels.get(cover.level) != cover.area.path:
                place.levels[cover.level] = cover.area.path
                changed.append(place)
    Place.objects.bulk_update(changed, ["levels"], batch_size=500)
    return len(changed)
