"""Characters and pairs of characters, weighed by how rare they are (TF-IDF): the features of every method here.

Words are not cut: a segmenter measured no better, and would be one more dictionary to keep.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from weizhi.methods.text.folding import folded

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

EXCEL_RETURN = "_x000D_"  # how a carriage return arrives from some xlsx files


@dataclass(frozen=True)
class Message:
    """One thing somebody said. ``key`` names it; ``sender`` is used to count people, not messages, in hot topics."""

    key: str
    title: str
    text: str = ""
    sender: str = ""


def grams(text: str) -> Counter[str]:
    """How often each character and each pair of neighbours occurs; spaces are left out, letters are small."""
    plain = "".join(folded(text.replace(EXCEL_RETURN, "")).casefold().split())
    counts = Counter(plain)
    counts.update(first + second for first, second in pairwise(plain))
    return counts


@dataclass(frozen=True)
class Weights:
    """Known features in order, with each one's rarity: ln((1 + n) / (1 + n with it)) + 1."""

    places: Mapping[str, int]
    rarity: Sequence[float]

    def row(self, counts: Mapping[str, int]) -> tuple[list[int], list[float]]:
        """Places and weights (1 + ln count) · rarity, of length 1; what was never seen before is left out."""
        known = sorted((self.places[gram], count) for gram, count in counts.items() if gram in self.places)
        raw = [(1 + math.log(count) if count > 1 else 1.0) * self.rarity[place] for place, count in known]
        length = math.sqrt(sum(value * value for value in raw)) or 1.0
        return [place for place, _ in known], [value / length for value in raw]

    def matrix(self, documents: Iterable[Mapping[str, int]]) -> "csr_matrix":
        """One row per document."""
        import numpy as np
        from scipy.sparse import csr_matrix

        starts, places, values = [0], list[int](), list[float]()
        for counts in documents:
            row = self.row(counts)
            places += row[0]
            values += row[1]
            starts.append(len(places))
        shape = (len(starts) - 1, len(self.places))
        return csr_matrix((np.asarray(values), np.asarray(places, dtype=np.int32), starts), shape=shape)


@dataclass(frozen=True)
class Seen:
    """In how many of so many documents each feature occurs."""

    documents: int
    counts: Counter[str]

    @classmethod
    def of(cls, documents: Iterable[Mapping[str, int]]) -> "Seen":
        counts: Counter[str] = Counter()
        number = 0
        for document in documents:
            number += 1
            counts.update(document.keys())
        return cls(number, counts)

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(self.documents + other.documents, self.counts + other.counts)


def weigh(documents: Sequence[Mapping[str, int]], *, at_least: int, at_most: int = 50_000) -> Weights:
    """Features that occur in ``at_least`` documents; where there are too many, the commonest, then by code point."""
    return weigh_seen(Seen.of(documents), at_least=at_least, at_most=at_most)


def weigh_seen(seen: Seen, *, at_least: int, at_most: int = 50_000) -> Weights:
    """The same, of documents counted before."""
    often = seen.counts
    kept = sorted((gram for gram, n in often.items() if n >= at_least), key=lambda gram: (-often[gram], gram))
    kept = kept[:at_most]
    rarity = [math.log((1 + seen.documents) / (1 + often[gram])) + 1 for gram in kept]
    return Weights({gram: place for place, gram in enumerate(kept)}, rarity)
