"""What the board's templates eat: rates, charts with the table behind them, shares."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from weizhi.portal.pieces import Piece

ACROSS: Final = 360
DOWN: Final = 150
LEFT, TOP, GROUND = 34.0, 16.0, 122.0
GAP: Final = 3.0


@dataclass(frozen=True, slots=True)
class RateShown(Piece):
    """A rate: how many of how many in words, what was left out and why; its twelve weeks as a row of bars."""

    template: ClassVar[str] = "rate"
    SPARK: ClassVar[float] = 32.0

    key: str
    title: str
    percent: int | None
    of: str
    means: str
    left: str = ""
    reasons: tuple[str, ...] = ()
    weekly: tuple[int | None, ...] = ()

    def spark(self) -> Iterator[tuple[float, float, float, bool]]:
        """Left edge, top, height and whether there was anything to count."""
        for n, percent in enumerate(self.weekly):
            height = max(2.0, (percent or 0) * self.SPARK / 100)
            yield n * 12.0, self.SPARK - height, height, percent is not None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, in the drawing's own units; `words` is what it says when pointed at."""

    x: float
    y: float
    width: float
    height: float
    second: bool
    words: str


@dataclass(frozen=True, slots=True)
class Weekly(Piece):
    """Two counts a week as pairs of bars. The drawing is for the eye; the text and the table say the same."""

    template: ClassVar[str] = "weekly"

    key: str
    title: str
    says: str
    names: tuple[str, str]
    weeks: tuple[str, ...]
    counts: tuple[tuple[int, int], ...]

    @property
    def most(self) -> int:
        """The top of the scale: a number that people count in."""
        found = max((max(pair) for pair in self.counts), default=0)
        size = 1
        while True:
            for step in (1, 2, 5):
                if found <= step * size * 2:
                    return step * size * 2
            size *= 10

    def marks(self) -> Iterator[tuple[int, float]]:
        """Lines across: their number and height."""
        for number in (0, self.most // 2, self.most):
            yield number, self._height(number)

    def bars(self) -> Iterator[Bar]:
        slot = (ACROSS - LEFT) / max(1, len(self.counts))
        width = (slot - GAP) / 2 - 1
        for n, pair in enumerate(self.counts):
            for second, number in enumerate(pair):
                top = self._height(number)
                x = LEFT + n * slot + GAP / 2 + second * (width + 1)
                words = f"{self.weeks[n]} {self.names[second]} {number}"
                yield Bar(round(x, 1), round(top, 1), round(width, 1), round(GROUND - top, 1), bool(second), words)

    def labels(self) -> Iterator[tuple[float, str]]:
        """Every third week by its first day: more would not fit on a phone."""
        slot = (ACROSS - LEFT) / max(1, len(self.counts))
        for n in range(0, len(self.weeks), 3):
            yield round(LEFT + n * slot, 1), self.weeks[n]

    def rows(self) -> Iterator[tuple[str, int, int]]:
        for week, (first, second) in zip(self.weeks, self.counts, strict=True):
            yield week, first, second

    def _height(self, number: int) -> float:
        return round(GROUND - number * (GROUND - TOP) / self.most, 1)


@dataclass(frozen=True, slots=True)
class Share:
    """A line of a table of shares: how many, the length of its bar, and one more figure about it."""

    words: str
    number: int
    width: float
    more: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shares(Piece):
    """Where something comes from: a table with a bar in each line, so that chart and table are one thing."""

    template: ClassVar[str] = "shares"

    key: str
    title: str
    says: str
    head: tuple[str, str, str]
    rows: tuple[Share, ...]
