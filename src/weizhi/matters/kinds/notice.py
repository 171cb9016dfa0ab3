"""notice: what an earlier step made stands on the board for days. Anybody who sees it may object; each is answered."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from weizhi.charters.deciding import DECIDING
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.world import open_objections

CLEAR, UPHELD = "clear", "upheld"
ELAPSED = "elapsed"


class Notice(StepKind):
    """It ends `clear` when its days are over and no objection waits, `upheld` as soon as one is found right."""

    spec = DECIDING["notice"]
    beside = ("object",)
    says = {
        "object": Saying(_("{who}提出了异议")),
        "answer": Saying(_("{who}答复了异议"), desk=_("{who}答复异议：{outcome}")),
        "lapse": Saying(_("公示期满：{outcome}")),
    }

    @property
    def verbs(self) -> tuple[str, ...]:
        return ()

    def told_beside(self, scene: Scene, row: StepRow, act: Act, effect: Effect) -> Effect:
        over = row.due is not None and row.due <= scene.now
        if act.verb == "object":
            if over:
                raise Refused("closed", "公示期已经满了，不再收异议。已经收到的会一一答复。")
            return effect
        upheld = getattr(act.data, "upheld", None)
        if upheld is None:
            raise Refused("bad-data", "请说明这条异议成立还是不成立。", field="upheld")
        effect = replace(effect, public={**effect.public, UPHELD: upheld})
        if upheld == "yes":
            return replace(effect, outcome=self._again(scene, row))
        others = [str(pk) for pk in open_objections(scene) if str(pk) != effect.public["answers"]]
        return replace(effect, outcome=CLEAR) if over and not others else effect

    def _again(self, scene: Scene, row: StepRow) -> str:
        step = scene.procedure.steps[row.key]
        if not scene.walk.may_take(row.key, UPHELD):
            most = step.at_most[UPHELD]
            raise Refused("too-often", f"异议成立退回最多 {most} 次，已经用完。", line=scene.line(step, "at_most"))
        return UPHELD

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if row.due is not None and not scene.procedure.steps[row.key].when_due:
            yield Wake(row.due, ELAPSED)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        """With an objection unanswered it stays: the notice waits for the answer, and whoever owes it is told."""
        if wake.rung != ELAPSED or open_objections(scene):
            return None
        return Effect(CLEAR)

    def lapsed(self, scene: Scene, row: StepRow, when_due: str) -> Effect:
        """No charter's clock passes over an objection that nobody answered."""
        return Effect() if open_objections(scene) else super().lapsed(scene, row, when_due)
