"""What stands under 在别的地方: what was typed and found, an estate's places to choose from, the map beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.places.models import Community
from weizhi.portal import pieces as p
from weizhi.portal.board.drawn import version_of
from weizhi.portal.picking.listing import Listed, like, listed, the_one
from weizhi.portal.picking.pointing import Pointing, laid_out

FOUND: Final = 12
SHOWN: Final = 200
BROWSED: Final = ("building", "space")  # what is found by looking; stairwells and grids are found by typing
LIST: Final = "list"  # the list without anything typed


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: typed words, or the estate under which to look."""

    typed: str = ""
    under: str = ""
    chosen: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> "Asked":
        """An estate that is pressed, or the list, counts before what still stands in the field."""
        under, typed = sent.get("under", "")[:200], sent.get("find", "").strip()[:60]
        return cls("" if under or sent.get("look") == LIST else typed, under, sent.get("other_place", ""))

    @staticmethod
    def stands_in(sent: Mapping[str, str]) -> bool:
        """Whether somebody looks for a place."""
        return any(sent.get(name) for name in ("look", "under", "find", "other_place"))


@dataclass(frozen=True)
class Panel:
    field: p.Field | None
    estates: tuple[p.Tab, ...]
    map: Pointing | None
    said: str  # what was found, in words

    @property
    def folded(self) -> bool:
        """Where buildings can be pressed on the map, the list of them waits below."""
        return self.map is not None and not self.map.whole


def panel(community: Community, asked: Asked, page: Mapping[str, str]) -> Panel:
    """One query: whether what was read of the places is still true. `page`: what the report's address says beside."""
    version = version_of(community.pk)
    places = listed(community.pk, version)
    estates = [one for one in places if one.kind == "estate"]
    names = {one.path: one.words for one in estates}
    if asked.typed:
        found = like(places, asked.typed)
        return Panel(_field(found[:FOUND], asked, names), (), None, _said(found, asked.typed))
    chosen = next((one for one in places if asked.chosen and str(one.pk) == asked.chosen), None)
    under = asked.under or (chosen.estate if chosen else "")
    inside = next((one for one in estates if one.path == under), estates[0] if len(estates) == 1 else None)
    tabs = tuple(p.Tab(one.words, one.path, current=one is inside) for one in estates if len(estates) > 1)
    shown = [one for one in places if _browsed(one, inside.path if inside else "", bool(tabs))]
    if chosen and chosen not in shown[:SHOWN] and (not tabs or chosen.estate == (inside.path if inside else "")):
        shown.insert(0, chosen)
    more = _("还有 %(n)s 处没有列出来，请打几个字找。") % {"n": len(shown) - SHOWN} if len(shown) > SHOWN else ""
    drawing = _map(community, version, places, inside if tabs else None, tabs, page, asked)
    return Panel(_field(shown[:SHOWN], asked, names), tabs, drawing, more)


def place_typed(community: Community, typed: str) -> Listed | None:
    """The place that was typed and not pressed, where it can only be one."""
    return the_one(listed(community.pk, version_of(community.pk)), typed)


def place_list(community: Community) -> tuple[p.Choice, ...]:
    """All of them, for a list at the desk."""
    return tuple(p.Choice(str(one.pk), one.words) for one in listed(community.pk, version_of(community.pk)))


def _browsed(one: Listed, inside: str, several: bool) -> bool:
    """With several estates, of one what lies in it and the estate itself, of none what lies in none; else all."""
    if not several:
        return one.kind in (*BROWSED, "estate")
    return one.path == inside or (one.kind in BROWSED and one.estate == inside)


def _field(found: list[Listed], asked: Asked, estates: Mapping[str, str]) -> p.Field | None:
    """The places as buttons to press. Two of one name say in which estate they lie."""
    if not found:
        return None
    names = [one.words for one in found]
    choices = tuple(
        p.Choice(str(one.pk), _words(one), estates.get(one.estate, "") if names.count(one.words) > 1 else "")
        for one in found
    )
    label = _("找到这些，选一个") if asked.typed else _("选一个地方")
    value = asked.chosen or (choices[0].value if asked.typed and len(choices) == 1 else "")
    return p.Field("other_place", "place", label, required=True, choices=choices, value=value)


def _words(one: Listed) -> str:
    return _("%(estate)s（不在哪栋楼里）") % {"estate": one.words} if one.kind == "estate" else one.words


def _said(found: list[Listed], typed: str) -> str:
    if not found:
        return _("没找到“%(typed)s”。换个说法试试，比如“3 号楼 2 单元”；也可以空着再点“找”，从单子里选。") % {
            "typed": typed
        }
    if len(found) > FOUND:
        return _("还有 %(n)s 处也像，请再打几个字。") % {"n": len(found) - FOUND}
    return ""


def _map(
    community: Community, version: int, places: tuple[Listed, ...], inside: Listed | None, tabs: tuple[p.Tab, ...],
    page: Mapping[str, str], asked: Asked,
) -> Pointing | None:  # fmt: skip
    closer = () if inside else tuple(tab.url for tab in tabs)
    laid = laid_out(community.pk, version, inside.path if inside else "", closer)
    if laid is None:
        return None
    ids = {one.path: str(one.pk) for one in places if one.kind == "building"}
    here = {key: value for key, value in page.items() if value} | ({} if closer else {"picked": "yes"})
    name, report = "under" if closer else "at", reverse("portal:report")
    urls = {spot.path: f"{report}?{urlencode({**here, name: spot.path})}" for spot in laid.spots}
    return Pointing(laid, {} if closer else ids, urls, asked.chosen, bool(closer))
