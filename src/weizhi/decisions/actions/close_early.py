"""Close early: a consent that everybody has answered need not wait for its last day."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from weizhi.decisions.models import Entitlement, Envelope, Speaker, Vote
from weizhi.matters.actions.wake import wake_step
from weizhi.matters.models import Step
from weizhi.record.actions.append import lock

CONSENT = "consent"
EARLY = "closes"  # in the step's memory: the instant at which all had spoken


def close_if_all_spoke(vote_id: UUID, at: datetime) -> bool:
    """Count now where every voice of every line has spoken; what they said is not known before. Outside a transaction.

    Only a consent ends so: a vote stays open to a change of mind until the day that was announced.
    """
    vote = Vote.objects.select_related("step").get(pk=vote_id)
    if vote.kind != CONSENT or vote.step.closed_at is not None or not _all_spoke(vote):
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
    owners = Count("speakers", filter=Q(speakers__as_what=Speaker.As.OWNER, speakers__until__isnull=True))
    lines = Entitlement.objects.filter(roll=vote.roll_id).standing().annotate(owners=owners)
    alone = lines.filter(owners=0).count()
    several = sum(lines.filter(owners__gt=0).values_list("owners", flat=True))
    counted = Envelope.objects.filter(vote=vote, signed=True, entitlement__struck_at__isnull=True)
    return counted.filter(entitlement__roll=F("vote__roll")).count() >= alone + several
