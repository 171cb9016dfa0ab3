"""Every place that a report may name, read once until the registry changes; and what somebody types, found in it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from weizhi.census.signs import natural
from weizhi.methods.text.places import Home, homes
from weizhi.places.models import PART_OF, Place
from weizhi.places.prepared import Prepared

LISTED: Final = ("estate", "building", "stairwell", "space", "grid")
AT_MOST: Final = 20_000
HOUSE: Final = re.compile(r"号楼|栋|幢|座")  # one thing in four words


@dataclass(frozen=True, slots=True)
class Listed:
    """A place as the picker needs it; `number` is how its building and stairwell are numbered, as far as they are."""

    pk: UUID
    path: str
    kind: str
    code: str
    words: str
    estate: str
    plain: str
    number: tuple[str | None, str | None]

    @property
    def above(self) -> str:
        return self.path.rpartition("/")[0]


_rows: Prepared[tuple[UUID, str, str, str, str]] = Prepared(
    lambda community: (
        Place.objects.filter(community=community, kind__in=LISTED)
        .order_by("path")
        .values_list("pk", "path", "kind", "code", "name")[:AT_MOST]
    )
)


@lru_cache(maxsize=32)
def listed(community: UUID, version: int) -> tuple[Listed, ...]:
    """The places of a community, as people count them. `version`: the registry's, where every change is an entry."""
    return counted(_rows(community))


def counted(registered: Iterable[tuple[UUID, str, str, str, str]]) -> tuple[Listed, ...]:
    rows = {path: (pk, kind, code, name) for pk, path, kind, code, name in registered}
    found: dict[str, Listed] = {}
    for path, (pk, kind, code, name) in rows.items():  # by path: what encloses a place stands before it
        above = found.get(path.rpartition("/")[0])
        words = f"{above.words} {name}" if above and kind in PART_OF else name
        estate = path if kind == "estate" else above.estate if above else ""
        found[path] = Listed(pk, path, kind, code, words, estate, plain(words), _number(kind, name, above))
    return tuple(sorted(found.values(), key=lambda one: natural(one.path)))


def _number(kind: str, name: str, above: Listed | None) -> tuple[str | None, str | None]:
    said = next(iter(homes(name)), None)
    if kind == "building":
        return (said.building if said else None) or name.strip(), None
    if kind == "stairwell" and above:
        return above.number[0], said.unit if said else None
    return None, None


def squeezed(text: str) -> str:
    """However wide the signs are, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def plain(text: str) -> str:
    """As it is compared: squeezed, and each word for a house the same."""
    return HOUSE.sub("#", squeezed(text))


def like(places: Iterable[Listed], typed: str) -> list[Listed]:
    """The places that what was typed may mean, the likeliest first."""
    wanted = plain(typed)
    if not wanted:
        return []
    numbers = _numbers(typed)
    ranked = [(rank, n, one) for n, one in enumerate(places) if (rank := _rank(one, wanted, numbers)) is not None]
    return [one for _likely, _n, one in sorted(ranked, key=lambda found: found[:2])]


def the_one(places: Sequence[Listed], typed: str) -> Listed | None:
    """The place that was typed, where it can only be one."""
    found = like(places, typed)
    exact = [one for one in found if _rank(one, plain(typed), _numbers(typed)) == 0]
    return exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None


def only_number(said: str) -> Home | None:
    """The building or stairwell that is said by its number, where nothing else is said, and no room in it."""
    found = homes(said)
    if len(found) != 1 or found[0].room or said[found[0].start : found[0].end].strip() != said.strip():
        return None
    return found[0]


def _numbers(typed: str) -> set[tuple[str | None, str | None]]:
    """The buildings and stairwells that are said; a number alone is a building's."""
    said: set[tuple[str | None, str | None]] = {(home.building, home.unit) for home in homes(typed) if home.building}
    return said | {(plain(typed), None)}


def _rank(one: Listed, wanted: str, numbers: set[tuple[str | None, str | None]]) -> int | None:
    if one.plain == wanted or one.code.lower() == wanted or one.number in numbers:
        return 0
    if one.plain.startswith(wanted) or one.code.lower().startswith(f"{wanted}-"):
        return 1
    if one.number[0] and (one.number[0], None) in numbers:
        return 1
    return 2 if wanted in one.plain else None
