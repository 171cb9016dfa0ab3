"""Verbs that stand beside the steps: they append and do not move, except withdraw, withdraw-consent and merge."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from weizhi.matters import again
from weizhi.matters.fields import ActData, read
from weizhi.matters.interests import DECLARE, LIFT, InterestData, decides, declare, lift
from weizhi.matters.merging import MERGE, MergeData, merge
from weizhi.matters.models import Party
from weizhi.matters.moving import handlers_of
from weizhi.matters.objecting import AnswerData, answer
from weizhi.matters.recorded import CHANNEL, CLAIM
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, kind_named
from weizhi.matters.scene import Act, Scene
from weizhi.matters.suspending import RESUME, SUSPEND, SuspendData, resume, suspend
from weizhi.people.access import person_key
from weizhi.record.actions.append import Part

WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Beside:
    """Who may do it, whether it needs words, and what it does."""

    may: Callable[[Scene, Act], bool]
    otherwise: str
    do: Callable[[Scene, Act], Effect]
    needs_words: bool = False
    Data: type[ActData] = ActData


def _anybody(scene: Scene, act: Act) -> bool:
    """Whoever may see the matter; it was fetched with permission."""
    return act.who.person_id is not None


def _handler(scene: Scene, act: Act) -> bool:
    return not act.stands.keys.isdisjoint(handlers_of(scene.charter, scene.matter.kind, scene.here))


def _alone_with_it(scene: Scene, act: Act) -> bool:
    """The raiser, as long as nobody else's report was merged into this one: theirs must not end with his."""
    relations = scene.relations
    return Party.JOINT not in relations and not act.stands.keys.isdisjoint(relations.get(Party.RAISER, ()))


def _consenting(scene: Scene, act: Act) -> bool:
    return bool(scene.kind.consent) and not act.stands.keys.isdisjoint(
        scene.relations.get(scene.kind.consent or "", ())
    )


def _stood_for(scene: Scene, act: Act) -> bool:
    """An entry was made on this person's behalf, or the person said by a slip that one was."""
    me = act.stands.person_id
    return scene.matter.stream.entries.filter(Q(on_behalf_of=me) | Q(verb=CLAIM, actor=me)).exists()


def _dispute(scene: Scene, act: Act) -> Effect:
    """Whoever wrote it down is asked to look again."""
    written = scene.matter.stream.entries.filter(Q(on_behalf_of__isnull=False) | Q(public__has_key=CHANNEL))
    writers = sorted({person_key(pk) for pk in written.values_list("actor", flat=True) if pk})
    return Effect(parts=(Part("tell", writers),) if writers else ())


def _say(scene: Scene, act: Act) -> Effect:
    return Effect()


def _join(relation: str) -> Callable[[Scene, Act], Effect]:
    def do(scene: Scene, act: Act) -> Effect:
        assert act.whose is not None
        who = person_key(act.whose.pk)
        if who in scene.relations.get(relation, ()):
            raise Refused("too-often", "您已经点过了。")
        return Effect(relations=((relation, who),))

    return do


def _end(scene: Scene, act: Act) -> Effect:
    scene.walk.end(WITHDRAWN)
    return Effect(public={"outcome": WITHDRAWN})


VERBS: dict[str, Beside] = {
    "comment": Beside(_anybody, "", _say, needs_words=True),
    "note": Beside(_handler, "只有经办的人可以记内部备注。", _say, needs_words=True),
    "follow": Beside(_anybody, "", _join(Party.FOLLOWER)),
    "support": Beside(_anybody, "", _join("supporter")),
    "object": Beside(_anybody, "", _say, needs_words=True),
    "answer": Beside(
        decides, "只有经办的人可以答复异议，申报了利害关系的除外。", answer, needs_words=True, Data=AnswerData
    ),
    "dispute": Beside(_stood_for, "只有被代为办理的本人可以提出异议。", _dispute, needs_words=True),
    SUSPEND: Beside(
        decides, "只有经办的人可以暂停，申报了利害关系的除外。", suspend, needs_words=True, Data=SuspendData
    ),
    RESUME: Beside(decides, "只有经办的人可以恢复，申报了利害关系的除外。", resume),
    MERGE: Beside(decides, "只有经办的人可以合并，申报了利害关系的除外。", merge, Data=MergeData),
    DECLARE: Beside(_anybody, "", declare, needs_words=True, Data=InterestData),
    LIFT: Beside(decides, "只有经办的、没有利害关系的人可以取消。", lift, needs_words=True, Data=InterestData),
    "withdraw": Beside(_alone_with_it, "只有提出的人可以撤回。别人报的同一件并了进来以后，就不能撤回了。", _end),
    "withdraw-consent": Beside(_consenting, "只有给出同意的本人可以收回同意。", _end),
}
# Answering belongs to whoever handles, wherever people may object; going on, wherever it may stand still.
IMPLIED = {"answer": "object", RESUME: SUSPEND, LIFT: DECLARE}


def open_here(scene: Scene, verb: str) -> bool:
    """Whether the verb may be done in this matter now: always, or while a step stands open that hears it."""
    asked = IMPLIED.get(verb, verb)
    return asked in scene.kind.always or any(asked in kind_named(row.kind).beside for row in scene.open_rows)


def stands_at_a_step(scene: Scene, verb: str) -> bool:
    """Whether an open step has a verb of the same name (`support`): then that step is what is meant."""
    return any(verb in kind_named(row.kind).verbs for row in scene.open_rows)


def do(scene: Scene, act: Act) -> Effect:
    """Judge and apply a verb that stands beside the steps; open steps that hear it may go on by it."""
    verb = VERBS[act.verb]
    if act.verb == again.SUPPORT and again.signed_after(scene):
        act.data = read(ActData, act.raw, {"words": "说明"})
        return again.sign(scene, act)
    if not open_here(scene, act.verb):
        raise Refused(
            "not-yours",
            f"“{scene.kind.title}”不能这样做。",
            line=f"{scene.charter.name}: kinds.{scene.kind.key}.always",
        )
    if scene.matter.ended_at is not None and act.verb != "comment":
        raise Refused("ended", "这件事已经结束了。如果还有问题，请新报一件并说明是接着它的。")
    if not verb.may(scene, act):
        raise Refused("not-yours", verb.otherwise)
    act.data = read(verb.Data, act.raw, {"words": "说明", "into": "编号", "until": "到哪一天", "person": "谁"})
    if verb.needs_words and not act.data.words:
        raise Refused("bad-data", "还没有写内容。请写一两句话再发。", field="words")
    effect = verb.do(scene, act)
    for row in scene.open_rows:
        kind = kind_named(row.kind)
        if IMPLIED.get(act.verb, act.verb) in kind.beside:
            effect = kind.told_beside(scene, row, act, effect)
            if effect.outcome:
                act.row = row
                break
    return effect
