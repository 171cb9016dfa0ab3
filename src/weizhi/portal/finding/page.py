"""The page of a search: what was found, where in it the words stand, who has it now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.matters.models import Matter
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.board.hands import held_card, open_steps
from weizhi.portal.board.page import turning, ways
from weizhi.portal.finding.wanted import Bit, Wanted, bits, found
from weizhi.portal.queries.lists import page_of, with_photo
from weizhi.portal.saying import number, place_words

PAGE: Final = 20


@dataclass(frozen=True)
class Found:
    """One matter: its card, and the texts in which the words were found."""

    card: p.Card
    number: tuple[Bit, ...]
    title: tuple[Bit, ...]
    where: tuple[tuple[str, tuple[Bit, ...]], ...]


@dataclass(frozen=True)
class SearchPage:
    ways: tuple[p.Tab, ...]
    wanted: Wanted
    rows: tuple[Found, ...]
    pager: p.Pager | None
    states: p.Field
    said: str

    @property
    def may_take(self) -> bool:
        return bool(self.rows)


def search_page(standing: Standing, wanted: Wanted, now: datetime) -> SearchPage:
    """Two queries: the matters, and the steps at which they stand."""
    first, last = page_of(wanted.page, PAGE)
    rows = list(with_photo(found(wanted, standing))[first:last]) if wanted.asks else []
    shown = rows[:PAGE]
    steps = open_steps(shown)
    return SearchPage(
        ways=ways("search"),
        wanted=wanted,
        rows=tuple(_row(row, held_card(row, steps.get(row.pk, []), now), wanted) for row in shown),
        pager=turning(reverse("portal:search"), wanted.said, wanted.page, len(rows) > PAGE),
        states=_states(wanted),
        said=_said(wanted, shown, len(rows) > PAGE),
    )


def _row(matter: Matter, card: p.Card, wanted: Wanted) -> Found:
    """The place is named whole, with what it lies in: the word may stand in the name of the estate."""
    places = [place_words(matter.place)]
    parent = matter.place.parent
    while parent is not None and len(places) < 3:
        places.append(place_words(parent))
        parent = parent.parent if "parent" in parent._state.fields_cache else None
    where = [(_("在哪里"), bits(name, wanted.words)) for name in dict.fromkeys(places)]
    hits = tuple((label, cut) for label, cut in where if any(bit.hit for bit in cut))
    said = tuple(Bit(bit.text, bit.hit and bit.text == number(matter)) for bit in bits(number(matter), _padded(wanted)))
    return Found(card, said, bits(matter.title, wanted.words), hits[:1])


def _padded(wanted: Wanted) -> tuple[str, ...]:
    """A number is found whether or not its zeros were typed."""
    return tuple(f"{int(word):04d}" for word in wanted.words if word.isdecimal() and len(word) < 9)


def _states(wanted: Wanted) -> p.Field:
    choices = (p.Choice("open", _("正在办")), p.Choice("ended", _("结束了的")))
    return p.Field(
        "state", "choice", _("办到哪里"), value=wanted.state, choices=choices, compact=True, placeholder=_("全部")
    )


def _said(wanted: Wanted, rows: list[Matter], more: bool) -> str:
    if wanted.too_short:
        return _("一个字太多了,请至少输入两个字;编号一个数字也行。")
    if not wanted.asks:
        return _("可以找:标题里的字、编号、楼栋和地方。几个词用空格隔开,都要有才算。")
    less = _("“%(words)s”只有一个字,没有用来找。") % {"words": " ".join(wanted.skipped)} if wanted.skipped else ""
    if not rows:
        return _("没有找到您看得到的事。换个词,或者少写一个词再试试。") + less
    if more or wanted.page > 1:
        return _("最近有变化的在前。") + less
    return _("找到 %(n)s 件,最近有变化的在前。") % {"n": len(rows)} + less
