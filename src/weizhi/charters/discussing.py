"""The parameters of `discuss`, the online hall: who takes part, who adds statements, who moderates them."""

from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from .spec import Params
from .words import Count, Key

TOO_FEW = "too-few"  # among the charter's outcomes, the one that only time takes: fewer than `at_least` took part
LONGEST = 140

Seed = Annotated[str, Setting(min_length=2, max_length=LONGEST)]


class StatementRules(Params):
    """Statements: who adds them (else whoever takes part), how long, how many each, seen `first` or at once."""

    by: tuple[Key, ...] = ()
    length: Annotated[Count, Setting(ge=10, le=LONGEST)] = LONGEST
    each: Annotated[Count, Setting(ge=1, le=50)] = 10
    shown: Literal["at-once", "looked-at"] = "looked-at"
    seed: Annotated[tuple[Seed, ...], Setting(max_length=50)] = ()


class DiscussParams(Params):
    """discuss: `who` says agree, disagree or pass to short statements; `by` runs it and writes down paper and voice."""

    who: Annotated[tuple[Key, ...], Setting(min_length=1)]
    question: Annotated[str, Setting(max_length=120)] = ""
    statements: StatementRules = StatementRules()
    moderated_by: tuple[Key, ...] = ()  # else whoever runs it
    at_least: Annotated[Count, Setting(ge=1)] = 1
    calendar: Key | None = None  # meetings of this series hear it by word of mouth as well

    @model_validator(mode="after")
    def _something_to_say(self) -> "DiscussParams":
        if len(set(self.statements.seed)) < len(self.statements.seed):
            raise ValueError("seed 里有两条一样的意见。请删去一条。")
        too_long = next((one for one in self.statements.seed if len(one) > self.statements.length), None)
        if too_long:
            raise ValueError(f"seed 里的“{too_long[:12]}…”超过了 length = {self.statements.length} 个字。")
        return self
