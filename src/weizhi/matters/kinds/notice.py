"""notice: what an earlier step made stands on the board for days. Anybody who sees it may object; each is answered."""

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from weizhi.charters.deciding import DECIDING, NoticeParams
from weizhi.matters.models import Step as StepRow
from weizhi.matters.objecting import answered_now, waits
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, left_by
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying

CLEAR, UPHELD = "clear", "upheld"
ELAPSED = "elapsed"


class Notice(StepKind):
    """It ends when no objection waits: `upheld` if one was found right, `clear` when its days are over and none was."""

    spec = DECIDING["notice"]
    beside = ("object",)
    says = {
        "object": Saying(_("{who}提出了异议")),
        "answer": Saying(_("{who}答复了异议{detail}"), desk=_("{who}答复异议{detail}：{outcome}")),
        "lapse": Saying(_("公示期满：{outcome}")),
    }

    @property
    def verbs(self) -> tuple[str, ...]:
        return ()

    def opened(self, scene: Scene, row: StepRow) -> None:
        """Fix which version of a text is on the board: its step may be opened again later."""
        if (left := left_by(scene, self._params(scene, row).about)) is not None:
            row.brief |= {"version": left.version}
            row.save(update_fields=["brief"])

    def _params(self, scene: Scene, row: StepRow) -> NoticeParams:
        found: NoticeParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found

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
            self._may_go_back(scene, row)
            row.memory[UPHELD] = True
            row.save(update_fields=["memory"])
        if waits(scene, but=answered_now(act)):
            return effect  # everybody is answered, also where it is clear already that it goes back
        if row.memory.get(UPHELD):
            return replace(effect, outcome=UPHELD)
        return replace(effect, outcome=CLEAR) if over else effect

    def _may_go_back(self, scene: Scene, row: StepRow) -> None:
        step = scene.procedure.steps[row.key]
        if not scene.walk.may_take(row.key, UPHELD):
            most = step.at_most[UPHELD]
            raise Refused("too-often", f"异议成立退回最多 {most} 次，已经用完。", line=scene.line(step, "at_most"))

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if row.due is not None and not scene.procedure.steps[row.key].when_due:
            yield Wake(row.due, ELAPSED)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        """With an objection unanswered it stays: the notice waits for the answer, and whoever owes it is told."""
        if wake.rung != ELAPSED or waits(scene):
            return None
        return Effect(CLEAR)

    def lapsed(self, scene: Scene, row: StepRow, when_due: str) -> Effect:
        """No charter's clock passes over an objection that nobody answered."""
        return Effect() if waits(scene) else super().lapsed(scene, row, when_due)
