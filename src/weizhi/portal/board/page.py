"""The board: what is open and who has it, what was solved lately, the three rates. Nine queries at most."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.matters.models import Matter, MatterQuerySet
from weizhi.oversight import figures
from weizhi.oversight.idle import idle_meetings
from weizhi.people.access import EVERYBODY, Standing
from weizhi.places.models import Place
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.board import telling
from weizhi.portal.board.hands import held_card, open_steps
from weizhi.portal.board.idle import Idle, idle
from weizhi.portal.board.pieces import RateShown, Shares, Weekly
from weizhi.portal.queries.charter import charter_in_force
from weizhi.portal.queries.lists import page_of, with_photo
from weizhi.portal.queries.places import community_of
from weizhi.portal.saying import when

View = Literal["", "open", "solved"]
FIRST: Final = 8
PAGE: Final = 20
SOLVED: Final = ("solved", "partly")


@dataclass(frozen=True)
class Board:
    ways: tuple[p.Tab, ...]
    rates: tuple[RateShown, ...]
    lists: tuple[p.Cards, ...]
    pager: p.Pager | None
    counted: str


def ways(here: str) -> tuple[p.Tab, ...]:
    """The pages of what everybody may see."""
    return (
        p.Tab(_("看板"), reverse("portal:common"), current=here == "board"),
        p.Tab(_("地图"), reverse("portal:map"), current=here == "map"),
        p.Tab(_("数字"), reverse("portal:figures"), current=here == "figures"),
        p.Tab(_("找"), reverse("portal:search"), current=here == "search"),
        p.Tab(_("章程"), reverse("portal:charter"), current=here == "charter"),
    )


def _readable(communities: Iterable[UUID], paths: Iterable[str]) -> MatterQuerySet:
    """What everybody here may read: not what only its parties may."""
    return Matter.objects.filter(community__in=communities, audience__in=[EVERYBODY, *paths])


def _open(communities: Iterable[UUID], paths: Iterable[str], first: int, last: int) -> QuerySet[Matter]:
    return with_photo(_readable(communities, paths).standing_open().order_by("-changed_at"))[first:last]


def _solved(communities: Iterable[UUID], paths: Iterable[str], first: int, last: int) -> QuerySet[Matter]:
    found = _readable(communities, paths).filter(ended_at__isnull=False, counts__in=SOLVED)
    return with_photo(found.order_by("-ended_at"))[first:last]


_open_page: Prepared[Matter] = Prepared(_open)
_solved_page: Prepared[Matter] = Prepared(_solved)


def board(standing: Standing, view: View, page: int, now: datetime) -> Board:
    seen = (standing.communities, standing.paths)
    size = PAGE if view else FIRST
    first, last = page_of(page, size) if view else (0, FIRST + 1)
    still = _open_page(*seen, first, last) if view != "solved" else []
    over = _solved_page(*seen, first, last) if view != "open" else []
    steps = open_steps(still[:size])
    lists = [
        _cards(
            "open",
            _("正在办"),
            still,
            size,
            view,
            tuple(held_card(one, steps.get(one.pk, []), now) for one in still[:size]),
        ),
        _cards("solved", _("最近办好的"), over, size, view, tuple(held_card(one, [], now) for one in over[:size])),
    ]
    rates, counted = _rates(standing, now) if not view else ((), "")
    older = len(still if view == "open" else over) > size
    return Board(
        ways=ways("board"),
        rates=rates,
        lists=tuple(one for one in lists if view in ("", one.key)),
        pager=turning(reverse("portal:common"), {"view": view}, page, older) if view else None,
        counted=counted,
    )


def turning(url: str, words: Mapping[str, str], page: int, older: bool) -> p.Pager | None:
    """To the next page and back, with the conditions in the address."""
    if page == 1 and not older:
        return None
    said = {key: value for key, value in words.items() if value}
    at = f"{url}?{urlencode(said)}" if said else url
    turn = f"{at}{'&' if said else '?'}page="
    newer = (f"{turn}{page - 1}" if page > 2 else at) if page > 1 else ""
    return p.Pager(_("第 %(n)s 页") % {"n": page}, newer, f"{turn}{page + 1}" if older else "")


def _cards(key: str, title: str, rows: list[Matter], size: int, view: View, cards: tuple[p.Card, ...]) -> p.Cards:
    calm = {
        "open": p.Empty(_("没有正在办的事"), _("社区里公开办的事，谁在办、办得怎样，都会在这里。")),
        "solved": p.Empty(_("还没有办好的事"), _("办好了的会在这里，怎么办的都写着。")),
    }
    more = f"{reverse('portal:common')}?view={key}" if not view and len(rows) > size else ""
    return p.Cards(title, cards, key, calm[key], more=more, more_words=_("全部"), whole=False)


def _rates(standing: Standing, now: datetime) -> tuple[tuple[RateShown, ...], str]:
    community = community_of(standing)
    if community is None:
        return (), ""
    at = figures.as_of(community, now)
    return telling.rates(figures.rates(community, at)), _counted(at, now)


def _counted(at: datetime, now: datetime) -> str:
    return _("最近 12 周，数到 %(at)s。") % {"at": when(at, now)}


@dataclass(frozen=True)
class Figures:
    ways: tuple[p.Tab, ...]
    rates: tuple[RateShown, ...]
    weekly: Weekly
    by_week: list[tuple[str, tuple[str, ...]]]
    shares: tuple[Shares, ...]
    idle: Idle
    counted: str


_grids: Prepared[tuple[str, str]] = Prepared(
    lambda community: (
        Place.objects.filter(community=community, kind="grid")
        .order_by(Length("path"), "path")  # the ninth before the tenth
        .values_list("path", "name")
    )
)


def figures_page(standing: Standing, now: datetime) -> Figures | None:
    """The rates week by week, and where matters come from. None where somebody belongs to no community."""
    community = community_of(standing)
    charter = charter_in_force(community.pk, now) if community else None
    if community is None or charter is None:
        return None
    at = figures.as_of(community, now)
    found, sources = figures.rates(community, at), figures.sources(community, charter, at)
    names = dict(_grids(community.pk))
    urls = {path: f"{reverse('portal:map')}?place={path}" for path in names}
    return Figures(
        ways=ways("figures"),
        rates=telling.rates(found),
        weekly=telling.coming_and_going(found),
        by_week=telling.weeks_of(found),
        shares=(
            telling.origins(sources.origins),
            telling.channels(sources.origins),
            telling.categories(sources.about, charter),
            telling.places(sources.about, names, urls),
        ),
        idle=idle(idle_meetings(community.pk, standing, now)),
        counted=_counted(at, now),
    )
