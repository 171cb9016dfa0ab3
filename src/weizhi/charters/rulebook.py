"""How things are decided and paid: rules, electorates, stepped tables, funds, points."""

from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from .words import (
    Consensus,
    Count,
    Degree,
    Fraction,
    Key,
    Measure,
    Number,
    PeriodText,
    Table,
    Urgency,
    parse_fraction,
)


class Threshold(Table):
    """A share that must be reached (`at_least`, 以上) or passed (`more_than`, 超过); 民法典 1259."""

    measure: Measure | None = None
    of: Literal["roll", "participating", "ballots"] | None = None
    at_least: Fraction | None = None
    more_than: Fraction | None = None
    more_than_seats: bool = False

    @model_validator(mode="after")
    def _one_bound(self) -> "Threshold":
        if (self.at_least is None) == (self.more_than is None):
            raise ValueError("写 at_least（以上，含本数）或 more_than（超过，不含本数），二选一。")
        return self

    @property
    def share(self) -> tuple[int, int]:
        """Return the bound as numerator and denominator."""
        return parse_fraction(self.at_least or self.more_than or "0/1")


class Nominations(Table):
    """Who may nominate, and whether there must be more candidates than seats."""

    kinds: tuple[Key, ...]
    more_than_seats: bool = False


class Runoff(Threshold):
    """The second ballot among the best."""

    among: Literal["best", "all"] = "best"


class Rule(Table):
    """A decision rule: thresholds in exact fractions, with the article they come from."""

    key: Key
    title: str = ""
    law: str = ""
    nominations: Nominations | None = None
    participation: tuple[Threshold, ...] = ()
    approval: tuple[Threshold, ...] = ()
    elected: Threshold | None = None
    runoff: Runoff | None = None
    tie: Literal["runoff", "lot", "fewer-seats"] | None = None
    asked: Threshold | None = None
    # A deputy who declared an interest: his line stays among those of whom the shares are taken, or leaves them.
    declared: Literal["stays", "leaves"] = "stays"

    def thresholds(self) -> tuple[tuple[str, Threshold], ...]:
        """Return every threshold with the key that holds it."""
        many = [("participation", t) for t in self.participation] + [("approval", t) for t in self.approval]
        single = [("elected", self.elected), ("runoff", self.runoff), ("asked", self.asked)]
        return tuple(many) + tuple((name, t) for name, t in single if t is not None)


class Electorate(Table):
    """Who may vote, counted how; the roll's periods are those of the residents' committee law, art. 17."""

    key: Key
    title: str = ""
    of: Literal["owners", "residents", "tenants", "members", "households", "deputies"]
    within: Key
    age: Annotated[Count, Setting(ge=0, le=120)] | None = None
    measure: Measure = "heads"
    roll_days: Count | None = None
    objections_days: Count | None = None
    answers_days: Count | None = None
    secret: bool = False
    posts: tuple[Key, ...] = ("resident-deputy",)  # whose holders are the deputies
    # What the law leaves to the place (LAW.md §1); counting silence or parking needs the rule that says so.
    parking: bool = False
    silence: Literal["absent", "majority"] = "absent"
    follow: bool = False
    citation: str = ""
    counters: tuple[Key, ...] = ()  # posts of which two people together open the box

    @model_validator(mode="after")
    def _grounds(self) -> "Electorate":
        if (self.parking or self.follow or self.silence == "majority") and not self.citation:
            raise ValueError("车位计入、随多数、不表态计入多数，法律没有写。要用，请在 citation 写明依据的地方规定。")
        if len(self.counters) == 1:
            raise ValueError("开票要两个人：counters 写两个职务，或者一个也不写。")
        return self


class Tier(Table):
    """One tier of a stepped table; the last has no bound."""

    at_least: Number | None = None
    up_to: Number | None = None
    grade: Key | None = None
    share: Fraction | None = None
    amount: Number | None = None


class Schedule(Table):
    """A stepped table read by one measure of the closed list."""

    key: Key
    title: str = ""
    by: Literal["order-of-agreement", "score", "grade", "amount", "floor", "date"]
    of: str | None = None
    among: Key | None = None
    tiers: Annotated[tuple[Tier, ...], Setting(min_length=1)]


class Fund(Table):
    """An account with its sources and what it may pay."""

    key: Key
    title: str = ""
    per: Literal["matter", "community", "street", "district", "building", "estate"]
    sources: Annotated[tuple[Key, ...], Setting(min_length=1)]
    pays: tuple[Key, ...] = ()
    commits: bool = False
    second_person: Key | None = None


class Quota(Table):
    """How a higher level allots points to the lower."""

    flows: Literal["down"]
    period: Literal["month", "quarter", "year"]
    unused: Literal["returns", "stays"]


class Lots(Table):
    """How long points are good for, and which are spent first."""

    valid: PeriodText
    ends: Literal["quarter-end", "year-end", "exact"] = "exact"
    notice: PeriodText | None = None
    order: Literal["oldest-first"] = "oldest-first"


class Clearing(Table):
    """How branches settle with one another."""

    between: Key
    every: str
    by: Literal["house-limit", "gross", "net"]


class BankMembers(Table):
    """Who may hold an account."""

    kinds: tuple[Key, ...]
    passbook: bool = False
    ranking: Literal["opt-in", "none"] = "none"


class Cover(Table):
    """How much of the points in circulation must be covered by goods or money."""

    fund: Key
    at_least: Fraction
    shown: bool = True


class Bank(Table):
    """A bank of points with its levels."""

    unit: Key
    title: str = ""
    issuer: Key
    branches: Key | None = None
    offices: Key | None = None
    quota: Quota | None = None
    lots: Lots | None = None
    clearing: Clearing | None = None
    members: BankMembers | None = None
    cover: Cover | None = None


class Limit(Table):
    """At most so much per day, month, matter."""

    per: Literal["day", "week", "month", "quarter", "year", "matter"]
    at_most: Annotated[Count, Setting(ge=0)]
    member: bool = False


class Earn(Table):
    """The only way points come in: a mark of a matter kind."""

    key: Key
    title: str = ""
    on: str
    to: Key
    unit: Key = "points"
    per: PeriodText | None = None
    amount: Annotated[Count, Setting(ge=1)]
    minutes: bool = False
    limits: tuple[Limit, ...] = ()


class Redeem(Table):
    """The only way points go out: goods or a service."""

    key: Key
    title: str
    points: Annotated[Count, Setting(ge=1)]
    stock: Literal["counted", "open"] = "open"
    service: Key | None = None
    at: tuple[Key, ...] = ()
    limits: tuple[Limit, ...] = ()


class InterventionRow(Table):
    """One cell of the table: how far the administration steps in (SYSTEMS E2)."""

    urgency: Urgency
    consensus: Consensus
    degree: Degree
    because: str = ""


class Intervention(Table):
    """Urgency × strength of consensus → degree of intervention."""

    rows: tuple[InterventionRow, ...] = ()
