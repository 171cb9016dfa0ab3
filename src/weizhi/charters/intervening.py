"""行政介入度: how far the administration steps in, by how urgent a matter is and how strongly people agree.

The charter's table says it for each of the nine pairs, and why; nobody computes it, and what nobody wrote is a fault.
"""

from collections.abc import Mapping
from typing import Final, get_args

from .rulebook import Intervention, InterventionRow
from .words import Consensus, Degree, Urgency

URGENCIES: Final[tuple[str, ...]] = get_args(Urgency)
CONSENSUSES: Final[tuple[str, ...]] = get_args(Consensus)
DEGREES: Final[tuple[str, ...]] = get_args(Degree)  # from the least to the most
TITLES: Final[Mapping[str, str]] = {
    "low": "不急", "ordinary": "一般", "high": "很急", "weak": "分歧大", "middling": "差不多", "strong": "很一致",
}  # fmt: skip


def cell(table: Intervention, urgency: str, consensus: str) -> InterventionRow | None:
    """The line for this pair; None where one of the two is not known yet."""
    return next((row for row in table.rows if (row.urgency, row.consensus) == (urgency, consensus)), None)


def missing(table: Intervention) -> list[tuple[str, str]]:
    """The pairs of which the table says nothing."""
    said = {(row.urgency, row.consensus) for row in table.rows}
    return [(urgency, strength) for urgency in URGENCIES for strength in CONSENSUSES if (urgency, strength) not in said]
