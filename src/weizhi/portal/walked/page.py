"""The marks of one walk: grouped by what people said of the place, on the drawn map and as a list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from weizhi.charters.deciding import DECIDING, IntakeParams
from weizhi.matters.holding import values_of
from weizhi.matters.kinds.intake import sorting_field
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.access import Standing
from weizhi.portal import pieces as p
from weizhi.portal.board import atlas
from weizhi.portal.board.drawn import drawn, version_of
from weizhi.portal.proposing.page import propose_url
from weizhi.portal.queries.lists import end_words, with_photo
from weizhi.portal.saying import due_chip, matter_url, number, place_words

AT_MOST: Final = 300
LOOKS: Final = 4  # shapes on the map; a fifth answer looks like the fourth
APART: Final = 64.0  # of two signs at one place, in units of the sheet


@dataclass(frozen=True)
class Sign:
    """Marks of one kind at one place of the map."""

    look: int
    x: float
    y: float
    count: int
    words: str


@dataclass(frozen=True)
class Group:
    """One of the charter's answers, and what was marked so."""

    look: int
    title: str
    cards: p.Cards


@dataclass(frozen=True)
class MarksPage:
    title: str
    url: str
    number: str
    chip: p.Chip
    said: str
    mark: str  # where to add one, while it takes in
    sheet: atlas.Sheet | None
    signs: tuple[Sign, ...]
    unplaced: int  # at places that nobody has drawn: they stand in the list alone
    groups: tuple[Group, ...]


def marks_page(matter: Matter, who: Standing, now: datetime) -> MarksPage | None:
    """Four queries: the step, the marks, what was said of each, whether the drawn map is still true; the map once."""
    charter = charter_by_hash(matter.charter_id)
    steps = charter.procedure_of(matter.kind).steps
    keys = [key for key, step in steps.items() if step.params.get("sorts")]
    row = StepRow.objects.filter(matter=matter, key__in=keys).order_by("-opened_at").first() if keys else None
    if row is None:
        return None
    params: IntakeParams = steps[row.key].parsed(DECIDING["intake"])
    titles = {choice.key: choice.title or choice.key for choice in sorting_field(charter, params).choices}
    seen = with_photo(Matter.objects.visible_to(who).filter(held_by=matter, kind=params.of).order_by("number"))
    marks = list(seen[:AT_MOST])
    said = values_of(marks, str(params.sorts))
    places = atlas.sheet(drawn(matter.community_id, version_of(matter.community_id)))
    signs, unplaced = _signs(places, marks, said, titles)
    takes_in = row.closed_at is None and (row.due is None or now < row.due)
    return MarksPage(
        title=matter.title, url=matter_url(matter.pk), number=number(matter),
        chip=due_chip(row.due, now) if takes_in else p.Chip(_("收完了"), "done"),
        said=_("一共 %(n)s 处") % {"n": len(marks)},
        mark=propose_url(matter, params.of) if takes_in else "",
        sheet=places, signs=signs, unplaced=unplaced,
        groups=tuple(
            Group(min(n, LOOKS - 1), title, _cards(n, title, [one for one in marks if said.get(one.pk) == key]))
            for n, (key, title) in enumerate(titles.items())
        ),
    )  # fmt: skip


def _cards(n: int, title: str, marks: Sequence[Matter]) -> p.Cards:
    cards = tuple(
        p.Card(
            title=one.title, url=matter_url(one.pk), where=f"{number(one)} · {place_words(one.place)}",
            chips=(end_words(one),) if one.ended_at else (), photo=_photo(one),
        )
        for one in marks
    )  # fmt: skip
    return p.Cards(title, cards, f"marks-{n}", p.Empty(_("还没有人标"), _("走到哪里，看到了就标上。")))


def _photo(one: Matter) -> str:
    photo: UUID | None = getattr(one, "photo", None)
    return reverse("portal:photo-small", args=[photo]) if photo else ""


def _signs(
    sheet: atlas.Sheet | None, marks: Sequence[Matter], said: Mapping[UUID, str], titles: Mapping[str, str]
) -> tuple[tuple[Sign, ...], int]:
    """Where on the drawn map they stand: at the place itself, else at the nearest drawn one above it."""
    shapes = {one.path: one for one in (*sheet.ground, *sheet.grids, *sheet.buildings)} if sheet else {}
    at: dict[str, dict[str, int]] = {}
    unplaced = 0
    for one in marks:
        path = next((path for path in _upwards(one.place.path) if path in shapes), "")
        if not path or one.pk not in said:
            unplaced += 1
            continue
        here = at.setdefault(path, {})
        here[said[one.pk]] = here.get(said[one.pk], 0) + 1
    return tuple(_laid(shapes, at, titles)), unplaced


def _laid(
    shapes: Mapping[str, atlas.Shape], at: Mapping[str, Mapping[str, int]], titles: Mapping[str, str]
) -> Iterator[Sign]:
    order = list(titles)
    for path, here in at.items():
        shape, kinds = shapes[path], [key for key in order if key in here]
        for n, key in enumerate(kinds):
            shift = (n - (len(kinds) - 1) / 2) * APART
            words = _("%(place)s：%(what)s %(n)s 处") % {"place": shape.name, "what": titles[key], "n": here[key]}
            yield Sign(min(order.index(key), LOOKS - 1), round(shape.x + shift, 1), shape.y, here[key], words)


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]
