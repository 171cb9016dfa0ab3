"""The map: open matters by grid, who has each and since when. The list says the same where nothing is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import ClassVar, Final
from urllib.parse import quote
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.matters.models import Matter
from weizhi.matters.reads import seen_by
from weizhi.people.access import Standing
from weizhi.places.models import Community
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.board import atlas
from weizhi.portal.board.drawn import drawn, version_of
from weizhi.portal.board.hands import held_card, open_steps
from weizhi.portal.board.page import turning, ways
from weizhi.portal.queries.lists import page_of, with_photo
from weizhi.portal.queries.places import community_of
from weizhi.portal.saying import when

PAGE: Final = 12
NOWHERE: Final = "-"  # in no grid


@dataclass(frozen=True, slots=True)
class Area:
    """A grid with its open matters: a line of the list, and a shape where it is drawn."""

    path: str
    name: str
    number: int
    heat: int
    since: str
    url: str
    current: bool
    shape: atlas.Shape | None = None

    @property
    def words(self) -> str:
        return _("%(name)s：%(n)s 件在办") % {"name": self.name, "n": self.number}


@dataclass(frozen=True, slots=True)
class House:
    """A building on the map, with the number of its open matters."""

    shape: atlas.Shape
    number: int

    @property
    def words(self) -> str:
        if not self.number:
            return self.shape.name
        return _("%(name)s：%(n)s 件在办") % {"name": self.shape.name, "n": self.number}


@dataclass(frozen=True, slots=True)
class Drawing(p.Piece):
    template: ClassVar[str] = "map"

    height: float
    ground: tuple[atlas.Shape, ...]
    areas: tuple[Area, ...]
    houses: tuple[House, ...]
    key: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class MapPage:
    ways: tuple[p.Tab, ...]
    drawing: Drawing | None
    areas: tuple[Area, ...]
    total: int
    cards: p.Cards
    pager: p.Pager | None
    chosen: bool


@dataclass(frozen=True)
class _Ground:
    sheet: atlas.Sheet | None
    grids: tuple[tuple[str, str], ...]


@lru_cache(maxsize=32)
def _ground(community: UUID, version: int) -> _Ground:
    places = drawn(community, version)
    return _Ground(atlas.sheet(places), tuple((one.path, one.name) for one in places if one.kind == "grid"))


def _open(keys: Iterable[str], paths: Iterable[str], community: UUID) -> QuerySet[Matter]:
    return Matter.objects.visible_to(seen_by(keys, paths)).standing_open().filter(community=community)


_counted: Prepared[tuple[str | None, str | None, int, datetime]] = Prepared(
    lambda keys, paths, community: (
        _open(keys, paths, community)
        .order_by()
        .values_list("place__levels__grid", "place__levels__building")
        .annotate(number=Count("pk"), since=Min("raised_at"))
    )
)


def map_page(standing: Standing, place: str, page: int, now: datetime) -> MapPage | None:
    """Five queries: whether the sheet is still true, the counts, a page of matters with their steps; the sheet once."""
    community = community_of(standing)
    if community is None:
        return None
    ground = _ground(community.pk, version_of(community.pk))
    rows = _counted(standing.keys, standing.paths, community.pk)
    areas, drawing = _laid(ground, rows, place, now)
    cards, pager = _list(standing, community, place, page, now, dict(ground.grids))
    total = sum(row[2] for row in rows)
    return MapPage(ways("map"), drawing, areas, total, cards, pager, bool(place))


def _laid(
    ground: _Ground, rows: list[tuple[str | None, str | None, int, datetime]], place: str, now: datetime
) -> tuple[tuple[Area, ...], Drawing | None]:
    by_grid: dict[str, tuple[int, datetime]] = {}
    by_house: dict[str, int] = {}
    for grid, building, number, since in rows:
        key = grid or NOWHERE
        before = by_grid.get(key, (0, since))
        by_grid[key] = before[0] + number, min(before[1], since)
        if building:
            by_house[building] = by_house.get(building, 0) + number
    steps = atlas.heat_steps(max((number for number, _since in by_grid.values()), default=0))
    shapes = {shape.path: shape for shape in ground.sheet.grids} if ground.sheet else {}
    named = [*ground.grids, *([(NOWHERE, _("不在网格里"))] if NOWHERE in by_grid else [])]
    areas = tuple(
        Area(
            path, name, number, atlas.heat(number, steps),
            _("最早 %(when)s") % {"when": when(since, now)} if since else "",
            f"{reverse('portal:map')}?place={quote(path)}#list", path == place, shapes.get(path),
        )
        for path, name in named
        for number, since in [by_grid.get(path, (0, None))]
    )  # fmt: skip
    if ground.sheet is None:
        return areas, None
    houses = tuple(House(shape, by_house.get(shape.path, 0)) for shape in ground.sheet.buildings)
    drawn = tuple(area for area in areas if area.shape)
    return areas, Drawing(ground.sheet.height, ground.sheet.ground, drawn, houses, _key(steps))


def _key(steps: tuple[int, ...]) -> tuple[tuple[int, str], ...]:
    words = [_("没有在办的")]
    for n, step in enumerate(steps):
        last = steps[n + 1] - 1 if n + 1 < len(steps) else None
        if last is None:
            words.append(_("%(n)s 件以上") % {"n": step})
        else:
            words.append(_("%(first)s–%(last)s 件") % {"first": step, "last": last} if last > step else f"{step}")
    return tuple(enumerate(words))


def _list(
    standing: Standing, community: Community, place: str, page: int, now: datetime, names: dict[str, str]
) -> tuple[p.Cards, p.Pager | None]:
    found = with_photo(_open(standing.keys, standing.paths, community.pk).order_by("raised_at"))
    if place == NOWHERE:
        found = found.filter(Q(place__levels__grid__isnull=True))
    elif place:
        under = Q(place__path=place) | Q(place__path__gte=f"{place}/", place__path__lt=f"{place}0")
        found = found.filter(under | Q(place__levels__grid=place))
    first, last = page_of(page, PAGE)
    rows = list(found[first:last])
    steps = open_steps(rows[:PAGE])
    name = {NOWHERE: _("不在网格里"), "": _("全社区")}.get(place) or names.get(place, _("这个地方"))
    calm = p.Empty(_("这里没有在办的事"), _("有人报了，就会在这里。"))
    cards = tuple(held_card(row, steps.get(row.pk, []), now) for row in rows[:PAGE])
    title = _("%(name)s：正在办，最早的在前") % {"name": name}
    return (
        p.Cards(title, cards, "here", calm, whole=page == 1 and len(rows) <= PAGE),
        turning(reverse("portal:map"), {"place": place}, page, len(rows) > PAGE),
    )
