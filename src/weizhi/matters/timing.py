"""When a step is due and when time must look at it: from the charter's periods, computed once and stored."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from weizhi.charters import periods
from weizhi.charters.steps import Escalation, Step
from weizhi.charters.workdays import state_calendar
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pauses import pauses_of
from weizhi.matters.put_off import tries_again_at
from weizhi.matters.registry import Wake, kind_named

if TYPE_CHECKING:
    from weizhi.matters.scene import Scene

DUE = "due"
OVERDUE = "overdue"
ESCALATE = "escalate"
NEW_DAYS = "new-days"  # of a step's brief: fields whose date was set anew while the step stood open


def set_due(scene: "Scene", row: StepRow) -> None:
    """Store when the step is due, the words it came from and how sure the calendar was."""
    step = scene.procedure.steps[row.key]
    period = step.period
    if period is None:
        return
    start, pauses = _clock(scene, step, row)
    found = periods.stopped(
        start,
        period,
        pauses,
        calendar=state_calendar(),
        office_hours=scene.charter.office_hours,
        field_date=_field_date(scene, row, period),
    )
    row.due, row.due_words = found.at, found.words
    row.calendar, row.provisional = found.calendar_version, found.provisional


def _field_date(scene: "Scene", row: StepRow, period: periods.Period) -> date | None:
    """The date that the field says; where a meeting was put off, the new day."""
    if not period.field:
        return None
    value = row.brief.get(NEW_DAYS, {}).get(period.field) or scene.world.value(period.field)
    return date.fromisoformat(value) if isinstance(value, str) else None


def _clock(scene: "Scene", step: Step, row: StepRow) -> tuple[datetime, list[tuple[datetime, datetime]]]:
    """Where the step's clock started, and when it stood still: because somebody said so, and back through steps that
    the charter says stop it."""
    start = row.opened_at
    pauses = pauses_of(row.memory)
    if not step.stops_clock:
        return start, pauses
    line = [other for other in scene.rows.values() if (other.fork, other.branch) == (row.fork, row.branch)]
    before = [other for other in line if other.closed_at and other is not row]
    while len(before) >= 2 and before[-1].key in step.stops_clock and before[-2].key == step.key:
        pause, earlier = before[-1], before[-2]
        assert pause.closed_at is not None
        pauses += [(pause.opened_at, pause.closed_at), *pauses_of(earlier.memory, earlier.closed_at)]
        start, before = earlier.opened_at, before[:-2]
    return start, pauses


def set_wake(scene: "Scene", row: StepRow) -> None:
    """Store the next instant at which time acts on the step, after the last one it did."""
    later = [wake.at for wake in wakes(scene, row) if row.woken_at is None or wake.at > row.woken_at]
    row.wakes_at = min(later, default=None)
    if row.wakes_at and (again := tries_again_at(row.memory)):
        row.wakes_at = max(row.wakes_at, again)


def wakes(scene: "Scene", row: StepRow) -> Iterator[Wake]:
    """Every instant at which time acts on this open step."""
    step = scene.procedure.steps[row.key]
    yield from kind_named(row.kind).wakes(scene, row)
    if row.due is None:
        return
    if step.when_due:
        yield Wake(row.due, DUE)
    elif not step.escalate:
        yield Wake(row.due, OVERDUE)
    for n, rung in enumerate(step.escalate):
        yield Wake(_after(row.due, rung, scene), f"{ESCALATE}.{n}")


def _after(instant: datetime, rung: Escalation, scene: "Scene") -> datetime:
    delay = rung.delay
    if delay is None:
        return instant
    return periods.due(instant, delay, calendar=state_calendar(), office_hours=scene.charter.office_hours).at
