"""What every kind with a ballot box shares: it closes at its instant, counts, and says what came out."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from weizhi.decisions.actions.call_off import call_off
from weizhi.decisions.actions.close_early import EARLY
from weizhi.decisions.actions.count import count
from weizhi.decisions.actions.remind import REMINDED
from weizhi.decisions.models import Vote
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying

CLOSE = "close"
COUNTED = "counted"
SAYS = {
    "counted": Saying(_("投票结束，结果是：{outcome}")),
    "lapse": Saying(_("投票结束，结果是：{outcome}")),
    REMINDED: Saying(_("{who}提醒了还没投票的人，到时间就不能投了"), desk=_("{who}提醒了还没投票的 {people} 位")),
}


class Box(StepKind):
    """A step at which a box stands open. Nobody moves it by hand: its time closes it, or that all have spoken."""

    says = SAYS

    @property
    def verbs(self) -> tuple[str, ...]:
        return ()

    def do(self, scene: Scene, act: Act) -> Effect:
        raise Refused("not-yet", "投票到时间自己结束，不用人办。")

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if early := row.memory.get(EARLY):
            yield Wake(datetime.fromisoformat(early), CLOSE)
        elif row.due is not None:
            yield Wake(row.due, CLOSE)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        if wake.rung != CLOSE:
            return None
        vote = count(Vote.objects.only("pk").get(step=row).pk, scene.now)
        return Effect(self.outcome_of(vote), {"verb": COUNTED, **said_of(vote)}, changes=self.changes(scene, vote))

    def called_off(self, scene: Scene, row: StepRow) -> None:
        """A box that nobody needs any more is emptied unopened."""
        call_off(Vote.objects.only("pk").get(step=row).pk, scene.now)

    def outcome_of(self, vote: Vote) -> str:
        """The step's outcome for a counted vote."""
        return vote.outcome

    def changes(self, scene: Scene, vote: Vote) -> dict[str, Any]:
        """Columns of the matter that the result sets."""
        return {}


def said_of(vote: Vote) -> dict[str, Any]:
    """What the record keeps of a count: numbers and roots, no name."""
    return {
        "vote": str(vote.pk), "root": vote.root, "roll": vote.roll.root, "size": vote.roll.size,
        "receipts": vote.result.get("receipts", 0), "page": vote.result.get("page", ""),
    }  # fmt: skip
