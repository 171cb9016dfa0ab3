"""Close early: a consent that everybody has answered need not wait for its last day."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from weizhi.decisions.models import Entitlement, Envelope, Speaker, Vote
from weizhi.matters.actions.wake import wake_step
from weizhi.matters.models import Step
from weizhi.record.actions.append import lock

CONSENT = "consent"
EARLY = "closes"  # in the step's memory: the instant at which all had spoken


def close_if_all_spoke(vote_id: UUID, at: datetime) -> bool:
    """Count now where every voice of every line has spoken; what they said is not known before. Outside a transaction.

    Only a consent ends so: a vote stays open to a change of mind until the day that was announced, and so does a
    secret consent, whose papers lie in an urn that nobody may open before.
    """
    vote = Vote.objects.select_related("step", "roll").get(pk=vote_id)
    if vote.kind != CONSENT or vote.secret or vote.step.closed_at is not None or EARLY in vote.step.memory:
        return False
    if not _all_spoke(vote):
        return False
    top = vote.matter.top_id
    with transaction.atomic():
        lock([top])
        step = Step.objects.get(pk=vote.step_id)
        if step.closed_at is not None:
            return False
        step.memory = {**step.memory, EARLY: at.isoformat()}
        step.wakes_at = at
        step.save(update_fields=["memory", "wakes_at"])
        wake_step(step.pk, vote.matter_id, top, at)
    return True


def _all_spoke(vote: Vote) -> bool:
    """Of a home of several owners each must say something; a household has one voice, whoever of it spoke."""
    voices = Envelope.objects.filter(vote=vote, signed=True).count()
    if voices < vote.roll.size:  # as with all ballots but the last few: nothing more is asked
        return False
    owners = Speaker.objects.filter(as_what=Speaker.As.OWNER, until__isnull=True).exclude(
        entitlement__kind=Entitlement.Kind.HOUSEHOLD
    )
    standing = owners.filter(entitlement__roll=vote.roll_id, entitlement__struck_at__isnull=True)
    sums = standing.aggregate(people=Count("pk"), lines=Count("entitlement", distinct=True))
    return voices >= vote.roll.size - int(sums["lines"]) + int(sums["people"])
