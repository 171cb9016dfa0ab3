"""Open the box: after closing each of two counters gives his passphrase; when both have, it is counted at once."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from weizhi.decisions import counters, urns
from weizhi.decisions.actions.close_early import EARLY
from weizhi.decisions.boxes import take
from weizhi.decisions.models import KeyShare, Vote
from weizhi.matters.actions.wake import wake_step
from weizhi.matters.models import Matter, Step
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.record.actions.append import Deed, append, lock
from weizhi.record.origin import the_clock
from weizhi.secrets.ballots import Unreadable

UNLOCKED: Final = "box-unlocked"
TURNED: Final = "both-came"  # in the step's memory: the instant at which the second had come
WRONG_AT_MOST, LATER = 5, timedelta(hours=1)


def open_box(vote_id: UUID, passphrase: str, *, by: Person, at: datetime | None = None) -> Vote:
    """One counter's half. The second to come has it counted in the same transaction. Raises Refused."""
    now = the_clock(at)
    with transaction.atomic():
        turned = _turn(vote_id, passphrase, by, now)
    if not turned:  # told after the transaction, so that the try is counted
        raise Refused("bad-data", "口令不对，票箱没有打开。要的是投票开始时您用的那一个。", field="passphrase")
    return Vote.objects.get(pk=vote_id)


def _turn(vote_id: UUID, passphrase: str, by: Person, now: datetime) -> bool:
    """Whether the passphrase was his. A wrong one is counted under the same lock under which it was tried."""
    matter = Matter.objects.preloaded().get(votes=vote_id)
    lock([matter.top_id])
    matter = Matter.objects.preloaded().get(pk=matter.pk)
    vote = take(vote_id)
    share = KeyShare.objects.select_for_update().filter(vote=vote, person=by).first()
    _check(vote, share, now)
    assert share is not None
    try:
        half = counters.opened_by(share, passphrase)
    except Unreadable:
        share.wrong, share.tried_at = share.wrong + 1, now
        share.save(update_fields=["wrong", "tried_at"])
        return False
    counters.keep_open(share, half, now)
    step = Step.objects.get(pk=vote.step_id)
    deed = Deed(at=now, actor=by, charter_hash=matter.charter_id, step=step.key, public={"post": share.post})
    append(matter.stream, UNLOCKED, deed)
    if not counters.is_shut(vote):
        step.memory = {**step.memory, TURNED: now.isoformat()}
        step.wakes_at = now
        step.save(update_fields=["memory", "wakes_at"])
        wake_step(step.pk, matter.pk, matter.top_id, now)
    return True


def _check(vote: Vote, share: KeyShare | None, now: datetime) -> None:
    if vote.counted_at is not None:
        raise Refused("closed", "票箱已经开过了。结果请看这一页。")
    if not counters.counters_of(vote):
        raise Refused("not-yet", "这次投票到时间自己计票，不用人开票箱。")
    if share is None:
        raise Refused("not-yours", "这个票箱由章程写明的两位开票人一起开，您不是其中一位。")
    if now < vote.closes_at and EARLY not in vote.step.memory:
        raise Refused("not-yet", "投票还没有截止，票箱现在谁也不能开。")
    if _is_unread(vote, now):
        raise Refused("not-yet", "纸票还没有读完。两个人都说票箱空了，两位开票人再来开。")
    if share.opened is not None:
        raise Refused("too-often", "您的一半已经开了，等另一位开票人来。")
    if share.wrong >= WRONG_AT_MOST and share.tried_at and now < share.tried_at + LATER:
        raise Refused("too-often", "口令错得太多了，请一小时以后再来。")


def _is_unread(vote: Vote, now: datetime) -> bool:
    """Whether papers of the urn are still to be read: both halves would lie under the key file for so long."""
    if EARLY in vote.step.memory or not urns.waits_to_be_read(vote):
        return False
    until = vote.step.memory.get(urns.URN)
    return until is None or now < datetime.fromisoformat(until)
