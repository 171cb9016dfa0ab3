"""appoint: give, end or suspend posts, by what an election left or by name; the post's term comes with it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deciding import DECIDING, AppointParams
from weizhi.charters.steps import Step
from weizhi.matters import posts
from weizhi.matters.about import holding_of
from weizhi.matters.fields import ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, kind_named
from weizhi.matters.scene import Act, Scene, token_of
from weizhi.matters.sentences import Saying
from weizhi.people.models import Holding, Person
from weizhi.people.queries import belongs_to
from weizhi.record.actions.append import Part
from weizhi.record.actions.appoint import appoint, dismiss

DONE, AT_ONCE = "done", "at-once"
OF_SUBJECT = "subject"
ENDS = {"end": "dismiss", "suspend": "suspend"}


class AppointData(ActData):
    people: list[UUID] = Field(default_factory=list)


class Appoint(StepKind):
    """With `by` a person does it and hands over in words; without, it is done as soon as the step opens."""

    spec = DECIDING["appoint"]
    Data = AppointData
    says = {
        "appoint": Saying(_("{who}办了任免手续"), print=_("{who}办理任免")),
        "appointed": Saying(_("任免已经办好，记入名册")),
    }

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        return ()

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and isinstance(act.data, AppointData)
        return self._settle(scene, act.row, act.data.people, act.by)

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if not scene.procedure.steps[row.key].by:
            yield Wake(row.opened_at, AT_ONCE)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        """Nobody stands by who could be refused: who cannot take the post is left out, and the record says why."""
        if wake.rung != AT_ONCE:
            return None
        effect = self._settle(scene, row, (), None)
        return Effect(effect.outcome, {**effect.public, "verb": "appointed"}, effect.parts)

    def _settle(self, scene: Scene, row: StepRow, named: Sequence[UUID], by: Person | None) -> Effect:
        params: AppointParams = scene.procedure.steps[row.key].parsed(self.spec)
        held = holding_of(scene) if params.post == OF_SUBJECT else None
        public: dict[str, Any] = {"effect": params.effect}
        if params.handover:
            public["handover"] = params.handover
        if params.post == OF_SUBJECT:
            if held is None:
                raise Refused("bad-data", "这件事没有说是关于谁的职务，办不了任免。")
            done, left = [self._of_subject(scene, held, params, by)], list[str]()
        else:
            done, left = self._by_name(scene, row, params, named, by)
        public |= {"post": done[0].post if done else params.post, "count": len(done)}
        if left:
            public["left"] = left
        names = Part("appointed", [{"person": str(one.person_id), "post": one.post} for one in done])
        return Effect(DONE, public, (names,))

    def _of_subject(self, scene: Scene, held: Holding, params: AppointParams, by: Person | None) -> Holding:
        if params.effect in ENDS:
            dismiss(held, by=by, at=scene.now, verb=ENDS[params.effect])
            return held
        return appoint(
            held.community, held.person, held.body, held.post, held.title, place=held.place, single=held.single,
            by=by, at=scene.now,
        )  # fmt: skip

    def _by_name(
        self, scene: Scene, row: StepRow, params: AppointParams, named: Sequence[UUID], by: Person | None
    ) -> tuple[list[Holding], list[str]]:
        people = self._people(scene, params, named)
        if params.effect in ENDS:
            return self._ended(scene, row, params, people, by), []
        token, done, left = token_of(row), list[Holding](), list[str]()
        if params.before == "end" and people:  # until somebody follows, those of before stay
            posts.end_all(scene, params.post, posts.place_for(scene, token, params.post), by)
        for person in people:
            try:
                done.append(posts.give(scene, token, params.post, person, by))
            except Refused as refused:
                if by is not None:
                    raise
                left.append(refused.line or refused.code)
        return done, left

    def _ended(
        self, scene: Scene, row: StepRow, params: AppointParams, people: Sequence[Person], by: Person | None
    ) -> list[Holding]:
        place = posts.place_for(scene, token_of(row), params.post)
        held = Holding.objects.open_at(scene.now).filter(post=params.post, place=place, person__in=people)
        found = list(held.select_related("community", "body"))
        for holding in found:
            dismiss(holding, by=by, at=scene.now, verb=ENDS[params.effect])
        return found

    def _people(self, scene: Scene, params: AppointParams, named: Sequence[UUID]) -> list[Person]:
        """Whom the steps of `from` chose; without them whom the act names, people of this community."""
        chosen: list[UUID] = []
        for key in params.from_:
            step = scene.procedure.steps[key]
            chosen += kind_named(step.kind).people(scene, step)
        if params.from_ and set(named) - set(chosen):
            raise Refused("bad-data", "这一步按前面选出的结果办，不能另外写人。", field="people")
        wanted = list(dict.fromkeys(chosen or named))
        if not params.from_ and not wanted:
            raise Refused("bad-data", "请选由谁担任。", field="people")
        found = {one.pk: one for one in belongs_to(Person.objects.filter(pk__in=wanted), self._here(scene), scene.now)}
        if not params.from_ and len(found) != len(wanted):
            raise Refused("bad-data", "选的人里有不属于本社区的。请从本社区的人里选。", field="people")
        return [found[pk] for pk in wanted if pk in found]

    def _here(self, scene: Scene) -> UUID:
        return scene.matter.community_id
