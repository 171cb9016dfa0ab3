"""What the census pages show, and to whom: the body that looks after the whole community."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from weizhi.census import sealed
from weizhi.census.models import Import
from weizhi.census.signs import only_here
from weizhi.census.tables import KIND_WORDS
from weizhi.census.words import NAMES, UNITS, new_words
from weizhi.charters.models import Charter
from weizhi.matters.rules import owner_of
from weizhi.people.access import Standing, body_key
from weizhi.people.models import Residence
from weizhi.places.coordinates import SYSTEMS
from weizhi.places.models import Community, Place
from weizhi.portal import pieces as p
from weizhi.portal.queries.places import community_of
from weizhi.portal.saying import when

SHOWN: Final = 100
BEFORE: Final = 10
AS_USUAL: Final = "usual"


@dataclass(frozen=True)
class CensusPage:
    community: Community
    facts: p.Facts
    map_of: p.Field
    signs: tuple[p.Field, p.Field]
    only_here: bool
    before: list["Line"]


@dataclass(frozen=True)
class Line:
    """An import in the list."""

    pk: UUID
    files: str
    state: str
    who: str
    when: str


@dataclass(frozen=True)
class ImportPage:
    one: Import
    files: str
    when: str
    lines: str
    new: str
    findings: list["Told"]
    more: int


@dataclass(frozen=True)
class Told:
    """A fault or a note, as the page lists it."""

    sheet: str
    line: str
    column: str
    is_note: bool
    words: str


def keeper_of(standing: Standing, charter: Charter | None) -> Community | None:
    """The community whose census this person keeps: as one of the body that its charter names as owner."""
    community = community_of(standing)
    if community is None or charter is None:
        return None
    return community if body_key(owner_of(charter), community.slug) in standing.keys else None


def census_page(community: Community, now: datetime) -> CensusPage:
    """Three queries: places by kind, people, imports."""
    counts = dict(Place.objects.filter(community=community).values_list("kind").annotate(Count("pk")).order_by())
    homes = Residence.objects.open_at(now).filter(community=community)
    counts["person"] = homes.values("person").distinct().count()
    rows = tuple((NAMES[kind], f"{counts.get(kind, 0)} {unit}") for kind, unit in UNITS.items() if kind != "residence")
    maps = {AS_USUAL: _("照常：表格按高德、腾讯，GeoJSON 按 GPS"), **SYSTEMS}
    map_of = p.Field(
        "system", "choice", _("文件里的坐标是哪种地图上的？"), _("没有坐标就不用管"), required=True,
        choices=_choices(maps), value=AS_USUAL,
    )  # fmt: skip
    imports = Import.objects.filter(community=community).select_related("by").order_by("-at")[:BEFORE]
    before = [
        Line(one.pk, "、".join(one.files), one.get_state_display(), one.by.name, when(one.at, now)) for one in imports
    ]
    return CensusPage(community, p.Facts(rows), map_of, _sign_fields(), only_here(), before)


def _sign_fields() -> tuple[p.Field, p.Field]:
    kinds = {
        "building": _("楼栋"), "stairwell": _("单元"), "space": _("公共空间"), "estate": _("小区"),
    }  # fmt: skip
    layouts = {"cards": _("一页六张"), "posters": _("一页一张")}
    return (
        p.Field("kind", "choice", _("贴在哪里"), required=True, choices=_choices(kinds), value="building"),
        p.Field("layout", "choice", _("多大"), required=True, choices=_choices(layouts), value="cards"),
    )


def _choices(words: dict[str, str]) -> tuple[p.Choice, ...]:
    return tuple(p.Choice(key, said) for key, said in words.items())


def import_page(one: Import, now: datetime) -> ImportPage:
    lines = "、".join(f"{KIND_WORDS[kind]} {count} 行" for kind, count in one.lines.items())
    told = one.errors + one.notes
    rows = sealed.findings(one.pk, SHOWN) if told else []
    shown = [
        Told(sheet or file, line, column, severity == sealed.SEVERITY["note"], words)
        for file, sheet, line, column, severity, words in rows
    ]
    return ImportPage(
        one, "、".join(one.files), when(one.at, now), lines, new_words(one.counts), shown, max(0, told - len(shown))
    )
