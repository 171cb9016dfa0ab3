"""What a report looks like to the machine: a category and 大事, 小事 or 私事, each with its reason. A person decides.

The charter's own words always; beside them what was learned from this community's sorted reports, where
`weizhi reports learn` has written a model. Without a model, and where nothing is said, there is no suggestion.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weizhi.charters.models import Charter
from weizhi.matters.rules import title_of
from weizhi.methods.text.features import Message
from weizhi.methods.text.keywords import Category, Suggestion, Words
from weizhi.methods.text.model import Model, NotAModel
from weizhi.methods.text.suggestion import suggest
from weizhi.methods.text.three import Rules, Size, SizeSuggestion, suggest_size

log = logging.getLogger(__name__)

SIZES: Mapping[str, Promise] = {"big": _("大事"), "small": _("小事"), "private": _("私事")}
PRESELECTED = 0.5  # below it the list stays open: a guess that stands there is taken without looking


@dataclass(frozen=True)
class Suggested:
    """`category` and `size` may each be None: nothing was said that speaks for one."""

    category: Suggestion | None = None
    size: SizeSuggestion | None = None


def message_of(words: str, key: str = "") -> Message:
    """A report as the methods read it: its first sentence is its title."""
    return Message(key, title_of(words, ""), words)


def suggest_for(charter: Charter, community: str, words: str) -> Suggested:
    """For words said in the community with this slug. Reads the database never, a file when it is new."""
    message = message_of(words)
    tree = tuple(Category(one.key, one.title, one.words, one.parent) for one in charter.categories.values())
    found = suggest(message, _words(tree), model_of(community))
    first = next((one for one in found if one.key in charter.categories), None)
    category = charter.categories[first.key] if first else None
    size = suggest_size(
        message.title,
        words,
        category=category.key if category else "",
        category_title=category.title if category else "",
        rules=Rules(categories=_sizes(charter)),
    )
    return Suggested(first, size)


@lru_cache(maxsize=32)
def _words(tree: tuple[Category, ...]) -> Words:
    return Words(tree)


def _sizes(charter: Charter) -> dict[str, Size]:
    """Categories that the charter itself calls big, small or private; other classes are the city's own."""
    return {one.key: cast(Size, one.class_) for one in charter.categories.values() if one.class_ in SIZES}


def model_path(community: str) -> Path:
    """Where a community's model lies: beside its data, never in the package."""
    return Path(settings.HOME) / "models" / f"{community}.npz"


def model_of(community: str) -> Model | None:
    """The community's model, or None where none was learned."""
    path = model_path(community)
    try:
        written = path.stat().st_mtime_ns
    except OSError:
        return None
    return _read(path, written)


@lru_cache(maxsize=8)
def _read(path: Path, written: int) -> Model | None:
    """Read once for each time it was written."""
    try:
        return Model.from_bytes(path.read_bytes())
    except (NotAModel, OSError):
        log.exception("The model %s cannot be read; the charter's words suggest alone", path.name)
        return None
