"""Conventions (公约): texts of which one edition is in force, and the kinds of matter by which it comes and changes."""

from .spec import Params, StepKindSpec
from .words import Key, Table

IN_FORCE, OVERTAKEN = "in-force", "overtaken"


class Convention(Table):
    """A text that binds: adopted by one kind of matter, once in force changed by another (or the same)."""

    key: Key
    title: str
    adopted_by: Key
    amended_by: Key | None = None  # else the kind that adopts it

    @property
    def amends(self) -> str:
        """Return the kind of matter that changes what is in force."""
        return self.amended_by or self.adopted_by


class EnactParams(Params):
    """enact: the frozen text of `about` is in force from now on, as the next edition of `convention`."""

    about: str
    convention: Key


ENACT = "enact"
ENACT_SPEC = StepKindSpec(
    ENACT, "deliberation", "施行", EnactParams, frozenset({IN_FORCE, OVERTAKEN}), at_once=True, takes_then=False,
    voices=False,
)  # fmt: skip
