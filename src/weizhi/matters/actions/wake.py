"""Time acts: due dates, escalations, missed duties, ends of notices: rows written with their step, one door."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from weizhi.charters.flow import SENT
from weizhi.matters import moving, reads, rules
from weizhi.matters.actions.open_due import next_due, open_due
from weizhi.matters.models import Step as StepRow
from weizhi.matters.put_off import AGAIN_AFTER, PUT_OFF, put_off, wanted_since
from weizhi.matters.recording import note, words_parts
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, Wake, kind_named
from weizhi.matters.scene import Scene, load, token_of
from weizhi.matters.sending import asked_names
from weizhi.matters.settling import MOVED, settle
from weizhi.matters.timing import DUE, ESCALATE, OVERDUE, wakes
from weizhi.record import clock
from weizhi.record.actions.append import Part, lock
from weizhi.record.origin import the_clock

# A timer that fires later than this fell while the server was down.
DOWN_AFTER = timedelta(minutes=5)


def run_due(until: datetime | None = None, *, matter: UUID | None = None, down_until: datetime | None = None) -> int:
    """Fire every timer due until now, and open what calendars open, in due order. Returns how many were.

    `until` sets the clock of a story: each timer then fires at its own instant, or at `down_until` what fell while
    the story's server stood still. A timer that fails does not hold up those after it; the first failure is raised
    when all others are done. `matter` fires those of one matter.
    """
    limit = the_clock(until)
    failed: dict[UUID, Exception] = {}
    count = 0
    date = None if matter else _next_date(limit, failed)
    while due := min(filter(None, (date, _next_step(limit, matter, failed))), key=lambda one: one.at, default=None):
        instant = max(min(due.at, limit), down_until or due.at)
        try:
            due.fire(instant if until is not None else clock.now())
        except Exception as error:
            failed[due.pk] = error
        if due is date:
            date = _next_date(limit, failed)
        count += 1
    for first in failed.values():
        raise first
    return count


@dataclass(frozen=True)
class Due:
    """Something that time does at an instant."""

    pk: UUID
    at: datetime
    fire: Callable[[datetime], None]


def _next_date(limit: datetime, failed: Collection[UUID]) -> Due | None:
    row = next_due(limit, failed)
    return Due(row.pk, row.wakes_at, partial(open_due, row)) if row else None


def _next_step(limit: datetime, matter: UUID | None, failed: Collection[UUID]) -> Due | None:
    rows = StepRow.objects.to_wake(limit)
    if matter is not None:
        rows = rows.filter(matter=matter)
    if failed:
        rows = rows.exclude(pk__in=failed)
    row = rows.values_list("pk", "wakes_at", "matter_id", "matter__top_id").first()
    if row is None or row[1] is None:
        return None
    return Due(row[0], row[1], partial(wake_step, row[0], row[2], row[3]))


def wake_step(step_id: UUID, matter_id: UUID, top_id: UUID, at: datetime) -> None:
    """Let time act on one step, under the matter's lock; a step that closed meanwhile is left alone."""
    with transaction.atomic():
        lock([top_id])
        scene = load(reads.one(matter_id), at)
        row = next(row for row in scene.rows.values() if row.pk == step_id)
        if _is_due(scene, row):
            _try(scene, row)


def catch_up(scene: Scene) -> Scene:
    """Let time act first on a locked matter: the stored instant decides, not how fast the worker is.

    Nothing is accepted after closing, also where the worker stood still; an act that is then refused takes this back
    with it, and the worker does it in its own time. Returns the scene as it is then.
    """
    while due := [row for row in scene.rows.values() if _is_due(scene, row)]:
        scene = _try(scene, min(due, key=_wakes_at))
    return scene


def _is_due(scene: Scene, row: StepRow) -> bool:
    return row.closed_at is None and row.wakes_at is not None and row.wakes_at <= scene.now


def _wakes_at(row: StepRow) -> datetime:
    assert row.wakes_at is not None
    return row.wakes_at


def _try(scene: Scene, row: StepRow) -> Scene:
    """Let time act; what it may not do (a vote that cannot open) is put off for a day, and nothing of it is written."""
    try:
        with transaction.atomic():
            _wake(scene, row)
    except Refused as refused:
        scene = load(reads.one(scene.matter.pk), scene.now)
        _put_off(scene, next(found for found in scene.rows.values() if found.pk == row.pk), refused)
    return scene


def _put_off(scene: Scene, row: StepRow, refused: Refused) -> None:
    """Say once what hinders it, to the record and to whoever answers for the step: a clock cannot read a refusal."""
    is_new = put_off(row.memory, _wakes_at(row), scene.now, refused.message)
    row.wakes_at = scene.now + AGAIN_AFTER
    row.save(update_fields=["memory", "wakes_at"])
    if not is_new:
        return
    step, token = scene.procedure.steps[row.key], token_of(row)
    names = asked_names(step, row.brief)
    keys = scene.keys(names, step, token)
    if not keys:
        names = (rules.owner_of(scene.charter),)
        keys = scene.keys(names, step, token)
    narrow = rules.closed(step.visible, scene.kind.visible)
    parts = [*words_parts(refused.message, narrow, scene.matter.charter_id), Part(moving.TELL, keys)]
    public = {"tell": list(names), "why": refused.code, **({"line": refused.line} if refused.line else {})}
    note(scene, PUT_OFF, public, step=row.key, round=row.round, parts=parts)


def _wake(scene: Scene, row: StepRow) -> None:
    fired = sorted(_due_now(scene, row), key=lambda wake: wake.at)
    row.memory.pop(PUT_OFF, None)
    row.woken_at = scene.now
    due = row.due
    for wake in _collapsed(fired):
        if row.closed_at is None and row.due == due:  # whose due date was put off meanwhile is not overdue
            _fire(scene, row, wake)
    if row.closed_at is None:
        moving.remember(scene, row)
        row.save(update_fields=["woken_at"])


def _due_now(scene: Scene, row: StepRow) -> Iterator[Wake]:
    since = wanted_since(row.memory) or _wakes_at(row)
    for wake in wakes(scene, row):
        if since <= wake.at <= scene.now:
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
        scene.matter.save(update_fields=MOVED)
    told_now = [Part(moving.TELL, keys)] if keys else moving.tells(scene, events, effect.parts)
    parts = [*effect.parts, *told_now]
    note(scene, verb, public, step=row.key, round=row.round, parts=parts)
    settle(scene, events)
