"""handle: somebody does the work and says how it went, with photos where the charter wants them."""

from django.utils.translation import gettext_lazy as _

from weizhi.charters.generic import GENERIC
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.voices import heard


class Handle(StepKind):
    spec = GENERIC["handle"]
    says = {
        "handle": Saying(_("{who}：{outcome}"), desk=_("{who}办理：{outcome}"), print=_("{who}办理，结果：{outcome}"))
    }

    def do(self, scene: Scene, act: Act) -> Effect:
        outcome = chosen(scene, act)
        if scene.step_of(act).parsed(self.spec).wants_evidence(outcome) and not act.evidence:
            raise Refused("bad-data", "这一步要附上照片。请拍一张办好以后的样子。", field="photos")
        return heard(scene, act, outcome)
