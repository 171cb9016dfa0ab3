"""support: people sign, each once, until there are enough: a number, or the share of an electorate that a rule asks."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from weizhi.charters.deciding import DECIDING, SupportParams
from weizhi.charters.steps import Step
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake, electors
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.voices import VOICES, spoke
from weizhi.people.access import person_key

REACHED, NOT_REACHED = "reached", "not-reached"
ELAPSED = "elapsed"
NEEDED, OF = "needed", "of"  # in the open step's memory
SUPPORTER = "supporter"


class Support(StepKind):
    spec = DECIDING["support"]
    stays = True
    says = {
        "raise": Saying(_("{who}提出，开始征集签名")),
        "support": Saying(_("{who}签名支持")),
        "lapse": Saying(_("征集期满：{outcome}")),
    }

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        return ()  # nobody chooses it: the count does

    def opened(self, scene: Scene, row: StepRow) -> None:
        """Fix how many are asked for, by the electorate as it stands on this day."""
        params = self._params(scene, row)
        if params.at_least is not None:
            row.memory[NEEDED] = params.at_least
        else:
            size = electors().size(scene, str(params.electorate))
            row.memory |= {NEEDED: self._asked(scene, params, size), OF: size}
        row.save(update_fields=["memory"])

    def _asked(self, scene: Scene, params: SupportParams, size: int) -> int:
        asked = scene.charter.rules[str(params.rule)].asked
        assert asked is not None, "the checker lets no rule without `asked` stand here"
        wanted = Fraction(*asked.share) * size
        return max(1, wanted.__floor__() + 1 if asked.more_than is not None else wanted.__ceil__())

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None and act.whose is not None
        params, who = self._params(scene, act.row), act.whose.pk
        if params.electorate and not electors().has(scene, params.electorate, who):
            title = scene.charter.electorates[params.electorate].title or params.electorate
            raise Refused(
                "not-yours", f"联名要由“{title}”里的人来签。", line=scene.line(scene.step_of(act), "electorate")
            )
        if spoke(act.row, who):
            raise Refused("too-often", "您已经签过名了。")
        signed: list[dict[str, Any]] = act.row.memory.setdefault(VOICES, [])
        signed.append({"who": str(who), "outcome": self.name})
        public: dict[str, Any] = {"count": len(signed), NEEDED: act.row.memory[NEEDED]}
        enough = len(signed) >= act.row.memory[NEEDED]
        return Effect(REACHED if enough else None, public, relations=((SUPPORTER, person_key(who)),))

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        if row.due is not None and not scene.procedure.steps[row.key].when_due:
            yield Wake(row.due, ELAPSED)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        if wake.rung != ELAPSED:
            return None
        return Effect(NOT_REACHED, {"count": len(row.memory.get(VOICES, ())), NEEDED: row.memory.get(NEEDED)})

    def _params(self, scene: Scene, row: StepRow) -> SupportParams:
        found: SupportParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found
