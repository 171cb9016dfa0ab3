"""Words first: a category that a charter gives words is suggested where one is said, and the word is the reason."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from weizhi.methods.text.folding import folded


@dataclass(frozen=True)
class Category:
    """As a charter writes it; the order of the charter breaks ties."""

    key: str
    title: str
    words: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True)
class Suggestion:
    """``certainty`` in 0…1; ``reason`` is shown to people. ``source`` is "words" or "model"."""

    key: str
    certainty: float
    reason: str
    source: str


def because_of(said: Iterable[str]) -> str:
    """因为说到“垃圾”、“清运”"""
    return "因为说到" + "、".join(f"“{word}”" for word in said)


def occurring(words: Iterable[str], text: str) -> list[str]:
    """The words said, each once, in the order of first mention. A word inside a longer one is not said:
    红绿灯 says nothing about 灯 where both are listed."""
    pattern, listed = _looked_for(tuple(words))
    if not listed:
        return []
    return [listed[word] for word in dict.fromkeys(match[0] for match in pattern.finditer(plain(text)))]


@lru_cache(maxsize=256)
def _looked_for(words: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """The longest first; and which word of the list was meant. A charter's words are the same for every message."""
    listed = {plain(word): word for word in words}
    longest_first = sorted(listed, key=lambda word: (-len(word), word))
    return re.compile("|".join(re.escape(word) for word in longest_first)), listed


def plain(text: str) -> str:
    return folded(text).casefold()


class Words:
    """The words of all categories, ready to be looked for."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self.categories = tuple(categories)
        self.order = {category.key: place for place, category in enumerate(self.categories)}
        self.parents = {category.key: category.parent for category in self.categories}
        self.owners: dict[str, list[str]] = defaultdict(list)
        for category in self.categories:
            for word in category.words:
                self.owners[word].append(category.key)

    def suggest(self, title: str, text: str = "") -> tuple[Suggestion, ...]:
        """Categories by what was said: longer words weigh more, those in the title twice. Surest first, none: ().

        The certainty is the share of what was said that speaks for the category or one above it. It is no
        probability: one word alone gives at most 0.8, since words are also said in passing.
        """
        in_title = set(occurring(self.owners, title))
        said = occurring(self.owners, f"{title}\n{text}")
        weight = {word: len(word) * (2 if word in in_title else 1) for word in said}
        scores: dict[str, int] = defaultdict(int)
        for word in said:
            for key in self.owners[word]:
                scores[key] += weight[word]
        total = sum(weight.values())
        ranked = sorted(scores, key=lambda key: (-scores[key], -self.depth(key), self.order[key]))
        return tuple(self.told(key, said, weight, total) for key in ranked)

    def told(self, key: str, said: list[str], weight: dict[str, int], total: int) -> Suggestion:
        own = [word for word in said if key in self.owners[word]]
        line = {key, *self.above(key)}
        with_it = sum(weight[word] for word in said if line & set(self.owners[word]))
        certainty = with_it / total * (0.8 if len(own) == 1 else 0.9)
        return Suggestion(key, round(certainty, 4), because_of(own), "words")

    def above(self, key: str) -> Iterator[str]:
        """Parents, nearest first; a circle (which a charter's check refuses) ends where it closes."""
        seen = {key}
        parent = self.parents.get(key)
        while parent is not None and parent not in seen:
            yield parent
            seen.add(parent)
            parent = self.parents.get(parent)

    def depth(self, key: str) -> int:
        """漏水 is a word of 维修 and of 水管和漏水 under it: the closer one is meant."""
        return sum(1 for _ in self.above(key))
