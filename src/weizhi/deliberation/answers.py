"""What somebody says to the questions of a survey, and what comes out of all of it. Pure.

An answer is question → what was said: the number of an option ("2"), several of them, a level, words. What comes out
are counts, and for a sample what they mean for all; never who said what, and of a few nothing (`hiding`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from weizhi.charters.surveying import Question
from weizhi.deliberation.hiding import Shown, part, parts
from weizhi.methods.sampling import Estimate, Stratum, mean, wilson

TEXT = "text"
WORDS_AT_MOST = 500
Said = Mapping[str, Any]


class BadAnswer(ValueError):
    """Something does not fit its question; the message says what to do."""

    def __init__(self, message: str, question: str = "") -> None:
        super().__init__(message)
        self.question = question


def checked(questions: Sequence[Question], said: Said) -> dict[str, Any]:
    """What was said, in one form, in the order of the questions. Raises BadAnswer."""
    known = {question.key for question in questions}
    if strange := next((key for key in said if key not in known), None):
        raise BadAnswer(f"问卷里没有“{strange}”这道题。请刷新再看。", strange)
    found: dict[str, Any] = {}
    for question in questions:
        value = said.get(question.key)
        if value not in (None, "", [], ()):
            found[question.key] = _READ[question.form](question, value)
        elif question.required:
            raise BadAnswer(f"“{question.title}”要答。", question.key)
    if not found:
        raise BadAnswer("一题也没有答。请至少答一题，不想答的题可以空着。")
    return found


def _choice(question: Question, value: Any) -> str:
    number = str(value)
    if number in question.choices:  # a story, and whoever calls the API, may say the words
        return str(question.choices.index(number) + 1)
    if not _is_up_to(number, len(question.choices)):
        raise BadAnswer(f"“{question.title}”请从列出的选项里选。", question.key)
    return str(int(number))


def _is_up_to(number: str, most: int) -> bool:
    """Whether it is one of 1 … most. Of thousands of digits Python itself makes no number."""
    return number.isascii() and number.isdecimal() and len(number) < 9 and 1 <= int(number) <= most


def _choices(question: Question, value: Any) -> list[str]:
    given = list(value) if isinstance(value, list | tuple) else [value]
    found = sorted({_choice(question, one) for one in given}, key=int)
    if question.at_most is not None and len(found) > question.at_most:
        raise BadAnswer(f"“{question.title}”最多选 {question.at_most} 个，现在选了 {len(found)} 个。", question.key)
    return found


def _scale(question: Question, value: Any) -> int:
    number = str(value)
    if not _is_up_to(number, question.levels):
        raise BadAnswer(f"“{question.title}”请选 1 到 {question.levels} 中的一个数。", question.key)
    return int(number)


def _text(question: Question, value: Any) -> str:
    words = str(value).strip()
    if len(words) > WORDS_AT_MOST:
        raise BadAnswer(f"“{question.title}”最多写 {WORDS_AT_MOST} 个字，现在是 {len(words)} 个字。", question.key)
    return words


_READ: Mapping[str, Callable[[Question, Any], Any]] = {
    "choice": _choice, "choices": _choices, "scale": _scale, TEXT: _text,
}  # fmt: skip


def without_words(questions: Sequence[Question], said: Said) -> dict[str, Any]:
    """An answer as it is kept when its person is forgotten: what can be counted."""
    worded = {question.key for question in questions if question.form == TEXT}
    return {key: value for key, value in said.items() if key not in worded}


def figures(questions: Sequence[Question], answers: Collection[Said], population: int | None) -> list[dict[str, Any]]:
    """Of each question how many said what. `population`: of how many these are a sample; None where all were asked."""
    return [_figure(question, answers, population) for question in questions]


def _figure(question: Question, answers: Collection[Said], population: int | None) -> dict[str, Any]:
    values = [answer[question.key] for answer in answers if question.key in answer]
    found: dict[str, Any] = {"key": question.key, "answered": len(values), "cells": None}
    if question.form == TEXT:
        return found
    cells = _cells(question, values)
    if cells is None:
        return found
    found["cells"] = [[cell.low, cell.high] for cell in cells]
    if population is not None:
        found["shares"] = [_share(cell, len(values), population) for cell in cells]
    if question.form == "scale" and all(cell.exact for cell in cells):
        # Of exact counts the mean tells nothing new; of hidden ones it would tell the difference.
        found["mean"] = _between(mean([Stratum(population or len(values), values)]))
    return found


def _cells(question: Question, values: Sequence[Any]) -> list[Shown] | None:
    if question.form == "choices":
        found = [part(sum(str(n) in one for one in values), len(values)) for n in range(1, len(question.choices) + 1)]
        return [cell for cell in found if cell is not None] or None
    if question.form == "scale":
        return parts([sum(one == level for one in values) for level in range(1, question.levels + 1)])
    return parts([sum(one == str(n) for one in values) for n in range(1, len(question.choices) + 1)])


def _share(cell: Shown, answered: int, population: int) -> list[float]:
    """A share with its interval, from what is shown of the count alone: an estimate by strata would tell of each."""
    low, high = (wilson(count, answered, population=population) for count in (cell.low, cell.high))
    return [round(value, 4) for value in ((low.value + high.value) / 2, low.low, high.high)]


def _between(found: Estimate) -> list[float]:
    return [round(value, 4) for value in (found.value, found.low, found.high)]


def merged_groups(rows: Sequence[tuple[str, int, int]], fewest: int) -> list[tuple[list[str], int, int]]:
    """(group, asked, came back) with groups of a few put together, so that none tells of one home.

    What was put together is again at least `fewest`, where there are so many.
    """
    large = sorted((row for row in rows if row[1] >= fewest), key=lambda row: row[0])
    small = [row for row in rows if row[1] < fewest]
    while small and sum(row[1] for row in small) < fewest and large:
        next_smallest = min(large, key=lambda row: row[1])
        large.remove(next_smallest)
        small.append(next_smallest)
    found = [([name], asked, back) for name, asked, back in large]
    if small:
        names = sorted(row[0] for row in small)
        found.append((names, sum(row[1] for row in small), sum(row[2] for row in small)))
    return found
