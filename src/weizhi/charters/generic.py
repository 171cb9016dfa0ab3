"""The twelve generic step kinds that stand first: their own parameters and what they tell the language.

Their doing lives in `matters`; their words live here, so that a charter can be checked without Django.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, field_validator, model_validator
from pydantic import Field as Setting

from .rhythm import LunarText, RuleText
from .spec import Params, StepKindSpec
from .steps import Escalation, Gate
from .words import Count, Key, Mark

_WINDOW = re.compile(r"([01]\d|2[0-3]):[0-5]\d/(?:([01]\d|2[0-3]):[0-5]\d|24:00)")
_ON = re.compile(r"birthday:[a-z][a-z0-9-]*|(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def _window(text: str) -> str:
    if text in ("day", "week", "month"):
        return text
    if not _WINDOW.fullmatch(text) or text.split("/")[0] >= text.split("/")[1]:
        raise ValueError(f"看不懂时段“{text}”。请写 “07:00/09:00”、“day”、“week” 或 “month”。")
    return text


def _on(text: str) -> str:
    if not _ON.fullmatch(text):
        raise ValueError(f"看不懂日子“{text}”。请写 “birthday：关系名” 或 “05-01” 这样的公历月日。")
    return text


class RaiseParams(Params):
    """raise: the matter begins; what is asked stands in the common `fields`."""

    guided: bool = False  # who raises one for the first time is led through the questions, one a page


class SortParams(Params):
    """sort: a person looks and chooses one of the charter's words."""

    asks: tuple[Literal["category", "urgency", "consensus", "class"], ...] = ()
    to: tuple[Key, ...] = ()  # posts and bodies that it may be sent to


class RouteRow(Params):
    """One row of a route: all gates hold, go there, because."""

    when: tuple[Gate, ...] = ()
    to: str
    because: str = ""


class RouteParams(Params):
    """route: the first row whose gates hold; the last has none, so there is always a way."""

    routes: Annotated[tuple[RouteRow, ...], Setting(min_length=1)]

    @field_validator("routes")
    @classmethod
    def _last_is_open(cls, rows: tuple[RouteRow, ...]) -> tuple[RouteRow, ...]:
        if rows[-1].when:
            raise ValueError("routes 的最后一行不能有 when：前面都不成立时，事情要有地方去。")
        if any(not row.when for row in rows[:-1]):
            raise ValueError("routes 里只有最后一行可以没有 when，它后面的行永远走不到。")
        return rows


class ForkParams(Params):
    """fork: parallel branches, named or one for each of a closed set, joined when `need` of them are done."""

    branches: Annotated[dict[Key, str], Setting(min_length=2)] | None = None
    for_each: Literal["grids-concerned", "sent-to"] | None = None
    first: str | None = None
    need: Literal["all", "any"] | Annotated[Count, Setting(ge=1)] = "all"
    rest: Literal["cancel", "keep"] = "cancel"

    @model_validator(mode="after")
    def _one_shape(self) -> "ForkParams":
        if (self.branches is None) == (self.for_each is None):
            raise ValueError("分头办写 branches（各支的第一步）或 for_each（每一个各一支），二选一。")
        if (self.for_each is None) != (self.first is None):
            raise ValueError("for_each 要和 first（每一支的第一步）写在一起。")
        if isinstance(self.need, int) and self.branches and self.need > len(self.branches):
            raise ValueError(f"need = {self.need}，可是只有 {len(self.branches)} 支，永远凑不齐。")
        return self


class OpenParams(Params):
    """open: a child matter of another kind; how it ends decides the way on."""

    opens: Key
    hands: tuple[str, ...] = ()


class AssignParams(Params):
    """assign: give named parts in this matter to people; how many for each part."""

    relations: Annotated[dict[Key, Annotated[Count, Setting(ge=1)]], Setting(min_length=1)]


class HandleParams(Params):
    """handle: somebody does the work and says how it went."""

    evidence: Literal["required", "optional"] = "optional"
    evidence_for: tuple[Key, ...] = ()  # required with these outcomes only

    @model_validator(mode="after")
    def _evidence_for_something(self) -> "HandleParams":
        if self.evidence_for and self.evidence != "required":
            raise ValueError('evidence_for 说的是哪些结果要照片，要和 evidence = "required" 写在一起。')
        return self

    def wants_evidence(self, outcome: str | None) -> bool:
        """Tell whether a photo must come with this outcome."""
        return self.evidence == "required" and (not self.evidence_for or outcome in self.evidence_for)


class ScorePart(Params):
    """One part of a score and its full marks."""

    key: Key
    title: str = ""
    max: Annotated[Count, Setting(ge=1)]


class CheckParams(Params):
    """check: people look at what was done, by criteria or by score."""

    criteria: tuple[str, ...] = ()
    score: tuple[ScorePart, ...] = ()
    combine: Literal["mean", "median", "drop-extremes"] | None = None

    @model_validator(mode="after")
    def _combines_scores(self) -> "CheckParams":
        if self.combine and not self.score:
            raise ValueError("combine 说的是怎样合并打分，要和 score 写在一起。")
        return self


class KeepDuty(Params):
    """One recurring duty inside one matter."""

    key: Key
    title: str = ""
    rrule: RuleText | None = None
    lunar: LunarText | None = None
    on: Annotated[str, AfterValidator(_on)] | None = None
    window: Annotated[str, AfterValidator(_window)] = "day"
    missed: tuple[Escalation, ...] = ()
    marks: Mark | None = None

    @model_validator(mode="after")
    def _one_recurrence(self) -> "KeepDuty":
        if sum(value is not None for value in (self.rrule, self.lunar, self.on)) != 1:
            raise ValueError("每项职责写 rrule、lunar、on 中的一个，说明什么时候做。")
        return self


class KeepParams(Params):
    """keep: duties that return, such as a daily greeting."""

    duties: Annotated[tuple[KeepDuty, ...], Setting(min_length=1)]


class WaitParams(Params):
    """wait: for somebody's word, for time to pass, or for being picked."""

    for_: Literal["statement", "time", "picked"] = Setting(alias="for")


class PublishParams(Params):
    """publish: what everybody may see, and (common `for_days`) for how long."""

    what: Annotated[tuple[Key, ...], Setting(min_length=1)]


class RateParams(Params):
    """rate: those concerned say whether it is good."""

    stars: bool = True


_FIXED_FORK = frozenset({"met", "unmet"})
_FIXED_RATE = frozenset({"good", "bad"})

GENERIC: Mapping[str, StepKindSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            StepKindSpec(
                "raise",
                "matters",
                "提出",
                RaiseParams,
                None,
                first=True,
                needs_by=True,
                takes_outcomes=False,
                voices=False,
            ),
            StepKindSpec("sort", "matters", "分类", SortParams, None, needs_by=True, takes_then=False, judges=True),
            StepKindSpec(
                "route",
                "matters",
                "按条件走",
                RouteParams,
                frozenset(),
                automatic=True,
                takes_then=False,
                takes_outcomes=False,
                voices=False,
            ),
            StepKindSpec(
                "fork", "matters", "分头办", ForkParams, _FIXED_FORK, automatic=True, takes_then=False, voices=False
            ),
            StepKindSpec("open", "matters", "另立一事", OpenParams, None, takes_then=False, voices=False),
            StepKindSpec(
                "assign",
                "matters",
                "指定人",
                AssignParams,
                None,
                needs_by=True,
                takes_outcomes=False,
                voices=False,
                judges=True,
            ),
            StepKindSpec("handle", "matters", "办理", HandleParams, None, needs_by=True),
            StepKindSpec("check", "matters", "查验", CheckParams, None, needs_by=True, takes_then=False, judges=True),
            StepKindSpec("keep", "matters", "长期做", KeepParams, None, needs_by=True, takes_then=False, voices=False),
            StepKindSpec("wait", "matters", "等候", WaitParams, None, voices=False),
            StepKindSpec(
                "publish", "matters", "公开", PublishParams, None, at_once=True, takes_outcomes=False, voices=False
            ),
            StepKindSpec(
                "rate", "matters", "评价", RateParams, _FIXED_RATE, needs_by=True, takes_then=False, voices=False
            ),
        )
    }
)
