"""The linear model as it runs: a vocabulary and weights, read from a file that can hold nothing else.

No scikit-learn here, and no pickle: loading a model must not be able to run code.
"""

import io
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from weizhi.methods.text.features import Message, Weights, grams
from weizhi.methods.text.keywords import Suggestion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = 1
Row = tuple[list[int], list[float]]  # places of features and their values
TITLE = 0.7  # what a feature of the title counts beside one of the whole
LEADING = 3  # how many characters the reason names


class NotAModel(ValueError):
    """The bytes are no model of this format."""


@dataclass(frozen=True)
class Model:
    """``weights[feature, key]`` and ``offset[key]``; ``slope`` and ``shift`` turn a margin into a certainty.

    The certainty is 1 / (1 + exp(-(slope · margin + shift))), fitted on messages the model had not seen (Platt):
    of suggestions with 0.9 about nine in ten were right. ``learned`` says from how many confirmed messages.
    ``said`` is what the words' certainty counts beside a score, None where it was learned without words.
    """

    keys: tuple[str, ...]
    body: Weights
    title: Weights
    weights: "NDArray[np.float32]"
    offset: "NDArray[np.float32]"
    slope: float
    shift: float
    learned: int
    said: float | None = None

    def scores(self, message: Message, by_words: Sequence[Suggestion] = ()) -> "NDArray[np.float64]":
        """One number for each key, in the order of ``keys``."""
        return self.scores_of(row(message, self.body, self.title), by_words)

    def scores_of(self, features: Row, by_words: Sequence[Suggestion]) -> "NDArray[np.float64]":
        import numpy as np

        places, values = features
        found: NDArray[np.float64] = np.asarray(values) @ self.weights[places].astype("float64") + self.offset
        return found + (self.said or 0.0) * np.asarray(shares(self.keys, by_words))

    def suggest(self, message: Message, by_words: Sequence[Suggestion] = ()) -> tuple[Suggestion, ...]:
        """All keys, surest first. Only the first one's certainty is calibrated; the others share what it leaves."""
        features = row(message, self.body, self.title)
        scores = self.scores_of(features, by_words)
        order = sorted(range(len(self.keys)), key=lambda place: (-scores[place], self.keys[place]))
        first = self.certainty(float(scores[order[0]] - scores[order[1]]))
        rest = [math.exp(float(scores[place] - scores[order[1]])) for place in order[1:]]
        shares = [first] + [(1 - first) * part / sum(rest) for part in rest]
        reason = self.reason(features, order[0])
        return tuple(
            Suggestion(self.keys[place], round(share, 4), reason if place == order[0] else "", "model")
            for place, share in zip(order, shares, strict=True)
        )

    def certainty(self, margin: float) -> float:
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.slope * margin + self.shift))))

    @cached_property
    def names(self) -> Sequence[str]:
        """What each feature is called, in the order of ``weights``."""
        return (*self.body.places, *self.title.places)

    def reason(self, features: Row, key: int) -> str:
        """The pairs of characters that spoke loudest for it."""
        places, values = features
        spoke = (self.weights[places, key].astype("float64") * values).tolist() if places else []
        said = {self.names[place]: loudness for place, loudness in zip(places, spoke, strict=True)}
        loud = sorted((gram for gram in said if len(gram) > 1 and said[gram] > 0), key=lambda gram: (-said[gram], gram))
        start = f"像 {self.learned} 条已确认的留言里的这一类"
        return start + ("，例如" + "、".join(f"“{gram}”" for gram in loud[:LEADING]) if loud else "")

    def to_bytes(self) -> bytes:
        """An ``.npz`` of plain arrays and one JSON text."""
        import numpy as np

        head: dict[str, Any] = {
            "format": FORMAT,
            "keys": self.keys,
            "body": list(self.body.places),
            "title": list(self.title.places),
            "slope": self.slope,
            "shift": self.shift,
            "learned": self.learned,
            "said": self.said,
        }
        out = io.BytesIO()
        np.savez_compressed(
            out,
            head=np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), dtype=np.uint8),
            rarity=np.asarray([*self.body.rarity, *self.title.rarity], dtype=np.float32),
            weights=self.weights,
            offset=self.offset,
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        import numpy as np

        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as held:
                head = json.loads(bytes(held["head"]))
                rarity, weights, offset = held["rarity"].tolist(), held["weights"], held["offset"]
            if head["format"] != FORMAT:
                raise NotAModel(f"模型文件的格式是 {head['format']}，这里只认识 {FORMAT}。请重新训练。")
            body, title = head["body"], head["title"]
            if weights.shape != (len(body) + len(title), len(head["keys"])) or len(rarity) != len(weights):
                raise NotAModel("模型文件不完整：词表和权重的数目对不上。请重新训练。")
        except (KeyError, TypeError, ValueError, BadZipFile, EOFError, OSError) as wrong:
            if isinstance(wrong, NotAModel):
                raise
            raise NotAModel("这不是模型文件。请用 weizhi methods classify --save 重新生成。") from None
        cut = len(body)
        return cls(
            tuple(head["keys"]),
            listed(body, rarity[:cut]),
            listed(title, rarity[cut:]),
            weights,
            offset,
            head["slope"],
            head["shift"],
            head["learned"],
            head.get("said"),
        )


def shares(keys: Sequence[str], by_words: Sequence[Suggestion]) -> list[float]:
    """How surely the words say each key."""
    certain = {one.key: one.certainty for one in by_words}
    return [certain.get(key, 0.0) for key in keys]


def listed(names: list[str], rarity: list[float]) -> Weights:
    return Weights({gram: place for place, gram in enumerate(names)}, rarity)


def body_of(message: Message) -> Counter[str]:
    return grams(f"{message.title}。{message.text}")


def row(message: Message, body: Weights, title: Weights) -> Row:
    """The message's features: title and text together, then the title once more for itself."""
    places, values = body.row(body_of(message))
    more, heavy = title.row(grams(message.title))
    return places + [len(body.places) + place for place in more], values + [TITLE * value for value in heavy]
