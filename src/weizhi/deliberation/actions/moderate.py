"""Moderate: let waiting statements out, or put one away with a reason. An act on the record; its author reads why."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.deliberation.models import Hall, Statement
from weizhi.deliberation.taking_part import check_open, moderator_keys
from weizhi.matters import rules
from weizhi.matters.interests import sits_out
from weizhi.matters.models import Matter
from weizhi.matters.recording import words_parts
from weizhi.matters.refused import Refused
from weizhi.matters.scene import load
from weizhi.people.access import Standing, standing
from weizhi.people.models import Person
from weizhi.record.actions.append import Deed, append, lock
from weizhi.record.models import Entry
from weizhi.record.origin import the_clock

MODERATE = "moderate"
AT_ONCE, REASON_AT_MOST = 200, 200


def moderate(
    hall_id: UUID,
    numbers: Sequence[int],
    state: str,
    *,
    by: Person,
    reason: str = "",
    at: datetime | None = None,
    who: Standing | None = None,
) -> Entry | None:
    """Set statements to `open` or `hidden`. None where all stand so already. Raises Refused."""
    now = the_clock(at)
    stands = who or standing(by, now)
    if state not in (Statement.State.OPEN, Statement.State.HIDDEN):
        raise Refused("bad-data", "请选放出来，还是收起来。", field="state")
    why = " ".join(reason.split())[:REASON_AT_MOST]
    if state == Statement.State.HIDDEN and not why:
        raise Refused("bad-data", "收起来要写一句为什么，写的人会看到。", field="reason")
    if not numbers or len(numbers) > AT_ONCE:
        raise Refused("bad-data", "请选至少一条意见。", field="statement")
    with transaction.atomic():
        matter = Matter.objects.visible_to(stands).filter(halls=hall_id).first()
        if matter is None:
            raise Refused("not-found", "没有这个议事厅，或者您看不到它。")
        lock([matter.top_id])
        hall = Hall.objects.select_related("matter__place", "matter__stream", "step").get(pk=hall_id)
        keys = moderator_keys(hall)
        if stands.keys.isdisjoint(keys):
            raise Refused("not-yours", "看意见、收意见，要由这件事的主持人来做。")
        scene = load(hall.matter, now)
        if sits_out(scene, stands, keys):
            raise Refused("not-yours", "您申报了和这件事的利害关系，为了公正要回避。请由别人来主持。")
        check_open(hall, now)
        changed = _set(hall, numbers, state, why)
        if not changed:
            return None
        step, post = hall.step, stands.holding_for(keys)
        deed = Deed(
            at=now, actor=by, holding_id=post.holding_id if post else None, charter_hash=matter.charter_id,
            step=step.key, round=step.round, public={"statements": changed, "state": state},
        )  # fmt: skip
        narrow = rules.closed(scene.procedure.steps[step.key].visible, scene.kind.visible)
        return append(hall.matter.stream, MODERATE, deed, words_parts(why, narrow, matter.charter_id))


def _set(hall: Hall, numbers: Sequence[int], state: str, why: str) -> list[int]:
    rows = list(Statement.objects.select_for_update().filter(hall=hall, n__in=numbers).order_by("n"))
    if missing := set(numbers) - {one.n for one in rows}:
        raise Refused("bad-data", f"没有第 {min(missing)} 条意见。请刷新看看。", field="statement")
    changed = [one for one in rows if one.state != state]
    reason = why if state == Statement.State.HIDDEN else ""
    found = Statement.objects.filter(pk__in=[one.pk for one in changed])
    found.update(state=state, reason=reason, reason_read=False)
    return [one.n for one in changed]
