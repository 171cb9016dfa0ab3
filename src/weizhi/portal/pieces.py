"""What the templates eat: each recurring piece of a page as a frozen value with one template.

Views and queries make them, ``{% piece x %}`` draws them. They hold words and values, never model rows: the gallery
shows every state without a database, and a page cannot query while it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from weizhi.portal.stencils import Holed

DueState = Literal["ok", "soon", "late", "done", "paused"]
Tone = Literal["done", "news", "warning", "error"]
Weight = Literal["primary", "plain", "refuse", "quiet"]
PRESSED_PLACES = 9  # from so many on they are a list


@dataclass(frozen=True, slots=True)
class Piece:
    template: ClassVar[str] = ""
    plain: ClassVar[bool] = False  # drawn the same on every page in every language: drawn once


@dataclass(frozen=True, slots=True)
class Chip(Piece, Holed):
    """A state: always a word and a shape besides its colour."""

    template: ClassVar[str] = "chip"
    HOLES: ClassVar[tuple[str, ...]] = ("words", "at")
    plain: ClassVar[bool] = True
    LOOKS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "ok": ("clock", ""),
        "soon": ("soon", "soon"),
        "late": ("late", "late"),
        "done": ("done", "done"),
        "refused": ("refused", "refused"),
        "paused": ("pause", ""),
        "waiting": ("waiting", "waiting"),
        "moving": ("moving", "moving"),
    }

    words: str
    state: str = "ok"
    at: datetime | None = None

    @property
    def icon(self) -> str:
        return self.LOOKS[self.state][0]

    @property
    def tint(self) -> str:
        return self.LOOKS[self.state][1]


@dataclass(frozen=True, slots=True)
class Seal(Piece):
    """Two or four characters in red: something was decided here."""

    template: ClassVar[str] = "seal"
    plain: ClassVar[bool] = True
    words: str
    large: bool = False


@dataclass(frozen=True, slots=True)
class Photo(Holed):
    HOLES: ClassVar[tuple[str, ...]] = ("url", "alt", "key", "full")

    url: str
    alt: str
    key: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class Who(Holed):
    """Who acted: the name, the post in which it was done, and whether it was done for somebody else."""

    HOLES: ClassVar[tuple[str, ...]] = ("name", "post", "behalf", "face")

    name: str
    post: str = ""
    behalf: str = ""
    face: str = ""  # one character; whoever reads is called "您" and still has a face of his own

    def __post_init__(self) -> None:
        object.__setattr__(self, "face", (self.face or self.name)[:1])


@dataclass(frozen=True, slots=True)
class Stars(Piece):
    template: ClassVar[str] = "stars"
    plain: ClassVar[bool] = True
    given: int
    words: str

    @property
    def row(self) -> list[bool]:
        return [n < self.given for n in range(5)]


@dataclass(frozen=True, slots=True)
class Sentence(Piece, Holed):
    """One act of a story. `who` None is the house itself: a period ran out, a reminder went."""

    template: ClassVar[str] = "sentence"
    HOLES: ClassVar[tuple[str, ...]] = ("text", "when", "at", "quote")

    text: str
    when: str
    at: datetime
    who: Who | None = None
    quote: str = ""
    photos: tuple[Photo, ...] = ()
    seal: Seal | None = None
    stars: Stars | None = None
    tone: Literal["", "thanks", "late"] = ""


@dataclass(frozen=True, slots=True)
class Next(Piece, Holed):
    """The last line of a story that goes on: what comes, who must do it, by when."""

    template: ClassVar[str] = "next"
    HOLES: ClassVar[tuple[str, ...]] = ("what", "who")

    what: str
    who: str
    due: Chip | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The last line of a story that is over."""

    words: str
    seal: Seal


@dataclass(frozen=True, slots=True)
class Story(Piece):
    template: ClassVar[str] = "story"
    sentences: tuple[Sentence, ...]
    nexts: tuple[Next, ...] = ()
    end: End | None = None


@dataclass(frozen=True, slots=True)
class Facts(Piece, Holed):
    template: ClassVar[str] = "facts"
    HOLES: ClassVar[tuple[str, ...]] = ("rows",)
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    hint: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field(Piece, Holed):
    """One thing to fill in. `type` is of the charter's closed list, plus `stars` and `thumbs` for a rating."""

    template: ClassVar[str] = "field"
    HOLES: ClassVar[tuple[str, ...]] = ("label", "hint", "unit", "placeholder")
    RATING: ClassVar[tuple[str, ...]] = ("stars", "thumbs")

    key: str
    type: str
    label: str
    hint: str = ""
    required: bool = False
    value: str | tuple[str, ...] = ""
    choices: tuple[Choice, ...] = ()
    error: str = ""
    unit: str = ""
    placeholder: str = ""
    most: int | None = None
    kept: tuple[Photo, ...] = ()
    prefix: str = "f"
    compact: bool = False
    quiet: bool = False
    by_name: bool = False  # places may be named in words
    beside: bool = False  # stands in one row with its neighbours that do, where there is room

    @property
    def holed(self) -> bool:
        """An empty field whose choices are always the same; in others stands what somebody typed, or people's names."""
        return not (self.value or self.error or self.kept or (self.choices and self.type not in self.RATING))

    @property
    def id(self) -> str:
        return f"{self.prefix}-{self.key}"

    @property
    def described(self) -> str:
        """Ids of the hint and the error, for the ear."""
        return " ".join(f"{self.id}-{part}" for part in ("hint", "error") if getattr(self, part))

    @property
    def chosen(self) -> tuple[str, ...]:
        return (self.value,) if isinstance(self.value, str) else self.value

    @property
    def typed(self) -> str:
        """What was written, besides what was pressed."""
        pressed = {one.value for one in self.choices}
        return "、".join(one for one in self.chosen if one not in pressed)

    @property
    def pressed(self) -> bool:
        """Whether what there is to choose stands open; else it is a list to unfold, or written."""
        if self.by_name and not self.choices:
            return False
        if self.type == "choice":
            return self.few and bool(self.choices) and not self.compact
        if self.type == "place":
            return not self.compact and len(self.choices) < PRESSED_PLACES
        return self.type in ("yes-no", "thumbs", "stars", "places")

    @property
    def short(self) -> bool:
        """Few short words stand side by side."""
        return 2 <= len(self.choices) <= 3 and all(len(one.words) <= 4 and not one.hint for one in self.choices)

    @property
    def few(self) -> bool:
        return len(self.choices) <= 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """A button of an act: the charter's own word for where it leads."""

    value: str
    words: str
    weight: Weight = "plain"


@dataclass(frozen=True, slots=True)
class Action(Piece, Holed):
    """An act open to me now, as one form: its fields and the outcomes as buttons."""

    template: ClassVar[str] = "action"
    HOLES: ClassVar[tuple[str, ...]] = ("title", "url", "key", "step", "hint", "post", "queue", "behalf")
    SENT: ClassVar[bool] = True

    title: str
    url: str
    key: str
    verb: str
    outcomes: tuple[Outcome, ...]
    step: str = ""
    fields: tuple[Field, ...] = ()
    hint: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    folded: bool = False
    post: str = ""
    queue: str = ""
    behalf: str = ""

    @property
    def holed(self) -> bool:
        return not self.errors and all(field.holed for field in self.fields)

    @property
    def uploads(self) -> bool:
        return any(one.type in ("photo", "file") for one in self.fields)


@dataclass(frozen=True, slots=True)
class WhyNot(Piece, Holed):
    """Why I cannot act here: each reason in words, with the line of the charter that says so."""

    template: ClassVar[str] = "why_not"
    HOLES: ClassVar[tuple[str, ...]] = ("reasons",)
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A matter in a list on the phone."""

    title: str
    url: str
    where: str = ""
    news: str = ""
    chips: tuple[Chip, ...] = ()
    photo: str = ""
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Empty(Piece):
    """What will be here, and the first step."""

    template: ClassVar[str] = "empty"
    title: str
    words: str
    url: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Cards(Piece):
    template: ClassVar[str] = "cards"
    title: str
    cards: tuple[Card, ...]
    key: str
    empty: Empty | None = None
    warm: bool = False
    more: str = ""
    more_words: str = ""
    whole: bool = True  # no page of something longer: then how many stand here says something


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the work table."""

    number: str
    title: str
    url: str
    place: str
    step: str
    raised: str
    due: Chip
    hands: str = ""
    kind: str = ""
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    words: str
    url: str
    count: int | None = None
    current: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Pager(Piece):
    template: ClassVar[str] = "pager"
    words: str
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class WorkTable(Piece):
    template: ClassVar[str] = "work_table"
    rows: tuple[Row, ...]
    tabs: tuple[Tab, ...] = ()
    filters: tuple[Field, ...] = ()
    filtered: bool = False
    pager: Pager | None = None
    empty: Empty | None = None
    hidden: tuple[tuple[str, str], ...] = ()
    begin: str = ""
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Threshold(Piece):
    """How far a vote has come. Parts of a hundred; the words say the rest, also what is still missing."""

    template: ClassVar[str] = "threshold"
    label: str
    count: str
    reached: float
    mark: float
    mark_words: str
    missing: str

    @property
    def is_reached(self) -> bool:
        return self.reached >= self.mark

    @property
    def mark_text(self) -> float:
        return min(max(self.mark, 6.0), 94.0)


@dataclass(frozen=True, slots=True)
class WhoDecides(Piece, Holed):
    """The procedure as a drawing with "you are here". The drawing is the charter's own and safe."""

    template: ClassVar[str] = "who_decides"
    drawing: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Figure(Piece):
    """A figure never comes without what it counts."""

    template: ClassVar[str] = "figure"
    number: str
    words: str
    of: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Progress(Piece):
    template: ClassVar[str] = "progress"
    label: str
    done: int
    total: int
    words: str


@dataclass(frozen=True, slots=True)
class Flash(Piece, Holed):
    template: ClassVar[str] = "flash"
    HOLES: ClassVar[tuple[str, ...]] = ("words", "more")
    ICONS: ClassVar[Mapping[str, str]] = {"done": "done", "news": "info", "warning": "soon", "error": "late"}

    words: str
    tone: Tone = "done"
    more: str = ""

    @property
    def icon(self) -> str:
        return self.ICONS[self.tone]


@dataclass(frozen=True, slots=True)
class Errors(Piece):
    """All that must be mended before the form can go, each with a link to its field."""

    template: ClassVar[str] = "errors"
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WhoSees(Piece):
    """Before sending: who will see this, and what nobody else will."""

    template: ClassVar[str] = "who_sees"
    seen_by: str
    kept: str = ""


@dataclass(frozen=True, slots=True)
class PersonCard:
    login: str
    name: str
    post: str
    does: str
    staff: bool = False
    tries: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Persons(Piece):
    template: ClassVar[str] = "persons"
    cards: tuple[PersonCard, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    key: str
    words: str
    url: str
    icon: str
    raised: bool = False
    on_dock: bool = True
    count: int = 0


@dataclass(frozen=True, slots=True)
class Nav:
    items: tuple[NavItem, ...] = ()
    name: str = ""
    post: str = ""
    home: str = "/"
    place: str = ""
    unseen: int = 0
