"""Let a matter's clock stand still until a day (no spare part, rain, the person is away), and go on earlier.

It moves nothing: the steps stay open, whoever has something to do may do it, and no timer must be cancelled: a due
date is computed with the time that does not count, so the clock goes on by itself when the day comes.
"""

from datetime import date, datetime, time, timedelta
from typing import Final

from weizhi.charters.periods import ZONE
from weizhi.matters import timing
from weizhi.matters.fields import ActData
from weizhi.matters.models import Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pauses import PAUSES, standing_still
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, kind_named
from weizhi.matters.scene import Act, Scene

SUSPEND, RESUME = "suspend", "resume"
DAYS_AT_MOST: Final = 180  # nothing can lie still: who needs longer says so again


class SuspendData(ActData):
    """The day on which the clock goes on."""

    until: date


def suspend(scene: Scene, act: Act) -> Effect:
    assert isinstance(act.data, SuspendData)
    until = _checked(act.data.until, act.at)
    rows = [row for row in scene.open_rows if _runs(row, act.at)]
    if any(standing_still(row.memory, act.at) for row in rows):
        raise Refused("too-often", "这件事已经暂停着。要换一天，请先恢复，再暂停。")
    if not rows:
        raise Refused("not-yet", "现在没有在走的期限，不用暂停。")
    if why := next(filter(None, (kind_named(row.kind).keeps_its_day for row in rows)), ""):
        raise Refused("not-yet", why)
    for row in rows:
        row.memory.setdefault(PAUSES, []).append([act.at.isoformat(), until.isoformat()])
        _count_again(scene, row)
    return Effect(public={"until": act.data.until.isoformat()})


def resume(scene: Scene, act: Act) -> Effect:
    rows = [row for row in scene.open_rows if standing_still(row.memory, act.at)]
    if not rows:
        raise Refused("closed", "这件事没有暂停，或者已经恢复了。")
    for row in rows:
        row.memory[PAUSES][-1][1] = act.at.isoformat()
        _count_again(scene, row)
    return Effect()


def _checked(day: date, now: datetime) -> datetime:
    """The first instant of the day."""
    today = now.astimezone(ZONE).date()
    if not today < day <= today + timedelta(days=DAYS_AT_MOST):
        raise Refused("bad-data", f"请选明天以后、{DAYS_AT_MOST} 天以内的一天。", field="until")
    return datetime.combine(day, time.min, ZONE)


def _runs(row: StepRow, now: datetime) -> bool:
    """Whether time still has something to do here: what is late already stays late."""
    return row.due > now if row.due else row.wakes_at is not None


def _count_again(scene: Scene, row: StepRow) -> None:
    """When the step is due and when time looks at it, with what does not count."""
    timing.set_due(scene, row)
    timing.set_wake(scene, row)
    row.save(update_fields=["due", "due_words", "calendar", "provisional", "memory", "wakes_at"])
    Party.objects.filter(step=row).update(due=row.due)
