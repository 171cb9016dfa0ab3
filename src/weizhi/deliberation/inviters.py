"""Who invites: whoever the charter's `invite` step names in `by`."""

from weizhi.deliberation.models import Invitation
from weizhi.matters import rules
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.access import Standing


def invites(matter: Matter, row: StepRow, who: Standing) -> bool:
    """Whether somebody of this standing writes and carries the letters. The matter comes with its place."""
    charter = charter_by_hash(matter.charter_id)
    step = charter.procedure_of(matter.kind).steps[row.key]
    here = rules.here_at(matter.place.levels, matter.place.path, charter.kinds[matter.kind].raised_in)
    keys = rules.keys_for(step.by, charter=charter, here=here, relations={}, at=step.at)
    return not who.keys.isdisjoint(keys)


def is_inviter(one: Invitation, who: Standing) -> bool:
    return invites(one.matter, one.step, who)
