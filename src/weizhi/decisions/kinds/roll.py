"""roll: who may vote, drawn up, published with masked names, corrected after objections, frozen when its days end."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.deciding import DECIDING, RollParams
from weizhi.decisions.models import Entitlement, Roll
from weizhi.decisions.rolls import draw_up, electorate_of, freeze
from weizhi.matters.fields import ActData
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying

STRIKE, RESTORE = "strike", "restore"
FROZEN, CLOSE = "frozen", "close"


class RollData(ActData):
    line: int | None = Field(default=None, ge=1)


class RollKind(StepKind):
    spec = DECIDING["roll"]
    Data = RollData
    says = {
        STRIKE: Saying(_("{who}在名册上更正了一处"), desk=_("{who}从名册上划去第 {line} 号")),
        RESTORE: Saying(_("{who}在名册上更正了一处"), desk=_("{who}把第 {line} 号放回名册")),
        FROZEN: Saying(_("名册定下来了，共 {size} 票")),
        "lapse": Saying(_("名册公示期满")),
    }

    @property
    def verbs(self) -> tuple[str, ...]:
        return (STRIKE, RESTORE)

    def opened(self, scene: Scene, row: StepRow) -> None:
        draw_up(scene, row, self._params(scene, row).electorate)

    def do(self, scene: Scene, act: Act) -> Effect:
        """Correct the roll while it is on the board: a line struck or put back, with why."""
        assert act.row is not None and isinstance(act.data, RollData)
        if not act.data.words:
            raise Refused("bad-data", "请写一句为什么更正：名册是要经得起查的。", field="words")
        if Roll.objects.filter(step=act.row, frozen_at__isnull=False).exists():
            raise Refused("closed", "名册已经定下来了，不能再更正。")
        line = Entitlement.objects.filter(roll__step=act.row, n=act.data.line or 0).first()
        if line is None:
            raise Refused("bad-data", "名册上没有这个号。请对着名册再看一遍。", field="line")
        line.struck_at = act.at if act.verb == STRIKE else None
        line.struck_why = act.data.words[:200] if act.verb == STRIKE else ""
        line.save(update_fields=["struck_at", "struck_why"])
        return Effect(public={"line": line.n})

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if row.due is not None:
            yield Wake(row.due, CLOSE)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        if wake.rung != CLOSE:
            return None
        roll = Roll.objects.get(step=row)
        freeze(roll, scene.now)
        return Effect(FROZEN, {"verb": FROZEN, "roll": roll.root, "size": roll.size, "heads": roll.heads})

    def objections_until(self, scene: Scene, row: StepRow) -> timedelta:
        """How long after the opening an objection is heard (组织法 17: five days)."""
        return timedelta(days=electorate_of(scene, self._params(scene, row).electorate).objections_days or 5)

    def _params(self, scene: Scene, row: StepRow) -> RollParams:
        found: RollParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found
