"""Matters that open matters: call another procedure; it goes on with how that one ends (`settling`)."""

from collections.abc import Sequence
from typing import Any, Final

from uuid_utils.compat import uuid7

from weizhi.charters.flow import Event, Token
from weizhi.matters import moving, rules
from weizhi.matters.models import Matter, Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.numbering import next_number
from weizhi.matters.recording import note, values_parts
from weizhi.matters.registry import kind_named
from weizhi.matters.scene import Scene
from weizhi.matters.settling import settle
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
    title = matter_kind.title if rules.narrower(scene.kind.visible, matter_kind.visible) else parent.title
    child = Matter(
        stream=stream, community=parent.community, kind=kind, charter_id=parent.charter_id,
        number=next_number(parent.community_id), title=title, place=parent.place,
        audience=rules.audience_of(matter_kind.visible, here), top_id=parent.top_id, opened_by=row,
        category=parent.category, sorted_as=parent.sorted_as, urgency=parent.urgency, consensus=parent.consensus,
        raised_at=scene.now, changed_at=scene.now,
    )  # fmt: skip
    opened = Scene(child, scene.charter, scene.now, {}, [])
    for who in scene.relations.get(Party.RAISER, []):
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
    child.save(force_insert=True)
    settle(opened, events)
    return child


def begin(scene: Scene, values: dict[str, Any]) -> tuple[Token, list[Event], dict[str, Any]]:
    """Write the first step of a new matter, done with `values` (or begun, where it `stays`), and what opens after it:
    the token, what happened, and what the entry may say of it. The matter's own row is the caller's to save, after it.
    """
    token = Token(scene.procedure.start.key)
    scene.values[token.key] = values
    scene.walk.start()
    if not kind_named(scene.procedure.start.kind).stays:
        scene.walk.leave(token, RAISED)
    events = list(scene.walk.events)
    return token, events, moving.apply(scene, events)


def _handed(scene: Scene, hands: Sequence[str]) -> dict[str, Any]:
    world = scene.walk.world
    values = {ref.rpartition(".")[2]: world.value(ref) for ref in hands}  # type: ignore[attr-defined]  # MatterWorld
    return {key: value for key, value in values.items() if value is not None}
