"""Teach the linear model from confirmed messages. scikit-learn is needed here and nowhere else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from weizhi.methods.text.features import Message, Seen, Weights, grams, weigh_seen
from weizhi.methods.text.keywords import Suggestion, Words
from weizhi.methods.text.model import TITLE, Model, body_of, shares

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDS = 5
ENOUGH = 10  # confirmed messages of a class before it is learned; good suggestions begin at about 50
SUREST = (0.5, 0.8, 0.9)
PROMISED = (0.9, 0.8, 0.6)
STRICTNESS = 1.0  # the support vector machine's C
SETTLED = 0.01  # ends its search; a hundredth of this changes no suggestion and costs fifteen times as much
SAID = (0.0, 0.1, 0.2, 0.4, 0.8)  # what the words' certainty may count beside a score


class TooFew(ValueError):
    """Nothing can be learned from so few confirmed messages."""


@dataclass(frozen=True)
class Taught:
    """A confirmed message, read once: its features, and how surely a charter's words say each category."""

    message: Message
    label: str
    body: Counter[str]
    title: Counter[str]
    by_words: tuple[Suggestion, ...]

    @classmethod
    def of(cls, message: Message, label: str, words: Words | None) -> "Taught":
        by_words = words.suggest(message.title, message.text) if words else ()
        return cls(message, label, body_of(message), grams(message.title), by_words)


@dataclass(frozen=True)
class Lesson:
    """What is learned from. ``others``: bodies and titles of messages nobody has sorted; of them nothing is learned
    but how rare each pair of characters is.
    """

    taught: Sequence[Taught]
    keys: Sequence[str]
    others: tuple[Seen, Seen]
    with_words: bool

    @classmethod
    def of(
        cls, messages: Sequence[Message], labels: Sequence[str], words: Words | None, others: Sequence[Message]
    ) -> "Lesson":
        taught = [Taught.of(message, label, words) for message, label in zip(messages, labels, strict=True)]
        unsorted = Seen.of(map(body_of, others)), Seen.of(grams(one.title) for one in others)
        return cls(taught, sorted(set(labels)), unsorted, words is not None)

    @property
    def labels(self) -> list[str]:
        return [one.label for one in self.taught]

    def part(self, places: "Iterable[int] | NDArray[np.int64]") -> "Lesson":
        return replace(self, taught=[self.taught[place] for place in places])

    def large_enough(self) -> "Lesson":
        """The classes with at least ``ENOUGH`` messages, and these."""
        counted = Counter(self.labels)
        kept = [one for one in self.taught if counted[one.label] >= ENOUGH]
        return replace(self, taught=kept, keys=[key for key in self.keys if counted[key] >= ENOUGH])

    def said(self) -> "NDArray[np.float64]":
        """How surely the words say each key of each message."""
        import numpy as np

        return np.asarray([shares(self.keys, one.by_words) for one in self.taught])


def learn(
    messages: Sequence[Message],
    labels: Sequence[str],
    *,
    words: Words | None = None,
    others: Sequence[Message] = (),
    seed: int = 1,
) -> Model:
    """A model of the classes with at least ``ENOUGH`` confirmed messages. Same input, same seed, same model.

    A linear support vector machine, one class against the rest, beside the charter's words. Its margin says nothing
    to people; so it is fitted to "was it right?" on messages held out in five parts, by a logistic curve with two
    numbers (Platt 1999). What the words count is chosen on the same messages.
    """
    return learned(Lesson.of(messages, labels, words, others), seed)


def learned(lesson: Lesson, seed: int) -> Model:
    lesson = lesson.large_enough()
    if len(lesson.keys) < 2:
        raise TooFew(f"要学会分类，至少要有两类，每类至少 {ENOUGH} 条已确认的留言。")
    scores = held_out(lesson, seed)
    said = weight_of_words(lesson, scores) if lesson.with_words else None
    slope, shift = calibrate(lesson, scores + (said or 0.0) * lesson.said())
    return Model(tuple(lesson.keys), *fit(lesson, seed), slope, shift, len(lesson.taught), said)


def fit(lesson: Lesson, seed: int) -> "tuple[Weights, Weights, NDArray[np.float32], NDArray[np.float32]]":
    import numpy as np
    from scipy.sparse import hstack
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # published without types

    bodies, titles = [one.body for one in lesson.taught], [one.title for one in lesson.taught]
    body = weigh_seen(Seen.of(bodies) + lesson.others[0], at_least=2)
    title = weigh_seen(Seen.of(titles) + lesson.others[1], at_least=1)
    rows = hstack([body.matrix(bodies), TITLE * title.matrix(titles)]).tocsr()
    # Balanced: a class of few messages must not be silenced by the many of another.
    machine = LinearSVC(
        C=STRICTNESS, loss="hinge", class_weight="balanced", tol=SETTLED, max_iter=20_000, random_state=seed
    ).fit(rows, [lesson.keys.index(label) for label in lesson.labels])
    weights, offset = machine.coef_, machine.intercept_
    if len(lesson.keys) == 2:  # then there is one row, for the second key
        weights, offset = np.vstack([-weights, weights]), np.concatenate([-offset, offset])
    return body, title, weights.T.astype(np.float32).copy(), offset.astype(np.float32)


def held_out(lesson: Lesson, seed: int) -> "NDArray[np.float64]":
    """Scores of every message by a model that had not seen it, [message, key], without the words."""
    import numpy as np

    scores = np.zeros((len(lesson.taught), len(lesson.keys)))
    for seen, unseen in folds(lesson.labels, seed):
        model = Model(tuple(lesson.keys), *fit(lesson.part(seen), seed), slope=1.0, shift=0.0, learned=len(seen))
        scores[unseen] = [model.scores(one.message) for one in lesson.part(unseen).taught]
    return scores


def folds(labels: Sequence[str], seed: int) -> "list[tuple[NDArray[np.int64], NDArray[np.int64]]]":
    from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]  # published without types

    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(list(labels), list(labels)))


def weight_of_words(lesson: Lesson, scores: "NDArray[np.float64]") -> float:
    """The weight with which most held-out messages come out right; of equal ones the smallest."""
    said = lesson.said()
    return max(SAID, key=lambda weight: (int(right(lesson, scores + weight * said).sum()), -weight))


def right(lesson: Lesson, scores: "NDArray[np.float64]") -> "NDArray[np.bool_]":
    import numpy as np

    best = scores.argmax(axis=1)
    return np.asarray([lesson.keys[place] == label for place, label in zip(best, lesson.labels, strict=True)])


def margins(scores: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """How far the first is ahead of the second."""
    import numpy as np

    ordered: NDArray[np.float64] = np.sort(scores, axis=1)
    return ordered[:, -1] - ordered[:, -2]


def calibrate(lesson: Lesson, scores: "NDArray[np.float64]") -> tuple[float, float]:
    """Slope and shift of the curve from a margin to how often it was right."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # published without types

    hits = right(lesson, scores)
    if hits.all() or not hits.any():
        return 4.0, 0.0  # nothing to fit a curve to; half sure where two classes tie
    curve = LogisticRegression(C=1e6).fit(margins(scores).reshape(-1, 1), hits)
    return max(0.0, float(curve.coef_[0][0])), float(curve.intercept_[0])


@dataclass(frozen=True)
class Check:
    """What held-out messages say of a model. ``surest[0.8]`` is the accuracy on the surest 80 %.

    ``promised[0.9]``: of suggestions with a certainty of at least 0.9, how many there were and how many were right.
    """

    messages: int
    accuracy: float
    macro_f1: float
    surest: Mapping[float, float]
    promised: Mapping[float, tuple[int, int]]


def check(
    messages: Sequence[Message],
    labels: Sequence[str],
    *,
    words: Words | None = None,
    others: Sequence[Message] = (),
    seed: int = 1,
) -> Check:
    """Cross-validated in five parts: how good suggestions would have been on messages nobody had confirmed yet.

    Everything that is learned is learned without the part it is tried on: weights, what the words count, the curve.
    """
    import numpy as np

    whole = Lesson.of(messages, labels, words, others)
    scores, certain = np.full((len(messages), len(whole.keys)), -np.inf), np.zeros(len(messages))
    for seen, unseen in folds(labels, seed):
        model = learned(whole.part(seen), seed)
        known = [whole.keys.index(key) for key in model.keys]
        for place, one in zip(unseen, whole.part(unseen).taught, strict=True):
            scores[place, known] = model.scores(one.message, one.by_words)
            certain[place] = model.certainty(float(margins(scores[place : place + 1])[0]))
    return Check(
        len(messages),
        float(right(whole, scores).mean()),
        macro_f1(whole, scores),
        {part: float(accepted(certain, right(whole, scores), part).mean()) for part in SUREST},
        {least: promised(certain, right(whole, scores), least) for least in PROMISED},
    )


def accepted(certain: "NDArray[np.float64]", hits: "NDArray[np.bool_]", part: float) -> "NDArray[np.bool_]":
    """Whether each of the surest part was right."""
    import numpy as np

    chosen: NDArray[np.bool_] = hits[np.argsort(-certain, kind="stable")[: round(len(hits) * part)]]
    return chosen


def promised(certain: "NDArray[np.float64]", hits: "NDArray[np.bool_]", least: float) -> tuple[int, int]:
    return int((certain >= least).sum()), int(hits[certain >= least].sum())


def macro_f1(lesson: Lesson, scores: "NDArray[np.float64]") -> float:
    told = [lesson.keys[place] for place in scores.argmax(axis=1)]
    found = [f1_of(key, told, lesson.labels) for key in lesson.keys]
    return sum(found) / len(found)


def f1_of(key: str, told: Sequence[str], labels: Sequence[str]) -> float:
    both = sum(one == key == label for one, label in zip(told, labels, strict=True))
    either = told.count(key) + sum(label == key for label in labels)
    return 2 * both / either if either else 0.0
