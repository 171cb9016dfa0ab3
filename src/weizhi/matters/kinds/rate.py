"""rate: those concerned say whether it is good; a bad word goes back, as often as the charter allows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.generic import GENERIC
from weizhi.charters.steps import Step
from weizhi.matters.fields import ActData
from weizhi.matters.merging import wrote_only
from weizhi.matters.models import Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind
from weizhi.matters.scene import Act, Scene, token_of
from weizhi.matters.sentences import Saying
from weizhi.matters.voices import VOICES, spoke, waits_no_more
from weizhi.people.access import person_key

GOOD, BAD = "good", "bad"


class RateData(ActData):
    stars: int | None = Field(default=None, ge=1, le=5)
    thanks: bool = False


class Rate(StepKind):
    spec = GENERIC["rate"]
    Data = RateData
    says = {
        "rate": Saying(
            _("{who}{outcome}{detail}"), desk=_("{who}评价：{outcome}{detail}"), print=_("{who}评价：{outcome}{detail}")
        ),
        "lapse": Saying(_("没有新的意见，这件事到此结束。")),
    }

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        return (GOOD, BAD)

    def do(self, scene: Scene, act: Act) -> Effect:
        assert isinstance(act.data, RateData)
        step = scene.step_of(act)
        if act.outcome not in (GOOD, BAD):
            raise Refused("bad-data", "请选“满意”或“不满意”。", field="outcome")
        if act.outcome == BAD and not act.data.words:
            raise Refused("bad-data", "请写一句哪里不满意，经办的人才知道怎么改。", field="words")
        if act.outcome == BAD and not scene.walk.may_take(step.key, BAD):
            raise Refused(
                "too-often",
                "这件事已经退回重办过了。如果还没解决，请新报一件并说明是接着它的。",
                line=scene.line(step, "at_most"),
            )
        public: dict[str, Any] = {"thanks": True} if act.data.thanks else {}
        if act.data.stars is not None and step.parsed(self.spec).stars:
            public["stars"] = act.data.stars
        return self._heard(scene, act, public)

    def _heard(self, scene: Scene, act: Act, public: dict[str, Any]) -> Effect:
        """Where several reported the same, the worst word counts: a bad one goes back at once, a good one closes the
        step when all have spoken, or when its time is over."""
        assert act.row is not None and act.whose is not None and act.outcome is not None
        if spoke(act.row, act.whose.pk):
            raise Refused("too-often", "您已经评价过了，还在等别的人评价。")
        voices = act.row.memory.setdefault(VOICES, [])
        voices.append({"who": str(act.whose.pk), "outcome": act.outcome})
        if act.outcome == BAD or self._reporters(scene, act) <= {person_key(voice["who"]) for voice in voices}:
            return Effect(act.outcome, public)
        waits_no_more(act.row, act.whose.pk)
        return Effect(public={"chose": act.outcome, **public})

    def _reporters(self, scene: Scene, act: Act) -> set[str]:
        """Those who are asked because they reported it; nobody to wait for where one person did, or an office rates."""
        assert act.row is not None and act.whose is not None
        step, relations = scene.step_of(act), scene.relations
        if Party.JOINT not in relations:
            return set()
        reported = {*relations.get(Party.RAISER, ()), *relations[Party.JOINT]} - wrote_only(scene)
        known = person_key(act.whose.pk) in reported
        return reported.intersection(scene.keys(step.by, step, token_of(act.row))) if known else set()

    def lapsed(self, scene: Scene, row: StepRow, when_due: str) -> Effect:
        """Some have said that it is good and the others nothing: then it is good."""
        return Effect(GOOD) if row.memory.get(VOICES) else super().lapsed(scene, row, when_due)
