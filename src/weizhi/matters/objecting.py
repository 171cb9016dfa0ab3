"""Objections and their answers: none is lost, one answer may serve a group, and whoever waits for all asks one query.

The record says what was objected and answered; the rows beside it only say which is still open.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from pydantic import Field

from weizhi.matters.fields import ActData
from weizhi.matters.models import Objection
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect
from weizhi.people.access import person_key
from weizhi.places.writing import insert
from weizhi.record.actions.append import Part
from weizhi.record.models import Entry

if TYPE_CHECKING:
    from weizhi.matters.scene import Act, Scene

OBJECT, ANSWER = "object", "answer"
GROUP_AT_MOST = 5_000


class AnswerData(ActData):
    """Which objections are answered with the same words; without them the oldest that is open."""

    objection: UUID | None = None
    objections: list[UUID] = Field(default_factory=list, max_length=GROUP_AT_MOST)
    upheld: Literal["yes", "no"] | None = None  # asked while a notice stands: does the objection hold?


def waits(scene: "Scene", but: Collection[UUID] = ()) -> bool:
    """Whether an objection is open. `but` are those that are being answered now. One query."""
    return Objection.objects.filter(matter=scene.matter, answer__isnull=True).exclude(entry__in=but).exists()


def open_objections(scene: "Scene") -> list[UUID]:
    """The entries of objections that no answer names yet, oldest first."""
    rows = Objection.objects.filter(matter=scene.matter, answer__isnull=True)
    return list(rows.order_by("n").values_list("entry", flat=True))


def answer(scene: "Scene", act: "Act") -> Effect:
    """Answer the objections that are named, or the oldest: everybody whose it is is told."""
    assert isinstance(act.data, AnswerData)
    named = {*act.data.objections, *([act.data.objection] if act.data.objection else [])}
    rows = _named(scene, named)
    if not rows or len(rows) < len(named):
        raise Refused("bad-data", "没有等着答复的异议。要补充说明，请用留言。", field="objection")
    act.data = act.data.model_copy(update={"objections": [row.entry_id for row in rows]})
    said = Entry.objects.filter(pk__in=act.data.objections).order_by("n").values_list("on_behalf_of", "actor")
    whose = dict.fromkeys(person_key(behalf or actor) for behalf, actor in said if behalf or actor)
    public = {"answers": str(rows[0].entry_id)} if len(rows) == 1 else {"answers_all": [row.n for row in rows]}
    return Effect(public=public, parts=(Part("tell", list(whose)),) if whose else ())


def _named(scene: "Scene", named: Collection[UUID]) -> Sequence[Objection]:
    rows = Objection.objects.filter(matter=scene.matter, answer__isnull=True).order_by("n")
    return list(rows.filter(entry__in=named) if named else rows[:1])


def answered_now(act: "Act") -> Sequence[UUID]:
    """Those that this act answers, once `answer` has found them."""
    return act.data.objections if isinstance(act.data, AnswerData) else ()


def remember(scene: "Scene", act: "Act", entry: Entry) -> None:
    """Keep which objections are open, once their entry or that of their answer is written."""
    if act.verb == OBJECT:
        insert([Objection(matter=scene.matter, entry=entry, n=entry.n)])
    elif act.verb == ANSWER:
        Objection.objects.filter(matter=scene.matter, entry__in=answered_now(act)).update(answer=entry)
