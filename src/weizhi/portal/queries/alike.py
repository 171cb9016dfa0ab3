"""Whether a matter is one that somebody reported already: what is like it, beside it, each with one button to merge."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.urls import reverse

from weizhi.matters.merging import MERGE
from weizhi.matters.models import Matter
from weizhi.matters.moving import handlers_of
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.reads import first_words
from weizhi.matters.rules import here_at
from weizhi.people.access import Standing
from weizhi.portal.pieces import Chip
from weizhi.portal.queries.lists import WHOLE_PLACE, state_chip
from weizhi.portal.saying import number, place_words, when
from weizhi.reports.near import similar


@dataclass(frozen=True)
class Alike:
    """Another open matter that may be the same thing."""

    number: str
    title: str
    url: str
    where: str
    chip: Chip
    into: int
    key: str


@dataclass(frozen=True)
class AlikePage:
    matter: Matter
    alike: tuple[Alike, ...]
    act: str


def alike_page(matter_id: UUID, standing: Standing, now: datetime) -> AlikePage | None:
    """Three queries: the matter, what was said of it, and what is open near by. None where nothing can be merged."""
    visible = Matter.objects.visible_to(standing).standing_open()
    matter = visible.select_related("community", "stream", WHOLE_PLACE).filter(pk=matter_id).first()
    if matter is None or not may_merge(matter, standing):
        return None
    charter, said = charter_by_hash(matter.charter_id), dict(first_words([matter.pk]))
    words = said.get(matter.pk) or matter.title
    found = similar(standing, matter.community, charter, matter.kind, matter.place, words, without=matter.pk)
    return AlikePage(matter, tuple(_alike(one.matter, now) for one in found), reverse("portal:act", args=[matter.pk]))


def may_merge(matter: Matter, standing: Standing) -> bool:
    """By the same test as the act: the kind lets merge, and the person is one of those who handle it."""
    charter = charter_by_hash(matter.charter_id)
    kind = charter.kinds[matter.kind]
    here = here_at(matter.place.levels, matter.place.path, kind.raised_in)
    return MERGE in kind.always and not standing.keys.isdisjoint(handlers_of(charter, matter.kind, here))


def _alike(matter: Matter, now: datetime) -> Alike:
    return Alike(
        number=number(matter),
        title=matter.title,
        url=reverse("portal:matter", args=[matter.pk]),
        where=f"{place_words(matter.place)} · {when(matter.raised_at, now)}",
        chip=state_chip(matter),
        into=matter.number,
        key=str(uuid4()),
    )
