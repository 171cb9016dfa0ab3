"""Who was reached: by letter, by telephone, or by having answered. Read when it is asked, from what is proved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from weizhi.deliberation.models import Invitation
from weizhi.matters.models import Step
from weizhi.record.models import Delivery

INVITED_ALL = "invited-all"
ARRIVED = (Invitation.How.HANDED, Invitation.How.BOX)


@dataclass(frozen=True)
class Reached:
    """One home or body, and how it is known."""

    invitation: Invitation
    seen: bool  # somebody there opened the notice on the telephone

    @property
    def reached(self) -> bool:
        one = self.invitation
        return self.seen or one.how in ARRIVED or one.comes is not None


def reached_of(step: Step, rows: Sequence[Invitation]) -> list[Reached]:
    """Two queries: whether the notices of this invitation were opened, and by whom."""
    seen = _seen(step)
    return [Reached(row, _opened(row, seen)) for row in rows]


def _opened(row: Invitation, seen: frozenset[UUID]) -> bool:
    """A body's notices go to whoever holds its seats: for those the story says whether they came."""
    return any(UUID(person) in seen for person in row.people)


def _seen(step: Step) -> frozenset[UUID]:
    entries = step.matter.stream.entries.filter(verb=INVITED_ALL, step=step.key, round=step.round)
    rows = Delivery.objects.filter(entry__in=entries.values("pk"), seen_at__isnull=False, to__isnull=False)
    return frozenset(pk for pk in rows.values_list("to", flat=True) if pk is not None)


def sums(rows: Iterable[Reached]) -> dict[str, int]:
    """What the record says of it: numbers, and nobody's door."""
    found = list(rows)
    homes = [one for one in found if one.invitation.home_id is not None]
    return {
        "homes": len(homes),
        "bodies": len(found) - len(homes),
        "reached": sum(one.reached for one in homes),
        "coming": sum(one.invitation.comes is True for one in found),
    }
