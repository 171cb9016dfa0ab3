"""What the address of a search asks for, and the same as a condition of the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from weizhi.matters.models import Matter
from weizhi.methods.text.folding import fold
from weizhi.people.access import Standing

STATES = ("", "open", "ended")
LONGEST = {"q": 60, "place": 200, "state": 10}
SHORTEST = 2  # one character of Chinese is in half of all titles


@dataclass(frozen=True)
class Wanted:
    """The words, and the two conditions that narrow them. All of it stands in the address."""

    q: str = ""
    place: str = ""
    state: str = ""
    page: int = 1

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> "Wanted":
        page = sent.get("page", "1")
        words = {name: sent.get(name, "").strip()[:most] for name, most in LONGEST.items()}
        words["state"] = words["state"] if words["state"] in STATES else ""
        return cls(page=max(1, int(page)) if page.isdecimal() and len(page) < 5 else 1, **words)

    @property
    def words(self) -> tuple[str, ...]:
        """Each must be found. A number may be of one digit, a word has two characters."""
        return tuple(word for word in self.q.split() if len(word) >= SHORTEST or word.isdecimal())

    @property
    def skipped(self) -> tuple[str, ...]:
        """Words of one character beside longer ones: left out, and told."""
        return tuple(word for word in self.q.split() if word not in self.words)

    @property
    def too_short(self) -> bool:
        return bool(self.q) and not self.words

    @property
    def asks(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.words or self.place or self.state) and not self.too_short

    @property
    def said(self) -> dict[str, str]:
        """What narrows the list, as it stands in the address."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name in LONGEST}

    @property
    def url(self) -> str:
        said = {name: value for name, value in self.said.items() if value}
        return f"{reverse('portal:search')}?{urlencode(said)}" if said else reverse("portal:search")


def found(wanted: Wanted, who: Standing) -> QuerySet[Matter]:
    """The matters that hold all of the words, as far as `who` may see them, the newest change first."""
    rows = Matter.objects.visible_to(who).filter(community__in=who.communities)
    if wanted.state:
        rows = rows.filter(ended_at__isnull=wanted.state == "open")
    if wanted.place:
        at = wanted.place
        under = Q(place__path=at) | Q(place__path__gte=f"{at}/", place__path__lt=f"{at}0")
        rows = rows.filter(under | Q(place__levels__grid=at))
    for word in wanted.words:
        rows = rows.filter(_holds(word))
    return rows.order_by("-changed_at")


def _holds(word: str) -> Q:
    """In the title, in the name of the place or of what it lies in; or the number."""
    titled = Q(title__icontains=word)
    placed = Q(place__name__icontains=word) | Q(place__parent__name__icontains=word)
    found = titled | placed | Q(place__parent__parent__name__icontains=word)
    return found | Q(number=int(word)) if word.isdecimal() and len(word) < 9 else found


@dataclass(frozen=True)
class Bit:
    """A stretch of text, marked where it is what was asked for."""

    text: str
    hit: bool = False


def bits(text: str, words: tuple[str, ...]) -> tuple[Bit, ...]:
    """The text cut where the words stand in it, letters large or small, digits wide or narrow."""
    spans = sorted(_spans(text, words))
    cut: list[Bit] = []
    at = 0
    for start, end in spans:
        start = max(start, at)
        if end <= start:
            continue
        if start > at:
            cut.append(Bit(text[at:start]))
        cut.append(Bit(text[start:end], True))
        at = end
    return (*cut, Bit(text[at:])) if at < len(text) else tuple(cut)


def _spans(text: str, words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where each word stands. A text whose folding changes its length is compared as it is."""
    folded = fold(text).text.casefold()
    seen = folded if len(folded) == len(text) else text.casefold()
    for word in {fold(word).text.casefold() for word in words}:
        at = seen.find(word) if word else -1
        while at >= 0:
            yield at, at + len(word)
            at = seen.find(word, at + len(word))
