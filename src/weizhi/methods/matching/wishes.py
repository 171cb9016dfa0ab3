"""Wishes and volunteers: who may do what, and what each pairing costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FAIRNESS = 20  # metres that one earlier task of a volunteer weighs; each further one weighs more
FARTHEST = 1e8  # metres: twice round the earth is no place
UNMATCHED = 1_000_000  # published penalty: leaving a wish open costs more than any way there is


class MatchingError(ValueError):
    """What was given cannot be matched; the text says in Chinese what to change."""


@dataclass(frozen=True)
class Wish:
    """Somebody's wish: place in metres, the skill it takes, the times (any words) at which it may be done."""

    id: str
    x: float
    y: float
    skill: str
    times: frozenset[str]
    urgency: int = 1


@dataclass(frozen=True)
class Volunteer:
    """Somebody who helps: place in metres, skills, free times, and how many tasks were done already."""

    id: str
    x: float
    y: float
    skills: frozenset[str]
    times: frozenset[str]
    load: int = 0


def fairness(load: Ints | int) -> Ints:
    """Price of asking somebody who has done ``load`` tasks: convex, so the tenth weighs far more than the first."""
    done = np.asarray(load, dtype=np.int64)
    price: Ints = FAIRNESS * done * (done + 1) // 2
    return price


@dataclass(frozen=True)
class Terms:
    """Arrays of the pairing problem: places, skill and time as bits, urgency, the price of each volunteer."""

    wish_place: Floats
    wish_skill: Ints
    wish_times: NDArray[np.uint64]  # (wishes, words of 64 times)
    urgency: Ints
    place: Floats
    skills: Bools  # (volunteers, skills)
    times: NDArray[np.uint64]
    price: Ints

    @classmethod
    def of(cls, wishes: Sequence[Wish], volunteers: Sequence[Volunteer]) -> "Terms":
        for kind, names in (("愿望", [one.id for one in wishes]), ("志愿者", [one.id for one in volunteers])):
            if len(set(names)) != len(names):
                raise MatchingError(f"{kind}的编号有重复，每个{kind}要有自己的编号。")
        if any(wish.urgency < 1 for wish in wishes) or any(one.load < 0 for one in volunteers):
            raise MatchingError("紧急程度要不小于 1，已做次数要不小于 0。")
        ways = [one.x for one in wishes] + [one.y for one in wishes]
        ways += [one.x for one in volunteers] + [one.y for one in volunteers]
        if not all(abs(way) < FARTHEST for way in ways):  # also refuses what is no number
            raise MatchingError("位置应当是米，不能大得离谱：先换算成本地坐标。")
        known = {name: n for n, name in enumerate(sorted({one.skill for one in wishes}))}
        skills = np.zeros((len(volunteers), max(len(known), 1)), dtype=np.bool_)
        for n, one in enumerate(volunteers):
            skills[n, [known[name] for name in one.skills if name in known]] = True
        slots = sorted(frozenset[str]().union(*(one.times for one in wishes), *(one.times for one in volunteers)))
        return cls(
            np.array([(one.x, one.y) for one in wishes], dtype=np.float64).reshape(-1, 2),
            np.array([known[one.skill] for one in wishes], dtype=np.int64),
            _bits([one.times for one in wishes], slots),
            np.array([one.urgency for one in wishes], dtype=np.int64),
            np.array([(one.x, one.y) for one in volunteers], dtype=np.float64).reshape(-1, 2),
            skills,
            _bits([one.times for one in volunteers], slots),
            fairness(np.array([one.load for one in volunteers], dtype=np.int64)),
        )

    def stripes(self, most: int) -> Iterator[tuple[Ints, Ints]]:
        """Yield wishes of one skill, at most so many, with all volunteers who have it: between others no arc exists."""
        for skill in range(self.skills.shape[1]):
            able = np.flatnonzero(self.skills[:, skill])
            wishes = np.flatnonzero(self.wish_skill == skill)
            for start in range(0, len(wishes) if len(able) else 0, most):
                yield wishes[start : start + most], able

    def costs(self, wishes: Ints, able: Ints) -> Ints:
        """Return the costs of pairing wishes with volunteers who have the skill, -1 where no time fits."""
        x = self.wish_place[wishes, 0][:, None] - self.place[able, 0][None, :]
        y = self.wish_place[wishes, 1][:, None] - self.place[able, 1][None, :]
        ways = np.sqrt(x * x + y * y)
        cost = np.rint(ways).astype(np.int64) * self.urgency[wishes][:, None] + self.price[able][None, :]
        np.minimum(cost, UNMATCHED - 1, out=cost)
        shared = np.zeros(cost.shape, dtype=np.bool_)
        for word in range(self.times.shape[1]):
            shared |= (self.wish_times[wishes, word][:, None] & self.times[able, word][None, :]) != 0
        fitting: Ints = np.where(shared, cost, -1)
        return fitting


def _bits(times: Sequence[frozenset[str]], slots: list[str]) -> NDArray[np.uint64]:
    place = {name: n for n, name in enumerate(slots)}
    words = np.zeros((len(times), len(slots) // 64 + 1), dtype=np.uint64)
    for n, own in enumerate(times):
        for name in own:
            word, bit = divmod(place[name], 64)
            words[n, word] |= np.uint64(1 << bit)
    return words
