"""Which category a message belongs to: a suggestion with its certainty and its reason, for a person to confirm."""

from collections.abc import Sequence

from weizhi.methods.text.features import Message
from weizhi.methods.text.keywords import Suggestion, Words
from weizhi.methods.text.model import Model

AGREED = 0.95  # the words and the model, each by itself, came to the same


def suggest(message: Message, words: Words, model: Model | None = None) -> tuple[Suggestion, ...]:
    """Suggestions, surest first; () where there is nothing to say.

    Words come first: they are the charter's, and everybody can see why. A model learned beside them knows what they
    are worth and weighs both; it says the words as its reason where they point to the same. Of categories that nobody
    confirmed yet only words can speak.
    """
    by_words = words.suggest(message.title, message.text)
    if model is None:
        return by_words
    by_model = model.suggest(message, by_words)
    if not by_words:
        return by_model
    clear = len(by_words) == 1 or by_words[0].certainty > by_words[1].certainty
    if clear and by_words[0].key not in model.keys:
        return one_each([by_words[0], by_model[0], *by_words, *by_model])
    if model.said is None:
        return side_by_side(by_words, by_model, clear=clear)
    if by_words[0].key == by_model[0].key:
        said = Suggestion(by_model[0].key, by_model[0].certainty, by_words[0].reason, "words")
        return one_each([said, *by_model, *by_words])
    return one_each([*by_model, *by_words])


def side_by_side(
    by_words: Sequence[Suggestion], by_model: Sequence[Suggestion], *, clear: bool
) -> tuple[Suggestion, ...]:
    """Of a model that does not know what the words are worth: the surer one, and surer still where both agree."""
    if by_words[0].key == by_model[0].key:
        both = 1 - (1 - by_words[0].certainty) * (1 - by_model[0].certainty)
        first = Suggestion(by_words[0].key, round(min(AGREED, both), 4), by_words[0].reason, "words")
        first = first if first.certainty >= by_model[0].certainty else by_model[0]
        return one_each([first, *by_words, *by_model])
    if clear and by_words[0].certainty >= by_model[0].certainty:
        return one_each([by_words[0], by_model[0], *by_words, *by_model])
    return one_each([by_model[0], by_words[0], *by_words, *by_model])


def one_each(suggestions: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The first of each key."""
    kept: dict[str, Suggestion] = {}
    for one in suggestions:
        kept.setdefault(one.key, one)
    return tuple(kept.values())


def automatic(suggestions: Sequence[Suggestion], least: float) -> Suggestion | None:
    """The suggestion that may be taken without a person: only above the certainty that the community set."""
    return suggestions[0] if suggestions and suggestions[0].certainty >= least else None
