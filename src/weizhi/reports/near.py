"""Is it the same thing that somebody said already? Open matters near by whose words are alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from weizhi.charters.models import Charter
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter, Party
from weizhi.matters.reads import seen_by
from weizhi.methods.text.duplicates import likely_from, opening
from weizhi.methods.text.features import Message, Weights, weigh
from weizhi.people.access import Standing, person_key
from weizhi.places.models import Community, Place
from weizhi.places.prepared import Prepared
from weizhi.record.models import Payload
from weizhi.reports.suggesting import message_of, suggest_for

LOOKED_THROUGH: Final = 300  # the newest open ones; what is older lies with somebody who asks about it
SHOWN: Final = 3
SAME_SORT: Final = 0.08  # in one house and of one category few words are enough: one lamp, told in other words
WITHIN: Final = ("building", "grid")


@dataclass(frozen=True)
class Similar:
    """An open matter that may be the same; `mine`: this person has to do with it already."""

    matter: Matter
    cosine: float
    same_house: bool
    mine: bool


def similar(
    who: Standing,
    community: Community,
    charter: Charter,
    kind: str,
    place: Place,
    words: str,
    without: UUID | None = None,
) -> list[Similar]:
    """Open matters of the kind near `place` that `who` may see, the likeliest first; never itself. Two queries.

    Compared are the words as others may read them, by how rare their characters are among all that is open here.
    """
    me = person_key(who.person_id) if who.person_id else ""
    known = [row for row in map(_Known._make, _open(community.pk, kind, me, who.keys, who.paths)) if row.pk != without]
    new = opening(message_of(words))
    weights = weigh([*(row.opening for row in known), new], at_least=1)
    asked = dict(zip(*weights.row(new), strict=True))
    sort = cache(partial(_category, charter, community))  # many say the same in the same words
    found: list[tuple[float, _Known, bool]] = []
    for row in known:
        if not _near(row, place):
            continue
        cosine, same_house = _cosine(weights, row.opening, asked), _house(row) == _house(place)
        least = likely_from(min(len(words), len(row.words)), same_house=same_house)
        if same_house and cosine >= SAME_SORT and sort(words) == sort(row.words) != "":
            least = SAME_SORT
        found += [(cosine, row, same_house)] if cosine >= least else []
    best = sorted(found, key=lambda one: (-one[0], one[1].number))[:SHOWN]
    whole = Matter.objects.select_related("place__parent__parent").in_bulk([row.pk for _cosine, row, _same in best])
    return [Similar(whole[row.pk], cosine, same_house, row.own) for cosine, row, same_house in best]


class _Known(NamedTuple):
    """What is compared of an open matter: its words as others may read them, its place, whether it is one's own."""

    pk: UUID
    number: int
    title: str
    path: str
    levels: Mapping[str, str]
    said: str | None
    own: bool

    @property
    def words(self) -> str:
        """The title where the words are for its parties alone."""
        return str(self.said or self.title)

    @property
    def opening(self) -> Mapping[str, int]:
        return _opening(self.title, self.words)

    def at_level(self, level: str) -> str | None:
        return self.levels.get(level)


def _newest(
    community: UUID, kind: str, me: str, keys: Iterable[str], paths: Iterable[str]
) -> QuerySet[Matter, tuple[Any, ...]]:
    said = Payload.objects.filter(entry__stream=OuterRef("pk"), entry__n=1, part=WORDS, grade__lt=2)
    own = Party.objects.filter(matter=OuterRef("pk"), who=me)
    found = Matter.objects.visible_to(seen_by(keys, paths)).standing_open().filter(community=community, kind=kind)
    told = found.annotate(said=Subquery(said.values("body")[:1]), own=Exists(own)).order_by("-changed_at")
    columns = ("pk", "number", "title", "place__path", "place__levels", "said", "own")
    return told.values_list(*columns)[:LOOKED_THROUGH]


_open: Prepared[tuple[Any, ...]] = Prepared(_newest)


def _category(charter: Charter, community: Community, words: str) -> str:
    """The branch of the tree that the words point to: one neighbour says lamp, another says broken."""
    found = suggest_for(charter, community.slug, words).category
    key = found.key if found else ""
    for _depth in charter.categories:
        above = charter.categories[key].parent if key in charter.categories else None
        key = above or key
    return key


def _near(one: _Known, other: Place) -> bool:
    """In one building or grid, or the one lies within the other: a report for the whole estate is near all of it."""
    return (
        any(one.at_level(level) and one.at_level(level) == other.at_level(level) for level in WITHIN)
        or f"{one.path}/".startswith(f"{other.path}/")
        or f"{other.path}/".startswith(f"{one.path}/")
    )


def _house(place: _Known | Place) -> str:
    return place.at_level("building") or place.path


@lru_cache(maxsize=4096)
def _opening(title: str, words: str) -> Mapping[str, int]:
    """What is compared of a matter; the same for everybody who asks until somebody changes it."""
    return opening(Message("", title, words))


def _cosine(weights: Weights, one: Mapping[str, int], asked: Mapping[int, float]) -> float:
    places, values = weights.row(one)
    return sum(value * asked.get(place, 0.0) for place, value in zip(places, values, strict=True))
