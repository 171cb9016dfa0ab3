"""The matter's door: every act on a running matter goes through here, from pages, API, command line and stories."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from weizhi.charters.flow import SENT
from weizhi.matters import behalf, beside, interests, listed, merging, moving, objecting, reads
from weizhi.matters.actions.done import Done, done
from weizhi.matters.actions.raise_matter import raise_matter
from weizhi.matters.actions.wake import catch_up
from weizhi.matters.asking import asked, sent_before, take_post
from weizhi.matters.fields import WORDS, asked_values, check_ways, model_for, read, titles_of
from weizhi.matters.models import Step as StepRow
from weizhi.matters.recording import enter, keep_files
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, cite, kind_named
from weizhi.matters.scene import Act, Scene, load, token_of
from weizhi.matters.settling import MOVED, settle
from weizhi.matters.taking_back import TAKE_BACK, row_to_take_back, take_back
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.record.actions.append import Part, lock
from weizhi.record.photos import Photo

__all__ = ["Done", "Refused", "act", "raise_matter"]

CHANGES = ["title", "category", "sorted_as", "urgency", "consensus", *MOVED]


def act(
    matter_id: UUID,
    verb: str,
    *,
    by: Person,
    step: UUID | str | None = None,
    data: Mapping[str, Any] | None = None,
    outcome: str | None = None,
    evidence: Sequence[Photo] = (),
    key: str | None = None,
    at: datetime | None = None,
    told_at: datetime | None = None,
    as_post: UUID | None = None,
    on_behalf_of: Person | None = None,
    who: Standing | None = None,
) -> Done:
    """Do `verb` on a matter: at the step with this id or key, or beside the steps (comment, withdraw).

    One transaction under the top matter's lock. Sent again under the same `key`, it answers with the first
    result. Raises Refused; then nothing has been written.
    """
    asked_act = asked(
        verb, by=by, target=f"{matter_id}:{step or ''}", data=data or {}, outcome=outcome, evidence=evidence,
        key=key, at=at, told_at=told_at, on_behalf_of=on_behalf_of, who=who,
    )  # fmt: skip
    matter = reads.visible(matter_id, asked_act.who)
    files = keep_files(asked_act) if matter else []
    try:
        if matter is None:
            raise Refused("not-found", "没有这件事，或者您看不到它。")
        with transaction.atomic():
            lock([matter.top_id, *merging.locks(asked_act, matter)])
            scene = load(reads.one(matter_id), asked_act.at)
            return _do(scene, asked_act, step, as_post, files)
    except (Refused, IntegrityError):
        # Answered before permission is asked: an officer whose term ended still learns that yesterday's act arrived.
        if earlier := sent_before(asked_act):
            return done(earlier)
        raise


def _do(scene: Scene, act: Act, step: UUID | str | None, as_post: UUID | None, files: list[Part]) -> Done:
    scene = catch_up(scene)
    before = len(scene.walk.events)
    behalf.permit(act, scene.matter)
    if act.verb in beside.VERBS and not beside.stands_at_a_step(scene, act.verb):
        effect = beside.do(scene, act)
        take_post(act, moving.handlers_of(scene.charter, scene.matter.kind, scene.here), as_post)
    elif act.verb == TAKE_BACK and scene.matter.ended_at is None:
        effect = take_back(scene, act, row_to_take_back(scene, step))
        take_post(act, moving.handlers_of(scene.charter, scene.matter.kind, scene.here), as_post)
    else:
        effect = _at_step(scene, act, step, as_post)
    for relation, who in effect.relations:
        moving.add_relation(scene, relation, who)
    for column, value in effect.changes.items():
        setattr(scene.matter, column, value)
    if effect.outcome and act.row is not None:
        scene.walk.leave(token_of(act.row), effect.outcome)
    events = scene.walk.events[before:]
    told = moving.apply(scene, events)
    effect = replace(effect, parts=(*effect.parts, *moving.tells(scene, events, effect.parts)))
    if act.row is not None and not effect.outcome:
        moving.remember(scene, act.row)
    if events or effect.changes:
        scene.matter.changed_at = act.at
        scene.matter.save(update_fields=CHANGES)
    entry = enter(scene, act, marked(scene, act, effect), told, files)
    objecting.remember(scene, act, entry)
    settle(scene, events)
    return done(entry, scene.matter)


def marked(scene: Scene, act: Act, effect: Effect) -> Effect:
    """The effect with the marks that figures count."""
    if act.row is None or not effect.outcome or effect.outcome.startswith(SENT):
        return effect
    marks = ",".join(scene.step_of(act).marks_for(effect.outcome)) or effect.mark
    return replace(effect, mark=marks)


def _at_step(scene: Scene, act: Act, step: UUID | str | None, as_post: UUID | None) -> Effect:
    act.row = _open_step(scene, act, step)
    rule = scene.step_of(act)
    keys = scene.keys(rule.asks, rule, token_of(act.row))
    _permit(scene, act, keys)
    take_post(act, keys, as_post)
    kind = kind_named(rule.kind)
    act.data = read(model_for(kind.Data, rule, act.outcome), act.raw, titles_of(rule))
    cite(scene, rule, act.data)
    check_ways(rule, act.data, photos=len(act.evidence), placed=True, outcome=act.outcome)
    said_now = {WORDS: act.data.words} if act.data.words else {}
    scene.values[rule.key] = {**said_now, **asked_values(rule, act.data)}
    effect = kind.do(scene, act)
    if effect.outcome:
        _gates(scene, act)
    return effect


def _open_step(scene: Scene, act: Act, step: UUID | str | None) -> StepRow:
    """The open step that is meant. Two people pressing at once: the second learns what happened meanwhile."""
    if scene.matter.ended_at is not None:
        raise Refused("ended", "这件事已经结束了，不能再办。如果还有问题，请新报一件并说明是接着它的。")
    rows = scene.open_rows
    if step is not None:
        rows = [row for row in rows if str(step) in {str(row.pk), row.key}]
    rows = [row for row in rows if act.verb in kind_named(row.kind).verbs]
    mine = [row for row in rows if may_at(scene, act, row)]
    if not rows:
        now_at = "、".join(scene.target_title(row.key) for row in scene.open_rows)
        late = any(row.closed_at == act.at and str(step) in {str(row.pk), row.key} for row in scene.rows.values())
        why = "这一步的期限已经过了" if late else "这一步已经有人办过了"
        raise Refused("closed", f"{why}，现在到了“{now_at}”。请刷新看看。")
    return (mine or rows)[0]


def may_at(scene: Scene, act: Act, row: StepRow) -> bool:
    step = scene.procedure.steps[row.key]
    return not act.stands.keys.isdisjoint(scene.keys(step.asks, step, token_of(row)))


def _permit(scene: Scene, act: Act, keys: Sequence[str]) -> None:
    rule = scene.step_of(act)
    assert act.row is not None
    if act.stands.keys.isdisjoint(keys):
        raise listed.not_yours(scene, act, rule)
    barred = scene.keys(rule.not_by, rule, token_of(act.row)) if rule.not_by else []
    if not (act.who.keys | act.stands.keys).isdisjoint(barred):
        names = "、".join(scene.name_title(name) for name in rule.not_by)
        raise Refused("not-yours", f"为了公正，{names}不能办这一步。请由别人来办。", line=scene.line(rule, "not_by"))
    if kind_named(rule.kind).spec.judges and any(interests.sits_out(scene, one, keys) for one in (act.who, act.stands)):
        raise Refused(
            "not-yours", "您申报了和这件事的利害关系，为了公正要回避。请由别人来办这一步。", line=interests.line(scene)
        )


def _gates(scene: Scene, act: Act) -> None:
    rule = scene.step_of(act)
    assert act.row is not None
    for gate in rule.needs:
        if not scene.world.holds(gate, token_of(act.row)):
            raise Refused("not-yet", "条件还不够，暂时不能办这一步。", line=scene.line(rule, f"needs: {gate.gate}"))
