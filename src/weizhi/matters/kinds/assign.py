"""assign: give the parts of this matter (a supervisor, a carer) to people."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.generic import GENERIC
from weizhi.charters.steps import Step
from weizhi.matters.fields import ActData
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.people.queries import belongs_to


class AssignData(ActData):
    people: dict[str, list[UUID]] = Field(default_factory=dict)


class Assign(StepKind):
    spec = GENERIC["assign"]
    Data = AssignData
    says = {"assign": Saying(_("{who}定了由谁来办{detail}"), desk=_("{who}指定了人{detail}"))}

    def do(self, scene: Scene, act: Act) -> Effect:
        assert isinstance(act.data, AssignData)
        asked = scene.step_of(act).parsed(self.spec).relations
        if unknown := set(act.data.people) - set(asked):
            raise Refused("bad-data", f"这件事里没有“{'、'.join(sorted(unknown))}”这个角色。", field="people")
        relations = []
        for relation, count in asked.items():
            chosen = list(dict.fromkeys(act.data.people.get(relation, [])))
            if len(chosen) != count:
                raise Refused("bad-data", f"“{relation}”要选 {count} 个人，现在选了 {len(chosen)} 个。", field="people")
            relations += [(relation, person_key(pk)) for pk in chosen]
        self._here(scene, act)
        return Effect(
            "done", relations=tuple(relations), public={"relations": {r: len(p) for r, p in act.data.people.items()}}
        )

    def people(self, scene: Scene, step: Step) -> Sequence[UUID]:
        """Whoever has one of the parts that this step gave."""
        relations = scene.relations
        keys = [key for relation in step.parsed(self.spec).relations for key in relations.get(relation, ())]
        return [UUID(key.removeprefix("person:")) for key in keys]

    def _here(self, scene: Scene, act: Act) -> None:
        assert isinstance(act.data, AssignData)
        wanted = {pk for people in act.data.people.values() for pk in people}
        found = belongs_to(Person.objects.filter(pk__in=wanted), scene.matter.community_id, act.at)
        if found.count() != len(wanted):
            raise Refused("bad-data", "选的人里有不属于本社区的。请从本社区的人里选。", field="people")
