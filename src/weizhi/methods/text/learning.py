"""Teach the linear model from confirmed messages. scikit-learn is needed here and nowhere else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from weizhi.methods.text.features import Message, Weights, grams, weigh
from weizhi.methods.text.model import TITLE, Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDS = 5
ENOUGH = 10  # confirmed messages of a class before it is learned; good suggestions begin at about 50
SUREST = (0.5, 0.8, 0.9)
STRICTNESS = 1.0  # the support vector machine's C


class TooFew(ValueError):
    """Nothing can be learned from so few confirmed messages."""


def learn(messages: Sequence[Message], labels: Sequence[str], *, seed: int = 1) -> Model:
    """A model of the classes with at least ``ENOUGH`` confirmed messages. Same input, same seed, same model.

    A linear support vector machine, one class against the rest. Its margin says nothing to people; so it is fitted
    to "was it right?" on messages held out in five parts, by a logistic curve with two numbers (Platt 1999).
    """
    counted = Counter(labels)
    taught = [place for place, label in enumerate(labels) if counted[label] >= ENOUGH]
    keys = sorted({labels[place] for place in taught})
    if len(keys) < 2:
        raise TooFew(f"要学会分类，至少要有两类，每类至少 {ENOUGH} 条已确认的留言。")
    chosen, answers = [messages[place] for place in taught], [labels[place] for place in taught]
    slope, shift = calibrate(chosen, answers, keys, seed)
    body, title, weights, offset = fit(chosen, answers, keys, seed)
    return Model(tuple(keys), body, title, weights, offset, slope, shift, len(chosen))


def fit(
    messages: Sequence[Message], labels: Sequence[str], keys: Sequence[str], seed: int
) -> "tuple[Weights, Weights, NDArray[np.float32], NDArray[np.float32]]":
    import numpy as np
    from scipy.sparse import hstack
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped]  # published without types

    bodies = [grams(f"{one.title}。{one.text}") for one in messages]
    titles = [grams(one.title) for one in messages]
    body, title = weigh(bodies, at_least=2), weigh(titles, at_least=1)
    rows = hstack([body.matrix(bodies), TITLE * title.matrix(titles)]).tocsr()
    columns: list[Any] = []
    offset: list[float] = []
    for key in keys:
        # Balanced: a class of few messages must not be silenced by the many of another.
        machine = LinearSVC(
            C=STRICTNESS, loss="hinge", class_weight="balanced", max_iter=20_000, random_state=seed
        ).fit(rows, [label == key for label in labels])
        columns.append(machine.coef_[0])
        offset.append(float(machine.intercept_[0]))
    return body, title, np.asarray(columns, dtype=np.float32).T.copy(), np.asarray(offset, dtype=np.float32)


def held_out(
    messages: Sequence[Message], labels: Sequence[str], keys: Sequence[str], seed: int
) -> "NDArray[np.float64]":
    """Scores of every message by a model that had not seen it, [message, key]."""
    import numpy as np
    from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]  # published without types

    scores = np.zeros((len(messages), len(keys)))
    parts = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(list(labels), list(labels))
    for seen, unseen in parts:
        part = fit([messages[place] for place in seen], [labels[place] for place in seen], keys, seed)
        model = Model(tuple(keys), *part, slope=1.0, shift=0.0, learned=len(seen))
        scores[unseen] = [model.scores(messages[place]) for place in unseen]
    return scores


def calibrate(
    messages: Sequence[Message], labels: Sequence[str], keys: Sequence[str], seed: int
) -> tuple[float, float]:
    """Slope and shift of the curve from a margin to how often it was right."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # published without types

    scores = held_out(messages, labels, keys, seed)
    ordered = np.sort(scores, axis=1)
    margins = ordered[:, -1] - ordered[:, -2]
    right = [keys[best] == label for best, label in zip(scores.argmax(axis=1), labels, strict=True)]
    if all(right) or not any(right):
        return 4.0, 0.0  # nothing to fit a curve to; half sure where two classes tie
    curve = LogisticRegression(C=1e6).fit(margins.reshape(-1, 1), right)
    return max(0.0, float(curve.coef_[0][0])), float(curve.intercept_[0])


@dataclass(frozen=True)
class Check:
    """What held-out messages say of a model. ``surest[0.8]`` is the accuracy on the surest 80 %."""

    messages: int
    accuracy: float
    macro_f1: float
    surest: Mapping[float, float]


def check(messages: Sequence[Message], labels: Sequence[str], *, seed: int = 1) -> Check:
    """Cross-validated in five parts: how good suggestions would have been on messages nobody had confirmed yet."""
    import numpy as np

    keys = sorted(set(labels))
    scores = held_out(messages, labels, keys, seed)
    told = [keys[place] for place in scores.argmax(axis=1)]
    right = np.asarray([one == label for one, label in zip(told, labels, strict=True)])
    ordered = np.sort(scores, axis=1)
    surest_first = np.argsort(ordered[:, -2] - ordered[:, -1], kind="stable")
    surest = {part: float(right[surest_first[: round(len(right) * part)]].mean()) for part in SUREST}
    f1 = [f1_of(key, told, labels) for key in keys]
    return Check(len(messages), float(right.mean()), sum(f1) / len(f1), surest)


def f1_of(key: str, told: Sequence[str], labels: Sequence[str]) -> float:
    both = sum(one == key == label for one, label in zip(told, labels, strict=True))
    either = told.count(key) + sum(label == key for label in labels)
    return 2 * both / either if either else 0.0
