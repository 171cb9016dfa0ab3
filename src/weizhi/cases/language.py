"""The language of a case (docs/cases.md): who is on stage, what they do when, what must then hold."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic import Field as Setting

ZONE = ZoneInfo("Asia/Shanghai")
_DAY = re.compile(r"day (\d{1,4}) ([01]\d|2[0-3]):([0-5]\d)")
_ROW = re.compile(r"[A-F]\d{1,2}")
_SEES = re.compile(r"not-found|story|story of (\d+) sentences?")
_SUMS = re.compile(r"\d+ / (?:\d+(?:\.\d\d?)?|-)")
_OF = re.compile(r"\d+ of \d+")
_DATED = re.compile(r"([a-z][a-z0-9-]*) (\d{4}-\d{2}-\d{2})(?: (\S+))?")
_DUE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}))?")

NAMES = {"lin": "林姨", "zhou": "小周", "wang": "王主任", "chen": "陈经理", "zhao": "赵律师", "guo": "郭先生"}


class Table(BaseModel):
    """A table of a case; a key that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_alias=True, validate_by_name=False)


def _moment(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    raise ValueError('看不懂这个时间。请写 "day 3 10:15"（第 0 天是开始那天）或 2026-03-02T10:15:00。')


def _row(text: str) -> str:
    if not _ROW.fullmatch(text):
        raise ValueError(f"“{text}”不是一行的编号。请写 A1 到 F14 这样的编号。")
    return text


def _sees(text: str) -> str:
    if not _SEES.fullmatch(text):
        raise ValueError(f"看不懂“{text}”。请写 not-found、story 或 story of 4 sentences。")
    return text


def _due(text: str) -> str:
    if not _DUE.fullmatch(text):
        raise ValueError(f"看不懂期限“{text}”。请写 2017-04-06 或 2017-04-06 18:00。")
    return text


def _of(text: str) -> str:
    if not _OF.fullmatch(text):
        raise ValueError(f"看不懂“{text}”。请写成 2 of 3：到期 3 件，按时办了 2 件。")
    return text


def _sums(text: str) -> str:
    if not _SUMS.fullmatch(text):
        raise ValueError(f"看不懂“{text}”。请写成 10 / 1000：10 人、1000 平方米；不按面积的写 10 / -。")
    return text


def _listed(value: Any) -> Any:
    """One where several are allowed need not stand in brackets."""
    return value if isinstance(value, list | tuple) else [value]


Moment = Annotated[Any, AfterValidator(_moment)]
Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Person = str
Sums = Annotated[str, AfterValidator(_sums)]


class Head(Table):
    """The `[case]` table."""

    name: str
    title: str
    charter: str
    starts: datetime
    district: str = ""  # there is a district above the street, and this is the charter that it has adopted
    proves: tuple[Annotated[str, AfterValidator(_row)], ...] = ()

    @property
    def begins(self) -> datetime:
        return self.starts.replace(tzinfo=ZONE)

    def instant(self, moment: str | datetime) -> datetime:
        """The instant that a moment of the case means, by the clocks of Shanghai."""
        if isinstance(moment, datetime):
            return moment.replace(tzinfo=ZONE)
        found = _DAY.fullmatch(moment)
        assert found is not None
        day = self.starts.date() + timedelta(days=int(found[1]))
        return datetime.combine(day, time(int(found[2]), int(found[3])), ZONE)


class StagePlace(Table):
    """A place of a stage of one's own; `covers` makes it a grid over these places. `spot` is where it is drawn, `line`
    a wall or a way: metres east and north of the middle of the estate."""

    kind: str
    name: str
    under: str = ""
    covers: tuple[str, ...] = ()
    area: int | None = None  # 0.01 m²
    spot: tuple[float, float] | None = None
    line: tuple[tuple[float, float], ...] = ()


class Member(Table):
    """One of the cast: a post (several), a status in a household, or both; of this community or of another."""

    name: str = ""
    post: str | None = None
    posts: tuple[str, ...] = ()
    body: str | None = None
    at: str | None = None
    status: Words = ()
    home: str | None = None
    community: Literal["this", "another"] = "this"

    @property
    def held(self) -> tuple[str, ...]:
        return (*((self.post,) if self.post else ()), *self.posts)


class Act(Table):
    """Somebody does something, or tries to and is refused."""

    at: Moment | None = None
    by: Person
    raise_: str | None = Setting(default=None, alias="raise")
    as_: str | None = Setting(default=None, alias="as")
    place: str | None = None
    follows: str | None = None
    matter: str | None = None
    do: str | None = None
    step: str | None = None
    outcome: str | None = None
    words: str | None = None
    data: dict[str, Any] = Setting(default_factory=dict)
    photo: Words = ()
    as_post: str | None = None
    for_: Person | None = Setting(default=None, alias="for")
    opens: str | None = None
    propose: str | None = None  # a charter, by name, for the community of whoever proposes it
    confirm: str | None = None  # what somebody proposed, by its name in the story
    refused: str | None = None
    because: str = ""  # with `refused`: the line of the charter that says so, such as duties.collect

    @model_validator(mode="after")
    def _one_of_two(self) -> "Act":
        if sum(verb is not None for verb in (self.raise_, self.do, self.propose, self.confirm)) != 1:
            raise ValueError(
                "一个动作要么 raise（提出一件事），要么 do（在一件事上办一步），"
                "要么 propose（提出改章程）、confirm（确认），写一个。"
            )
        if self.do and not self.matter:
            raise ValueError("do 要和 matter 写在一起，说明是哪件事。")
        if (self.raise_ or self.propose) and not self.as_ and not self.refused:
            raise ValueError('提出的事要有个名字：写 as = "lamp" 这样，后面才好说是哪件事。')
        return self


class Advance(Table):
    """Time passes; every timer due until then fires at its own instant, or where the server was `down`, at the end."""

    to: Moment
    down: bool = False


class Waits(Table):
    """Whom an open step waits for, and until when."""

    post: str | None = None
    body: str | None = None
    person: Person | None = None
    status: str | None = None
    step: str | None = None
    due: (
        Annotated[str, BeforeValidator(lambda v: v.isoformat() if isinstance(v, date) else v), AfterValidator(_due)]
        | None
    ) = None

    @model_validator(mode="after")
    def _one_owner(self) -> "Waits":
        if sum(name is not None for name in (self.post, self.body, self.person, self.status)) != 1:
            raise ValueError("等谁：写 post、body、person、status 中的一个。")
        return self


class Result(Table):
    """What the newest counted vote of the matter must have come to; sums are "heads / m²"."""

    step: str | None = None
    outcome: str | None = None
    roll: Sums | None = None
    present: Sums | None = None
    yes: Sums | None = None
    no: Sums | None = None
    abstain: Sums | None = None
    aside: int | None = None
    ballots: int | None = None
    elected: tuple[Person, ...] | None = None
    winners: tuple[str, ...] | None = None  # matters that a budget vote chose, by their names in the story


class Surveyed(Table):
    """What the newest survey of the matter came to: "4 of 380" drawn, so many back, counts as they are shown."""

    asked: Annotated[str, AfterValidator(_of)] | None = None
    back: int | None = None
    channels: dict[str, int] | None = None
    cells: dict[str, tuple[str, ...]] | None = None  # question → "7", or "1-4" where a few are hidden; none: nothing


class Heard(Table):
    """What the newest online hall of the matter must have come to, by its record."""

    people: int | None = None
    stances: int | None = None
    statements: int | None = None
    groups: int | None = None
    united: tuple[int, ...] | None = None  # the numbers of what all agree on, best first
    why: str | None = None
    channels: dict[str, int] | None = None  # through which each person came first


class Expect(Table):
    """What must hold now of a matter, or of the record."""

    matter: str | None = None
    stands_at: Words | None = None
    ended: str | None = None
    counts: str | None = None
    category: str | None = None
    class_: str | None = Setting(default=None, alias="class")
    urgency: str | None = None
    waits_for: Annotated[tuple[Waits, ...], BeforeValidator(_listed)] = ()
    marks: tuple[str, ...] | None = None
    entries: int | None = None
    verbs: tuple[str, ...] | None = None
    stars: int | None = None
    result: Result | None = None
    survey: Surveyed | None = None
    hall: Heard | None = None
    sees: dict[Person, Annotated[str, AfterValidator(_sees)]] = Setting(default_factory=dict)
    told: dict[Person, int] = Setting(default_factory=dict)
    duties: dict[str, Annotated[str, AfterValidator(_of)]] = Setting(default_factory=dict)  # this month: "2 of 3"
    opened: dict[str, int] = Setting(default_factory=dict)  # how many matters this calendar has opened so far
    in_force: dict[Literal["here", "another", "district"], str] = Setting(default_factory=dict)  # which charter
    conventions: dict[str, int] = Setting(default_factory=dict)  # which edition is in force; 0: none
    record: Literal["verifies"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Expect":
        said = self.model_fields_set - {"matter"}
        if not said:
            raise ValueError("这里什么也没有要求。请写 stands_at、ended、waits_for、sees 等其中一项。")
        if said - {"record", "duties", "in_force", "opened", "conventions"} and self.matter is None:
            raise ValueError("这里要写 matter，说明是哪件事。")
        return self


class Case(Table):
    """A whole story."""

    case: Head
    places: dict[str, StagePlace] = Setting(default_factory=dict)
    cast: dict[Person, Member]
    acts: tuple[Act, ...]
    advance: tuple[Advance, ...] = ()
    expect: tuple[Expect, ...]


def sentences_seen(text: str) -> int | None:
    """How many sentences "story of 4 sentences" asks for; None where any number will do."""
    found = _SEES.fullmatch(text)
    return int(found[1]) if found and found[1] else None


def dated(name: str) -> tuple[str, date, str] | None:
    """What "round 2026-03-15 g1" names: the matter that the calendar "round" opened for that day, there (or the only
    one)."""
    found = _DATED.fullmatch(name)
    return (found[1], date.fromisoformat(found[2]), found[3] or "") if found else None
