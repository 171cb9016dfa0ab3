"""invite: who is concerned by a matter is found from its place and kind, written down, and asked to come.

Done in `deliberation`; the words live here, so that a charter is checked without Django.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from .spec import Params, StepKindSpec
from .words import Count, Key

Status = Literal["resident", "owner", "tenant", "member"]


class Concerned(Params):
    """One line of who is concerned: homes around the place, homes within so many metres, or bodies."""

    around: Key | None = None  # the homes of the stairwell, building, grid … in which the place lies
    metres: Annotated[Count, Setting(ge=1, le=2000)] | None = None  # homes no farther than this from the place
    of: str | None = None  # a `places` field that names the places; without it the matter's own
    as_: tuple[Status, ...] = Setting(default=(), alias="as")  # whom of a home the telephone tells; without it all
    bodies: tuple[Key, ...] = ()
    categories: tuple[Key, ...] = ()  # only matters of these categories
    because: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> "Concerned":
        if sum(bool(way) for way in (self.around, self.metres, self.bodies)) != 1:
            raise ValueError("一行只说一种：around（同单元、同楼……）、metres（多少米以内）或 bodies（哪些组织）。")
        if self.bodies and (self.of or self.as_):
            raise ValueError("of 和 as 说的是住户，和 bodies 不能写在一行。")
        return self


class InviteParams(Params):
    """invite: letters to the homes concerned and notices to their telephones, with proof of who was reached."""

    who: Annotated[tuple[Concerned, ...], Setting(min_length=1)]
    at_most: Annotated[Count, Setting(ge=1, le=2000)] = 300  # homes; more than that are told by a notice on the board


INVITING: Mapping[str, StepKindSpec] = MappingProxyType(
    {"invite": StepKindSpec("invite", "deliberation", "请有关的人", InviteParams, None, needs_by=True, voices=False)}
)
