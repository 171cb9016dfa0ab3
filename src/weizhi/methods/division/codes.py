"""Codes of grids: the community's code and two digits, west to east in rows from north to south."""

import math

import numpy as np

from weizhi.methods.division.units import Floats, Ints


def reading_order(x: Floats, y: Floats) -> Ints:
    """Order places as a page is read: rows from the north, each from the west. ``x`` grows east, ``y`` north."""
    count = len(x)
    if not count:
        return np.zeros(0, dtype=np.int64)
    width, height = max(float(np.ptp(x)), 1.0), max(float(np.ptp(y)), 1.0)
    rows = min(count, max(1, round(math.sqrt(count * height / width))))
    from_north = np.lexsort((x, -y))
    row = np.empty(count, dtype=np.int64)
    row[from_north] = np.arange(count) * rows // count
    return np.lexsort((-y, x, row)).astype(np.int64)


def codes(community: str, count: int) -> list[str]:
    """Return the codes 01, 02, …; three digits only where two do not suffice."""
    digits = max(2, len(str(count)))
    return [f"{community}{n:0{digits}d}" for n in range(1, count + 1)]


def next_code(community: str, used: set[str]) -> str:
    """Return a code that no grid has or had: a code once given away means one grid for ever."""
    numbers = [int(code[len(community) :]) for code in used if code[len(community) :].isdigit()]
    digits = max([2, *(len(code) - len(community) for code in used)])
    return f"{community}{max(numbers, default=0) + 1:0{digits}d}"
