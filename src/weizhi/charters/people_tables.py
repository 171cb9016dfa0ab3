"""Who there is: levels, bodies, posts, duties; and what matters are about: categories and dispatch."""

from typing import Annotated, Any, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from .words import Count, Fraction, Key, PeriodText, Table, Urgency


class Levels(Table):
    """The levels of this charter from the widest to the narrowest, and what every known level is called."""

    order: tuple[Key, ...] = ()
    titles: dict[Key, str] = Setting(default_factory=dict)
    # Who picks up what stands at a level that a place does not have (a square outside every grid).
    owner: Key | None = None

    @property
    def known(self) -> frozenset[str]:
        """Return every level that may be named."""
        return frozenset(self.order) | frozenset(self.titles)


class Seat(Table):
    """One kind of seat in a body: of a post, or of another body's delegates."""

    post: Key | None = None
    body: Key | None = None
    group: Key | None = None  # a class of seats, such as enterprises, of which a share is fixed
    count: Annotated[Count, Setting(ge=1, le=999)] = 1

    @model_validator(mode="before")
    @classmethod
    def _role_is_post(cls, data: Any) -> Any:
        # Charters published before "post" was settled on wrote `role`; they must load for ever.
        if isinstance(data, dict) and "role" in data and "post" not in data:
            data = {("post" if key == "role" else key): value for key, value in data.items()}
        return data

    @model_validator(mode="after")
    def _one_of_two(self) -> "Seat":
        if (self.post is None) == (self.body is None):
            raise ValueError("一个席位写 post 或 body，二选一。")
        return self


class Share(Table):
    """So much of a body's seats belongs to a class of them, whoever sits there."""

    group: Key
    title: str = ""
    at_least: Fraction


class Body(Table):
    """A body that acts: committee, property company, council."""

    key: Key
    title: str = ""
    kind: Key | None = None
    at: Key | None = None
    seats: tuple[Seat, ...] = ()
    shares: tuple[Share, ...] = ()
    superior: Key | None = None  # the body it answers to
    phone: str = ""  # public: shown beside its name, and never hidden in what people write
    source: str = ""


class Post(Table):
    """An office that a person holds for a term at a place."""

    key: Key
    title: str = ""
    at: Key | None = None
    term: PeriodText | None = None
    part_of: Key | None = None
    apart_from: tuple[Key, ...] = ()
    single: bool = False


class Duty(Table):
    """A line of the lists: what a body or post must, may or must not do, or what is the residents' own (权责清单)."""

    key: Key
    title: str
    of: tuple[Key, ...]
    sort: Literal["must", "may", "must-not", "own"] = "must"
    mechanism: str = ""
    phase: Literal["decide", "carry-out", "supervise"] | None = None
    kinds: tuple[Key, ...] = ()
    does: tuple[str, ...] = ()  # "kind.step": the steps at which the duty is done, or which are forbidden
    every: str | None = None
    source: str = ""


class Category(Table):
    """One node of the tree that reports are sorted by."""

    key: Key
    title: str
    parent: Key | None = None
    words: tuple[str, ...] = ()
    class_: Key | None = Setting(default=None, alias="class")
    urgency: Urgency | None = None


class Dispatch(Table):
    """A routing rule: what is of these categories goes to these people."""

    key: Key
    categories: tuple[Key, ...] = ()
    classes: tuple[Key, ...] = ()
    to: tuple[Key, ...]
    at: Key | None = None
    because: str = ""
