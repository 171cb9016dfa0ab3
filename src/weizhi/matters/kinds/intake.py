"""intake: take in matters of a kind until a day; or let those that were chosen go on, and wait for all of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weizhi.charters.deciding import DECIDING, IntakeParams
from weizhi.charters.models import Charter
from weizhi.charters.steps import Field as Asked
from weizhi.matters.holding import are_ready, held_in, values_of
from weizhi.matters.models import Matter
from weizhi.matters.models import Step as StepRow
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.settling import go_on, let_go
from weizhi.matters.world import have_ended

CLOSES, TAKEN_IN, OVER = "closes", "taken-in", "over"


def sorting_field(charter: Charter, params: IntakeParams) -> Asked:
    """The choice by which what is taken in is sorted; the checker has seen that it is there."""
    step, _dot, key = str(params.sorts).partition(".")
    return next(field for field in charter.procedure_of(params.of).steps[step].fields if field.key == key)


def _sorted(scene: Scene, held: Sequence[Matter], params: IntakeParams) -> dict[str, Any]:
    """How many there are of each answer, in the charter's words."""
    field = sorting_field(scene.charter, params)
    said = values_of(held, str(params.sorts))
    counts = Counter(said[one.pk] for one in held if one.pk in said)
    return {"sorted": {choice.title or choice.key: counts[choice.key] for choice in field.choices}}


class Intake(StepKind):
    spec = DECIDING["intake"]
    says = {
        TAKEN_IN: Saying(_("收件的期限到了，一共收到 {n} 件{detail}")),
        "lapse": Saying(_("收进来的都有了着落，转到“{next}”")),
    }

    @property
    def verbs(self) -> tuple[str, ...]:
        return ()

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
        held, params = list(held_in(scene.matter)), self._params(scene, row)
        return Effect(
            OVER, {"verb": TAKEN_IN, "n": len(held), **(_sorted(scene, held, params) if params.sorts else {})}
        )

    def detail(self, public: Mapping[str, Any]) -> str:
        told = [f"{title} {n}" for title, n in public.get("sorted", {}).items()]
        return gettext("：%(said)s") % {"said": gettext("、").join(told)} if told else ""

    def _params(self, scene: Scene, row: StepRow) -> IntakeParams:
        found: IntakeParams = scene.procedure.steps[row.key].parsed(self.spec)
        return found
