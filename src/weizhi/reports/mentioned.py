"""Where is it, by what was said: "3 栋 2 单元的灯" is a place of ours if it can only be one."""

from collections import defaultdict
from collections.abc import Iterable

from weizhi.methods.text.places import Gazetteer, homes
from weizhi.places.models import Place

BUILDING, STAIRWELL = "building", "stairwell"


def mentioned(places: Iterable[Place], words: str) -> Place | None:
    """The one place of these that the words name, the closest where one lies in another; None where it is unsure."""
    known = _numbered(places := list(places))
    found: list[Place] = []
    for home in homes(words):
        named = known.get((home.building, home.unit)) or known.get((home.building, None)) or []
        found += named if len(named) == 1 else []
    names = Gazetteer({place.name: str(place.pk) for place in places if place.kind not in (BUILDING, STAIRWELL)})
    by_id = {str(place.pk): place for place in places}
    found += [by_id[one.place] for one in names.named(words)]
    closest = max(found, key=lambda place: len(place.path), default=None)
    if closest is None or any(not f"{closest.path}/".startswith(f"{place.path}/") for place in found):
        return None  # two places were named: a person decides
    return closest


def _numbered(places: Iterable[Place]) -> dict[tuple[str | None, str | None], list[Place]]:
    """Buildings and stairwells by the numbers in their names; numbers come again in the next estate."""
    known: dict[tuple[str | None, str | None], list[Place]] = defaultdict(list)
    number: dict[object, str | None] = {}
    for place in places:
        if place.kind == BUILDING:
            number[place.pk] = next((home.building for home in homes(place.name)), None) or place.name.strip()
            known[number[place.pk], None].append(place)
    for place in places:
        if place.kind == STAIRWELL and place.parent_id in number:
            unit = next((home.unit for home in homes(place.name)), None)
            known[number[place.parent_id], unit].append(place)
    return known
