"""Is it the same thing that somebody said already? Open matters near by whose words are alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.db.models import Exists, OuterRef, Subquery

from weizhi.charters.models import Charter
from weizhi.matters.fields import WORDS
from weizhi.matters.models import Matter, Party
from weizhi.methods.text.duplicates import LIKELY, opening
from weizhi.methods.text.features import Message, Weights, weigh
from weizhi.people.access import Standing, person_key
from weizhi.places.models import Community, Place
from weizhi.record.models import Payload
from weizhi.reports.suggesting import message_of, suggest_for

LOOKED_THROUGH: Final = 300  # the newest open ones; what is older lies with somebody who asks about it
SHOWN: Final = 3
SAME_HOUSE: Final = 0.20  # in one building few words are enough,
SAME_SORT: Final = 0.08  # and fewer still where both are of one category: one lamp, told in other words
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
    without: Matter | None = None,
) -> list[Similar]:
    """Open matters of the kind near `place` that `who` may see, the likeliest first; never itself. One query.

    Compared are the words as others may read them, by how rare their characters are among all that is open here.
    """
    said = Payload.objects.filter(entry__stream=OuterRef("pk"), entry__n=1, part=WORDS, grade__lt=2)
    own = Party.objects.filter(matter=OuterRef("pk"), who=person_key(who.person_id) if who.person_id else "")
    rows = (
        Matter.objects.visible_to(who)
        .standing_open()
        .filter(community=community, kind=kind)
        .select_related("place__parent__parent")
        .annotate(said=Subquery(said.values("body")[:1]), own=Exists(own))
        .order_by("-changed_at")[:LOOKED_THROUGH]
    )
    known = [(matter, _said(matter)) for matter in rows if matter != without]
    new = opening(message_of(words))
    weights = weigh([*(_opening(matter.title, text) for matter, text in known), new], at_least=1)
    category = _category(charter, community, words)
    found = []
    for matter, text in known:
        if not _near(matter.place, place):
            continue
        one = Similar(
            matter, _cosine(weights, _opening(matter.title, text), new), _same_house(matter.place, place), _own(matter)
        )
        least = SAME_HOUSE if one.same_house else LIKELY
        if one.same_house and one.cosine >= SAME_SORT and category == _category(charter, community, text) != "":
            least = SAME_SORT
        found += [one] if one.cosine >= least else []
    return sorted(found, key=lambda one: (-one.cosine, one.matter.number))[:SHOWN]


def _said(matter: Matter) -> str:
    """The words of its report, as the query above brought them; the title where they are for its parties alone."""
    return str(getattr(matter, "said", None) or matter.title)


def _own(matter: Matter) -> bool:
    return bool(getattr(matter, "own", False))


def _category(charter: Charter, community: Community, words: str) -> str:
    """The branch of the tree that the words point to: one neighbour says lamp, another says broken."""
    found = suggest_for(charter, community.slug, words).category
    key = found.key if found else ""
    for _depth in charter.categories:
        above = charter.categories[key].parent if key in charter.categories else None
        key = above or key
    return key


def _near(one: Place, other: Place) -> bool:
    """In one building or grid, or the one lies within the other: a report for the whole estate is near all of it."""
    return (
        any(one.at_level(level) and one.at_level(level) == other.at_level(level) for level in WITHIN)
        or f"{one.path}/".startswith(f"{other.path}/")
        or f"{other.path}/".startswith(f"{one.path}/")
    )


def _same_house(one: Place, other: Place) -> bool:
    return (one.at_level("building") or one.path) == (other.at_level("building") or other.path)


@lru_cache(maxsize=4096)
def _opening(title: str, words: str) -> Mapping[str, int]:
    """What is compared of a matter; the same for everybody who asks until somebody changes it."""
    return opening(Message("", title, words))


def _cosine(weights: Weights, one: Mapping[str, int], other: Mapping[str, int]) -> float:
    asked = dict(zip(*weights.row(other), strict=True))
    places, values = weights.row(one)
    return sum(value * asked.get(place, 0.0) for place, value in zip(places, values, strict=True))
