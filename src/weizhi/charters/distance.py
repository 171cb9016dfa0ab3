"""distance: how far each home walks before and after something moves, and whether those who walk too far agree.

Done in `deliberation`; its words live here, so that a charter is checked without Django.
"""

from typing import Annotated

from pydantic import Field as Setting

from .spec import Params, StepKindSpec
from .words import Count, Fraction

NEAR, AGREED, NOT_AGREED = "near", "agreed", "not-agreed"


class DistanceParams(Params):
    """distance: `from` and `to` are fields of places; a home that walks farther than `limit` metres, and farther than
    before, is asked. No answer is a no."""

    from_: str = Setting(alias="from")
    to: str
    limit: Annotated[Count, Setting(ge=1, le=10_000)]
    need: Fraction | None = None  # the share of the homes asked that must agree; without it every one


DISTANCE = StepKindSpec(
    "distance",
    "deliberation",
    "量走多远",
    DistanceParams,
    frozenset({NEAR, AGREED, NOT_AGREED}),
    needs_by=True,
    voices=False,
    takes_then=False,
)
