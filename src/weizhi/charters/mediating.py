"""mediate: two sides talk with a mediator, by appointment, and nobody else learns a word of it."""

from typing import Annotated, Final

from pydantic import Field as Setting

from .rhythm import ClockText
from .spec import Params, StepKindSpec
from .words import Count, Key

AGREED: Final = "agreed"  # both signed
DECLINED: Final = "declined"  # one side does not want to, or no longer


class MediateParams(Params):
    """mediate: `by` names the mediators (posts, bodies), `raiser`, and the relation that the other side gets."""

    calendar: Annotated[tuple[Key, ...], Setting(min_length=1)]  # the days on which there is somebody
    slots: Annotated[tuple[ClockText, ...], Setting(min_length=1, max_length=20)]  # the hours of such a day
    where: Annotated[str, Setting(min_length=1, max_length=80)]
    minutes: Annotated[Count, Setting(ge=10, le=480)] = 60
    book_days: Annotated[Count, Setting(ge=1, le=90)] = 28  # so many days ahead a time may be booked


MEDIATE: Final = StepKindSpec(
    "mediate", "deliberation", "调解", MediateParams, None,
    needs_by=True, voices=False, takes_then=False, confidential=True,
)  # fmt: skip
