"""Splitting sums to the last fen, asking a few for many, and ranking what few have rated.

Sums are integers and come out exactly. Samples are drawn from a published seed, so that anybody can draw them again.
Estimates are doubles: they are estimates.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist, fmean
from typing import Literal

from weizhi.methods.elections.sortition import Draw, draw

Rule = Literal["largest-fraction", "first-in-order", "last-in-order"]


# --- sums ----------------------------------------------------------------------------------------------


def split(
    total: int,
    weights: Sequence[int | Fraction],
    *,
    rule: Rule = "largest-fraction",
    order: Sequence[int] | None = None,
) -> list[int]:
    """Cut total (fen, or any unit) by the weights; the parts are integers and their sum is the total.

    Everybody first gets his exact share cut towards zero. What is left, less than one unit a head, goes one by one to
    the largest cut-off fractions (equal ones by ``order``), or to the first (the last) in ``order`` who have a weight.
    order: positions into weights; default as given. A negative total (money back) is cut like its opposite.
    """
    if rule not in ("largest-fraction", "first-in-order", "last-in-order"):
        raise ValueError(f"没有“{rule}”这种尾差规则。")
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if not whole or min(exact) < 0:
        raise ValueError("分摊的权重不能是负数，也不能全是零。")
    if order is not None and sorted(order) != list(range(len(weights))):
        raise ValueError("次序要把每一份正好列一次。")
    sign = -1 if total < 0 else 1
    shares = [abs(total) * weight / whole for weight in exact]
    parts = [share.__floor__() for share in shares]
    place = {number: at for at, number in enumerate(order or range(len(weights)))}
    able = [number for number, weight in enumerate(exact) if weight]
    if rule == "largest-fraction":
        able.sort(key=lambda n: (parts[n] - shares[n], place[n]))
    else:
        able.sort(key=lambda n: place[n] if rule == "first-in-order" else -place[n])
    for number in able[: abs(total) - sum(parts)]:
        parts[number] += 1
    return [sign * part for part in parts]


# --- samples -------------------------------------------------------------------------------------------


def households(strata: Mapping[str, Sequence[str]], size: int, seed: str, *, least: int = 2) -> Draw:
    """A stratified sample: household → its stratum (grid, kind of housing …), strata by largest remainder.

    least: households of every stratum (two are needed to say how much they differ), fewer only where it has fewer or
    the sample is too small. The draw tells seed, hash of the list and how many of each.
    """
    groups = len({tuple(one) for one in strata.values()})
    return draw(strata, size, seed, least=min(least, size // groups if groups else 0))


@dataclass(frozen=True)
class Estimate:
    """value and the interval that covers the truth in ``confidence`` of all samples."""

    value: float
    low: float
    high: float
    confidence: float
    asked: int
    population: int | None

    @property
    def sentence(self) -> str:
        of = f"，从 {self.population:,} 户中" if self.population else ""
        return (
            f"问了 {self.asked:,} 户{of}，估计 {self.value:.3g}；"
            f"按 {self.confidence:.0%} 的把握，实际在 {self.low:.3g} 到 {self.high:.3g} 之间。"
        )


def wilson(yes: float, asked: float, *, confidence: float = 0.95, population: int | None = None) -> Estimate:
    """Wilson's interval for a share; with a population the sample counts as larger, the more of it was asked."""
    if not 0 <= yes <= asked or asked <= 0 or (population is not None and asked > population):
        raise ValueError("同意的不能多于问到的，问到的不能是零，也不能多于总数。")
    share = yes / asked
    if population is not None and asked == population:
        return Estimate(share, share, share, confidence, round(asked), population)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    size = asked if population is None else asked * (population - 1) / (population - asked)
    low, high = _wilson(share, size, z)
    return Estimate(share, low, high, confidence, round(asked), population)


def _wilson(share: float, size: float, z: float) -> tuple[float, float]:
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    reach = z / (1 + z * z / size) * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True)
class Stratum:
    """size: all households; values: what those asked said (a number each; for a share 0 or 1)."""

    size: int
    values: Sequence[float]

    def __post_init__(self) -> None:
        if not 1 <= len(self.values) <= self.size:
            raise ValueError(f"每一层至少问一户、最多问全部；这一层 {self.size} 户，问了 {len(self.values)} 户。")


def mean(strata: Sequence[Stratum], *, confidence: float = 0.95) -> Estimate:
    """Mean of all households from a stratified sample without replacement.

    Finite population correction in each stratum, Student's t with Satterthwaite's degrees of freedom. A stratum with
    one answer (of several households) borrows the others' spread. (Cochran, Sampling Techniques, 5.4–5.9.)
    """
    from scipy.special import stdtrit

    population, value = sum(one.size for one in strata), _middle(strata)
    parts = _variances(strata)
    spread = sum(part for part, _ in parts)
    asked = sum(len(one.values) for one in strata)
    if not spread:
        return Estimate(value, value, value, confidence, asked, population)
    freedom = spread**2 / sum(part**2 / free for part, free in parts if part)
    reach = float(stdtrit(freedom, 0.5 + confidence / 2)) * math.sqrt(spread)
    return Estimate(value, value - reach, value + reach, confidence, asked, population)


def share(strata: Sequence[Stratum], *, confidence: float = 0.95) -> Estimate:
    """Share of households that say yes (values 0 or 1): Wilson's interval for the sample size that a simple draw of
    the same precision would need."""
    if any(value not in (0, 1) for one in strata for value in one.values):
        raise ValueError("比例只能由 0 和 1 估计。")
    population, value = sum(one.size for one in strata), _middle(strata)
    asked = sum(len(one.values) for one in strata)
    if asked == population:
        return Estimate(value, value, value, confidence, asked, population)
    spread = sum(part for part, _ in _variances(strata))
    simple = asked * (population - 1) / (population - asked)
    size = value * (1 - value) / spread if spread and 0 < value < 1 else simple
    low, high = _wilson(value, size, NormalDist().inv_cdf(0.5 + confidence / 2))
    return Estimate(value, low, high, confidence, asked, population)


def _middle(strata: Sequence[Stratum]) -> float:
    if not strata:
        raise ValueError("至少要有一层。")
    population = sum(one.size for one in strata)
    return sum(one.size / population * fmean(one.values) for one in strata)


def _variances(strata: Sequence[Stratum]) -> list[tuple[float, int]]:
    """Each stratum's part of the estimate's variance, and its degrees of freedom."""
    population = sum(one.size for one in strata)
    known = [_spread(one.values) for one in strata if len(one.values) > 1]
    if not known and any(one.size > 1 for one in strata):
        raise ValueError("每层只问了一户，看不出差别有多大；请至少在一层问两户。")
    borrowed = max(known, default=0.0)
    parts: list[tuple[float, int]] = []
    for one in strata:
        asked = len(one.values)
        spread = _spread(one.values) if asked > 1 else borrowed
        part = (one.size / population) ** 2 * (1 - asked / one.size) * spread / asked
        parts.append((part, max(asked - 1, 1)))
    return parts


def _spread(values: Sequence[float]) -> float:
    middle = fmean(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


# --- ratings -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rated:
    """bound: the mean that is safely reached with so few ratings; None where nobody rated."""

    id: str
    ratings: int
    mean: float | None
    bound: float | None
    place: int


def ranking(ratings: Mapping[str, Sequence[int]], *, confidence: float = 0.9) -> list[Rated]:
    """Fair to few ratings: id → how many gave 1, 2, 3 … stars; ranked by the lower bound of the posterior mean.

    One rating of each kind is added to everybody (uniform prior), so that a single five does not beat forty of 4.8
    and a single one does not condemn. Equal bounds share a place; nobody's rating puts last, unranked among equals.
    """
    if len({len(counts) for counts in ratings.values()}) > 1 or any(min(c, default=0) < 0 for c in ratings.values()):
        raise ValueError("每一项的评分档数要相同，个数不能小于零。")
    z = NormalDist().inv_cdf(confidence)
    found = [(one, *_bound(counts, z)) for one, counts in ratings.items()]
    order = sorted(found, key=lambda item: (item[3] is None, -(item[3] or 0.0)))
    ranked: list[Rated] = []
    for at, (one, count, middle, bound) in enumerate(order, 1):
        same = ranked and ranked[-1].bound == bound
        ranked.append(Rated(one, count, middle, bound, ranked[-1].place if same else at))
    return ranked


def _bound(counts: Sequence[int], z: float) -> tuple[int, float | None, float | None]:
    count = sum(counts)
    if not count:
        return 0, None, None
    levels = range(1, len(counts) + 1)
    middle = sum(level * number for level, number in zip(levels, counts, strict=True)) / count
    size = count + len(counts)
    first = sum(level * (number + 1) for level, number in zip(levels, counts, strict=True)) / size
    second = sum(level * level * (number + 1) for level, number in zip(levels, counts, strict=True)) / size
    return count, middle, first - z * math.sqrt((second - first * first) / (size + 1))
