"""One way to fold characters, with the way back: full-width, half-width and circled digits read alike."""

import unicodedata
from dataclasses import dataclass

SPOKEN = dict(zip("〇零一二三四五六七八九幺", "001234567891", strict=True))
SPOKEN_RUN = 7  # 一三八零零…: shorter runs of Chinese numerals are dates and counts


@dataclass(frozen=True)
class Folded:
    """``text`` is folded; character i of it came from character ``at[i]`` of the original."""

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` (not empty) stands in the original, whole characters only."""
        return self.at[start], self.at[end - 1] + 1


def fold(text: str) -> Folded:
    """NFKC character by character: so a piece of a text folds to a piece of the folded text, and places are kept."""
    folded: list[str] = []
    at: list[int] = []
    for place, character in enumerate(text):
        for one in character if character.isascii() else unicodedata.normalize("NFKC", character):
            folded.append(one)
            at.append(place)
    return Folded("".join(folded), tuple(at))


def digits_of_numerals(text: str) -> str:
    """Runs of Chinese numerals long enough to be a number somebody hides become digits; the length stays."""
    pieces = list(text)
    start = 0
    while start < len(pieces):
        end = start
        while end < len(pieces) and text[end] in SPOKEN:
            end += 1
        if end - start >= SPOKEN_RUN:
            pieces[start:end] = [SPOKEN[one] for one in text[start:end]]
        start = max(end, start + 1)
    return "".join(pieces)
