"""Which category a message belongs to: a suggestion with its certainty and its reason, for a person to confirm."""

from collections.abc import Sequence

from weizhi.methods.text.features import Message
from weizhi.methods.text.keywords import Suggestion, Words
from weizhi.methods.text.model import Model

AGREED = 0.95  # the words and the model, each by itself, came to the same


def suggest(message: Message, words: Words, model: Model | None = None) -> tuple[Suggestion, ...]:
    """Suggestions, surest first; () where there is nothing to say.

    Words come first: they are the charter's, and everybody can see why. Where they point several ways or nowhere,
    the model answers if there is one. Where both say the same, the words' reason stays and the certainty rises.
    """
    by_words = words.suggest(message.title, message.text)
    if model is None:
        return by_words
    by_model = model.suggest(message)
    if not by_words:
        return by_model
    if by_words[0].key == by_model[0].key:
        both = 1 - (1 - by_words[0].certainty) * (1 - by_model[0].certainty)
        first = Suggestion(by_words[0].key, round(min(AGREED, both), 4), by_words[0].reason, "words")
        first = first if first.certainty >= by_model[0].certainty else by_model[0]
        return one_each([first, *by_words, *by_model])
    clear = len(by_words) == 1 or by_words[0].certainty > by_words[1].certainty
    knows = by_words[0].key in model.keys
    if clear and (not knows or by_words[0].certainty >= by_model[0].certainty):
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
