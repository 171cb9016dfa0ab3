"""One way to fold characters, with the way back: full-width, half-width and circled digits read alike."""

import re
import unicodedata
from dataclasses import dataclass

SPOKEN = dict(zip("〇零一二三四五六七八九幺", "001234567891", strict=True))
NUMERALS = re.compile(f"[{''.join(SPOKEN)}]{{7,}}")  # 一三八零零…: shorter runs are dates and counts


@dataclass(frozen=True)
class Folded:
    """``text`` is folded; character i of it came from character ``at[i]`` of the original."""

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` (not empty) stands in the original, whole characters only."""
        return self.at[start], self.at[end - 1] + 1


class _Compatible(dict[int, str]):
    """What each character folds to, learned as it is met: `str.translate` then costs no step of ours a character."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFKC", chr(code))
        return self[code]


_COMPATIBLE = _Compatible()


def folded(text: str) -> str:
    """NFKC character by character: so a piece of a text folds to a piece of the folded text."""
    return text.translate(_COMPATIBLE)


def fold(text: str) -> Folded:
    """The same with the way back."""
    plain = folded(text)
    if len(plain) == len(text):  # no character folds to none, so each folded to one
        return Folded(plain, tuple(range(len(text))))
    return Folded(plain, tuple(place for place, one in enumerate(text) for _ in _COMPATIBLE[ord(one)]))


def digits_of_numerals(text: str) -> str:
    """Runs of Chinese numerals long enough to be a number somebody hides become digits; the length stays."""
    return NUMERALS.sub(lambda run: "".join(SPOKEN[one] for one in run[0]), text)
