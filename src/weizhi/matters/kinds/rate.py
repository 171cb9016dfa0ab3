"""rate: those concerned say whether it is good; a bad word goes back, as often as the charter allows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.generic import GENERIC
from weizhi.charters.steps import Step
from weizhi.matters.fields import ActData
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying

GOOD, BAD = "good", "bad"


class RateData(ActData):
    stars: int | None = Field(default=None, ge=1, le=5)
    thanks: bool = False


class Rate(StepKind):
    spec = GENERIC["rate"]
    Data = RateData
    says = {
        "rate": Saying(
            _("{who}{outcome}{detail}"), desk=_("{who}评价:{outcome}{detail}"), print=_("{who}评价:{outcome}{detail}")
        ),
        "lapse": Saying(_("没有新的意见,这件事到此结束。")),
    }

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        return (GOOD, BAD)

    def do(self, scene: Scene, act: Act) -> Effect:
        assert isinstance(act.data, RateData)
        step = scene.step_of(act)
        if act.outcome not in (GOOD, BAD):
            raise Refused("bad-data", "请选“满意”或“不满意”。", field="outcome")
        if act.outcome == BAD and not act.data.words:
            raise Refused("bad-data", "请写一句哪里不满意,经办的人才知道怎么改。", field="words")
        if act.outcome == BAD and not scene.walk.may_take(step.key, BAD):
            raise Refused(
                "too-often",
                "这件事已经退回重办过了。如果还没解决,请新报一件并说明是接着它的。",
                line=scene.line(step, "at_most"),
            )
        public: dict[str, Any] = {"thanks": True} if act.data.thanks else {}
        if act.data.stars is not None and step.parsed(self.spec).stars:
            public["stars"] = act.data.stars
        return Effect(act.outcome, public)
