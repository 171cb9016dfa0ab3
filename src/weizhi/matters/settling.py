"""What follows an act once its rows are written: steps that begin by themselves, matters that wait for one another.

A matter that was opened by another, or is held by one, lies under that one's lock (ADR 8): so whoever waited goes on
in the same transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from weizhi.charters.flow import Event, Opened
from weizhi.matters import moving
from weizhi.matters.holding import CHOSEN, NOT_PICKED, PICKED, chosen_in, releases_later, remember_release, waiting_in
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.recording import note
from weizhi.matters.registry import kind_named
from weizhi.matters.scene import Scene, load, token_of

MOVED: Final = ["ended_as", "counts", "ended_at", "changed_at"]


def settle(scene: Scene, events: Sequence[Event]) -> None:
    """Let opened steps do what they do, and tell the matters that wait for this one."""
    for event in events:
        if isinstance(event, Opened) and (row := scene.rows[event.token]).closed_at is None:
            kind_named(row.kind).opened(scene, row)
    if scene.matter.ended_at and scene.kind.holds:
        let_go(scene)  # nothing that was taken in may wait for a matter that is over
    if scene.matter.ended_at and scene.matter.opened_by_id:
        _return(scene.matter, scene)
    if scene.matter.held_by_id and not scene.let_go and (scene.matter.ended_at or _ready(scene, events)):
        _look(scene)


def go_on(scene: Scene, row: StepRow, outcome: str, verb: str, public: Mapping[str, Any] | None = None) -> None:
    """An open step is left because another matter moved: its rows, its entry, what opens after it."""
    before = len(scene.walk.events)
    scene.walk.leave(token_of(row), outcome)
    events = scene.walk.events[before:]
    told = moving.apply(scene, events)
    scene.matter.changed_at = scene.now
    scene.matter.save(update_fields=MOVED)
    parts = moving.tells(scene, events)
    note(scene, verb, {**told, "outcome": outcome, **(public or {})}, step=row.key, round=row.round, parts=parts)
    settle(scene, events)


def choose(scene: Scene, row: StepRow, chosen: Sequence[str]) -> None:
    """Remember which of the held matters this step chose, and let all go where no step of its own does that later."""
    row.memory[CHOSEN] = list(chosen)
    if not releases_later(scene):
        let_go(scene, row)


def let_go(scene: Scene, row: StepRow | None = None) -> None:
    """Those of the held matters that were chosen go on, the others end by their own step. `row` remembers it."""
    chosen, said = set(chosen_in(scene)), {"holder": scene.matter.number}
    for held in waiting_in(scene.matter):
        one = load(held, scene.now)
        one.let_go = True  # the holder itself looks at all of them afterwards
        for found in [r for r in one.open_rows if _waits(one, r)]:
            go_on(one, found, PICKED if str(held.pk) in chosen else NOT_PICKED, PICKED, said)
    if row is not None:
        remember_release(row, scene.now)


def _waits(scene: Scene, row: StepRow) -> bool:
    return scene.procedure.steps[row.key].waits_for_choice


def _ready(scene: Scene, events: Sequence[Event]) -> bool:
    return any(isinstance(event, Opened) and _waits(scene, scene.rows[event.token]) for event in events)


def _look(held: Scene) -> None:
    """The holder looks whether it has waited long enough."""
    holder = Matter.objects.preloaded().get(pk=held.matter.held_by_id)
    if holder.ended_at is not None:
        return
    scene = load(holder, held.now)
    for row in scene.open_rows:
        if outcome := kind_named(row.kind).held_moved(scene, row):
            go_on(scene, row, outcome, "lapse")


def _return(child: Matter, ended: Scene) -> None:
    """The matter that opened `child` goes on with how it ended; both lie under one lock."""
    row = child.opened_by
    assert row is not None
    parent = Matter.objects.preloaded().get(pk=row.matter_id)
    if parent.ended_at is not None:
        return
    scene = load(parent, ended.now)
    token = next(token for token, found in scene.rows.items() if found.pk == row.pk)
    if scene.rows[token].closed_at is not None:
        return  # time or a person sent the matter on without waiting
    step = scene.procedure.steps[token.key]
    outcome = child.ended_as if child.ended_as in step.outcomes else child.counts
    go_on(scene, scene.rows[token], outcome, "returned", {"child": child.number})
