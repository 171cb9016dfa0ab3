"""The urn is read out: one says so, another confirms it, and the votes are counted. Both stand for the last paper."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from weizhi.decisions import urns
from weizhi.decisions.actions.close_early import EARLY
from weizhi.decisions.boxes import take
from weizhi.decisions.clerks import may_record
from weizhi.decisions.models import Vote
from weizhi.matters.actions.wake import wake_step
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.record.actions.append import lock
from weizhi.record.origin import the_clock

WHY_AT_MOST: Final = 200


def empty_urn(vote_id: UUID, *, by: Person, why: str = "", at: datetime | None = None) -> bool:
    """Say that no paper is left. True where somebody else had said so and the count was done now; of a box that two
    counters open, it is done when both have come.

    Where papers and marks differ, or a paper was read once only, it takes a sentence why, which the result shows.
    Raises Refused; then nothing was written.
    """
    now = the_clock(at)
    top = Vote.objects.values_list("matter__top_id", flat=True).get(pk=vote_id)
    with transaction.atomic():
        lock([top])  # before the vote's own, as the count takes them
        vote = take(vote_id)
        may_record(vote, by, now)
        urns.check_reading(vote, now)
        reason = why.strip()[:WHY_AT_MOST] or str(vote.urn.get("why", ""))
        if not urns.urn_of(vote).agrees and not reason:
            raise Refused("bad-data", differs(urns.urn_of(vote)), field="why")
        first = vote.urn.get("by") or str(by.pk)
        vote.urn = {"by": first, "why": reason}
        vote.save(update_fields=["urn"])
        if first == str(by.pk):
            return False
        _count_now(vote, top, now)
    return Vote.objects.only("counted_at").get(pk=vote_id).counted_at is not None


def differs(urn: urns.Urn) -> str:
    """What has to be explained."""
    once = f"，还有 {urn.once} 张没有读成一样的两遍" if urn.once else ""
    return (
        f"名册上记了 {urn.marked} 张，两个人都读过的 {urn.found} 张{once}。先把票箱再找一遍；真是这样，请写一句为什么。"
    )


def _count_now(vote: Vote, top: UUID, at: datetime) -> None:
    step = Step.objects.get(pk=vote.step_id)
    step.memory = {**step.memory, EARLY: at.isoformat()}
    step.wakes_at = at
    step.save(update_fields=["memory", "wakes_at"])
    wake_step(step.pk, vote.matter_id, top, at)
