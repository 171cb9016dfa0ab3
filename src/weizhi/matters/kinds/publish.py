"""publish: everybody may read it. Without `by` the system publishes at once; with `for_days` it stands that long."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from weizhi.charters.generic import GENERIC
from weizhi.charters.steps import Step
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying

PUBLISHED = "published"


class Publish(StepKind):
    spec = GENERIC["publish"]
    says = {
        "publish": Saying(_("{who}公开了结果"), desk=_("{who}公示")),
        "lapse": Saying(_("公示期满。")),
    }

    def at_once(self, step: Step) -> str | None:
        return PUBLISHED if not step.by and step.period is None else None

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        return ()

    def do(self, scene: Scene, act: Act) -> Effect:
        """With a fixed time on the board the step stays open until it is over."""
        step = scene.step_of(act)
        assert act.row is not None
        if step.for_days is None:
            return Effect(PUBLISHED)
        if act.row.memory.get(PUBLISHED):
            raise Refused("too-often", "已经公示了，等公示期满。")
        act.row.memory[PUBLISHED] = act.at.isoformat()
        return Effect(public={PUBLISHED: list(step.parsed(self.spec).what)})

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        step = scene.procedure.steps[row.key]
        if row.due is not None and not step.when_due and (not step.by or row.memory.get(PUBLISHED)):
            yield Wake(row.due, "elapsed")

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        return Effect(PUBLISHED) if wake.rung == "elapsed" else None
