"""Which place a word means: buildings by estate and number, estates and grids by code or name."""

from collections.abc import Iterable
from functools import cached_property

from weizhi.census.known import Here

CALLED = ("estate", "grid")


class Atlas:
    """An index of places that grows with those that are made."""

    def __init__(self, places: Iterable[Here]) -> None:
        self._buildings: dict[tuple[str, str], Here] = {}
        self._by_number: dict[str, dict[str, Here]] = {}
        self._called: dict[tuple[str, str], Here] = {}
        for place in places:
            self.add(place)

    def add(self, place: Here) -> None:
        if place.kind in CALLED:
            self._called.setdefault((place.kind, place.code), place)
            self._called.setdefault((place.kind, place.name), place)
        elif place.kind == "building":
            estate = place.parent.code if place.parent and place.parent.kind == "estate" else ""
            for number in {place.code, place.code.removeprefix(f"{estate}-") if estate else place.code}:
                self._buildings[(estate, number)] = place
                self._by_number.setdefault(number, {})[place.code] = place
            self.__dict__.pop("numbers", None)

    def building(self, estate: str, number: str) -> Here | None:
        return self._buildings.get((estate, number))

    def only_building(self, number: str) -> Here | None:
        """The building of this number where only one estate has one."""
        found = self._by_number.get(number, {})
        return next(iter(found.values())) if len(found) == 1 else None

    def estates_with(self, number: str) -> list[str]:
        return sorted(place.parent.name for place in self._by_number.get(number, {}).values() if place.parent)

    @cached_property
    def numbers(self) -> list[str]:
        return sorted(self._by_number)

    def called(self, kind: str, word: str) -> Here | None:
        return self._called.get((kind, word))

    def names(self, kind: str) -> list[str]:
        return [word for of, word in self._called if of == kind]
