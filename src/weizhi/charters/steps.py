"""Procedures: their steps, gates, fields and ends."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field as Setting
from pydantic import PrivateAttr, model_validator

from .periods import Period, parse_period
from .spec import StepKindSpec
from .words import (
    SENT_TO,
    Count,
    Counts,
    DelayText,
    FieldType,
    GateName,
    Key,
    Mark,
    Number,
    PeriodText,
    Table,
    Visibility,
    parse_delay,
    parse_number,
)

PERIOD_KEYS = ("within", "open_for", "for_days")
PICKED = "picked"  # what a held matter waits for

# What each gate reads, beside its name. A gate with a word it does not use would silently say nothing.
GATE_WORDS: Mapping[str, frozenset[str]] = {
    gate: frozenset(words.split())
    for gate, words in {
        "field": "of is_ not_ one_of at_least at_most over under",
        "rounds": "of at_least at_most over under",
        "grids-concerned": "at_least at_most over under is_",
        "candidates": "over_seats at_least",
        "grade": "of is_ one_of at_least",
        "fund": "of at_least over",
        "supporters": "at_least over under",
        "objections": "open",
        "opinions": "at_least over under",
        "notice-days": "at_least over",
        "body": "of is_",
        "share": "of at_least over",
        "urgency": "is_ one_of",
        "consensus": "is_ one_of",
        "all-ended": "of",
        "sent-to": "at_least at_most over under",
        "raised-again": "at_least at_most over under",
        "intervention": "is_ one_of",
    }.items()
}


class Gate(Table):
    """One condition of the closed list: `{gate = "opinions", at_least = 2}`."""

    gate: GateName
    of: str | None = None
    is_: str | int | None = Setting(default=None, alias="is")
    not_: str | int | None = Setting(default=None, alias="not")
    one_of: tuple[str, ...] | None = Setting(default=None, alias="in")
    at_least: Number | None = None
    at_most: Number | None = None
    over: Number | None = None
    under: Number | None = None
    open: Count | None = None
    over_seats: Count | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Gate":
        used = self.model_fields_set - {"gate"}
        allowed = GATE_WORDS[self.gate]
        if wrong := sorted(_toml_name(name) for name in used - allowed):
            right = "、".join(sorted(_toml_name(name) for name in allowed))
            raise ValueError(f"条件“{self.gate}”不用“{'、'.join(wrong)}”。它可以用：{right}。")
        if not used - {"of"} and self.gate != "all-ended":
            raise ValueError(f'条件“{self.gate}”没有说要达到什么。请加上比较，例如 at_least = 2 或 is = "yes"。')
        return self

    def bound(self, name: Literal["at_least", "at_most", "over", "under"]) -> int | None:
        """Return a bound as a plain number; money is in fen."""
        value = getattr(self, name)
        return None if value is None else parse_number(value)


class Choice(Table):
    """One answer of a choice field."""

    key: Key
    title: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, data: Any) -> Any:
        return {"key": data} if isinstance(data, str) else data


class Field(Table):
    """One thing that is asked; the type is of a closed list."""

    key: Key
    type: FieldType
    title: str = ""
    hint: str = ""
    required: bool = False
    visible: Visibility | None = None
    choices: tuple[Choice, ...] = ()
    at_least: Number | None = None
    at_most: Number | None = None
    convention: Key | None = None  # of an article: which convention it stands in
    only_for: tuple[Key, ...] = ()  # asked only of whoever chooses one of these outcomes

    @model_validator(mode="after")
    def _choices_fit(self) -> "Field":
        if (self.type == "choice") != bool(self.choices):
            raise ValueError('type = "choice" 的字段要列出 choices，其他类型不写 choices。')
        if (self.type == "article") != (self.convention is not None):
            raise ValueError('type = "article" 的字段要写 convention（哪一份公约），其他类型不写。')
        return self


class Escalation(Table):
    """Whom a late step tells, how long after its deadline, and where it may move by itself."""

    after: DelayText
    tell: tuple[Key, ...] = ()
    to: str | None = None

    @property
    def delay(self) -> Period | None:
        """Return how long after the deadline; None means at once."""
        return parse_delay(self.after)


class Again(Table):
    """When the same may be raised again after this end."""

    supporters: Annotated[Count, Setting(ge=1)] | None = None
    after: PeriodText | None = None
    electorate: Key | None = None  # whose signatures count; without it anybody's who may see the matter


class End(Table):
    """One end of a procedure and how figures count it."""

    key: Key
    counts: Counts
    title: str = ""
    again: Again | None = None


P = TypeVar("P")


class Step(Table):
    """One step: the parameters that all kinds share, and the kind's own in `params`."""

    key: Key
    kind: str
    title: str = ""
    by: tuple[Key, ...] = ()
    not_by: tuple[Key, ...] = ()
    at: Key | None = None
    within: PeriodText | None = None
    open_for: PeriodText | None = None
    for_days: Annotated[Count, Setting(ge=1, le=3650)] | None = None
    when_due: str | None = None
    stops_clock: tuple[Key, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    then: str | None = None
    outcomes: dict[Key, str] = Setting(default_factory=dict)
    outcome_titles: dict[Key, str] = Setting(default_factory=dict)
    at_most: dict[Key, Annotated[Count, Setting(ge=1)]] = Setting(default_factory=dict)
    reasons: tuple[Key, ...] = ()  # outcomes that nobody may choose without saying why
    take_back: Key | None = None  # the sort step whose people may take it back from whom they sent it to
    marks: Mark | tuple[Mark, ...] | dict[Key, Mark | tuple[Mark, ...]] = ()
    needs: tuple[Gate, ...] = ()
    fields: tuple[Field, ...] = ()
    visible: Visibility | None = None
    tell: tuple[Key, ...] = ()
    people: Annotated[Count, Setting(ge=1, le=99)] = 1
    second_person: Key | None = None
    hint: str = ""
    params: dict[str, Any] = Setting(default_factory=dict)

    _parsed: dict[str, Any] = PrivateAttr(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _own_parameters_aside(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        common = {key: value for key, value in data.items() if key in STEP_WORDS}
        return {**common, "params": {key: value for key, value in data.items() if key not in STEP_WORDS}}

    def parsed(self, spec: StepKindSpec) -> Any:
        """Return the kind's own parameters, read by the kind's model."""
        if spec.name not in self._parsed:
            said = {word: value for word, value in self.params.items() if word not in spec.gone}
            self._parsed[spec.name] = spec.params.model_validate(said)
        return self._parsed[spec.name]

    @property
    def asks(self) -> tuple[str, ...]:
        """Return the names of all who may act here: whose step it is, the second person, those who answer."""
        return (*self.by, *((self.second_person,) if self.second_person else ()), *self.replying)

    @property
    def replying(self) -> tuple[str, ...]:
        """Return the names of those who answer here what the others say (a review's points)."""
        answers = self.params.get("answers", ())
        return tuple(str(name) for name in answers) if isinstance(answers, list | tuple) else ()

    @property
    def waits_for_choice(self) -> bool:
        """Tell whether the matter stands here until the one that holds it has chosen."""
        return self.kind == "wait" and self.params.get("for") == PICKED

    @property
    def period(self) -> Period | None:
        """Return the period that opens with the step, whichever word the charter used."""
        if self.for_days is not None:
            return parse_period(f"{self.for_days} days")
        text = self.within or self.open_for
        return parse_period(text) if text else None

    def marks_for(self, outcome: str | None) -> tuple[str, ...]:
        """Return the marks that leaving by this outcome gives."""
        marks = self.marks
        if isinstance(marks, dict):
            marks = marks.get(outcome or "", ())
        return (marks,) if isinstance(marks, str) else marks

    @property
    def all_marks(self) -> frozenset[str]:
        """Return every mark that this step can give, those of its recurring duties included."""
        groups = list(self.marks.values()) if isinstance(self.marks, dict) else [self.marks]
        given = {mark for group in groups for mark in ((group,) if isinstance(group, str) else group)}
        for duty in _tables(self.params.get("duties")):
            if isinstance(duty.get("marks"), str):
                given.add(duty["marks"])
        return frozenset(given)

    @property
    def sends(self) -> bool:
        """Whether it waits for those whom a sort step named."""
        return SENT_TO in self.by or self.params.get("for_each") == SENT_TO

    def targets(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield every place this step can lead to, with the key path (inside the step) that says so."""
        if self.then:
            yield ("then",), self.then
        for outcome, target in self.outcomes.items():
            yield ("outcomes", outcome), target
        if self.when_due:
            yield ("when_due",), self.when_due
        for n, rung in enumerate(self.escalate):
            if rung.to:
                yield ("escalate", n, "to"), rung.to
        yield from _params_targets(self.params)


class Procedure(Table):
    """Steps in file order, the first is the start, and the ends."""

    key: Key
    title: str = ""
    steps: dict[Key, Step]
    ends: dict[Key, End]

    @model_validator(mode="before")
    @classmethod
    def _names_inside(cls, data: Any) -> Any:
        return named(named(data, "steps"), "ends")

    @property
    def start(self) -> Step:
        """Return the step that a new matter stands at."""
        return next(iter(self.steps.values()))


STEP_WORDS = frozenset(Step.model_fields) - {"params"}


def _toml_name(name: str) -> str:
    return Gate.model_fields[name].alias or name


def _tables(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list | tuple) else []


def _params_targets(params: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for n, row in enumerate(_tables(params.get("routes"))):
        if isinstance(row.get("to"), str):
            yield ("routes", n, "to"), row["to"]
    branches = params.get("branches")
    if isinstance(branches, dict):
        for name, target in branches.items():
            if isinstance(target, str):
                yield ("branches", name), target
    if isinstance(params.get("first"), str):
        yield ("first",), params["first"]
    for n, duty in enumerate(_tables(params.get("duties"))):
        for m, rung in enumerate(_tables(duty.get("missed"))):
            if isinstance(rung.get("to"), str):
                yield ("duties", n, "missed", m, "to"), rung["to"]


def named(data: Any, table: str) -> Any:
    """Give each sub-table its own name as `key`; leave what is not a table to the validation."""
    if not isinstance(data, dict) or not isinstance(data.get(table), dict):
        return data
    named = {name: {**value, "key": name} if isinstance(value, dict) else value for name, value in data[table].items()}
    return {**data, table: named}
