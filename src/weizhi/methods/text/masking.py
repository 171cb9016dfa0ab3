"""Hide phones, ID numbers, bank cards, plates and e-mail addresses in free text before others see it.

Every match is hidden, not the first. ``(?<!\\d)`` and ``(?!\\d)`` bound numbers, never ``\\b``: Chinese characters are
word characters and stand right beside them. ID numbers must pass their mod-11 check (GB 11643), cards Luhn's
(ISO/IEC 7812), so that order numbers stay readable. Public telephones are never touched.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from weizhi.methods.text.folding import digits_of_numerals, fold

TITLES = {
    "email": "邮箱",
    "id": "身份证号",
    "card": "银行卡号",
    "mobile": "手机号",
    "landline": "座机号",
    "plate": "车牌号",
}

# What a number may be broken with. No line break: two lines are two numbers.
GAP = r"[ \t.·•_‐‑‒–—-]{0,3}"
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+ ?@ ?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
ID = re.compile(rf"(?<!\d)[1-9](?:{GAP}\d){{16}}{GAP}[\dXx](?!\d)")
CARD = re.compile(rf"(?<!\d)[3-9](?:{GAP}\d){{15,18}}(?!\d)")
MOBILE = re.compile(rf"(?<!\d)(?:(?:(?:\+|00){GAP})?86{GAP})?(1{GAP}[3-9](?:{GAP}\d){{9}})(?!\d)")
AREA = r"(?:10|2\d|(?!400|800)[3-9]\d{2})"
LANDLINE = re.compile(
    rf"(?<!\d)(?:\(?0{AREA}\)?|(?:\+|00){GAP}86{GAP}\(?0?\)?{AREA}\)?){GAP}([2-9]\d{{2,3}}{GAP}\d{{4}})(?!\d)"
)
PROVINCE = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
# Five places, six for new energy; the last may be 学, 警, 挂 … I and O are not used (GA 36).
PLATE = re.compile(
    rf"([{PROVINCE}]{GAP}[A-HJ-NP-Za-hj-np-z])((?:{GAP}[A-HJ-NP-Za-hj-np-z0-9]){{4}}"
    rf"(?:{GAP}[学警港澳挂试超领]|(?:{GAP}[A-HJ-NP-Za-hj-np-z0-9]){{1,2}}))(?![A-Za-z0-9])"
)
PUBLIC_NUMBERS = (
    "110 119 120 122 12345 12315 12319 12320 12329 12333 12338 12348 12355 12366 12369 12371 12377 12388 12389 12393 "
    "95598 96110 114 12121 12306 12123 12328 12318 12358 12350 10000 10010 10086 95588 95533 95555 95566 95599"
)
PUBLIC = frozenset(PUBLIC_NUMBERS.split())
BORN = range(1880, 2100)
# The first two digits (GB/T 2260)
REGION_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"
)
REGIONS = frozenset(REGION_CODES.split())


@dataclass(frozen=True)
class Span:
    """``text[start:end]`` of the original is of this kind; ``shown`` stands in its place."""

    start: int
    end: int
    kind: str
    shown: str


@dataclass(frozen=True)
class Masked:
    text: str
    spans: tuple[Span, ...]


def mask(text: str, public: Iterable[str] = ()) -> Masked:
    """``text`` with every personal number hidden, and what was hidden where.

    ``public`` are telephones that a community publishes, in any writing; they stay, as do short numbers, 400 and 800.
    """
    folded = fold(text)
    known = PUBLIC | {bare(number) for number in public}
    spans: list[Span] = []
    taken = [False] * len(folded.text)
    for start, end, kind, shown in found(digits_of_numerals(folded.text), known):
        if not any(taken[start:end]):
            taken[start:end] = [True] * (end - start)
            spans.append(Span(*folded.span(start, end), kind, shown))
    spans = apart(spans)
    return Masked(replaced(text, spans), tuple(spans))


def apart(spans: Iterable[Span]) -> list[Span]:
    """In order of place. Two spans can share an original character only where one character folds to several."""
    ordered: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if ordered and span.start < ordered[-1].end:
            last = ordered.pop()
            span = Span(last.start, max(last.end, span.end), last.kind, last.shown + span.shown)
        ordered.append(span)
    return ordered


def replaced(text: str, spans: Iterable[Span]) -> str:
    pieces: list[str] = []
    done = 0
    for span in spans:
        pieces += [text[done : span.start], span.shown]
        done = span.end
    return "".join([*pieces, text[done:]])


def bare(number: str) -> str:
    """Digits only, without the country's code: how public numbers are compared."""
    digits = "".join(one for one in fold(number).text if one.isdigit())
    return re.sub(r"^(?:00)?86(?=\d{10,})", "", digits).lstrip("0")


# --- what is found, the surest first: a card's digits are not looked at again as a telephone's -----------


def found(text: str, public: frozenset[str] | set[str]) -> Iterator[tuple[int, int, str, str]]:
    for match in EMAIL.finditer(text):
        yield (
            match.start(),
            match.end(),
            "email",
            match[0][0] + "***" + match[0][match[0].index("@") :].replace(" ", ""),
        )
    for match in every(ID, text, is_id):
        yield match.start(), match.end(), "id", starred(match[0], 3, 2)
    for match in every(CARD, text, is_card):
        yield match.start(), match.end(), "card", starred(match[0], 0, 4)
    for match in every(MOBILE, text, is_mobile):
        if bare(match[1]) not in public:
            yield match.start(), match.end(), "mobile", starred(match[1], 3, 4)
    for match in LANDLINE.finditer(text):
        if bare(match[0]) not in public:
            area = match[0][: match.start(1) - match.start()]
            yield match.start(), match.end(), "landline", area + starred(match[1], 0, 4)
    for match in every(PLATE, text, is_plate):
        yield match.start(), match.end(), "plate", match[1].upper() + starred(match[2], 0, 2)


def every(pattern: re.Pattern[str], text: str, passes: Callable[[re.Match[str]], bool]) -> Iterator[re.Match[str]]:
    """Matches that pass; after one that does not, the search goes on one character later, not behind it."""
    place = 0
    while match := pattern.search(text, place):
        good = passes(match)
        if good:
            yield match
        place = match.end() if good else match.start() + 1


def starred(number: str, first: int, last: int) -> str:
    """All but the first and last letters and digits as stars; spaces and hyphens stay, so that it reads as before."""
    places = [place for place, one in enumerate(number) if one.isalnum()]
    hidden = set(places[first : len(places) - last])
    return "".join("*" if place in hidden else one for place, one in enumerate(number))


def groups(number: str) -> list[int]:
    """``138 0013 8000`` → [3, 4, 4]."""
    return [len(group) for group in re.findall(r"[^\W_]+", number)]


def evenly(sizes: list[int], most: int) -> bool:
    """Written in equal groups, the last one perhaps shorter: 6222 0212 3456 7890 123."""
    return sizes[0] <= most and len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0]


def is_id(match: re.Match[str]) -> bool:
    sizes = groups(match[0])
    if not (len(sizes) == 1 or sizes[0] == 6 or sizes in ([14, 4], [17, 1]) or evenly(sizes, 6)):
        return False  # 13800138000 and six more digits are a telephone and something else
    number = "".join(re.findall(r"[0-9Xx]", match[0])).upper()
    return number[:2] in REGIONS and real_day(number[6:14]) and id_check(number[:17]) == number[17]


def real_day(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year in BORN
    except ValueError:
        return False


def id_check(first: str) -> str:
    """The eighteenth character for seventeen digits: weights 2^(17-i) mod 11 (GB 11643, ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(first)) % 11]


def is_card(match: re.Match[str]) -> bool:
    sizes = groups(match[0])
    if not (len(sizes) == 1 or (len(sizes) == 2 and sizes[0] == 6) or (sizes[0] in (1, 4) and evenly(sizes, 4))):
        return False
    return luhn("".join(re.findall(r"\d", match[0])))


def luhn(digits: str) -> bool:
    doubled = "0246813579"
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(int(doubled[int(digit)]) for digit in even)) % 10 == 0


def is_mobile(match: re.Match[str]) -> bool:
    sizes = groups(match[1])
    return sizes[0] >= 3 or all(size == 1 for size in sizes)  # 15-1-2024… is a date, not a telephone


def is_plate(match: re.Match[str]) -> bool:
    sizes = groups(match[2])
    if len(sizes) > 2 and max(sizes) > 1:
        return False  # 新A3-2-301 is a home
    digits = len(re.findall("[0-9]", match[2]))
    return digits >= 2  # 新ABCDEF: letters alone are a name
