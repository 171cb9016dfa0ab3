"""What a check says: where, what, and what to do. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

TOLD_AT_MOST = 100_000  # lines of faults that are kept; how many there were is counted in any case

Severity = Literal["error", "note"]


class Spot(NamedTuple):
    """Where something stands: file, sheet (or ""), line."""

    file: str
    sheet: str
    line: int

    def __str__(self) -> str:
        return ":".join([self.file, *([self.sheet] if self.sheet else []), str(self.line)])


@dataclass(frozen=True)
class Finding:
    """A fault (nothing is brought in while there is one) or a note, in Chinese words that say what to do."""

    spot: Spot
    column: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.spot}:{self.column}" if self.column else str(self.spot)
        return f"{where}：{self.message}"

    def row(self) -> dict[str, Any]:
        spot = self.spot
        words = {"column": self.column, "message": self.message, "severity": self.severity}
        return {"file": spot.file, "sheet": spot.sheet, "line": spot.line, **words}


@dataclass
class Findings:
    """All that was found; every wrong line is told, each place once."""

    kept: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def wrong(self, spot: Spot, column: str, message: str) -> None:
        self._add(Finding(spot, column, message))

    def note(self, spot: Spot, column: str, message: str) -> None:
        self._add(Finding(spot, column, message, "note"))

    def _add(self, finding: Finding) -> None:
        self.counts[finding.severity] += 1
        if len(self.kept) < TOLD_AT_MOST:
            self.kept.append(finding)

    @property
    def errors(self) -> int:
        return self.counts["error"]

    def __iter__(self) -> Iterator[Finding]:
        """Faults before notes; sheet by sheet, line by line."""
        sheets = {spot[:2]: n for n, spot in enumerate(dict.fromkeys(one.spot[:2] for one in self.kept))}
        return iter(sorted(self.kept, key=lambda one: (one.severity != "error", sheets[one.spot[:2]], one.spot.line)))
