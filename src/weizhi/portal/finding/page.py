"""The page of a search: what was found, where in it the words stand, who has it now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.matters.models import Matter
from weizhi.matters.reads import first_words
from weizhi.people.access import Standing
from weizhi.places.prepared import Prepared
from weizhi.portal import pieces as p
from weizhi.portal.board.hands import held_card, open_steps
from weizhi.portal.board.page import turning, ways
from weizhi.portal.finding.wanted import Bit, Wanted, bits, found
from weizhi.portal.queries.lists import page_of, with_photo
from weizhi.portal.saying import number, place_words

PAGE: Final = 20
AROUND: Final = 40  # characters of what was said


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
    """Three queries: the matters, the steps at which they stand, and what was said when they were raised."""
    first, last = page_of(wanted.page, PAGE)
    rows = list(with_photo(found(wanted, standing))[first:last]) if wanted.asks else []
    shown = rows[:PAGE]
    steps = open_steps(shown)
    said = _words_of(shown) if wanted.q else {}
    return SearchPage(
        ways=ways("search"),
        wanted=wanted,
        rows=tuple(
            _row(row, held_card(row, steps.get(row.pk, []), now), said.get(row.pk, ""), wanted) for row in shown
        ),
        pager=turning(reverse("portal:search"), wanted.said, wanted.page, len(rows) > PAGE),
        states=_states(wanted),
        said=_said(wanted, shown, len(rows) > PAGE),
    )


_said_first: Prepared[tuple[UUID, str]] = Prepared(first_words)


def _words_of(matters: list[Matter]) -> dict[UUID, str]:
    """What the index knows beside title and place: the words that everybody may read who sees the matter."""
    return dict(_said_first(tuple(row.pk for row in matters))) if matters else {}


def _about(text: str, wanted: Wanted) -> tuple[Bit, ...]:
    """The words around the first that was found."""
    cut = bits(text, wanted.words)
    first = next((n for n, bit in enumerate(cut) if bit.hit), None)
    if first is None:
        return ()
    before = cut[first - 1].text if first else ""
    rest, left = [], AROUND
    for bit in cut[first:]:
        rest.append(Bit(bit.text[:left], bit.hit))
        left -= len(bit.text)
        if left <= 0:
            rest.append(Bit("…"))
            break
    return (Bit(("…" if len(before) > AROUND // 2 else "") + before[-AROUND // 2 :]), *rest)


def _row(matter: Matter, card: p.Card, said: str, wanted: Wanted) -> Found:
    """The place is named whole, with what it lies in: the word may stand in the name of the estate."""
    places = [place_words(matter.place)]
    parent = matter.place.parent
    while parent is not None and len(places) < 3:
        places.append(place_words(parent))
        parent = parent.parent if "parent" in parent._state.fields_cache else None
    where = [(_("在哪里"), bits(name, wanted.words)) for name in dict.fromkeys(places)]
    hits = tuple((label, cut) for label, cut in where if any(bit.hit for bit in cut))
    title = bits(matter.title, wanted.words)
    if not any(bit.hit for bit in title) and (around := _about(said, wanted)):
        hits = ((_("说的话里"), around), *hits[:1])
    digits = tuple(Bit(bit.text, bit.hit) for bit in bits(number(matter), _padded(wanted)))
    return Found(card, digits, title, hits[:2])


def _padded(wanted: Wanted) -> tuple[str, ...]:
    """A number is found whether or not its zeros were typed."""
    return () if wanted.number is None else (f"{wanted.number:04d}",)


def _states(wanted: Wanted) -> p.Field:
    choices = (p.Choice("open", _("正在办")), p.Choice("ended", _("结束了的")))
    return p.Field(
        "state", "choice", _("办到哪里"), value=wanted.state, choices=choices, compact=True, placeholder=_("全部")
    )


def _said(wanted: Wanted, rows: list[Matter], more: bool) -> str:
    if wanted.too_short:
        return _("一个字太多了，请至少输入两个字；编号一个数字也行。")
    if not wanted.asks:
        return _("可以找：报的时候说的话、编号、楼栋和地方。几个词用空格隔开，都要有才算。")
    if not rows:
        return _("没有找到您看得到的事。换个词，或者少写一个词再试试。")
    order = _("最近报的在前。") if wanted.q else _("最近有变化的在前。")
    if more or wanted.page > 1:
        return order
    return _("找到 %(n)s 件。") % {"n": len(rows)} + order
