"""Time acts: due dates, escalations, missed duties, ends of notices: rows written with their step, one door."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from weizhi.charters.flow import SENT
from weizhi.matters import moving, reads
from weizhi.matters.models import Step as StepRow
from weizhi.matters.recording import note
from weizhi.matters.registry import Effect, Wake, kind_named
from weizhi.matters.scene import Scene, load, token_of
from weizhi.matters.sending import asked_names
from weizhi.matters.settling import settle
from weizhi.matters.timing import DUE, ESCALATE, OVERDUE, wakes
from weizhi.record import clock
from weizhi.record.actions.append import Part, lock
from weizhi.record.origin import the_clock

# A timer that fires later than this fell while the server was down.
DOWN_AFTER = timedelta(minutes=5)


def run_due(until: datetime | None = None, *, matter: UUID | None = None) -> int:
    """Fire every timer due until now, in due order. Returns how many steps were woken.

    `until` sets the clock of a story: each timer then fires at its own instant. A timer that fails does not hold
    up those after it; the first failure is raised when all others are done. `matter` fires those of one matter.
    """
    limit = the_clock(until)
    failed: dict[UUID, Exception] = {}
    count = 0
    while row := _next(limit, matter, failed):
        instant = row["wakes_at"]
        at = instant if until is not None else clock.now()
        try:
            wake_step(row["pk"], row["matter_id"], row["matter__top_id"], at)
        except Exception as error:
            failed[row["pk"]] = error
        count += 1
    for first in failed.values():
        raise first
    return count


def _next(limit: datetime, matter: UUID | None, failed: Collection[UUID]) -> Mapping[str, Any] | None:
    rows = StepRow.objects.to_wake(limit)
    if matter is not None:
        rows = rows.filter(matter=matter)
    if failed:
        rows = rows.exclude(pk__in=failed)
    return rows.values("pk", "wakes_at", "matter_id", "matter__top_id").first()


def wake_step(step_id: UUID, matter_id: UUID, top_id: UUID, at: datetime) -> None:
    """Let time act on one step, under the matter's lock; a step that closed meanwhile is left alone."""
    with transaction.atomic():
        lock([top_id])
        scene = load(reads.one(matter_id), at)
        row = next(row for row in scene.rows.values() if row.pk == step_id)
        if _is_due(scene, row):
            _wake(scene, row)


def catch_up(scene: Scene) -> None:
    """Let time act first on a locked matter: the stored instant decides, not how fast the worker is.

    Nothing is accepted after closing, also where the worker stood still; an act that is then refused takes this back
    with it, and the worker does it in its own time.
    """
    while due := [row for row in scene.rows.values() if _is_due(scene, row)]:
        _wake(scene, min(due, key=_wakes_at))


def _is_due(scene: Scene, row: StepRow) -> bool:
    return row.closed_at is None and row.wakes_at is not None and row.wakes_at <= scene.now


def _wakes_at(row: StepRow) -> datetime:
    assert row.wakes_at is not None
    return row.wakes_at


def _wake(scene: Scene, row: StepRow) -> None:
    fired = sorted(_due_now(scene, row), key=lambda wake: wake.at)
    row.woken_at = scene.now
    for wake in _collapsed(fired):
        if row.closed_at is None:
            _fire(scene, row, wake)
    if row.closed_at is None:
        moving.remember(scene, row)
        row.save(update_fields=["woken_at"])


def _due_now(scene: Scene, row: StepRow) -> Iterator[Wake]:
    assert row.wakes_at is not None
    for wake in wakes(scene, row):
        if row.wakes_at <= wake.at <= scene.now:
            yield wake


def _collapsed(fired: list[Wake]) -> list[Wake]:
    """After downtime only the last escalation counts; a step that goes elsewhere at its due date escalates no more."""
    due = [wake for wake in fired if wake.rung == DUE]
    escalations = [wake for wake in fired if wake.rung.startswith(f"{ESCALATE}.")]
    others = [wake for wake in fired if wake not in due and wake not in escalations]
    return [*others, *(due or escalations[-1:])]


def _fire(scene: Scene, row: StepRow, wake: Wake) -> None:
    step = scene.procedure.steps[row.key]
    if wake.rung == DUE:
        _pass_on(scene, row, kind_named(row.kind).lapsed(scene, row, str(step.when_due)), "lapse")
    elif wake.rung == OVERDUE:
        _pass_on(scene, row, Effect(public={"tell": list(asked_names(step, row.brief))}), "overdue")
    elif wake.rung.startswith(f"{ESCALATE}."):
        rung = step.escalate[int(wake.rung.rpartition(".")[2])]
        public = {"tell": list(rung.tell), "rung": wake.rung}
        _pass_on(scene, row, Effect(SENT + rung.to if rung.to else None, public), "overdue")
    else:
        late = scene.now - wake.at > DOWN_AFTER
        if (effect := kind_named(row.kind).woken(scene, row, wake, late)) is not None:
            _pass_on(scene, row, effect, str(effect.public.get("verb", "lapse")))


def _pass_on(scene: Scene, row: StepRow, effect: Effect, verb: str) -> None:
    """Write what time did: one entry, the move if there is one, and whom it tells."""
    step = scene.procedure.steps[row.key]
    token = token_of(row)
    tell = [str(name) for name in effect.public.get("tell", ())]
    keys = scene.keys(tuple(tell), step, token) if tell else []
    for key in keys:
        moving.add_relation(scene, "handler" if not key.startswith("person:") else "interested", key)
    before = len(scene.walk.events)
    if effect.outcome:
        scene.walk.leave(token, effect.outcome)
    events = scene.walk.events[before:]
    told = moving.apply(scene, events)
    public = {name: value for name, value in effect.public.items() if name != "verb"}
    if effect.outcome:
        public |= {"outcome": effect.outcome, **told}
        scene.matter.changed_at = scene.now
        scene.matter.save(update_fields=["ended_as", "counts", "ended_at", "changed_at"])
    parts = [Part(moving.TELL, keys)] if keys else moving.tells(scene, events)
    note(scene, verb, public, step=row.key, round=row.round, parts=parts)
    settle(scene, events)
