"""A charter's field that wants places: pressed where they are few, named where they are many; and read again."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from weizhi.matters.refused import Refused
from weizhi.portal.board.drawn import version_of
from weizhi.portal.picking.listing import Listed, listed
from weizhi.portal.picking.naming import Names, Unsure, said_apart
from weizhi.portal.pieces import Choice, Field

PLACED: Final = ("place", "places")
BY_NAME: Final = "by_name"  # what a form says of itself: in which of its fields places may be named
PRESSED: Final = 24  # more than that nobody looks through
SEEN: Final = ("estate", "building", "space", "grid")  # what one would press; a stairwell is said
NAMES_AT_MOST: Final = 60
TOLD: Final = 3


@dataclass(frozen=True)
class Known:
    """The places of a community, and what each is called so that no other is meant."""

    names: Names

    @property
    def places(self) -> tuple[Listed, ...]:
        return self.names.places

    @property
    def seen(self) -> tuple[Listed, ...]:
        """What to press; none where that would be too many."""
        found = tuple(one for one in self.places if one.kind in SEEN)
        return found if len(found) <= PRESSED else ()

    def choices(self, places: Sequence[Listed]) -> tuple[Choice, ...]:
        """To press: by name, two of one name by what tells them apart when written."""
        names = Counter(one.words for one in places)
        right = self.names.right
        return tuple(Choice(str(one.pk), one.words if names[one.words] == 1 else right[one.pk]) for one in places)

    def example(self, kinds: Sequence[str]) -> str:
        """Names as they may be written, a short one of each kind, in this community."""
        found: list[Listed] = []
        for kind in kinds:
            of_kind = (one for one in self.places if one.kind == kind)
            before = {one.path for one in found}
            first = min(of_kind, key=lambda one: (one.above in before, len(self.names.right[one.pk])), default=None)
            found += [first] if first else []
        return "、".join(self.names.right[one.pk] for one in found)


def known_in(community: UUID) -> Known:
    """One query: whether what was read of the places is still true."""
    return _known(community, version_of(community))


class PlacesOf:
    """A community's places, asked for at most once for all the forms of a page."""

    def __init__(self, community: UUID) -> None:
        self.community = community

    @cached_property
    def known(self) -> Known:
        return known_in(self.community)


@lru_cache(maxsize=32)
def _known(community: UUID, version: int) -> Known:
    return Known(Names(listed(community, version)))


# --- asked -------------------------------------------------------------------------------------------------


def with_places(field: Field, known: Known) -> Field:
    """Ticks, and a line for what is not among them; one of a list; or words, where nobody looks through so many."""
    if field.type == "place":
        if known.seen:
            return replace(field, choices=known.choices(known.places))
        hint = _("写楼号或名字，比如“%(example)s”。") % {"example": known.example(("stairwell",))}
        return replace(field, by_name=True, hint=_hints(field.hint, hint))
    if known.seen:
        more = len(known.seen) < len(known.places)
        return replace(field, choices=known.choices(known.seen), by_name=more)
    said = {"example": known.example(("building", "stairwell", "space"))}
    hint = _("写楼号或名字，几处用顿号隔开，比如“%(example)s”。") % said
    return replace(field, by_name=True, hint=_hints(field.hint, hint))


def _hints(*hints: str) -> str:
    return " ".join(filter(None, hints))


# --- read again --------------------------------------------------------------------------------------------


def by_name(sent: QueryDict, data: dict[str, Any], community: Callable[[], UUID | None]) -> dict[str, Any]:
    """The data of an act with ids in place of names. Raises Refused. Asks for the community, and for its places,
    only where something was named."""
    said = {key: value for key, value in _may_be_named(sent, data) if not all(map(_is_id, _several(value)))}
    here = community() if said else None
    if here is None:
        return data
    known = known_in(here)
    read = {key: _read(key, value, known) for key, value in said.items()}
    return {key: value for key, value in (data | read).items() if key not in read or value}  # a comma alone is nothing


def _may_be_named(sent: QueryDict, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    keys = {name.removesuffix("[]") for name in sent.getlist(BY_NAME)}
    return ((key, value) for key, value in data.items() if key in keys)


def _read(key: str, value: Any, known: Known) -> Any:
    """What was pressed stays; what was said is looked up."""
    values = _several(value)
    pressed = [one for one in values if _is_id(one)]
    text = "、".join(one for one in values if not _is_id(one))
    if len(said_apart(text)) > NAMES_AT_MOST:
        said = {"most": NAMES_AT_MOST, "n": len(said_apart(text))}
        raise Refused("bad-data", _("一次最多写 %(most)s 处，您写了 %(n)s 处。请分几次。") % said, field=key)
    found = known.names.heard(text)
    if found.unsure:
        raise Refused("bad-data", _told(found.unsure, known), field=key)
    ids = list(dict.fromkeys([*pressed, *(str(one.pk) for one in found.places)]))
    if isinstance(value, list):
        return ids
    if len(ids) > 1:
        raise Refused("bad-data", _("这里只写一处，您写了 %(n)s 处。请留下一处。") % {"n": len(ids)}, field=key)
    return "".join(ids)


def _told(unsure: Sequence[Unsure], known: Known) -> str:
    """What to write instead, of the first few; the rest stands in the field and is told next."""
    told = [_correction(one, known) for one in unsure[:TOLD]]
    more = len(unsure) - TOLD
    return "".join([*told, *([_("还有 %(n)s 处也没认出来。") % {"n": more}] if more > 0 else [])])


def _correction(one: Unsure, known: Known) -> str:
    said = {"said": one.said[: TOLD * 10]}
    if one.several:
        names = "、".join(f"“{known.names.right[place.pk]}”" for place in one.several[:TOLD])
        return _("“%(said)s”有 %(n)s 处，请写全，比如%(names)s。") % {**said, "n": len(one.several), "names": names}
    near = known.names.nearest(one.said)
    if near:
        return _("没有叫“%(said)s”的地方，最接近的是“%(near)s”。") % {**said, "near": near}
    example = known.example(("building",))
    return _("没有叫“%(said)s”的地方。请写楼号或名字，比如“%(example)s”。") % {**said, "example": example}


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
