"""Near-duplicates and hot topics: who else has said this already?

A message is its title twice and the first 150 characters: what a matter is about stands at the start. The cosine of
rarity-weighted characters and pairs compares them, through an inverted sparse matrix: only messages that share a
feature are touched. No vector database is needed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from weizhi.methods.text.features import Message, Weights, grams, weigh

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

OPENING = 150
# Shown as 可能是同一件事 from where at least half of the pairs above were marked the same; the shorter the
# words, the more often they are alike by chance (docs/methods/figures.md). At one house chance has less room.
LIKELY, LIKELY_LONG = 0.32, 0.20
SAME_HOUSE, SAME_HOUSE_LONG = 0.26, 0.16
FOR_A_CHARACTER = 0.0015
TOGETHER = 0.20  # topics: mean cosine of two groups that are still one
CHAINED = 0.30  # topics of many messages: cosine of two that hang together
AVERAGE_UP_TO = 2_000  # average linkage holds all distances: n² / 2 numbers
BLOCK = 1_000


@dataclass(frozen=True)
class Near:
    key: str
    cosine: float


@dataclass(frozen=True)
class Topic:
    """``keys`` by how central they are; the first one's title names the topic. ``people`` counts senders once."""

    keys: tuple[str, ...]
    title: str
    people: int


def opening(message: Message) -> Mapping[str, int]:
    return grams(f"{message.title}。{message.title}。{message.text.strip()[:OPENING]}")


def likely_from(length: int, *, same_house: bool = False) -> float:
    """The cosine from which a pair is shown, when the shorter of both has so many characters."""
    short, long = (SAME_HOUSE, SAME_HOUSE_LONG) if same_house else (LIKELY, LIKELY_LONG)
    return max(long, short - FOR_A_CHARACTER * length)


class Known:
    """Messages that new ones are compared with. Built once; rarity is theirs, so rebuild it daily, not per message."""

    def __init__(self, messages: Sequence[Message]) -> None:
        openings = [opening(message) for message in messages]
        self.keys = [message.key for message in messages]
        self.weights: Weights = weigh(openings, at_least=2 if len(messages) > 50 else 1, at_most=200_000)
        self.rows: csr_matrix = self.weights.matrix(openings)
        self.inverted = self.rows.tocsc()

    def near(self, message: Message, *, most: int = 10, least: float = 0.0) -> tuple[Near, ...]:
        """The nearest, best first, without itself (the same key); equal ones in the order they were given."""
        import numpy as np

        places, values = self.weights.row(opening(message))
        if not places:
            return ()
        cosines: NDArray[np.float64] = self.inverted[:, places] @ np.asarray(values)
        order = np.argsort(-cosines, kind="stable")[: most + 1]
        found = [Near(self.keys[place], round(float(cosines[place]), 4)) for place in order if cosines[place] > 0]
        return tuple(near for near in found if near.key != message.key and near.cosine >= least)[:most]


def topics(messages: Sequence[Message], *, at_least: int = 2) -> tuple[Topic, ...]:
    """Groups of messages about one thing, those of most people first; a group of one is no topic.

    Up to ``AVERAGE_UP_TO`` messages by average linkage; above, by connected components, which is coarser: a chain of
    like messages becomes one topic. One person who writes ten times is one person.
    """
    if len(messages) < 2:
        return ()
    known = Known(messages)
    label = linked(known.rows) if len(messages) <= AVERAGE_UP_TO else chained(known.rows)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(label):
        groups[int(group)].append(place)
    found = [described(messages, known.rows, group) for group in groups.values() if len(group) >= at_least]
    return tuple(sorted(found, key=lambda topic: (-topic.people, -len(topic.keys), topic.keys)))


def described(messages: Sequence[Message], rows: "csr_matrix", group: list[int]) -> Topic:
    import numpy as np

    part = rows[group]
    central: NDArray[np.float64] = part @ np.asarray(part.sum(axis=0)).ravel()
    order = [group[place] for place in np.argsort(-central, kind="stable")]
    people = {messages[place].sender or f"message {messages[place].key}" for place in group}
    return Topic(tuple(messages[place].key for place in order), messages[order[0]].title, len(people))


def linked(rows: "csr_matrix") -> "NDArray[np.int32]":
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage

    cosines = (rows @ rows.T).toarray()
    upper = np.triu_indices(len(cosines), 1)
    distances = np.clip(1 - cosines[upper], 0, 1)
    labels: NDArray[np.int32] = fcluster(linkage(distances, "average"), 1 - TOGETHER, "distance")
    return labels


def chained(rows: "csr_matrix") -> "NDArray[np.int32]":
    from scipy.sparse import vstack
    from scipy.sparse.csgraph import connected_components

    blocks = []
    columns = rows.T.tocsc()
    for start in range(0, rows.shape[0], BLOCK):  # all at once would hold every pair that shares one character
        block = (rows[start : start + BLOCK] @ columns).tocsr()
        block.data[block.data < CHAINED] = 0
        block.eliminate_zeros()
        blocks.append(block)
    labels: NDArray[np.int32] = connected_components(vstack(blocks), directed=False)[1]
    return labels
