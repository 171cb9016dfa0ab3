"""What the address of a search asks for, and the same as a condition of the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from weizhi.matters.models import Matter
from weizhi.matters.searching import asked_of_index, holding
from weizhi.methods.text.folding import fold
from weizhi.methods.text.search_text import words
from weizhi.people.access import Standing

STATES = ("", "open", "ended")
LONGEST = {"q": 60, "place": 200, "state": 10}
DOORS_AT_MOST = 500


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
        """What must be found, as the index asks for it: 物 业 管理 is 物业管理 to it. A number may be of one digit."""
        pieces = [tuple(word for word in words(piece) if len(word) > 1) for piece in self.q.split()]
        if not all(pieces):
            pieces = [tuple(word for word in words(self.q) if len(word) > 1)]
        found = tuple(word for piece in pieces for word in piece)
        return found or ((self.q,) if self.number is not None else ())

    @property
    def number(self) -> int | None:
        """The number that is meant where nothing else was typed, with or without its zeros."""
        return int(self.q) if self.q.isdecimal() and len(self.q) < 9 else None

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
    """The matters that hold all of it, as far as `who` may see them: the latest raised first, without words changed."""
    rows = Matter.objects.visible_to(who).filter(community__in=who.communities)
    if wanted.state:
        rows = rows.filter(ended_at__isnull=wanted.state == "open")
    if wanted.place:
        at = wanted.place
        under = Q(place__path=at) | Q(place__path__gte=f"{at}/", place__path__lt=f"{at}0")
        rows = rows.filter(under | Q(place__levels__grid=at))
    if not wanted.q:
        return rows.order_by("-changed_at")
    if wanted.number is None:
        return holding(rows, asked_of_index(wanted.q))
    # Digits may be a number or stand in the words: 301 is a matter and a door.
    said = holding(rows, asked_of_index(wanted.q)).values_list("pk", flat=True) if len(wanted.q) > 1 else ()
    return rows.filter(Q(number=wanted.number) | Q(pk__in=list(said[:DOORS_AT_MOST]))).order_by("-raised_at")


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
