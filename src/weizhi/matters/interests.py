"""Interests that collide (SYSTEMS F10): whoever declares one neither judges, nor gives, nor votes, nor counts.

It binds offices only: as the raiser, as a neighbour who supports, he goes on as everybody does. In a body's vote his
line is set aside (`decisions.interests`). Nobody is asked of what kind the interest is beyond his own words.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from weizhi.matters.fields import ActData
from weizhi.matters.models import Party
from weizhi.matters.moving import handlers_of
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect
from weizhi.matters.scene import Act, Scene
from weizhi.people.access import Standing, person_key
from weizhi.people.models import Person
from weizhi.people.queries import belongs_to
from weizhi.record.actions.append import Part

DECLARE, LIFT = "declare-interest", "lift-interest"
OFFICES: Final = ("post:", "body:")


class InterestData(ActData):
    """Whose interest it is; oneself where nobody is named."""

    person: UUID | None = None


def has_declared(scene: Scene, who: Standing) -> bool:
    me = who.person_id
    return me is not None and person_key(me) in scene.relations.get(Party.DECLARED, ())


def decides(scene: Scene, act: Act) -> bool:
    """One of those who handle the matter, and no interest of his own in it."""
    keys = handlers_of(scene.charter, scene.matter.kind, scene.here)
    return not act.stands.keys.isdisjoint(keys) and not has_declared(scene, act.who)


def sits_out(scene: Scene, who: Standing, keys: Sequence[str]) -> bool:
    """Whether he could act under these keys by an office alone, and has declared an interest."""
    granted = [key for key in keys if key in who.keys]
    return has_declared(scene, who) and all(key.startswith(OFFICES) for key in granted)


def line(scene: Scene) -> str:
    """Where the charter says so."""
    return f"{scene.charter.name}: kinds.{scene.kind.key}.always"


def declare(scene: Scene, act: Act) -> Effect:
    """One's own at any time; somebody else's is written down by those who handle the matter, and he is told."""
    assert isinstance(act.data, InterestData) and act.whose is not None
    whose = act.data.person or act.whose.pk
    key = person_key(whose)
    if key in scene.relations.get(Party.DECLARED, ()):
        raise Refused("too-often", "已经申报过了，不用再申报。", line=line(scene))
    if whose == act.whose.pk:
        return Effect(relations=((Party.DECLARED, key),))
    if not decides(scene, act):
        raise Refused("not-yours", "别人的利害关系，由经办的、自己没有利害关系的人来登记。您可以提出异议。")
    person = belongs_to(Person.objects.filter(pk=whose), scene.matter.community_id, act.at).first()
    if person is None:
        raise Refused("bad-data", "居民登记和职务名册里没有这个人。请核对姓名。", field="person")
    # Whose it is stands in the part that only those see whom it concerns: the words may be anybody's to read.
    return Effect(relations=((Party.DECLARED, key),), parts=(Part("tell", [key]),))


def lift(scene: Scene, act: Act) -> Effect:
    """What was written down wrongly: never by the one concerned, so that nobody votes on his own affair by a click."""
    assert isinstance(act.data, InterestData) and act.whose is not None
    if act.data.person is None or (key := person_key(act.data.person)) not in scene.relations.get(Party.DECLARED, ()):
        raise Refused("bad-data", "请选要取消谁的回避。", field="person")
    if act.data.person == act.whose.pk:
        raise Refused("not-yours", "自己的回避，自己不能取消。请别的经办的人来看。", line=line(scene))
    gone = [one for one in scene.parties if (one.relation, one.who) == (Party.DECLARED, key)]
    Party.objects.filter(pk__in=[one.pk for one in gone]).delete()
    scene.parties = [one for one in scene.parties if one not in gone]
    return Effect(parts=(Part("tell", [key]),))
