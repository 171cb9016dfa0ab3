"""open: a matter of another kind, such as a survey or a project; this one waits for how it ends."""

from django.utils.translation import gettext_lazy as _

from weizhi.charters.generic import GENERIC
from weizhi.matters.models import Step as StepRow
from weizhi.matters.opening import open_matter
from weizhi.matters.registry import StepKind
from weizhi.matters.scene import Scene
from weizhi.matters.sentences import Saying


class Open(StepKind):
    spec = GENERIC["open"]
    says = {"returned": Saying(_("另一件事（{detail}）有了结果：{outcome}"))}

    @property
    def verbs(self) -> tuple[str, ...]:
        return ()  # goes on when the opened matter ends

    def opened(self, scene: Scene, row: StepRow) -> None:
        params = scene.procedure.steps[row.key].parsed(self.spec)
        open_matter(scene, row, params.opens, params.hands)
