"""The step kind by which something is tried out: what is measured, when it stops early, how it is judged at its end.

Done in `matters`; its words and its law live here, pure, so that a charter is checked and a verdict can be read
without Django.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from .spec import Params, StepKindSpec
from .words import Count, Key, PeriodText

Verdict = Literal["keep", "change", "cancel"]
KEEP: Final = "keep"
CHANGE: Final = "change"
CANCEL: Final = "cancel"
BEFORE: Final = "before"


class TrialBound(Params):
    """Where a number must lie; 以上 includes the number, 超过 does not (民法典 1259)."""

    at_least: Count | None = None
    at_most: Count | None = None
    over: Count | None = None
    under: Count | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "TrialBound":
        if all(bound is None for bound in (self.at_least, self.at_most, self.over, self.under)):
            raise ValueError("这里没有说要到多少。请写 at_least、at_most、over 或 under。")
        return self

    def holds(self, number: Fraction | int) -> bool:
        """Tell whether the number lies there."""
        return (
            (self.at_least is None or number >= self.at_least)
            and (self.at_most is None or number <= self.at_most)
            and (self.over is None or number > self.over)
            and (self.under is None or number < self.under)
        )

    @property
    def mark(self) -> int:
        """The number that a page draws as the limit."""
        found = (self.over, self.at_least, self.at_most, self.under)
        return next(bound for bound in found if bound is not None)


class TrialStop(TrialBound):
    """As soon as the number lies here the trial is over, whatever day it is."""

    because: Annotated[str, Setting(min_length=1, max_length=80)]
    outcome: Literal["cancel", "change"] = "cancel"


class TrialMeasure(Params):
    """What is looked at: how many matters are raised there, or a figure that somebody writes down every so often."""

    title: Annotated[str, Setting(min_length=1, max_length=40)]
    kinds: tuple[Key, ...] = ()
    categories: tuple[Key, ...] = ()  # with those below them
    figure: str = ""  # what is read off, "满溢的桶数"
    every: PeriodText | None = None
    less: str = ""  # taken off: `before`, the same span of days before the trial; or a count field for a figure

    @model_validator(mode="after")
    def _one_of_two(self) -> "TrialMeasure":
        if bool(self.kinds) == bool(self.figure):
            raise ValueError("量什么：写 kinds（数这几种事报了多少件），或写 figure（由人记的一个数），二选一。")
        if bool(self.figure) != bool(self.every):
            raise ValueError("figure 要和 every（隔多久记一次）写在一起。")
        if self.categories and not self.kinds:
            raise ValueError("categories 是挑 kinds 里的哪些类，要和 kinds 写在一起。")
        if self.kinds and self.less not in ("", BEFORE):
            raise ValueError('数事情件数时，less 只能写 "before"（减去试行前同样多天里的件数）。')
        if self.figure and self.less == BEFORE:
            raise ValueError("由人记的数没有“以前”，less 请写试行前填好的那个字段，例如 plan.baseline。")
        return self


class TrialParams(Params):
    """trial: something is tried for a time. It ends early by its stop rule, else at its day: keep, change or cancel."""

    measure: TrialMeasure
    stop: TrialStop | None = None
    keep: TrialBound | None = None
    change: TrialBound | None = None
    decides: Literal["measure", "people"] = "measure"

    @model_validator(mode="after")
    def _can_be_judged(self) -> "TrialParams":
        if self.decides == "measure" and self.keep is None:
            raise ValueError("由数字来定，要写 keep：到多少就留下。够不上的就取消；中间的写 change。")
        if self.change is not None and self.keep is None:
            raise ValueError("change 说的是比 keep 差一点的情况，要和 keep 写在一起。")
        return self

    def verdict(self, number: Fraction | int | None) -> Verdict | None:
        """What the measure says at the end. Where nothing is known nothing was proved: cancel."""
        if self.keep is None:
            return None
        if number is None:
            return CANCEL
        if self.keep.holds(number):
            return KEEP
        return CHANGE if self.change is not None and self.change.holds(number) else CANCEL

    def stops(self, number: Fraction | int | None) -> bool:
        """Whether the stop rule is met."""
        return self.stop is not None and number is not None and self.stop.holds(number)


TRYING: Mapping[str, StepKindSpec] = MappingProxyType(
    {
        "trial": StepKindSpec(
            "trial",
            "matters",
            "试行",
            TrialParams,
            frozenset({KEEP, CHANGE, CANCEL}),
            voices=False,
            takes_then=False,
            judges=True,
        )
    }
)
