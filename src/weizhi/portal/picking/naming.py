"""Several places as people name them, “3号楼、5号楼2单元、小广场”: what is not sure is told, never guessed."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from weizhi.charters.findings import nearest
from weizhi.portal.picking.listing import Listed, only_number, plain, squeezed

APART: Final = re.compile(r"[、，,；;。\r\n]+|(?<=\d)\s+(?=\d)")
JOINED: Final = re.compile(r"\s+|和|及|与|跟")  # also stand inside a name, so only where the whole is none
LONGEST: Final = 60  # signs of a name
Number = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Unsure:
    """What was said and is no place, or several."""

    said: str
    several: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood, each place once in the order in which it was said; and what was not."""

    places: tuple[Listed, ...]
    unsure: tuple[Unsure, ...]


def said_apart(text: str) -> list[str]:
    return [part for said in APART.split(text) if (part := said.strip())]


class Names:
    """The places of a community by all that they may be called: made once, since a town has ten thousand."""

    def __init__(self, places: Sequence[Listed]) -> None:
        self.places = tuple(places)
        self.right = right_names(places)
        estates = (one for one in places if one.kind == "estate")
        self._estates = sorted(estates, key=lambda one: -len(one.words))
        self._called: dict[str, list[Listed]] = defaultdict(list)
        self._numbered: dict[Number, list[Listed]] = defaultdict(list)
        for one in places:
            for name in {one.plain, one.code.lower()}:
                self._called[name].append(one)
            if one.number[0]:
                self._numbered[one.number].append(one)

    def heard(self, text: str) -> Heard:
        found: dict[UUID, Listed] = {}
        unsure: list[Unsure] = []
        last: Listed | None = None
        for said in said_apart(text):
            meant = self._beside(last, said) if last else self._meant(said)
            several = meant if len(meant) == 1 else self._joined(said)
            found |= {one.pk: one for one in several}
            unsure += [] if several else [Unsure(said, tuple(meant))]
            last = several[-1] if several else None
        return Heard(tuple(found.values()), tuple(unsure))

    def nearest(self, said: str) -> str:
        """The right name that what was said was probably meant to be, or nothing; in the estate that it begins with."""
        estate, rest = self._estate_in(said[:LONGEST])
        inside = (one for one in self.places if estate is None or one.estate == estate.path)
        compared = {_compared(one.words): one for one in reversed(list(inside))}
        close = nearest(_compared(rest), compared)
        return self.right[compared[close].pk] if close else ""

    def _meant(self, said: str) -> list[Listed]:
        """Those that are called so; else those of the estate that is said first; else those whose names hold it."""
        if len(said) > LONGEST:
            return []
        if of_name := self._of_name(said):
            return of_name
        estate, rest = self._estate_in(said)
        if estate and rest:
            found = self._of_name(rest) or self._holding(rest)
            if inside := [one for one in found if one.estate == estate.path and one is not estate]:
                return inside
        return self._holding(said)

    def _of_name(self, said: str) -> list[Listed]:
        """Those of which it is the whole name, number or code: “3号楼旁边” is none of them, nor is a home."""
        wanted, home = plain(said), only_number(said)
        numbers: set[Number] = {(wanted, None)} | ({(home.building, home.unit)} if home and home.building else set())
        found = {one.pk: one for one in self._called.get(wanted, ())}
        found |= {one.pk: one for number in numbers for one in self._numbered.get(number, ())}
        paths = {one.path for one in found.values()}  # a stairwell without a number is numbered as its building
        return [one for one in found.values() if one.above not in paths]

    def _holding(self, said: str) -> list[Listed]:
        wanted = plain(said)
        return [one for one in self.places if wanted in one.plain]

    def _estate_in(self, said: str) -> tuple[Listed | None, str]:
        """The estate that is said first, and the rest."""
        whole = squeezed(said)
        for estate in self._estates:
            if whole.startswith(name := squeezed(estate.words)):
                return estate, whole.removeprefix(name).removeprefix("的")
        return None, said

    def _beside(self, last: Listed, said: str) -> list[Listed]:
        """“3号楼1单元、2单元”: a stairwell alone is one of the building that was said just before."""
        home = only_number(said)
        if home is None or home.building:
            return self._meant(said)
        stairwells = self._numbered.get((last.number[0], home.unit), ())
        return [one for one in stairwells if one.above in (last.path, last.above)]

    def _joined(self, said: str) -> list[Listed]:
        """“3号楼和5号楼”, “3号楼 5号楼”: each by itself, where each is one."""
        parts = [part for part in JOINED.split(said) if part]
        found: list[Listed] = []
        for part in parts if len(parts) > 1 else ():
            meant = self._meant(part)
            if len(meant) != 1:
                return []
            found += meant
        return found


def right_names(places: Sequence[Listed]) -> Mapping[UUID, str]:
    """What to write to mean each: as it is called; behind its estate where others are called so; else its code."""
    estates = {one.path: one.words for one in places if one.kind == "estate"}
    often = Counter(one.plain for one in places)
    longer = {
        one.pk: f"{estates[one.estate]} {one.words}"
        if often[one.plain] > 1 and one.estate in estates and one.kind != "estate"
        else one.words
        for one in places
    }
    again = Counter(map(plain, longer.values()))
    codes = {one.pk: one.code for one in places if again[plain(longer[one.pk])] > 1 or APART.search(longer[one.pk])}
    return longer | codes


def _compared(name: str) -> str:
    """Each word for a house the same and written out: a slip in one is then a slip in one sign of two."""
    return plain(name).replace("#", "号楼")
