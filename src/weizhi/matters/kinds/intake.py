"""intake: take in matters of a kind until a day; or let those that were chosen go on, and wait for all of them."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from weizhi.charters.deciding import DECIDING, IntakeParams
from weizhi.matters.holding import are_ready, have_ended, held_in
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.settling import go_on, let_go

CLOSES, TAKEN_IN, OVER = "closes", "taken-in", "over"


class Intake(StepKind):
    spec = DECIDING["intake"]
    says = {
        TAKEN_IN: Saying(_("收件的期限到了，一共收到 {n} 件")),
        "lapse": Saying(_("收进来的都有了着落，转到“{next}”")),
    }

    @property
    def verbs(self) -> tuple[str, ...]:
        return ()

    def do(self, scene: Scene, act: Act) -> Effect:
        raise Refused("not-yet", "这一步到期限自己结束，不用人办。")

    def opened(self, scene: Scene, row: StepRow) -> None:
        params = self._params(scene, row)
        if params.release:
            let_go(scene, row)
        if params.release and not params.until:
            go_on(scene, row, OVER, "lapse")
        elif outcome := self.held_moved(scene, row):
            go_on(scene, row, outcome, "lapse")

    def held_moved(self, scene: Scene, row: StepRow) -> str | None:
        until = self._params(scene, row).until
        if until is None:
            return None
        return OVER if (are_ready if until == "all-ready" else have_ended)(scene.matter) else None

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        """Taking in ends at its day. Waiting for others does not: then time reminds, or goes where the charter says."""
        if (
            row.due is not None
            and self._params(scene, row).until is None
            and not scene.procedure.steps[row.key].when_due
        ):
            yield Wake(row.due, CLOSES)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        if wake.rung != CLOSES:
            return None
        return Effect(OVER, {"verb": TAKEN_IN, "n": held_in(scene.matter).count()})

    def _params(self, scene: Scene, row: StepRow) -> IntakeParams:
        found: IntakeParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found
