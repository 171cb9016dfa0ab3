"""Before it is sent: what the report looks like, who said the same near by, and what neighbours will read of it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.charters.models import Charter, MatterKind
from weizhi.matters import rules
from weizhi.matters.published import numbers_of
from weizhi.methods.text.masking import Masked, mask
from weizhi.people.access import Standing
from weizhi.places.models import Community, Place
from weizhi.portal.pieces import Chip
from weizhi.portal.queries.lists import state_chip
from weizhi.portal.saying import number, place_words, when
from weizhi.reports.near import Similar, similar
from weizhi.reports.suggesting import SIZES, Suggested, suggest_for

ENOUGH: Final = 2  # characters, before which nothing can be said about them
FOLLOW: Final = "follow"
DOCUMENT: Final = "report"
HIDDEN: Final = {
    "email": gettext_lazy("邮箱"),
    "id": gettext_lazy("身份证号"),
    "card": gettext_lazy("银行卡号"),
    "mobile": gettext_lazy("手机号"),
    "landline": gettext_lazy("座机号"),
    "plate": gettext_lazy("车牌号"),
}


@dataclass(frozen=True)
class Neighbour:
    """An open matter that may be the same, and the form that follows it."""

    title: str
    url: str
    line: str
    chip: Chip
    act: str
    key: str
    follows: bool  # whether it can be followed here and now
    mine: bool


@dataclass(frozen=True)
class Run:
    """A piece of the words as neighbours read them; `hidden` where something personal was."""

    text: str
    hidden: bool = False


@dataclass(frozen=True)
class Looks:
    """What it looks like, and why."""

    title: str
    because: str


@dataclass(frozen=True)
class Before:
    """What stands between the words and the button. `seen` goes back with the report: this was read."""

    seen: str = ""
    near: tuple[Neighbour, ...] = ()
    looks: tuple[Looks, ...] = ()
    shown: tuple[Run, ...] = ()
    hidden: str = ""
    place: str = ""
    asked: bool = False  # the page itself asks, because there was no script to show this while the words were typed

    @property
    def decides(self) -> bool:
        """Whether there is something here that the person may want to decide otherwise."""
        return bool(self.near or self.hidden)


def digest(words: str, place: UUID | None, kind: str) -> str:
    """By what a report is known to be the one that was shown."""
    return hashlib.sha256(f"{kind}\n{place or ''}\n{words.strip()}".encode()).hexdigest()[:16]


def before(
    who: Standing, community: Community, charter: Charter, kind: MatterKind, place_id: UUID | None, words: str,
    now: datetime, asked: bool = False,
) -> Before:  # fmt: skip
    """Two queries: the place, and what is open near it."""
    seen = digest(words, place_id, kind.key)
    if len(words.strip()) < ENOUGH:
        return Before(seen, asked=asked)
    place = place_of(community, place_id)
    found = similar(who, community, charter, kind.key, place, words) if place else []
    suggested = suggest_for(charter, community.slug, words) if kind.document == DOCUMENT else Suggested()
    masked = mask(words.strip(), numbers_of(charter.hash))
    return Before(
        seen=seen,
        place=place_words(place) if place else "",
        near=tuple(_neighbour(one, kind, now) for one in found),
        looks=tuple(_looks(charter, suggested)),
        shown=() if kind.visible in rules.PARTIES_CLASSES else _runs(words.strip(), masked),
        hidden="、".join(dict.fromkeys(str(HIDDEN[span.kind]) for span in masked.spans)),
        asked=asked,
    )


def _looks(charter: Charter, suggested: Suggested) -> Iterator[Looks]:
    if one := suggested.category:
        yield Looks(charter.categories[one.key].title, one.reason)
    if size := suggested.size:
        yield Looks(str(SIZES[size.size]), size.reason)


def place_of(community: Community, pk: UUID | None) -> Place | None:
    """The place of a new matter: the one named, else the community itself."""
    named = Place.objects.filter(community=community, pk=pk) if pk else Place.objects.filter(path=community.slug)
    return named.select_related("parent__parent").first()


def _neighbour(one: Similar, kind: MatterKind, now: datetime) -> Neighbour:
    matter = one.matter
    return Neighbour(
        title=matter.title,
        url=reverse("portal:matter", args=[matter.pk]),
        line=f"{_('编号')} {number(matter)} · {place_words(matter.place)} · {when(matter.raised_at, now)}",
        chip=state_chip(matter),
        act=reverse("portal:act", args=[matter.pk]),
        key=str(uuid4()),
        follows=FOLLOW in kind.always and not one.mine,
        mine=one.mine,
    )


def _runs(words: str, masked: Masked) -> tuple[Run, ...]:
    runs: list[Run] = []
    done = 0
    for span in masked.spans:
        runs += [Run(words[done : span.start]), Run(span.shown, hidden=True)]
        done = span.end
    return tuple(run for run in [*runs, Run(words[done:])] if run.text)
