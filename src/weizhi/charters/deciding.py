"""The step kinds by which people decide: their own parameters and what they tell the language.

The generic ones among them (notice, support, intake, pick, appoint) are done in `matters`, the others in
`decisions`. Their words live here, as those of `generic.py` do, so that a charter is checked without Django.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from .spec import Params, StepKindSpec
from .words import Count, Key

Form = Literal["yes-no", "choice", "ranking"]


class RollParams(Params):
    """roll: draw up who may vote, publish it with masked names, hear objections, freeze it."""

    electorate: Key


class VoteParams(Params):
    """vote: an electorate says yes, no or abstains, chooses or ranks; `about` names the step whose text is decided."""

    electorate: Key
    rule: Key | None = None  # none: a poll, which always has a result
    about: str | None = None
    question: str = ""
    text: str = ""
    form: Form = "yes-no"
    choices: tuple[str, ...] = ()
    revote: bool = True  # a choice may be changed until closing
    stamps: Literal["order-of-agreement"] | None = None  # the charters of 天宁 say it; `works` will read it

    @model_validator(mode="after")
    def _choices_for_a_choice(self) -> "VoteParams":
        if (self.form == "yes-no") == bool(self.choices):
            raise ValueError("form = choice 或 ranking 要写 choices（选项）；赞成反对的表决不用写。")
        return self


class ConsentParams(Params):
    """consent: written consent of everybody (or of as many as the rule says); ends as soon as it is reached."""

    electorate: Key
    rule: Key
    about: str | None = None
    text: str = ""


class NominateParams(Params):
    """nominate: names are put forward in the rule's ways, and count once the nominee accepts."""

    rule: Key
    seats: str | None = None  # a post; else that of the next `elect` step
    electorate: Key | None = None
    criteria: tuple[str, ...] = ()


class ElectParams(Params):
    """elect: seats are filled by ballots; `seats` is a post, or `unfilled:<step>` for what an earlier ballot left."""

    seats: str
    electorate: Key
    rule: Key
    round: Literal["first", "runoff"] = "first"
    count: Annotated[Count, Setting(ge=1, le=99)] | None = None  # else as many as the bodies' seats say
    candidates: str | None = None  # the nominate step; else the last one before
    mode: Literal["electors", "households", "deputies"] = "electors"
    phone: bool = False  # statutory elections: only where `citation` names the local rule that allows it
    citation: str = ""

    @model_validator(mode="after")
    def _phone_needs_a_ground(self) -> "ElectParams":
        if self.phone and not self.citation:
            raise ValueError("选举能不能用手机投票，法律没有写。要用，请在 citation 写明依据的地方规定。")
        return self


class BudgetParams(Params):
    """budget: people share a sum out among what an `intake` step took in."""

    from_: str = Setting(alias="from")
    electorate: Key
    amount: str  # a field, "announce.budget"
    cost: str  # the field of each project, "propose.cost"
    method: Literal["mes", "greedy", "greedy-per-cost", "phragmen"] = "mes"
    utility: Literal["cost", "cardinality"] = "cost"
    completion: Literal["none", "add1", "utilitarian", "add1-utilitarian"] = "add1"
    at_most: Annotated[Count, Setting(ge=1, le=200)] | None = Setting(default=None, alias="approve_at_most")
    rule: Key | None = None  # how many must take part; none: whoever comes decides
    question: str = ""

    @model_validator(mode="after")
    def _grows_equal_shares(self) -> "BudgetParams":
        if "add1" in self.completion and self.method != "mes" and "completion" in self.model_fields_set:
            raise ValueError("逐步加钱（add1）只用于均分法（method = mes）。")
        return self


class IntakeParams(Params):
    """intake: take in matters of a kind between dates; or, with `release` or `until`, take in no more: let those that
    were picked go on and the others end, and stay until all are ready to be picked, or have ended.

    `sorts` is a choice that each is asked for: by it they stand on a map and in lists of their own, and are counted.
    """

    of: Key
    sorts: str | None = None  # "say.how", of the procedure of what is taken in
    release: Literal["picked"] | None = None
    until: Literal["all-ready", "all-ended"] | None = None  # all-ready: each that goes on waits to be picked


class OrderKey(Params):
    """One key by which held matters are put in order."""

    measure: Literal["votes", "applied", "amount", "grade", "review-score"]
    of: str | None = None  # which step's measure, where several have one: for the rooms that come later
    sort: Literal["high", "low", "early", "late"] | tuple[Key, ...] = "high"


class PickBudget(Params):
    """Choose within a sum: the field that holds it, and the field of each that says what it takes."""

    field: str
    uses: str


class PickParams(Params):
    """pick: order the matters that were taken in and choose among them under a sum or a number."""

    from_: str = Setting(alias="from")
    order: tuple[OrderKey, ...] = ()
    budget: PickBudget | None = None
    number: Annotated[Count, Setting(ge=1)] | None = None
    overrun: Literal["skip", "stop"] = "skip"

    @model_validator(mode="after")
    def _some_limit(self) -> "PickParams":
        if self.budget is None and self.number is None:
            raise ValueError("挑选要有个限度：写 budget（总额）或 number（个数），也可以都写。")
        return self


class NoticeParams(Params):
    """notice: what an earlier step made stands on the board for days, and anybody may object.

    `places`: where it is posted. The phone shows it always; for board and hall a sheet is printed.
    """

    about: str | None = None
    places: tuple[Literal["phone", "board", "hall"], ...] = ("phone", "board")


class SupportParams(Params):
    """support: signatures until a number, or until the share that a rule asks for."""

    rule: Key | None = None
    electorate: Key | None = None
    at_least: Annotated[Count, Setting(ge=1)] | None = None

    @model_validator(mode="after")
    def _some_number(self) -> "SupportParams":
        if (self.at_least is None) == (self.rule is None):
            raise ValueError("要多少人支持：写 at_least（人数），或写 rule 和 electorate（按名册的比例），二选一。")
        if self.rule and not self.electorate:
            raise ValueError("按比例算，要写 electorate，说明按谁的名册算。")
        return self


class AppointParams(Params):
    """appoint: give, end or suspend posts, from what an election left or by name; the post's term comes with it."""

    post: str  # a post, or `subject` for that of whom the matter is about
    effect: Literal["begin", "end", "suspend"] = "begin"
    from_: tuple[str, ...] = Setting(default=(), alias="from")  # steps that chose people; else the act names them
    before: Literal["stay", "end"] = "stay"  # those who held it until now: a new committee ends the old one
    handover: str = ""
    next_in_line: bool = False  # who was chosen and is gone by then: the next who reached the share takes the post


_VOTE = frozenset({"passed", "failed", "no-quorum"})


def _specs() -> tuple[StepKindSpec, ...]:
    decides, generic = "decisions", "matters"
    return (
        StepKindSpec("roll", decides, "定名册", RollParams, None, voices=False, takes_outcomes=False, judges=True),
        StepKindSpec(
            "vote",
            decides,
            "表决",
            VoteParams,
            _VOTE,
            voices=False,
            takes_then=False,
            gone=frozenset({"shows"}),
        ),
        StepKindSpec(
            "consent",
            decides,
            "书面同意",
            ConsentParams,
            frozenset({"passed", "failed"}),
            voices=False,
            takes_then=False,
        ),
        StepKindSpec(
            "nominate", decides, "提名", NominateParams, None, voices=False, takes_outcomes=False, judges=True
        ),
        StepKindSpec(
            "elect",
            decides,
            "选举",
            ElectParams,
            frozenset({"elected", "short", "no-quorum"}),
            voices=False,
            takes_then=False,
            gone=frozenset({"write_ins"}),
        ),
        StepKindSpec("budget", decides, "选项目", BudgetParams, frozenset({"decided", "no-quorum"}), voices=False),
        StepKindSpec("intake", generic, "收进来", IntakeParams, None, voices=False, takes_outcomes=False),
        StepKindSpec(
            "pick", generic, "挑选", PickParams, None, needs_by=True, voices=False, takes_outcomes=False, judges=True
        ),
        StepKindSpec(
            "notice",
            generic,
            "公示",
            NoticeParams,
            frozenset({"clear", "upheld"}),
            voices=False,
            takes_then=False,
            gone=frozenset({"text"}),
        ),
        StepKindSpec(
            "support",
            generic,
            "征集支持",
            SupportParams,
            frozenset({"reached", "not-reached"}),
            first=True,
            needs_by=True,
            voices=False,
            takes_then=False,
        ),
        StepKindSpec("appoint", generic, "任免", AppointParams, None, voices=False, judges=True),
    )


DECIDING: Mapping[str, StepKindSpec] = MappingProxyType({spec.name: spec for spec in _specs()})
