"""The drawn places of a community, read once until its registry changes: for the map, and to point at a place."""

from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length

from weizhi.places.models import Place
from weizhi.places.prepared import Prepared
from weizhi.portal.board.atlas import Drawn
from weizhi.record.models import Stream

AT_MOST: Final = 3000

_drawn: Prepared[tuple[Any, ...]] = Prepared(
    lambda community: (
        Place.objects.filter(Q(geometry__isnull=False) | Q(kind="grid"), community=community)
        .exclude(kind__in=["household", "stairwell"])
        .order_by(Length("path"), "path")  # the ninth grid before the tenth
        .values_list("path", "name", "kind", "code", "geometry", "levels")[:AT_MOST]
    )
)
_version: Prepared[int] = Prepared(
    lambda community: Stream.objects.filter(community=community, kind="registry").values_list("head", flat=True)
)


def version_of(community: UUID) -> int:
    """Whatever is changed about places is an entry of the registry: its number says whether a reading is still true."""
    return _version.first(community) or 0


@lru_cache(maxsize=32)
def drawn(community: UUID, version: int) -> tuple[Drawn, ...]:
    return tuple(
        Drawn(path, name, kind, code, geometry, levels.get("grid", "") if kind != "grid" else "")
        for path, name, kind, code, geometry, levels in _drawn(community)
    )
