"""Write what a walk did: steps opened and closed, who waits, when time looks again, the matter's end."""

from collections.abc import Sequence
from typing import Any

from weizhi.charters.flow import CANCELLED, SENT, Closed, Ended, Event, Opened
from weizhi.charters.models import Charter
from weizhi.matters import rules
from weizhi.matters.models import Matter, Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.registry import kind_named
from weizhi.matters.scene import Scene, token_of
from weizhi.matters.sending import BRIEF, brief_of, name_of
from weizhi.matters.timing import set_due, set_wake
from weizhi.places.writing import insert
from weizhi.record.actions.append import Part

OFFICES = ("post:", "body:")
TELL = "tell"  # the part of an entry that names whom it tells


def apply(scene: Scene, events: list[Event]) -> dict[str, Any]:
    """Write the events of one act. Returns what the entry may say of it in public.

    Queries: one for each closed step, then open (1), waits gone (1), waits new (1).
    """
    fresh, closed = _rows(scene, events)
    for row in closed:
        row.mark = _mark(scene, row)
    stale = [row for row in closed if row not in fresh]
    for row in stale:
        row.save(update_fields=["closed_at", "outcome", "mark", "wakes_at", "memory"])
        if row.outcome == CANCELLED:
            kind_named(row.kind).called_off(scene, row)
    insert(fresh)
    if stale:
        Party.objects.filter(step__in=stale).delete()
        scene.parties = [party for party in scene.parties if party.step_id not in {row.pk for row in stale}]
    waits = [wait for row in fresh if row.closed_at is None for wait in waits_of(scene, row)]
    for wait in waits:  # a grid's officer in a branch goes on seeing the matter after the grid has spoken
        if wait.who.startswith(OFFICES):
            add_relation(scene, Party.HANDLER, wait.who)
    scene.parties += insert([*new_parties(scene), *waits])
    _end(scene, events)
    return said(scene, events)


def _mark(scene: Scene, row: StepRow) -> str:
    """What figures count of a closed step: nothing where time sent it on, or where it was cancelled."""
    if row.outcome.startswith(SENT) or row.outcome == CANCELLED:
        return ""
    return ",".join(scene.procedure.steps[row.key].marks_for(row.outcome))


def _rows(scene: Scene, events: list[Event]) -> tuple[list[StepRow], list[StepRow]]:
    opened: list[StepRow] = []
    closed: list[StepRow] = []
    for event in events:
        if isinstance(event, Opened):
            opened.append(_open(scene, event))
        elif isinstance(event, Closed):
            row = scene.rows[event.token]
            row.closed_at, row.outcome, row.wakes_at = scene.now, event.outcome, None
            closed.append(row)
    for row in opened:
        if row.closed_at is None:
            set_wake(scene, row)
    return opened, closed


def _open(scene: Scene, event: Opened) -> StepRow:
    token = event.token
    step = scene.procedure.steps[token.key]
    here = scene.here_for(token)
    level = step.at or rules.COMMUNITY
    row = StepRow(
        matter=scene.matter,
        community_id=scene.matter.community_id,
        key=token.key,
        kind=step.kind,
        round=token.round,
        fork=token.fork,
        branch=token.branch,
        path=here.at(level) or here.scope,
        opened_at=scene.now,
    )
    row.brief = brief_of(scene, step, token)
    scene.rows[token] = row
    set_due(scene, row)
    return row


def waits_of(scene: Scene, row: StepRow) -> list[Party]:
    """Who an open step waits for. A step that waits for others (a fork, an opened matter) still has an owner."""
    step = scene.procedure.steps[row.key]
    keys = scene.keys(step.asks, step, token_of(row)) if step.asks else []
    if not keys and not kind_named(row.kind).spec.automatic and not step.waits_for_choice:
        owner = rules.owner_of(scene.charter)
        keys = rules.keys_for([owner], charter=scene.charter, here=scene.here, relations={})
    return [party(scene.matter, who, Party.WAITS, row) for who in keys]


def party(matter: Matter, who: str, relation: str, row: StepRow | None = None) -> Party:
    return Party(
        matter=matter,
        community_id=matter.community_id,
        who=who,
        relation=relation,
        step=row,
        due=row.due if row else None,
    )


def tells(scene: Scene, events: list[Event], told: Sequence[Part] = ()) -> list[Part]:
    """Whom steps that just opened tell by the charter, such as the superior of those who must do it again.

    An entry has one part of this name: where `told` is one already, nothing is added to it.
    """
    keys: dict[str, None] = {}
    for event in events:
        if isinstance(event, Opened) and scene.rows[event.token].closed_at is None:
            step = scene.procedure.steps[event.token.key]
            keys |= dict.fromkeys(scene.keys(step.tell, step, event.token))
    return [Part(TELL, list(keys))] if keys and not any(part.name == TELL for part in told) else []


def new_parties(scene: Scene) -> list[Party]:
    """Parties given by this act that are not written yet."""
    return [row for row in scene.parties if row._state.adding]


def add_relation(scene: Scene, relation: str, who: str) -> None:
    known = {(row.relation, row.who) for row in scene.parties if row.step_id is None}
    if (relation, who) not in known:
        scene.parties.append(party(scene.matter, who, relation))


def handlers_of(charter: Charter, kind: str, here: rules.Here) -> list[str]:
    """Keys of every post and body that the procedure names: they may see the matter from the start."""
    steps = charter.procedure_of(kind).steps.values()
    keys: dict[str, None] = {}
    for step in steps:
        names = rules.official_names(charter, [step])
        for key in rules.keys_for(names, charter=charter, here=here, relations={}, at=step.at):
            keys[key] = None
    return list(keys)


def _end(scene: Scene, events: list[Event]) -> None:
    for event in events:
        if isinstance(event, Ended):
            end = scene.procedure.ends.get(event.end)
            scene.matter.ended_as = event.end
            scene.matter.counts = end.counts if end else event.end
            scene.matter.ended_at = scene.now


def said(scene: Scene, events: list[Event]) -> dict[str, Any]:
    """What the entry says in public: what closed with which outcome, what opened and until when, the end."""
    told: dict[str, Any] = {}
    opens = [
        {"step": event.token.key, "due": row.due.isoformat() if row.due else None, **sent_names(row)}
        for event in events
        if isinstance(event, Opened) and (row := scene.rows[event.token]).closed_at is None
    ]
    if opens:
        told["opens"] = opens
    because = [event.because for event in events if isinstance(event, Closed) and event.because]
    if because:
        told["because"] = because
    ended = [event.end for event in events if isinstance(event, Ended)]
    if ended:
        told["ended"] = ended[0]
    return told


def sent_names(row: StepRow) -> dict[str, list[str]]:
    """Which bodies and posts it was sent to: offices, so that everybody may know."""
    return {BRIEF: [name_of(key) for key in row.brief[BRIEF]]} if row.brief.get(BRIEF) else {}


def remember(scene: Scene, row: StepRow) -> None:
    """Keep what an open step must remember (voices so far, duties done) and when time looks again."""
    set_wake(scene, row)
    row.save(update_fields=["memory", "wakes_at"])
