"""The step kinds by which people deliberate: their own parameters and what they tell the language.

Done in `deliberation`; their words live here, as those of `deciding.py` do, so that a charter is checked without
Django.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field as Setting

from .conventions import ENACT_SPEC
from .discussing import DiscussParams
from .distance import DISTANCE
from .mediating import MEDIATE
from .rhythm import ClockText
from .spec import Params, StepKindSpec
from .surveying import DONE, TOO_FEW, SurveyParams
from .words import Count, Fraction, Key

HELD, NO_QUORUM = "held", "no-quorum"
PASSED, CHANGES, FAILED = "passed", "changes", "failed"


class Quorum(Params):
    """How many seats of the body must be filled; and of each class of seats that is named, how many of its own."""

    seats: Fraction
    more_than: bool = False
    each: dict[Key, Fraction] = Setting(default_factory=dict)


class MeetParams(Params):
    """meet: a matter waits for the next sitting of `body` (with `calendar`: of that series) and what is said there."""

    body: Key | None = None
    calendar: Key | None = None
    invite: tuple[Key, ...] = ()
    rules: tuple[str, ...] = ()
    quorum: Quorum | None = None
    tasks: tuple[Key, ...] = ()  # outcomes that nobody may choose without saying who does it, and until when


class SitParams(Params):
    """sit: a body's meeting, on the day of `day` (a date field), with what waits for it at `meet` steps."""

    body: Key
    day: str
    clock: ClockText
    where: Annotated[str, Setting(min_length=1, max_length=80)]
    calendar: Key | None = None
    quorum: Quorum | None = None
    notice_days: Annotated[Count, Setting(ge=0, le=60)] = 3  # so many days before, whoever has a seat is invited
    rules: tuple[str, ...] = ()


class MinutesParams(Params):
    """minutes: the record of the meeting of step `of`, made when it closes; corrected, then signed.

    Whoever may hold the meeting signs, and `others` more people of `signed_by`: four eyes at least.
    """

    of: Key
    signed_by: Annotated[tuple[Key, ...], Setting(min_length=1)]
    others: Annotated[Count, Setting(ge=1, le=9)] = 1


class DraftParams(Params):
    """draft: those named write a text, version by version; what stands when the step is left is frozen.

    `from` is an earlier step whose words the first version begins with; with `convention` it begins with what is in
    force of that one, and is written in articles.
    """

    from_: str | None = Setting(default=None, alias="from")
    convention: Key | None = None


class ReviewParams(Params):
    """review: whoever is named in `by` says point by point what the text of `about` lacks; `answers` reply to each."""

    about: str
    answers: Annotated[tuple[Key, ...], Setting(min_length=1)]


def _specs() -> tuple[StepKindSpec, ...]:
    room = "deliberation"
    return (
        MEDIATE,
        StepKindSpec("meet", room, "上会", MeetParams, None, needs_by=True, voices=False, gives=("until",)),
        StepKindSpec(
            "minutes", room, "会议记录", MinutesParams, frozenset(), needs_by=True, voices=False, takes_outcomes=False
        ),
        StepKindSpec("discuss", room, "线上议事厅", DiscussParams, None, needs_by=True, voices=False, judges=True),
        StepKindSpec(
            "sit", room, "开会", SitParams, frozenset({HELD, NO_QUORUM}), needs_by=True, voices=False, takes_then=False
        ),
        StepKindSpec("survey", room, "问卷调查", SurveyParams, frozenset({DONE, TOO_FEW}), needs_by=True, voices=False),
        StepKindSpec("draft", room, "起草", DraftParams, None, needs_by=True, voices=False),
        StepKindSpec(
            "review",
            room,
            "专家审查",
            ReviewParams,
            frozenset({PASSED, CHANGES, FAILED}),
            needs_by=True,
            voices=False,
            takes_then=False,
            judges=True,
        ),
        DISTANCE,
        ENACT_SPEC,
    )


DELIBERATING: Mapping[str, StepKindSpec] = MappingProxyType({spec.name: spec for spec in _specs()})
