"""Pieces drawn from stencils.

A template looks up each value by its names, makes it local, asks whether it is safe and escapes it: some forty calls
a word, and a story has a hundred words. So the template of a piece is drawn once for each shape, with a hole where
each word goes; from then on the words are escaped and put in. How a piece looks is still said by its template alone.

Which of its fields are words, a piece says itself (`HOLES`): texts and instants that the template shows as they are and
never compares, cuts or counts. Everything else belongs to the shape, and so does whether there is a word at all. What
people wrote is only ever in the holes, so nothing of theirs is kept here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cache
from html import escape
from operator import attrgetter
from typing import Any, ClassVar, Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from weizhi.charters.periods import ZONE

MARKS: Final = re.compile("[\ue000-\uf8ff]")  # for private use: no word of ours has one
FIRST, LAST = 0xE000, 0xF8FF
MARKS_IN_REPR: Final = re.compile(r"\\u(?:e|f[0-8])")
SHAPES_AT_MOST: Final = 2000
Shape = tuple[object, ...]
Drawing = Callable[[Any, str], str]  # of a piece and the form token of the page


@dataclass(frozen=True, slots=True)
class Holed:
    """What can be drawn from a stencil, or stand within what is."""

    HOLES: ClassVar[tuple[str, ...]] = ()
    SENT: ClassVar[bool] = False  # a form, which carries the token of the page

    @property
    def holed(self) -> bool:
        """Not where words stand beside the holes, such as what somebody typed into a form."""
        return True


class Stencils:
    """The stencils cut so far, each for one shape in one language."""

    def __init__(self, drawn_whole: Drawing) -> None:
        self._drawn_whole = drawn_whole
        self._cut: dict[tuple[str | None, Shape], str] = {}

    def draw(self, thing: Holed, language: str | None, token: str = "") -> SafeString:
        words: list[object] = []
        shape = _shape(thing, words)
        stencil = self._cut.get((language, shape))
        if stencil is None:
            if MARKS_IN_REPR.search(repr(shape)):
                return SafeString(self._drawn_whole(thing, token))
            stencil = self._make(thing, language, shape)
        return SafeString(stencil.format(*[_said(word) for word in words], escape(token)))

    def _make(self, thing: Holed, language: str | None, shape: Shape) -> str:
        marks = map(chr, range(FIRST, LAST + 1))
        marked = _marked(thing, marks)
        drawn = self._drawn_whole(marked, next(marks)).replace("{", "{{").replace("}", "}}")
        stencil = MARKS.sub(lambda mark: f"{{{ord(mark[0]) - FIRST}}}", drawn)
        if len(self._cut) >= SHAPES_AT_MOST:
            self._cut.clear()
        self._cut[language, shape] = stencil
        return stencil


def moment(at: datetime | str) -> str:
    """An instant for machines, on the clock of the place; a mark in place of one stays as it is."""
    return at if isinstance(at, str) else at.astimezone(ZONE).isoformat()


def _said(word: Any) -> str:
    if type(word) is str:
        return escape(word)
    return moment(word) if isinstance(word, datetime) else conditional_escape(word)


@cache
def _plan(kind: type[Holed]) -> tuple[tuple[str, ...], Callable[[Holed], tuple[Any, ...]], tuple[bool, ...]]:
    """The names of its fields, how to read them all at once, and which of them are words."""
    names = tuple(field.name for field in fields(kind))
    return names, attrgetter(*names, "__class__"), tuple(name in kind.HOLES for name in names)


def _shape(thing: Any, words: list[object]) -> Shape:
    _names, values, are_words = _plan(thing.__class__)
    return (thing.__class__, *[
        _put_aside(value, words) if is_word else _shape_within(value, words)
        for value, is_word in zip(values(thing), are_words, strict=False)  # the class comes last: one name is no tuple
    ])  # fmt: skip


def _shape_within(value: Any, words: list[object]) -> object:
    if isinstance(value, tuple):
        return tuple([_shape_within(one, words) for one in value])
    return _shape(value, words) if isinstance(value, Holed) and value.holed else value


def _put_aside(value: Any, words: list[object]) -> object:
    if isinstance(value, tuple):
        return tuple([_put_aside(one, words) for one in value])
    if value:
        words.append(value)
    return bool(value)


def _marked(thing: Any, marks: Iterator[str]) -> Any:
    """The same thing with a mark in place of each word, in the order in which the words are put aside."""
    names, values, are_words = _plan(thing.__class__)
    pairs = zip(names, values(thing), are_words, strict=False)
    given = {name: (_mark if is_word else _marked_within)(value, marks) for name, value, is_word in pairs}
    return replace(thing, **given)


def _marked_within(value: Any, marks: Iterator[str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_marked_within(one, marks) for one in value)
    return _marked(value, marks) if isinstance(value, Holed) and value.holed else value


def _mark(value: Any, marks: Iterator[str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_mark(one, marks) for one in value)
    return next(marks) if value else value
