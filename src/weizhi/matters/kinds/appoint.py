"""appoint: give, end or suspend posts, by what an election left or by name; the post's term comes with it."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deciding import DECIDING, AppointParams
from weizhi.charters.steps import Step
from weizhi.matters import posts
from weizhi.matters.about import holding_of
from weizhi.matters.fields import WORDS, ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, kind_named
from weizhi.matters.scene import Act, Scene, token_of
from weizhi.matters.sentences import Saying
from weizhi.people.models import Holding, Person
from weizhi.people.queries import belongs_to
from weizhi.places.models import Place
from weizhi.record.actions.append import Part
from weizhi.record.actions.appoint import appoint, dismiss

DONE, SHORT, AT_ONCE = "done", "short", "at-once"
GONE = "gone"
OF_SUBJECT = "subject"
ENDS = {"end": "dismiss", "suspend": "suspend"}


class Left(NamedTuple):
    """Somebody who did not take the post: why, for machines and in words."""

    code: str
    words: str


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
        effect, said = self._settle(scene, act.row, act.data.people, act.by)
        act.data.words += f"（{said}）" if said else ""
        return effect

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if not scene.procedure.steps[row.key].by:
            yield Wake(row.opened_at, AT_ONCE)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        """Nobody stands by who could be refused: who cannot take the post is left out, and the record says why."""
        if wake.rung != AT_ONCE:
            return None
        effect, said = self._settle(scene, row, (), None)
        words = (Part(WORDS, said),) if said else ()
        return Effect(effect.outcome, {**effect.public, "verb": "appointed"}, (*effect.parts, *words))

    def _settle(self, scene: Scene, row: StepRow, named: Sequence[UUID], by: Person | None) -> tuple[Effect, str]:
        """What was done, and in words who could not take the post."""
        step = scene.procedure.steps[row.key]
        params: AppointParams = step.parsed(self.spec)
        held = holding_of(scene) if params.post == OF_SUBJECT else None
        public: dict[str, Any] = {"effect": params.effect}
        if params.handover:
            public["handover"] = params.handover
        left: list[Left] = []
        if params.post == OF_SUBJECT:
            if held is None:
                raise Refused("bad-data", "这件事没有说是关于谁的职务，办不了任免。")
            done = self._of_subject(scene, row, held, params, by)
        else:
            done, left = self._by_name(scene, row, params, named, by)
        public |= {"post": held.post if held else params.post, "count": len(done)}
        if left:
            public["left"] = [one.code for one in left]
        names = Part("appointed", [{"person": str(one.person_id), "post": one.post} for one in done])
        outcome = SHORT if left and SHORT in step.outcomes else DONE
        return Effect(outcome, public, (names,)), "".join(one.words for one in left)

    def _of_subject(
        self, scene: Scene, row: StepRow, held: Holding, params: AppointParams, by: Person | None
    ) -> list[Holding]:
        """The post that the matter is about: where its holder was chosen anew meanwhile, that holding ends too."""
        if params.effect in ENDS:
            return self._end(scene, Holding.objects.filter(person=held.person), held.post, held.place, params, by)
        posts.check_seat(scene, held.post, held.place)
        return [
            appoint(
                held.community,
                held.person,
                held.body,
                held.post,
                held.title,
                place=held.place,
                single=held.single,
                by=by,
                at=scene.now,
            )
        ]

    def _by_name(
        self, scene: Scene, row: StepRow, params: AppointParams, named: Sequence[UUID], by: Person | None
    ) -> tuple[list[Holding], list[Left]]:
        people, left = self._people(scene, params, named)
        token = token_of(row)
        if params.effect in ENDS:
            place = posts.place_for(scene, token, params.post)
            return self._end(scene, Holding.objects.filter(person__in=people), params.post, place, params, by), left
        done = list[Holding]()
        if params.before == "end" and people:  # until somebody follows, those of before stay
            posts.end_all(scene, params.post, posts.place_for(scene, token, params.post), by)
        for person in people:
            try:
                done.append(posts.give(scene, token, params.post, person, by))
            except Refused as refused:
                if by is not None:
                    raise
                left.append(Left(refused.line or refused.code, refused.message))
        return done, left

    def _end(
        self, scene: Scene, held: Any, post: str, place: Place, params: AppointParams, by: Person | None
    ) -> list[Holding]:
        found = list(held.open_at(scene.now).filter(post=post, place=place).select_related("community", "body"))
        for holding in found:
            dismiss(holding, by=by, at=scene.now, verb=ENDS[params.effect])
        return found

    def _people(self, scene: Scene, params: AppointParams, named: Sequence[UUID]) -> tuple[list[Person], list[Left]]:
        """Whom the steps of `from` chose; without them whom the act names, people of this community.

        Who was chosen and has moved away or died since is left out, never without a word; where the charter says so
        the next in line takes the post.
        """
        chosen, next_in_line = list[UUID](), list[UUID]()
        for key in params.from_:
            step = scene.procedure.steps[key]
            chosen += kind_named(step.kind).people(scene, step)
            next_in_line += kind_named(step.kind).reserve(scene, step) if params.next_in_line else ()
        if params.from_ and set(named) - set(chosen):
            raise Refused("bad-data", "这一步按前面选出的结果办，不能另外写人。", field="people")
        wanted = list(dict.fromkeys(chosen or named))
        if not params.from_ and not wanted:
            raise Refused("bad-data", "请选由谁担任。", field="people")
        everybody = Person.objects.filter(pk__in=[*wanted, *next_in_line])
        found = {one.pk: one for one in belongs_to(everybody, scene.matter.community_id, scene.now)}
        if not params.from_ and len(found) != len(wanted):
            raise Refused("bad-data", "选的人里有不属于本社区的。请从本社区的人里选。", field="people")
        gone = [pk for pk in wanted if pk not in found]
        follow = [found[pk] for pk in next_in_line if pk in found and pk not in wanted][: len(gone)]
        names = dict(Person.objects.filter(pk__in=gone).values_list("pk", "name")) if gone else {}
        left = [Left(GONE, _gone(names[pk], follow[n].name if n < len(follow) else "")) for n, pk in enumerate(gone)]
        return [*(found[pk] for pk in wanted if pk in found), *follow], left


def _gone(name: str, follows: str) -> str:
    return f"{name}已经不住在本社区了，没有就任" + (f"，由{follows}递补。" if follows else "。")
