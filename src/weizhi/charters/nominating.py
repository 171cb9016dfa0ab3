"""The ways of nomination that a rule may name: by oneself, by so many electors together, by a body or a post."""

import re
from dataclasses import dataclass
from typing import Final

BY_ONESELF: Final = "by-oneself"
BY_ELECTORS: Final = "electors"
_NUMBERS = {"two": 2, "three": 3, "five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50}
_TOGETHER = re.compile(r"by-(\d{1,3}|[a-z]+)-electors")


@dataclass(frozen=True)
class Way:
    """One way. who: oneself, electors, or the body or post that may nominate; together: how many electors."""

    key: str
    who: str
    together: int = 1


def way_of(kind: str) -> Way | None:
    """Read `by-oneself`, `by-ten-electors`, `by-committee`; None where it is no such word."""
    if kind == BY_ONESELF:
        return Way(kind, "oneself")
    if found := _TOGETHER.fullmatch(kind):
        number = int(found[1]) if found[1].isdecimal() else _NUMBERS.get(found[1], 0)
        return Way(kind, BY_ELECTORS, number) if number else None
    return Way(kind, kind.removeprefix("by-")) if kind.startswith("by-") else None
