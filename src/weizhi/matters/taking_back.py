"""Take back what was sent to the wrong people: with a reason, to be sorted again, or straight on to others."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field

from weizhi.charters.flow import SENT, Token
from weizhi.charters.steps import Step
from weizhi.matters.fields import ActData, read
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect
from weizhi.matters.scene import Act, Scene, token_of
from weizhi.matters.sending import keys_of, sent_to
from weizhi.people.access import Standing
from weizhi.record.actions.append import Part

TAKE_BACK = "take-back"


class TakeBackData(ActData):
    """To whom it goes instead; without it, it is sorted again."""

    to: list[str] = Field(default_factory=list)


def sorting_step(scene: Scene, row: StepRow) -> Step | None:
    """The sort step to which an open step may be taken back, by the charter."""
    found = scene.procedure.steps[row.key].take_back
    return scene.procedure.steps[found] if found and row.closed_at is None else None


def may_take_back(scene: Scene, row: StepRow, who: Standing) -> bool:
    """Whoever may sort there may take back from there."""
    sorting = sorting_step(scene, row)
    return sorting is not None and not who.keys.isdisjoint(scene.keys(sorting.by, sorting, Token(sorting.key)))


def take_back(scene: Scene, act: Act, row: StepRow) -> Effect:
    """Close the step without an outcome of its own; those who had it are told."""
    sorting = sorting_step(scene, row)
    rule = scene.procedure.steps[row.key]
    if sorting is None:
        raise Refused("not-yours", "这一步不是派出去的，没有什么可收回。", line=scene.line(rule, "take_back"))
    if not may_take_back(scene, row, act.stands):
        names = "、".join(scene.name_title(name) for name in sorting.by)
        raise Refused("not-yours", f"只有派出去的人（{names}）可以收回。", line=scene.line(rule, "take_back"))
    act.row = row
    data = act.data = read(TakeBackData, act.raw, {"words": "说明", "to": "改派给谁"})
    assert isinstance(data, TakeBackData)
    if not data.words:
        raise Refused("bad-data", "请写一句为什么收回，原来接到的人会看到。", field="words")
    before = sent_to(scene, token_of(row))
    told = (Part("tell", before),) if before else ()
    if not data.to:
        if row.fork:
            raise Refused("bad-data", "这件事在分头办。收回这一份，要同时选改派给谁。", field="to")
        return Effect(SENT + sorting.key, parts=told)
    scene.sending = _others(scene, sorting, data.to, before)
    return Effect(SENT + row.key, {"sent": data.to}, parts=told)


def _others(scene: Scene, sorting: Step, names: Sequence[str], before: Sequence[str]) -> list[str]:
    offered = [str(name) for name in sorting.params.get("to", ())]
    if len(names) != 1 or names[0] not in offered:
        titles = "、".join(scene.name_title(name) for name in offered)
        raise Refused("bad-data", f"请选一家来接：{titles}。", field="to")
    keys = keys_of(scene, names)
    if keys == list(before):
        raise Refused("bad-data", "已经派给他们了。请选别的，或不选，退回去重新分。", field="to")
    return keys


def row_to_take_back(scene: Scene, step: UUID | str | None) -> StepRow:
    """The open step that is meant; the only one that can be taken back where none is named."""
    rows = scene.open_rows
    named = [row for row in rows if step is not None and str(step) in {str(row.pk), row.key}]
    found = named or [row for row in rows if step is None and sorting_step(scene, row)]
    if not found:
        raise Refused("closed", "这一步已经有人办过了，收不回来了。请刷新看看现在到了哪一步。")
    return found[0]
