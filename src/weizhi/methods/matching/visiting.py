"""Visits: who is due, how many at least, and a short way round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from weizhi.methods.matching.wishes import Floats, Ints, MatchingError

EVERY = {"week": 7, "month": 30, "quarter": 91}  # days between visits of each class
LEAST = 5
ROUNDS = 50


@dataclass(frozen=True)
class Household:
    """A household to be visited: place in metres, class, and the last visit (None: never)."""

    id: str
    x: float
    y: float
    every: str
    last: date | None = None


@dataclass(frozen=True)
class Tour:
    """Households in the order of the visits; metres of the way from the start and back, and of nearest neighbour's."""

    households: tuple[str, ...]
    due: int
    metres: float
    nearest_metres: float


def overdue(household: Household, day: date) -> int | None:
    """Days since the visit was due (negative: days until then); None where there never was one."""
    if household.every not in EVERY:
        raise MatchingError(f"{household.id} 的走访类别“{household.every}”不认识，可以是：{'、'.join(EVERY)}。")
    if household.last is None:
        return None
    return (day - household.last).days - EVERY[household.every]


def quota(households: Sequence[Household], day: date, least: int = LEAST) -> tuple[list[Household], int]:
    """Everyone who is due, and the next due until there are ``least``; most overdue first, never visited before all."""

    def pressing(one: Household) -> tuple[int, int, str]:
        late = overdue(one, day)
        return (0, 0, one.id) if late is None else (1, -late, one.id)

    ranked = sorted(households, key=pressing)
    due = sum(1 for one in ranked if (late := overdue(one, day)) is None or late >= 0)
    return ranked[: max(due, least)], due


def plan(
    households: Sequence[Household], day: date, *, start: tuple[float, float] = (0.0, 0.0), least: int = LEAST
) -> Tour:
    """Choose the visits of a day and walk them: nearest neighbour, then 2-opt, so never longer than the former."""
    if len({one.id for one in households}) != len(households):
        raise MatchingError("住户的编号有重复，每户要有自己的编号。")
    chosen, due = quota(households, day, least)
    places = np.array([start, *((one.x, one.y) for one in chosen)], dtype=np.float64)
    way = nearest_neighbour(places)
    first = length(places, way)
    way = two_opt(places, way)
    return Tour(tuple(chosen[n - 1].id for n in way[1:].tolist()), due, length(places, way), first)


def nearest_neighbour(places: Floats) -> Ints:
    """From place 0 always to the nearest not yet visited; ties: the first."""
    way = [0]
    left = np.ones(len(places), dtype=np.bool_)
    left[0] = False
    while left.any():
        squares = ((places - places[way[-1]]) ** 2).sum(axis=1)
        way.append(int(np.where(left, squares, np.inf).argmin()))
        left[way[-1]] = False
    return np.array(way, dtype=np.int64)


def two_opt(places: Floats, way: Ints) -> Ints:
    """Turn stretches round as long as that shortens the round trip; the first place stays first."""
    n = len(way)
    for _ in range(ROUNDS * n):
        points = places[way]
        following = np.roll(points, -1, axis=0)
        legs = np.hypot(*(following - points).T)
        across = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
        onward = np.hypot(*(following[:, None, :] - following[None, :, :]).transpose(2, 0, 1))
        gain = np.triu(legs[:, None] + legs[None, :] - across - onward, k=2)
        best = int(gain.argmax())
        if gain.flat[best] <= 1e-9:
            break
        i, j = divmod(best, n)
        way = np.concatenate([way[: i + 1], way[i + 1 : j + 1][::-1], way[j + 1 :]])
    return way


def length(places: Floats, way: Ints) -> float:
    """Metres of the round trip."""
    points = places[way]
    return float(np.hypot(*(np.roll(points, -1, axis=0) - points).T).sum())
