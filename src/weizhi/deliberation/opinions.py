"""The law of the online hall, pure: what is asked next, what of the map is shown, and the hash of all voices.

How groups are found is `methods.opinions`; here stands what may be seen of them.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from typing import Any, Final

AGREE, PASS, DISAGREE = 1, 0, -1
SAID: Final[Mapping[str, int]] = {"agree": AGREE, "disagree": DISAGREE, "pass": PASS}
FRESH_PRIORITY: Final = 5.0625  # of a statement that nobody has seen: [½ · (1 − ½) · (1 + 8)]²
LEAST_SHOWN: Final = 5  # of fewer people no count is shown, and no group
UNITED_AT_MOST: Final = 5
# Why no groups are shown, by the word under which it is kept.
FEW, ALIKE, BLURRED, SMALL = "few-people", "alike", "blurred", "small-groups"

Counts = Sequence[int]  # agreed, disagreed, passed


@dataclass(frozen=True)
class Said:
    """What a group says more than the others do: a statement, on which side, and of how many."""

    n: int
    side: int
    agreed: int
    disagreed: int
    seen: int


@dataclass(frozen=True)
class Group:
    """One way of seeing it: how many people, what sets it apart, where its soft shape lies (0 to 1).

    `key` is its number in the method, by which a voice knows its own.
    """

    key: int
    people: int
    says: tuple[Said, ...]
    x: float
    y: float
    rx: float
    ry: float


@dataclass(frozen=True)
class Drawn:
    """What everybody may see: of people only how many, of a statement only what five or more said of it."""

    people: int = 0
    stances: int = 0
    statements: int = 0
    channels: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[int, Counts] = field(default_factory=dict)
    united: tuple[int, ...] = ()
    groups: tuple[Group, ...] = ()
    why: str = FEW
    standing: int = 0  # who said enough to stand on the map
    needed: int = 0

    def kept(self) -> dict[str, Any]:
        """As it stands in the hall's row."""
        return asdict(self) | {"counts": {str(n): list(found) for n, found in self.counts.items()}}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Drawn":
        if not kept:
            return cls()
        groups = tuple(Group(**{**one, "says": tuple(Said(**said) for said in one["says"])}) for one in kept["groups"])
        counts = {int(n): tuple(found) for n, found in kept["counts"].items()}
        return cls(**{**kept, "groups": groups, "counts": counts, "united": tuple(kept["united"])})


def shown_counts(counts: Mapping[int, Counts]) -> dict[int, Counts]:
    """Of what fewer than five said something of, nothing is shown: it would be what each of them said."""
    return {n: found for n, found in counts.items() if sum(found) >= LEAST_SHOWN}


def shown_groups(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Groups of five and more, and of each only what five and more of it have seen; one alone is no group."""
    kept = tuple(
        Group(
            one.key, one.people, tuple(said for said in one.says if said.seen >= LEAST_SHOWN),
            one.x, one.y, one.rx, one.ry,
        )
        for one in groups
        if one.people >= LEAST_SHOWN
    )  # fmt: skip
    return kept if len(kept) > 1 else ()


def unites(agreed: Iterable[int], seen: Iterable[int]) -> bool:
    """Whether more than half of every group agree: (A + 1) / (S + 2) > 1/2, so of a group that saw nothing none do."""
    return all(2 * (a + 1) > s + 2 for a, s in zip(agreed, seen, strict=True))


def lot(voice: str, answered: int) -> float:
    """In [0, 1): the same as long as nobody answers, so that a page read again asks the same."""
    digest = hashlib.sha256(f"{voice}/{answered}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def next_of(open_to_me: Sequence[tuple[int, float]], draw: float) -> int | None:
    """The statement to ask next among (number, priority), each as often as it deserves; None where none is left."""
    running = list(accumulate(priority for _n, priority in open_to_me))
    if not running or running[-1] <= 0:
        return None
    at = bisect_right(running, draw * running[-1])
    return open_to_me[min(at, len(open_to_me) - 1)][0]


def hash_of_voices(salt: bytes, voices: Iterable[Iterable[tuple[int, int]]]) -> str:
    """What the record keeps of the voices: of each only (statement, what was said), in an order that is nobody's.

    SHA-256 over the salt and, in the order of their texts, one line a voice: `1:1 2:-1 5:0`.
    """
    lines = sorted(" ".join(f"{n}:{said}" for n, said in sorted(voice)) for voice in voices)
    return hashlib.sha256(salt + "\n".join(lines).encode()).hexdigest()
