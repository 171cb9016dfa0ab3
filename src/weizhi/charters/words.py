"""The closed lists of the language, and the small text types that every table uses.

What is not in these lists cannot be said in a charter; a new word is a change of the language, with its meaning
in the room that acts on it.
"""

import re
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from .periods import Period, parse_period

FieldType = Literal[
    "text", "count", "fen", "date", "yes-no", "choice", "place", "places", "person", "body", "photo", "file", "article"
]
GateName = Literal[
    "field",
    "rounds",
    "grids-concerned",
    "candidates",
    "grade",
    "fund",
    "supporters",
    "objections",
    "opinions",
    "notice-days",
    "body",
    "share",
    "urgency",
    "consensus",
    "all-ended",
    "sent-to",
    "raised-again",
    "intervention",
]
Visibility = Literal["parties", "care-team", "handlers", "building", "grid", "estate", "community", "public"]
Mark = Literal["answered", "decided", "done", "accepted", "confirmed", "cared", "found-true"]
Counts = Literal["solved", "partly", "refused", "elsewhere", "failed", "withdrawn", "merged", "unmet", "lapsed"]
AlwaysVerb = Literal[
    "comment",
    "note",
    "follow",
    "support",
    "withdraw",
    "withdraw-consent",
    "merge",
    "object",
    "suspend",
    "dispute",
    "freeze",
    "redact",
    "declare-interest",
]
Measure = Literal["heads", "area", "households", "seats"]
Urgency = Literal["low", "ordinary", "high"]
Consensus = Literal["weak", "middling", "strong"]
Degree = Literal["residents", "committee-helps", "department-joins", "department-decides"]

GATES: tuple[str, ...] = get_args(GateName)
VISIBILITIES: tuple[str, ...] = get_args(Visibility)  # from the narrowest to the widest
MARKS: tuple[str, ...] = get_args(Mark)
COUNTS: tuple[str, ...] = get_args(Counts)
LATER_VERBS = {"freeze": "decisions", "redact": "matters"}  # verbs of `always` that wait for the room named
BUILT_IN_ENDS = ("withdrawn", "merged")
STATUSES = ("resident", "owner", "tenant", "member", "anyone-signed-in")
SENT_TO = "sent-to"  # whom a sort step sent the matter to: posts and bodies, kept with each step that needs them
SUPERIOR = "superior"  # whom those answer to, by `bodies.<key>.superior`
RELATIONS = (
    "raiser",
    "subject",
    "assignee",
    "interested",
    "supporter",
    "supervisor",
    "payer",
    "beneficiary",
    "expert",
    SENT_TO,
    SUPERIOR,
)

_FRACTION = re.compile(r"(\d{1,6})/(\d{1,6})")
_MONEY = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))? (yuan|fen)")
_DELAY_ZERO = re.compile(r"0 (?:minutes?|hours?|days?|working days?|office hours?)")


class Table(BaseModel):
    """A table of a charter: frozen, and a key it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_alias=True, validate_by_name=False)


def _period(text: str) -> str:
    parse_period(text)
    return text


def _delay(text: str) -> str:
    return text if _DELAY_ZERO.fullmatch(text) else _period(text)


def _fraction(text: str) -> str:
    match = _FRACTION.fullmatch(text)
    if not match or int(match[2]) == 0:
        raise ValueError(f"看不懂比例“{text}”。请写成 “2/3” 这样的分数。")
    return text


def parse_delay(text: str) -> Period | None:
    """Read a delay after a deadline; None means at once ("0 minutes")."""
    return None if _DELAY_ZERO.fullmatch(text) else parse_period(text)


def parse_fraction(text: str) -> tuple[int, int]:
    """Read "2/3" as numerator and denominator."""
    upper, lower = _fraction(text).split("/")
    return int(upper), int(lower)


def parse_number(value: int | str) -> int:
    """Read a number, or money as "50000 yuan", which becomes fen."""
    if isinstance(value, int):
        return value
    match = _MONEY.fullmatch(value)
    if not match:
        raise ValueError(f"看不懂数目“{value}”。请写整数，或写成 “50000 yuan” 这样的金额。")
    whole, cents, unit = match.groups()
    if unit == "fen":
        if cents:
            raise ValueError(f"“{value}”里的分不能再带小数。")
        return int(whole)
    return int(whole) * 100 + int((cents or "").ljust(2, "0"))


def yuan(fen: int) -> str:
    """Money as people read it: 1,200.50 元, and 1,200 元 where no cents are over."""
    whole, cents = divmod(fen, 100)
    return f"{whole:,}" + (f".{cents:02d}" if cents else "") + " 元"


def _number(value: int | str) -> int | str:
    parse_number(value)
    return value


def _plain_count(value: object) -> object:
    # TOML's true is an int to Python; "people = true" must not become one person.
    if isinstance(value, bool):
        raise ValueError("这里要写整数，不是 true 或 false。")
    return value


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
PeriodText = Annotated[str, AfterValidator(_period)]
DelayText = Annotated[str, AfterValidator(_delay)]
Fraction = Annotated[str, AfterValidator(_fraction)]
Number = Annotated[int | str, BeforeValidator(_plain_count), AfterValidator(_number)]
Count = Annotated[int, BeforeValidator(_plain_count)]
