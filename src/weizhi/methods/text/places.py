"""Where is it? Buildings, units and rooms in free text, and names that the community itself gave.

Numbers follow patterns: 3栋2单元301室, 5幢2门402, 3#楼, 十二号楼, 12-2-301. Names come only from the community's
gazetteer: a suffix alone says nothing ("我们小区").
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from weizhi.methods.text.folding import fold

NUMERALS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
COUNT = r"(?:\d{1,3}|[零〇一二两三四五六七八九十]{1,3})"
LETTER = r"[A-Za-z]"
BUILDING = rf"(?:{LETTER}?{COUNT}{LETTER}?|{LETTER})"

HOME = re.compile(
    rf"(?<![\d.A-Za-z])(?P<list>(?:{BUILDING}\s?[、,和及]\s?)*)(?P<building>{BUILDING})\s?"
    rf"(?:#\s?(?:号?楼|栋|幢|座)|号楼|栋|幢|#(?=\s?-?\s?\d|\s?{COUNT}\s?单元)|座(?=\s?\d|\s?{COUNT}\s?单元)|(?<=[A-Za-z])座)"
    rf"\s?-?\s?(?:(?P<unit>{COUNT})\s?(?:单元|门(?!\d*[卫口禁])|梯|-)\s?-?\s?)?(?:(?P<room>\d{{3,4}})(?!\d)\s?(?:室|房|户|号(?!楼))?)?"
)
UNIT = re.compile(
    rf"(?<![\d.A-Za-z])(?P<unit>{COUNT})\s?单元\s?(?:(?P<room>\d{{3,4}})(?!\d)\s?(?:室|房|户|号(?!楼))?)?"
)
DASHED = re.compile(
    r"(?<![\d.\-A-Za-z年月])(?P<building>[A-Za-z]?\d{1,3})\s?-\s?(?P<unit>\d{1,2})\s?-\s?(?P<room>\d{3,4})(?![\d\-.])"
)
TWO = re.compile(
    r"(?<![\d.\-A-Za-z])(?P<building>[A-Za-z]?\d{1,3})\s?-\s?(?P<room>\d{3,4})(?=\s?(?:室|房|户|业主|住户))"
)
ROOM = re.compile(r"(?<![\d.\-A-Za-z])(?P<room>\d{3,4})\s?室")
PATTERNS = (HOME, DASHED, TWO, UNIT, ROOM)


@dataclass(frozen=True)
class Home:
    """``text[start:end]`` says this; what is not said is None. Codes ("3", "A3") have no leading zeros."""

    start: int
    end: int
    building: str | None
    unit: str | None
    room: str | None


@dataclass(frozen=True)
class Named:
    """A name of the gazetteer and the place it stands for."""

    start: int
    end: int
    name: str
    place: str


def homes(text: str) -> tuple[Home, ...]:
    """Every building, unit or room said, in order; 5、6栋 gives two."""
    folded = fold(text)
    taken: list[tuple[int, int]] = []
    found: list[Home] = []
    for pattern in PATTERNS:
        for match in pattern.finditer(folded.text):
            start, end = match.start(), match.start() + len(match[0].rstrip(" -"))
            if any(start < other_end and end > other for other, other_end in taken) or is_date(match):
                continue
            taken.append((start, end))
            found += [Home(*folded.span(start, end), *parts) for parts in said(match)]
    return tuple(sorted(found, key=lambda home: home.start))


def said(match: re.Match[str]) -> Iterator[tuple[str | None, str | None, str | None]]:
    parts = match.groupdict()
    for one in re.split(r"\s?[、,和及]\s?", parts.get("list") or ""):
        if one:
            yield code(one), None, None
    yield code(parts.get("building")), code(parts.get("unit")), code(parts.get("room"))


def is_date(match: re.Match[str]) -> bool:
    """12-10-2019 is a day, although a house might have a room 2019."""
    if match.re is not DASHED or match["building"][0].isalpha():
        return False
    day, month, year = int(match["building"]), int(match["unit"]), int(match["room"])
    return 1 <= day <= 31 and 1 <= month <= 31 and 1990 <= year <= 2039


def code(written: str | None) -> str | None:
    """03 → 3, a3 → A3, 十二 → 12."""
    if not written:
        return None
    return re.sub(r"\d+|[零〇一二两三四五六七八九十]+", lambda number: str(counted(number[0])), written.upper())


def counted(number: str) -> int:
    """Digits of any script, or Chinese up to 九十九; without 十, digit by digit (一二 → 12)."""
    if number.isdecimal():
        return int(number)
    tens, ten, ones = number.partition("十")
    if not ten:
        return int("".join(str(NUMERALS[one]) for one in number))
    return (NUMERALS.get(tens, 1) if tens else 1) * 10 + (NUMERALS.get(ones, 0) if ones else 0)


class Gazetteer:
    """Names and other names of a community's places: ``{"幸福里": "xfl", "老年活动中心": "xfl/e1/hall"}``."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.places = {plain(name): place for name, place in names.items() if plain(name)}
        longest_first = sorted(self.places, key=lambda name: (-len(name), name))
        self.pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def named(self, text: str) -> tuple[Named, ...]:
        """Every name said, the longest where one lies in another."""
        folded = fold(text)
        matches: Iterable[re.Match[str]] = self.pattern.finditer(small(folded.text)) if self.pattern else ()
        return tuple(Named(*folded.span(*match.span()), match[0], self.places[match[0]]) for match in matches)


def plain(name: str) -> str:
    return small(fold(name).text).strip()


def small(text: str) -> str:
    """Letter by letter, so that the length stays (İ would become two)."""
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
