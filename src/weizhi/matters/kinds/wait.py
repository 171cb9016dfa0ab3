"""wait: for somebody's word, or for time to pass."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from weizhi.charters.generic import GENERIC
from weizhi.charters.steps import Step
from weizhi.matters.holding import NOT_PICKED, PICKED, came_too_late
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.settling import go_on

PASSED = "passed"


class Wait(StepKind):
    spec = GENERIC["wait"]
    says = {
        "wait": Saying(_("{who}作了说明")),
        PICKED: Saying(_("选出来了：{outcome}")),
        "lapse": Saying(_("等候的时间到了，转到“{next}”。")),
    }

    def do(self, scene: Scene, act: Act) -> Effect:
        if scene.step_of(act).waits_for_choice:
            raise Refused("not-yet", "这一步在等挑选的结果，不用人办。")
        if scene.step_of(act).parsed(self.spec).for_ != "statement":
            raise Refused("not-yet", "这一步在等时间，不用人办。")
        if not act.data.words:
            raise Refused("bad-data", "还没有写内容。请写一两句话再发。", field="words")
        return Effect(chosen(scene, act))

    def opened(self, scene: Scene, row: StepRow) -> None:
        """Ready to be chosen when the choice is over already: it is not chosen."""
        if scene.procedure.steps[row.key].waits_for_choice and came_too_late(scene.matter):
            go_on(scene, row, NOT_PICKED, PICKED)

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        step = scene.procedure.steps[row.key]
        if row.due is not None and not step.when_due and step.parsed(self.spec).for_ == "time":
            yield Wake(row.due, "elapsed")

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        return Effect(elapsed(scene.procedure.steps[row.key])) if wake.rung == "elapsed" else None


def elapsed(step: Step) -> str:
    """The outcome of a step that time closes: its only one, or `passed`."""
    return next(iter(step.outcomes), PASSED)
