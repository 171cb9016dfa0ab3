"""What changed between two versions of a text: paragraph by paragraph, and inside one letter by letter.

Long texts stay cheap: what stands unchanged at both ends is set aside first, paragraphs are matched whole, and letters
are compared only within paragraphs that took one another's place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

Mark = Literal["same", "gone", "new"]
LETTERS_UP_TO = 400  # of a paragraph; a longer one is compared by sentences first
PAIRS_UP_TO = 900  # of paragraphs that may be versions of one another
ALIKE = 0.4  # below it, two paragraphs are no versions of one another
SHORT = 2  # letters that happen to stand in both, between changes, are no anchor
STOPS = "。；！？\n"


@dataclass(frozen=True)
class Run:
    """Some letters, and whether they stayed, went or came."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the comparison. ``mark`` is that of all of it; "same" with several runs: changed inside."""

    mark: Mark
    runs: tuple[Run, ...]

    @property
    def changed(self) -> bool:
        return self.mark != "same" or len(self.runs) > 1


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: its lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def differences(old: str, new: str) -> tuple[Paragraph, ...]:
    """Every paragraph of both texts in the order of reading, what went before what came in its place."""
    before, after = paragraphs(old), paragraphs(new)
    found: list[Paragraph] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Paragraph("same", (Run("same", line),)) for line in before[i1:i2]]
        else:
            found += _replaced(before[i1:i2], after[j1:j2])
    return tuple(found)


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs that took one another's place, side by side as far as they are versions of one another."""
    pairs = list(zip(before, after, strict=True)) if len(before) == len(after) else _paired(before, after)
    for old, new in pairs:
        if old and new and _alike(old, new):
            yield Paragraph("same", tuple(_inside(old, new)))
            continue
        if old:
            yield Paragraph("gone", (Run("gone", old),))
        if new:
            yield Paragraph("new", (Run("new", new),))


def _paired(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """Each old paragraph with the first later one that it is like; the others stand alone. Order is kept."""
    if len(before) * len(after) > PAIRS_UP_TO:  # rewritten from the ground up
        return [(old or "", new or "") for old, new in zip_longest(before, after)]
    pairs: list[tuple[str, str]] = []
    place = 0
    for old in before:
        found = next((n for n in range(place, len(after)) if _alike(old, after[n])), None)
        if found is None:
            pairs.append((old, ""))
            continue
        pairs += [("", new) for new in after[place:found]]
        pairs.append((old, after[found]))
        place = found + 1
    return [*pairs, *(("", new) for new in after[place:])]


def _alike(old: str, new: str) -> bool:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return False
    return max(len(old), len(new)) > LETTERS_UP_TO or matcher.ratio() >= ALIKE


def _inside(old: str, new: str) -> list[Run]:
    """Runs of letters that stayed, went and came. Joined, what is not new is the old, what is not gone the new."""
    if max(len(old), len(new)) <= LETTERS_UP_TO:
        return _joined(_compared(list(old), list(new), SHORT))
    found: list[Run] = []
    for run in (pieces := iter(_compared(_sentences(old), _sentences(new), 0))):
        if run.mark == "gone" and (come := next(pieces, None)) is not None and come.mark == "new":
            short = max(len(run.text), len(come.text)) <= LETTERS_UP_TO
            found += _compared(list(run.text), list(come.text), SHORT) if short else [run, come]
        else:
            found += [run, come] if run.mark == "gone" and come is not None else [run]
    return _joined(found)


def _compared(before: Sequence[str], after: Sequence[str], short: int) -> Iterator[Run]:
    """Each change as what went and then what came; `short` letters between two changes are drawn into them."""
    gone, come = "", ""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        was, now = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal" and (len(was) > short or not (gone or come) or i2 == len(before)):
            yield from _runs(gone, come)
            gone, come = "", ""
            yield Run("same", was)
        else:
            gone, come = gone + was, come + now
    yield from _runs(gone, come)


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of one mark as one run."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1].mark == run.mark:
            found[-1] = Run(run.mark, found[-1].text + run.text)
        else:
            found.append(run)
    return found


def _sentences(text: str) -> list[str]:
    found, start = [], 0
    for n, letter in enumerate(text, 1):
        if letter in STOPS:
            found.append(text[start:n])
            start = n
    return [*found, text[start:]] if start < len(text) else found


def _runs(gone: str, come: str) -> Iterator[Run]:
    if gone:
        yield Run("gone", gone)
    if come:
        yield Run("new", come)
