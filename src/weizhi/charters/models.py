"""A charter as frozen objects: everything that a community has agreed."""

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, PrivateAttr, model_validator
from pydantic import Field as Setting

from .conventions import Convention
from .people_tables import Body, Category, Dispatch, Duty, Levels, Post, Seat
from .periods import OfficeHours, parse_office_hours
from .rhythm import Assessment, CalendarEntry, Indicator, Sheet, Talk, Training
from .rulebook import Bank, Earn, Electorate, Fund, Intervention, Redeem, Rule, Schedule, Threshold
from .steps import PERIOD_KEYS, PICKED, Again, Choice, End, Escalation, Field, Gate, Procedure, Step, named
from .words import AlwaysVerb, Key, PeriodText, Table, Visibility

__all__ = [
    "Again", "Assessment", "Bank", "Body", "CalendarEntry", "Category", "Charter", "Choice", "Dispatch", "Duty",
    "Earn", "Electorate", "End", "Escalation", "Field", "Fund", "Gate", "Head", "Indicator", "Intervention",
    "KindDefaults", "Levels", "MatterKind", "Post", "Procedure", "Redeem", "Rule", "Schedule", "Seat", "Sheet",
    "Step", "Talk", "Threshold", "Training",
]  # fmt: skip

LANGUAGE = 1


def _office_hours(text: str) -> str:
    parse_office_hours(text)
    return text


class Head(Table):
    """The `[charter]` table: what this file is."""

    language: Literal[1]
    name: Key
    title: str
    extends: tuple[Key, ...] = ()
    remove: tuple[str, ...] = ()
    source: str = ""
    level: Key | None = None
    amended_by: Key | None = None  # the kind of matter that must have decided before a change is confirmed


class MatterKind(Table):
    """A kind of matter: the procedure it runs, who sees it, what stands beside its steps."""

    key: Key
    title: str
    procedure: Key
    visible: Visibility = "parties"
    title_visible: Visibility | None = None
    raised_in: Key | None = None
    document: Key | None = None
    relations: tuple[Key, ...] = ()
    relation_titles: dict[Key, str] = Setting(default_factory=dict)
    always: tuple[AlwaysVerb, ...] = ("comment", "note", "follow", "object", "dispute", "withdraw")
    consent: Key | None = None
    opened_by: Literal["calendar", "term-end", "post"] | None = None
    before: PeriodText | None = None
    about: Literal["place", "body", "post-holder", "matter"] | None = None
    about_posts: tuple[Key, ...] = ()  # with about = "post-holder": which posts; without it any
    one_open: bool = False
    holds: tuple[Key, ...] = ()
    held_by: Key | None = None
    hint: str = ""


class KindDefaults(Table):
    """What a step kind takes when the step itself says nothing."""

    within: PeriodText | None = None
    open_for: PeriodText | None = None
    for_days: int | None = None
    by: tuple[Key, ...] = ()


class Hours(Table):
    """When the desk is open; a period in days ends when it closes."""

    office: Annotated[str, AfterValidator(_office_hours)]


class Charter(Table):
    """One charter with everything it extends already merged in."""

    charter: Head
    hours: Hours | None = None
    defaults: dict[Key, KindDefaults] = Setting(default_factory=dict)
    levels: Levels = Levels()
    bodies: dict[Key, Body] = Setting(default_factory=dict)
    posts: dict[Key, Post] = Setting(default_factory=dict)
    duties: dict[Key, Duty] = Setting(default_factory=dict)
    categories: dict[Key, Category] = Setting(default_factory=dict)
    dispatch: dict[Key, Dispatch] = Setting(default_factory=dict)
    kinds: dict[Key, MatterKind] = Setting(default_factory=dict)
    procedures: dict[Key, Procedure] = Setting(default_factory=dict)
    conventions: dict[Key, Convention] = Setting(default_factory=dict)
    rules: dict[Key, Rule] = Setting(default_factory=dict)
    electorates: dict[Key, Electorate] = Setting(default_factory=dict)
    intervention: Intervention = Intervention()
    indicators: dict[Key, Indicator] = Setting(default_factory=dict)
    sheets: dict[Key, Sheet] = Setting(default_factory=dict)
    schedules: dict[Key, Schedule] = Setting(default_factory=dict)
    calendar: dict[Key, CalendarEntry] = Setting(default_factory=dict)
    funds: dict[Key, Fund] = Setting(default_factory=dict)
    assess: dict[Key, Assessment] = Setting(default_factory=dict)
    bank: Bank | None = None
    earn: dict[Key, Earn] = Setting(default_factory=dict)
    redeem: dict[Key, Redeem] = Setting(default_factory=dict)
    talks: dict[Key, Talk] = Setting(default_factory=dict)
    training: dict[Key, Training] = Setting(default_factory=dict)

    _resolved: str = PrivateAttr(default="")

    @model_validator(mode="before")
    @classmethod
    def _names_and_defaults(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        for table in NAMED_TABLES:
            data = named(data, table)
        return _with_defaults(data)

    @property
    def language(self) -> int:
        """Return the version of the language that the charter is written in."""
        return self.charter.language

    @property
    def name(self) -> str:
        """Return the charter's own name."""
        return self.charter.name

    @property
    def title(self) -> str:
        """Return what people call the charter."""
        return self.charter.title

    @property
    def extends(self) -> tuple[str, ...]:
        """Return the charters that this one builds on."""
        return self.charter.extends

    @property
    def source(self) -> str:
        """Return the document that the charter follows."""
        return self.charter.source

    @property
    def office_hours(self) -> OfficeHours | None:
        """Return when the desk is open, if the charter says so."""
        return parse_office_hours(self.hours.office) if self.hours else None

    def procedure_of(self, kind: str) -> Procedure:
        """Return the procedure that a matter kind runs."""
        return self.procedures[self.kinds[kind].procedure]

    def tells_on_somebody(self, kind: str) -> bool:
        """Return whether in such a matter somebody is said not to have kept an article of a convention."""
        cited = {field.convention for step in self.procedure_of(kind).steps.values() for field in step.fields}
        named = [self.conventions[key] for key in cited if key in self.conventions]
        return any(kind not in {one.adopted_by, one.amends} for one in named)

    def canonical(self) -> str:
        """Return the merged charter as JSON; order is kept, because the first step is the start."""
        return self._resolved

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the canonical text."""
        return hashlib.sha256(self._resolved.encode()).hexdigest()


NAMED_TABLES = tuple(
    name for name, setting in Charter.model_fields.items() if name != "defaults" and "dict" in str(setting.annotation)
)


def charter_of(resolved: dict[str, Any]) -> Charter:
    """Build a charter from merged tables and remember exactly them as its canonical text."""
    charter = Charter.model_validate(resolved)
    charter._resolved = json.dumps(resolved, ensure_ascii=False, separators=(",", ":"), default=str)
    return charter


def _with_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """Give each step the period and the people its kind has by default, where it says nothing itself."""
    defaults, procedures = data.get("defaults"), data.get("procedures")
    if not isinstance(defaults, dict) or not isinstance(procedures, dict):
        return data
    return {**data, "procedures": {name: _procedure_defaults(table, defaults) for name, table in procedures.items()}}


def _procedure_defaults(procedure: Any, defaults: dict[str, Any]) -> Any:
    if not isinstance(procedure, dict) or not isinstance(procedure.get("steps"), dict):
        return procedure
    return {**procedure, "steps": {key: _step_defaults(step, defaults) for key, step in procedure["steps"].items()}}


def _step_defaults(step: Any, defaults: dict[str, Any]) -> Any:
    own = defaults.get(str(step.get("kind"))) if isinstance(step, dict) else None
    if not isinstance(own, dict):
        return step
    added = {} if "by" in step or "by" not in own else {"by": own["by"]}
    # Whoever waits to be picked waits for the matter that holds it, and that one has its own days.
    if step.get("for") != PICKED and not any(key in step for key in PERIOD_KEYS):
        added |= {key: own[key] for key in PERIOD_KEYS if key in own}
    return {**step, **added}
