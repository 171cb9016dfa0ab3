"""What waits for a meeting: matters that stand at a `meet` step of its body, in the order of 轻重缓急."""

from collections.abc import Sequence

from django.db.models import Q

from weizhi.deliberation.models import Sitting
from weizhi.deliberation.rules import rank
from weizhi.matters.models import Step

MEET, DISCUSS = "meet", "discuss"


def waiting_for(sitting: Sitting) -> Sequence[Step]:
    """Open `meet` steps that this meeting serves: first in the clerk's order, then the urgent, then the oldest."""
    rows = (
        Step.objects.open()
        .filter(community=sitting.community_id, kind=MEET, path=sitting.path, brief__body=sitting.body)
        .filter(Q(brief__calendar=sitting.calendar) | Q(brief__calendar=""))
        .select_related("matter")
    )
    given = {number: n for n, number in enumerate(sitting.order)}
    return sorted(
        rows, key=lambda row: (given.get(row.matter.number, len(given)), rank(row.matter.urgency), row.opened_at)
    )


def heard_at(sitting: Sitting) -> Sequence[Step]:
    """Open online halls of which this series hears by word of mouth, the one that closes first at the top."""
    if not sitting.calendar:
        return []
    rows = Step.objects.open().filter(community=sitting.community_id, kind=DISCUSS, path=sitting.path)
    return list(rows.filter(brief__calendar=sitting.calendar).select_related("matter__place").order_by("due", "id"))
