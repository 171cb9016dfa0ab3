"""Matters that open matters: call another procedure; it goes on with how that one ends (`settling`)."""

from collections.abc import Sequence
from typing import Any, Final

from uuid_utils.compat import uuid7

from weizhi.charters.flow import Event, Token
from weizhi.matters import moving, rules
from weizhi.matters.models import Matter, Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.numbering import next_number
from weizhi.matters.recorded import CHANNEL
from weizhi.matters.recording import note, values_parts
from weizhi.matters.registry import confidential, kind_named
from weizhi.matters.scene import Scene
from weizhi.matters.settling import settle
from weizhi.places.writing import insert_one
from weizhi.record.leaves import new_salt
from weizhi.record.models import Stream

RAISED: Final = "raised"  # the outcome of every first step


def open_matter(scene: Scene, row: StepRow, kind: str, hands: Sequence[str]) -> Matter:
    """Open a matter of `kind` for the step `row`, under the same lock, with what the charter hands over."""
    parent = scene.matter
    matter_kind = scene.charter.kinds[kind]
    here = rules.here_at(parent.place.levels, parent.place.path, matter_kind.raised_in)
    stream = Stream(id=uuid7(), community=parent.community, kind="matter", salt=new_salt())
    # More people may see the new matter than the one it comes from: then its title says only what kind it is.
    # Nor does one that is confidential say in its title what it is about.
    closed = confidential(scene.charter.procedure_of(kind)) or rules.narrower(scene.kind.visible, matter_kind.visible)
    title = matter_kind.title if closed else parent.title
    child = Matter(
        stream=stream, community=parent.community, kind=kind, charter_id=parent.charter_id,
        number=next_number(parent.community_id), title=title, place=parent.place,
        audience=rules.audience_of(matter_kind.visible, here), top_id=parent.top_id, opened_by=row,
        category=parent.category, sorted_as=parent.sorted_as, urgency=parent.urgency, consensus=parent.consensus,
        raised_at=scene.now, changed_at=scene.now,
    )  # fmt: skip
    opened = Scene(child, scene.charter, scene.now, {}, [])
    for who in scene.relations.get(Party.RAISER, []) if not opened.confidential or _said_himself(parent) else ():
        moving.add_relation(opened, Party.RAISER, who)
    for who in moving.handlers_of(scene.charter, kind, opened.here):
        moving.add_relation(opened, Party.HANDLER, who)
    values = _handed(scene, hands)
    token, events, told = begin(opened, values)
    note(
        opened,
        "opened",
        {**told, "parent": parent.number},
        step=token.key,
        parts=values_parts(values, child.charter_id),
    )
    insert_one(child)
    settle(opened, events)
    return child


def _said_himself(parent: Matter) -> bool:
    """Whether the raiser is whose affair it is, and not an officer who wrote it down from somebody unknown."""
    return not parent.stream.entries.filter(n=1, on_behalf_of__isnull=True, public__has_key=CHANNEL).exists()


def begin(scene: Scene, values: dict[str, Any], *, waits: bool = False) -> tuple[Token, list[Event], dict[str, Any]]:
    """Write the first step of a new matter, done with `values` (or begun, where it `stays` or `waits` for somebody),
    and what opens after it: the token, what happened, and what the entry may say of it. The matter's own row is the
    caller's to save, after it.
    """
    token = Token(scene.procedure.start.key)
    scene.values[token.key] = values
    scene.walk.start()
    if not (waits or kind_named(scene.procedure.start.kind).stays):
        scene.walk.leave(token, RAISED)
    events = list(scene.walk.events)
    return token, events, moving.apply(scene, events)


def _handed(scene: Scene, hands: Sequence[str]) -> dict[str, Any]:
    values = {ref.rpartition(".")[2]: scene.world.value(ref) for ref in hands}
    return {key: value for key, value in values.items() if value is not None}
