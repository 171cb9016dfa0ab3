"""At the desk of a secret vote: marks on the roll that may be corrected, and what waits for the second of two."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weizhi.decisions.actions.correct_mark import check_correcting
from weizhi.decisions.models import MarkChange, Vote
from weizhi.matters.refused import Refused
from weizhi.portal import pieces as p
from weizhi.portal.saying import when


@dataclass(frozen=True)
class Change:
    """A correction that one person asked for."""

    id: str
    n: int
    label: str
    what: str
    why: str
    by: str
    when: str
    mine: bool


@dataclass(frozen=True)
class Marks:
    """What may be corrected now; none where nothing may."""

    ways: tuple[p.Choice, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def late(self) -> bool:
        return any(one.value == MarkChange.What.LATE for one in self.ways)


def marks_of(vote: Vote, person: UUID, now: datetime) -> Marks:
    """Three queries of a secret vote that is not counted, none of any other."""
    if not vote.secret or vote.counted_at is not None:
        return Marks()
    ways = tuple(
        p.Choice(str(what.value), str(what.label)) for what in MarkChange.What if _is_open(vote, what.value, now)
    )
    rows = MarkChange.objects.filter(vote=vote).select_related("entitlement", "by").order_by("at") if ways else ()
    return Marks(
        ways,
        tuple(
            Change(
                str(row.pk), row.entitlement.n, row.entitlement.label, str(MarkChange.What(row.what).label), row.why,
                row.by.name, when(row.at, now), row.by_id == person,
            )
            for row in rows
        ),
    )  # fmt: skip


def _is_open(vote: Vote, what: str, now: datetime) -> bool:
    try:
        check_correcting(vote, what, now)
    except Refused:
        return False
    return True
