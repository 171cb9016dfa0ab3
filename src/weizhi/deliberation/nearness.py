"""How far two places lie from each other. Pure; WGS-84 degrees, metres."""

from math import cos, hypot, radians
from typing import Final

METRES_A_DEGREE: Final = 111_320.0  # of latitude; of longitude less, by the cosine
Position = tuple[float, float]  # longitude, latitude


def metres_between(one: Position, other: Position) -> float:
    """On a plane, which errs by less than a millimetre within the two kilometres that a charter may ask for."""
    east = (one[0] - other[0]) * cos(radians((one[1] + other[1]) / 2))
    return hypot(east, one[1] - other[1]) * METRES_A_DEGREE
