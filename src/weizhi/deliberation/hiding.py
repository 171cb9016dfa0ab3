"""What may be shown of counts without telling of a few: small ones are hidden, also where a subtraction would tell.

Pure. As long as one count is from 1 to 4, every count but zero is shown as a range of five (1–4, 5–9, 10–14 …): so
what is shown depends on nothing but these ranges and the sum that everybody knows, and whoever knows this rule too
learns no more from it. Where the sum alone would give a small count away, nothing is shown. (Coarsening and
suppression: Hundepool et al., Statistical Disclosure Control, 2012, ch. 5.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 5  # fewer than so many are a few


@dataclass(frozen=True)
class Shown:
    """A count as everybody may see it: between `low` and `high`."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        return self.low == self.high

    @property
    def few(self) -> bool:
        return self.low > 0 and self.high < FEWEST


def parts(counts: Sequence[int]) -> list[Shown] | None:
    """Counts that together make a sum everybody knows. None where nothing of them may be shown."""
    total = sum(counts)
    if total < FEWEST:
        return None
    if not any(0 < count < FEWEST for count in counts):
        return [Shown(count, count) for count in counts]
    ranges = [_five(count) for count in counts]
    lows, highs = sum(one.low for one in ranges), sum(one.high for one in ranges)
    found = [
        Shown(max(one.low, total - highs + one.high), min(one.high, total - lows + one.low)) for one in ranges
    ]  # fmt: skip
    return None if any(one.exact for one, wide in zip(found, ranges, strict=True) if wide.few) else found


def part(count: int, whole: int) -> Shown | None:
    """So many of a known number; both they and the others are hidden where they are few."""
    found = parts((count, whole - count))
    return found[0] if found else None


def _five(count: int) -> Shown:
    """0, 1–4, 5–9, 10–14 …"""
    bottom = count - count % FEWEST
    return Shown(0, 0) if count == 0 else Shown(max(bottom, 1), bottom + FEWEST - 1)
