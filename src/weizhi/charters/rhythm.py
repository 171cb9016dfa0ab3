"""What recurs and what is measured: calendar, assessments, talks, training, sheets, indicators."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator
from pydantic import Field as Setting

from .periods import parse_period
from .recurrence import check_lunar, check_rrule
from .words import Count, Counts, DelayText, Key, Mark, Number, PeriodText, Table

# A person cannot be named here: the language has no way to rate one (docs/adr/0002).
ASSESSABLE = ("body-kind", "body", "matter", "place", "service")
_OF = re.compile(r"([a-z-]+):([a-z][a-z0-9-]*)")
_EACH = re.compile(r"(body-kind|place):([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")
_AHEAD = ("day", "working day", "week", "month")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _assessable(text: str) -> str:
    match = _OF.fullmatch(text)
    if not match or match[1] not in ASSESSABLE:
        raise ValueError(
            f"考评对象“{text}”不行：只能考评组织、事项、地方或服务，不能考评个人。"
            "请写 body-kind：类别、body：组织、matter：事项、place：层级 或 service：服务。"
        )
    return text


def _clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"看不懂钟点“{text}”。请写成 “19:00” 这样。")
    return text


def _ahead(text: str) -> str:
    if parse_period(text).unit not in _AHEAD:
        raise ValueError(f"提前多久“{text}”要按天算。请写成 “14 days”“3 working days”“2 weeks” 或 “1 month” 这样。")
    return text


def _each(text: str) -> str:
    if not _EACH.fullmatch(text):
        raise ValueError(f"看不懂“{text}”：给谁各开一件？请写 “place:grid” 或 “body-kind:property-company” 这样。")
    return text


RuleText = Annotated[str, AfterValidator(check_rrule)]
LunarText = Annotated[str, AfterValidator(check_lunar)]
ClockText = Annotated[str, AfterValidator(_clock)]
AheadText = Annotated[str, AfterValidator(_ahead)]
EachText = Annotated[str, AfterValidator(_each)]
Assessable = Annotated[str, AfterValidator(_assessable)]


class CalendarEntry(Table):
    """A recurrence: the body's meeting, or a matter of a kind opened at each date.

    `ahead`: so long before the date, so that invitations can go out. `late`: what becomes of a date that fell while
    the server stood still; one that has its whole day behind it is opened late, or left out.
    """

    key: Key
    title: str = ""
    body: Key | None = None
    opens: Key | None = None
    rrule: RuleText | None = None
    lunar: LunarText | None = None
    at: ClockText | None = None
    starts: date | None = None
    moves: Literal["stays", "next-working-day", "previous-working-day"] = "stays"
    ahead: AheadText | None = None
    for_each: EachText | None = None
    late: Literal["open-late", "skip"] = "open-late"
    beside: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _one_recurrence(self) -> "CalendarEntry":
        if (self.rrule is None) == (self.lunar is None):
            raise ValueError("日历写 rrule（公历重复）或 lunar（农历日期），二选一。")
        return self

    @property
    def each(self) -> tuple[str, str]:
        """Return of what it opens one each, ("place", "grid") or ("body-kind", "property-company"); else nothing."""
        what, _, name = (self.for_each or "").partition(":")
        return what, name


class Source(Table):
    """One part of an assessment and its weight."""

    key: Key
    title: str = ""
    rrule: RuleText | None = None
    sheet: Key | None = None
    survey: Key | None = None
    sample: Key | None = None
    electorate: Key | None = None
    at_least: Count | None = None
    by: tuple[Key, ...] = ()
    weight: Annotated[Count, Setting(ge=0)]
    combine: Literal["mean", "median", "drop-extremes"] = "mean"
    missing: Literal["zero", "spread", "block"] = "block"


class Grade(Table):
    """A grade or a list that a score leads to."""

    key: Key
    title: str = ""
    at_least: Number | None = None
    under: Number | None = None


class Assessment(Table):
    """A regular assessment of bodies, matters, places or services."""

    key: Key
    title: str = ""
    of: Assessable
    period: Literal["month", "quarter", "half-year", "year"]
    scale: Annotated[Count, Setting(ge=1)] = 100
    sources: Annotated[tuple[Source, ...], Setting(min_length=1)]
    grades: tuple[Grade, ...] = ()
    lists: tuple[Grade, ...] = ()
    notice_days: Count | None = None
    procedure: Key | None = None
    enters: Key | None = None


class Talk(Table):
    """A series of talks: its subjects and channels."""

    key: Key
    title: str
    subjects: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    rrule: RuleText | None = None
    for_: tuple[Key, ...] = Setting(default=(), alias="for")


class Training(Table):
    """What the holders of a post must have learnt, and before what."""

    key: Key
    title: str
    for_: tuple[Key, ...] = Setting(alias="for")
    subjects: tuple[str, ...] = ()
    hours: Count | None = None
    rrule: RuleText | None = None
    valid: PeriodText | None = None
    test_at_least: Count | None = None
    before: tuple[Literal["election", "appointment", "meeting"], ...] = ()
    given_by: Key | None = None


class Sheet(Table):
    """A table for the level above, filled from what is already known (一表通)."""

    key: Key
    title: str
    rows: str = ""
    columns: tuple[str, ...] = ()
    rrule: RuleText | None = None


class Indicator(Table):
    """A published figure over a closed list of measures; it reads marks and ends, never a step's name."""

    key: Key
    title: str
    kinds: tuple[Key, ...] = ()
    measure: Literal["share-marked", "share-ended", "share-rated", "count-ended", "median-days"]
    mark: Mark | None = None
    counts: tuple[Counts, ...] = ()
    rated: Literal["good", "bad"] | None = None
    within: DelayText | None = None
    per: Literal["month", "quarter", "year"] = "month"
    better: Literal["high", "low"] = "high"

    @model_validator(mode="after")
    def _says_what(self) -> "Indicator":
        need = {"share-marked": "mark", "share-ended": "counts", "count-ended": "counts", "share-rated": "rated"}
        name = need.get(self.measure)
        if name and not getattr(self, name):
            raise ValueError(f'指标 measure = "{self.measure}" 要写明 {name}。')
        return self
