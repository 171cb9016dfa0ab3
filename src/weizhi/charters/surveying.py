"""survey: a few or all are asked, on the phone and on paper. Its words, apart from those of meetings.

Done in `deliberation`; here, so that a charter is checked without Django.
"""

from typing import Annotated, Literal

from pydantic import Field as Setting
from pydantic import model_validator

from .spec import Params
from .words import Count, Fraction, Key

DONE, TOO_FEW = "done", "too-few"
Form = Literal["choice", "choices", "scale", "text"]
PICKS = ("choice", "choices")  # the forms that name what may be picked
FEWEST_OPTIONS = 2


class Question(Params):
    """One question. Whoever does not want to say may leave it out, unless it is `required`."""

    key: Key
    title: Annotated[str, Setting(min_length=1, max_length=120)]
    form: Form = "choice"
    choices: Annotated[tuple[Annotated[str, Setting(min_length=1, max_length=60)], ...], Setting(max_length=20)] = ()
    at_most: Annotated[Count, Setting(ge=2, le=20)] | None = None  # of several choices: no more than so many
    levels: Annotated[Count, Setting(ge=2, le=10)] = 5  # of a scale, from 1
    ends: tuple[str, str] | None = None  # what its lowest and its highest level mean
    required: bool = False

    @model_validator(mode="after")
    def _fits_its_form(self) -> "Question":
        if (self.form in PICKS) != bool(self.choices):
            raise ValueError("form = choice 或 choices 的题要写 choices（选项），打分和写字的题不写。")
        if self.choices and not FEWEST_OPTIONS <= len(set(self.choices)) == len(self.choices):
            raise ValueError("选项至少两个，而且不能有一样的。")
        if self.at_most is not None and (self.form != "choices" or self.at_most > len(self.choices)):
            raise ValueError("at_most（最多选几个）只用于 form = choices，不能比选项还多。")
        if self.form != "scale" and {"levels", "ends"} & self.model_fields_set:
            raise ValueError("levels（几分）和 ends（两头的意思）只用于 form = scale。")
        return self


class SurveyParams(Params):
    """survey: whom it asks (by `asks` and `living_in`, or as an electorate is made up), how many of them, and what."""

    asks: Literal["households", "residents"] | None = None
    living_in: Key | None = None  # a level; else wherever the matter's kind is raised
    electorate: Key | None = None
    sample: Annotated[Count, Setting(ge=1, le=100_000)] | Literal["all"] = "all"
    questions: Annotated[tuple[Question, ...], Setting(min_length=1, max_length=40)]
    why: Annotated[str, Setting(max_length=300)] = ""  # what each asked reads under “why me”
    at_least: Fraction | None = None  # the share that must answer, else the outcome is too-few

    @model_validator(mode="after")
    def _somebody_is_asked(self) -> "SurveyParams":
        if (self.asks is None) == (self.electorate is None):
            raise ValueError("问谁：写 asks（households 或 residents），或者写 electorate，二选一。")
        if self.electorate is not None and self.living_in is not None:
            raise ValueError("electorate 自己说明了在哪个范围，不再写 living_in。")
        keys = [question.key for question in self.questions]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise ValueError(f"有两道题都叫“{twice}”。请给每道题写不同的 key。")
        return self
