"""What a step kind tells the language about itself, and which room owns each kind.

The rooms register a `StepKindSpec` for every kind they provide. The checker reads nothing else of a room,
so `weizhi charters check` runs without Django.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict


class Params(BaseModel):
    """Base of a step kind's own parameters: frozen, and a word it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class StepKindSpec:
    """A step kind as the language sees it."""

    name: str
    room: str
    title: str
    params: type[BaseModel]
    outcomes: frozenset[str] | None  # fixed outcomes; None: the charter's own words (or `then`)
    first: bool = False  # may stand first
    automatic: bool = False  # moves without a person: needs no period and no `by`
    needs_by: bool = False  # nothing happens here unless somebody is named in `by`
    at_once: bool = False  # without `by` it passes by itself as soon as it opens, so it needs no period
    takes_then: bool = True  # may lead on by `then`
    takes_outcomes: bool = True  # may lead on by `outcomes`
    voices: bool = True  # `people` and `second_person` are heeded here
    gone: frozenset[str] = frozenset()  # words of earlier charters that meant nothing: pinned ones go on without them
    gives: tuple[str, ...] = ()  # dates that the kind itself asks: a later step may wait until `field:<step>.<date>`
    confidential: bool = False  # what is said in such a matter is sealed, for its parties and this step's people
    judges: bool = False  # judges, gives or chooses: whoever declared an interest does not, by his office


_ROOMS = {
    "matters": "raise sort route fork open intake pick assign handle check keep trial wait notice support publish"
    " rate appoint",
    "deliberation": "discuss invite meet sit minutes draft review survey distance mediate enact",
    "decisions": "roll nominate vote elect consent budget",
    "works": "apply share collect fund tender build pay redeem adopt",
    "neighbours": "match serve gather honour",
    "oversight": "assess",
}

# A gate reads what a step kind makes; without the kind nobody could answer it.
GATE_NEEDS: Mapping[str, str] = MappingProxyType(
    {
        "candidates": "nominate",
        "grade": "assess",
        "fund": "fund",
        "body": "apply",
        "share": "vote",
        "all-ended": "intake",
    }
)

# Every step kind of the language and the room that owns it, whether or not the room stands already (ENGINE §1).
KNOWN_KINDS: Mapping[str, str] = MappingProxyType(
    {kind: room for room, kinds in _ROOMS.items() for kind in kinds.split()}
)
