"""Try the rules of dispatch on past reports: which rule would have taken each, why, and who had it in fact."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from weizhi.charters.dispatching import Ruling, ruling
from weizhi.charters.models import Charter
from weizhi.charters.titles import who_titles
from weizhi.matters.models import Matter
from weizhi.matters.reads import first_words
from weizhi.places.models import Community
from weizhi.record.models import Entry
from weizhi.reports.suggesting import PRESELECTED, suggest_for

BATCH: Final = 500
DOCUMENT: Final = "report"


@dataclass(frozen=True)
class Tried:
    """One past report under the rules. `guessed`: nobody had sorted it, its words say what it is."""

    matter: Matter
    category: str
    guessed: bool
    ruling: Ruling | None
    had: str = ""  # the post that acted on it first, in words
    same: bool | None = None  # whether the rule names whoever had it; None where nobody has acted yet

    @property
    def n(self) -> int:
        """The rule's place in the list; 0 where none fits."""
        return self.ruling.n if self.ruling else 0


@dataclass
class Tally:
    """What a trial comes to: how many each rule takes, how many of these went there in fact, what no rule takes."""

    taken: Counter[int] = field(default_factory=Counter)
    same: Counter[int] = field(default_factory=Counter)
    other: Counter[int] = field(default_factory=Counter)
    seen: int = 0

    def add(self, tried: Tried) -> None:
        self.seen += 1
        self.taken[tried.n] += 1
        if tried.same is not None:
            (self.same if tried.same else self.other)[tried.n] += 1


def tried(community: Community, charter: Charter, *, newest: int | None = None) -> Iterator[Tried]:
    """Past reports of a community, the newest first, under the rules of a charter. Writes nothing.

    Three queries for each batch: the reports, who acted first, and the words of those that nobody has sorted.
    """
    kinds = [kind.key for kind in charter.kinds.values() if kind.document == DOCUMENT]
    past = Matter.objects.filter(community=community, kind__in=kinds).select_related("place").order_by("-number")
    rows: Iterable[Matter] = past[:newest] if newest else past.iterator(BATCH)
    for batch in in_batches(rows):
        yield from _batch(community, charter, batch)


def in_batches(rows: Iterable[Matter]) -> Iterator[Sequence[Matter]]:
    batch: list[Matter] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _batch(community: Community, charter: Charter, matters: Sequence[Matter]) -> Iterator[Tried]:
    first = _first_hands([matter.pk for matter in matters])
    said = _said([matter.pk for matter in matters if matter.category not in charter.categories])
    for matter in matters:
        guessed = matter.category not in charter.categories
        category = _guess(charter, community, said.get(matter.pk, matter.title)) if guessed else matter.category
        # A rule that takes the rest would take what nobody can place as well: that is no finding about the report.
        found = ruling(charter, category, matter.sorted_as) if category else None
        had = first.get(matter.pk)
        same = None if had is None else bool(found and {had.post, had.body} & set(found.rule.to))
        yield Tried(matter, category, guessed, found, had.title if had else "", same)


@dataclass(frozen=True)
class Hands:
    post: str
    body: str
    title: str


def _first_hands(ids: Sequence[UUID]) -> dict[UUID, Hands]:
    """The post in which each report was first worked on, and its body."""
    rows = Entry.objects.filter(stream__in=ids, verb="handle", holding__isnull=False).order_by("-n")
    columns = ("stream_id", "holding__post", "holding__body__key", "holding__title")
    return {stream: Hands(post, body, title) for stream, post, body, title in rows.values_list(*columns)}


def _said(ids: Sequence[UUID]) -> dict[UUID, str]:
    return dict(first_words(ids)) if ids else {}


def _guess(charter: Charter, community: Community, words: str) -> str:
    found = suggest_for(charter, community.slug, words).category
    return found.key if found and found.certainty >= PRESELECTED else ""


def said(charter: Charter, found: Ruling) -> tuple[str, str]:
    """To whom a rule sends and why, in words."""
    return who_titles(found.rule.to, charter), found.rule.because
