"""Groups on the map: k-means from several fixed starts, and the silhouette that chooses how many."""

import random
from dataclasses import dataclass

import numpy as np

from weizhi.methods.opinions.votes import Floats, Ints

STARTS = 20
ROUNDS = 300
STRIPE = 512  # participants whose distances to all others are held at a time


@dataclass(frozen=True)
class Grouping:
    """``label``: 0 … k-1 for each place, groups in order of size, then from left to right; ``centres``: (k, 2)."""

    label: Ints
    centres: Floats
    inertia: float
    silhouette: float

    @property
    def k(self) -> int:
        return len(self.centres)


def nearest(places: Floats, centres: Floats) -> tuple[Ints, Floats]:
    """Return the nearest centre of each place (ties: the first) and the squared distance to it."""
    x, y = np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1])
    label = np.zeros(len(places), dtype=np.int64)
    least = np.full(len(places), np.inf)
    for n, (a, b) in enumerate(centres.tolist()):
        squares = (x - a) ** 2 + (y - b) ** 2
        np.copyto(label, n, where=squares < least)
        np.minimum(least, squares, out=least)
    return label, least


def settle(places: Floats, centres: Floats) -> tuple[Ints, Floats, float]:
    """Lloyd's rounds until nobody changes; a centre that nobody follows stays where it was."""
    label, squares = nearest(places, centres)
    for _ in range(ROUNDS):
        count = np.bincount(label, minlength=len(centres))
        sums = np.stack([np.bincount(label, weights=places[:, i], minlength=len(centres)) for i in (0, 1)], axis=1)
        centres = np.where(count[:, None] > 0, sums / np.maximum(count, 1)[:, None], centres)
        now, squares = nearest(places, centres)
        if (now == label).all():
            break
        label = now
    return label, centres, float(squares.sum())


def spread_out(places: Floats, k: int, chance: random.Random) -> Floats:
    """Choose starting centres among the places, each by its squared distance to those before (k-means++)."""
    chosen = [int(chance.random() * len(places))]
    squares = ((places - places[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < k:
        running = np.cumsum(squares)
        at = int(np.searchsorted(running, chance.random() * running[-1], side="right"))
        chosen.append(min(at, len(places) - 1))
        squares = np.minimum(squares, ((places - places[chosen[-1]]) ** 2).sum(axis=1))
    return places[chosen]


def k_means(places: Floats, k: int, seed: int) -> tuple[Ints, Floats, float]:
    """Keep the best of twenty fixed starts. The random stream is Python's own, which never changes.

    Starts are drawn from the places in their own order, so that the order of participants changes nothing.
    """
    chance = random.Random(f"{seed}/{k}")  # noqa: S311 — a fixed start, no secret
    ordered = places[np.lexsort((places[:, 1], places[:, 0]))]
    runs = [settle(places, spread_out(ordered, k, chance)) for _ in range(STARTS)]
    label, centres, inertia = min(runs, key=lambda run: run[2])
    return _ordered(label, centres, inertia)


def _ordered(label: Ints, centres: Floats, inertia: float) -> tuple[Ints, Floats, float]:
    count = np.bincount(label, minlength=len(centres))
    order = np.lexsort((centres[:, 1], centres[:, 0], count))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[label], centres[order], inertia


def silhouettes(places: Floats, labels: list[Ints]) -> list[float]:
    """Return the mean silhouette of each labelling: every distance is computed once, a stripe at a time."""
    from scipy.spatial.distance import cdist

    counts = [np.bincount(label) for label in labels]
    members = np.concatenate([np.eye(len(count))[label] for label, count in zip(labels, counts, strict=True)], axis=1)
    total = [0.0] * len(labels)
    for start in range(0, len(places), STRIPE):
        sums = cdist(places[start : start + STRIPE], places) @ members
        left = 0
        for n, (label, count) in enumerate(zip(labels, counts, strict=True)):
            own = label[start : start + STRIPE]
            total[n] += _stripe(sums[:, left : left + len(count)], own, count)
            left += len(count)
    return [one / len(places) for one in total]


def _stripe(sums: Floats, own: Ints, count: Ints) -> float:
    row = np.arange(len(own))
    inside = sums[row, own] / np.maximum(count[own] - 1, 1)
    means = sums / np.maximum(count, 1)
    means[:, count == 0] = np.inf
    means[row, own] = np.inf
    outside = means.min(axis=1)
    largest = np.maximum(inside, outside)
    value = np.where((count[own] > 1) & (largest > 0), (outside - inside) / np.where(largest > 0, largest, 1), 0.0)
    return float(value.sum())


def best_grouping(places: Floats, seed: int, most: int = 5) -> Grouping | None:
    """Try k = 2 … ``most`` and keep the best silhouette, the smaller k in a tie; None where all stand in one place."""
    distinct = len(np.unique(places, axis=0))
    runs = [k_means(places, k, seed) for k in range(2, min(most, distinct, len(places) - 1) + 1)]
    if not runs:
        return None
    scores = silhouettes(places, [label for label, _, _ in runs])
    best = max(range(len(runs)), key=lambda n: (scores[n], -n))
    label, centres, inertia = runs[best]
    return Grouping(label, centres, inertia, scores[best])


def regroup(places: Floats, before: Grouping) -> Grouping:
    """Let groups follow a small change: the same number, from their last centres, the silhouette as it was."""
    label, centres, inertia = _ordered(*settle(places, before.centres))
    return Grouping(label, centres, inertia, before.silhouette)
