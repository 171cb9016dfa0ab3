"""nominate: names are put forward in the ways of the charter's rule; each counts once its bearer accepts."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deciding import DECIDING
from weizhi.charters.nominating import BY_ELECTORS, BY_ONESELF, Way
from weizhi.charters.steps import Step
from weizhi.decisions.candidates import DECLARED, nominate_params, standing, ways_of
from weizhi.decisions.models import Candidate
from weizhi.matters import rules
from weizhi.matters.fields import ActData
from weizhi.matters.models import Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.published import masked
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, electors
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.people.queries import belongs_to
from weizhi.record.actions.append import Part

NOMINATE, ACCEPT, DECLINE, STRIKE = "nominate", "accept", "decline", "strike-candidate"
DONE, ELAPSED = "done", "elapsed"
State = Candidate.State


class NominateData(ActData):
    person: UUID | None = None  # oneself where nobody is named
    way: str = ""
    criteria: dict[str, str] = Field(default_factory=dict)


class Nominate(StepKind):
    spec = DECIDING["nominate"]
    Data = NominateData
    extra_verbs = (ACCEPT, DECLINE, STRIKE)
    asks = {
        NOMINATE: _("有人提名您做候选人。愿不愿意，请您说一声"),
        STRIKE: _("您不再列在候选人名单上，原因写在上面"),
    }
    page = "candidates"
    says = {
        NOMINATE: Saying(_("{who}提名了一位候选人")),
        ACCEPT: Saying(_("{who}接受了提名")),
        DECLINE: Saying(_("{who}没有接受提名")),
        STRIKE: Saying(_("{who}说明了一位被提名人不符合条件")),
        "lapse": Saying(_("提名结束，转到“{next}”。")),
    }

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        return ()

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and act.whose is not None and isinstance(act.data, NominateData)
        return {NOMINATE: self._nominate, ACCEPT: self._accept, DECLINE: self._decline, STRIKE: self._strike}[act.verb](
            scene, act, act.data
        )

    def _nominate(self, scene: Scene, act: Act, data: NominateData) -> Effect:
        assert act.row is not None and act.whose is not None
        person = self._person(scene, act, data.person or act.whose.pk)
        way = self._way(scene, act, person, data.way)
        one, _new = Candidate.objects.get_or_create(
            matter=scene.matter, step=act.row.key, person=person, defaults={"way": way.key, "since": act.at}
        )
        me, same_way = str(act.whose.pk), one.way == way.key
        spoke = me in one.by and same_way and one.state != State.DECLINED
        if one.state in (State.STANDING, State.STRUCK) or spoke or (one.state == State.PROPOSED and not same_way):
            raise Refused("too-often", f"{person.name}已经提名过了。")
        # Ten together are ten of this way: voices of another way, or of before he declined, do not count.
        goes_on = same_way and one.state != State.DECLINED
        one.way, one.by = way.key, [*(one.by if goes_on else ()), me]
        parts: tuple[Part, ...] = ()
        if way.key == BY_ONESELF:
            one.state = State.STANDING
            parts = self._declared(scene, act, data)
        else:
            one.state = State.PROPOSED if len(one.by) >= way.together else State.GATHERING
        one.save()
        # Told when somebody begins and when it is enough, not of each of ten voices.
        told = one.state == State.PROPOSED or (one.state == State.GATHERING and len(one.by) == 1)
        public = {"way": way.key, "count": len(one.by), "needed": way.together}
        return self._effect(one, public, parts, tell=told)

    def _accept(self, scene: Scene, act: Act, data: NominateData) -> Effect:
        one = self._mine(scene, act)
        if one.state == State.GATHERING:
            raise Refused("not-yet", f"联名的人还不够，现在 {len(one.by)} 人。")
        one.state = State.STANDING
        one.save(update_fields=["state"])
        return self._effect(one, {}, self._declared(scene, act, data))

    def _decline(self, scene: Scene, act: Act, data: NominateData) -> Effect:
        one = self._mine(scene, act, also=(State.STANDING,))
        one.state = State.DECLINED
        one.save(update_fields=["state"])
        return self._effect(one, {})

    def _strike(self, scene: Scene, act: Act, data: NominateData) -> Effect:
        """Who may not stand by law is taken off the list, with why: by an office, never by a fellow elector."""
        officials = rules.official_names(scene.charter, [scene.step_of(act)])
        if act.stands.keys.isdisjoint(rules.keys_for(officials, charter=scene.charter, here=scene.here, relations={})):
            raise Refused("not-yours", "被提名人合不合条件，由主持选举的人来说明。")
        if not act.data.words:
            raise Refused("bad-data", "请写明不符合哪一条。", field="words")
        assert act.row is not None
        one = Candidate.objects.filter(matter=scene.matter, step=act.row.key, person=data.person).first()
        if one is None:
            raise Refused("bad-data", "名单上没有这个人。", field="person")
        one.state, one.struck_why = State.STRUCK, masked(act.data.words, scene.matter.charter_id)[:200]
        one.save(update_fields=["state", "struck_why"])
        return self._effect(one, {}, tell=True)

    def _effect(
        self, one: Candidate, public: dict[str, object], parts: tuple[Part, ...] = (), *, tell: bool = False
    ) -> Effect:
        """Whoever is nominated is told, and may follow the matter."""
        key = person_key(one.person_id)
        parts = (Part("candidate", {"person": str(one.person_id), "state": one.state}), *parts)
        parts = (*parts, Part("tell", [key])) if tell else parts
        return Effect(public={"state": one.state, **public}, parts=parts, relations=((Party.FOLLOWER, key),))

    def _declared(self, scene: Scene, act: Act, data: NominateData) -> tuple[Part, ...]:
        """What everybody reads with the ballot paper: a part of its own, erased with the person (个人信息保护法 47)."""
        assert act.whose is not None
        asked = nominate_params(scene.step_of(act)).criteria
        if unknown := sorted(set(data.criteria) - set(asked)):
            known = "、".join(asked)
            raise Refused("bad-data", f"没有“{'、'.join(unknown)}”这一条。可以写的有：{known}。", field="criteria")
        charter = scene.matter.charter_id  # it stands on the paper that everybody reads
        criteria = {key: masked(text[:500], charter) for key, text in data.criteria.items() if text}
        said = {"name": act.whose.name, "words": masked(act.data.words, charter), "criteria": criteria}
        return (Part(DECLARED, said),)

    def _mine(self, scene: Scene, act: Act, also: Sequence[str] = ()) -> Candidate:
        assert act.row is not None and act.whose is not None
        mine = Candidate.objects.filter(matter=scene.matter, step=act.row.key, person=act.whose)
        one = mine.filter(state__in=[State.GATHERING, State.PROPOSED, *also]).first()
        if one is None:
            raise Refused("not-yours", "现在没有等您答复的提名。")
        return one

    def _person(self, scene: Scene, act: Act, pk: UUID) -> Person:
        found = belongs_to(Person.objects.filter(pk=pk), scene.matter.community_id, act.at).first()
        electorate = nominate_params(scene.step_of(act)).electorate
        if found is None or (electorate and not electors().has(scene, electorate, pk)):
            raise Refused("bad-data", "候选人要是这里的选民。请核对姓名。", field="person")
        return found

    def _way(self, scene: Scene, act: Act, person: Person, wanted: str) -> Way:
        """How this person may nominate that one: the way asked for, else the first that is open."""
        ways = [way for way in ways_of(scene, nominate_params(scene.step_of(act)).rule) if wanted in ("", way.key)]
        ways.sort(key=lambda way: way.together)  # what needs nobody else before what does
        found = next((way for way in ways if self._may(scene, act, person, way)), None)
        if found is None:
            line = f"{scene.charter.name}: rules.{nominate_params(scene.step_of(act)).rule}.nominations"
            raise Refused("not-yours", "按章程，您不能这样提名。", line=line)
        return found

    def _may(self, scene: Scene, act: Act, person: Person, way: Way) -> bool:
        assert act.whose is not None
        if way.key == BY_ONESELF:
            return person.pk == act.whose.pk
        if way.who == BY_ELECTORS:
            electorate = nominate_params(scene.step_of(act)).electorate
            return electorate is None or electors().has(scene, electorate, act.whose.pk)
        keys = rules.keys_for((way.who,), charter=scene.charter, here=scene.here, relations={})
        return not act.stands.keys.isdisjoint(keys)

    def people(self, scene: Scene, step: Step) -> Sequence[UUID]:
        return [one.person_id for one in standing(scene, step.key)]

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if row.due is not None and not scene.procedure.steps[row.key].when_due:
            yield Wake(row.due, ELAPSED)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        return Effect(DONE) if wake.rung == ELAPSED else None
