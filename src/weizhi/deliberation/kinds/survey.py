"""survey: a few or all are asked; answers come in by their own door; its time ends it, or whoever runs it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from weizhi.charters.deliberating import DELIBERATING
from weizhi.charters.steps import Step
from weizhi.charters.surveying import SurveyParams
from weizhi.deliberation import wording
from weizhi.deliberation.actions.remind_asked import REMINDED
from weizhi.deliberation.asked import keys_asked
from weizhi.deliberation.asking import open_survey
from weizhi.deliberation.collecting import back, collect, enough, forget
from weizhi.deliberation.models import Survey
from weizhi.matters import moving
from weizhi.matters.models import Step as StepRow
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, Wake
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.record.actions.append import Part

SURVEY = "survey"
ASK, ASKED = "ask", "survey-asked"  # the rung, and the verb of its entry
CLOSE, COLLECTED = "close", "survey-collected"


class SurveyKind(StepKind):
    spec = DELIBERATING[SURVEY]
    asks = {ASKED: _("请您答一份问卷，几分钟就好")}
    page = "survey"
    says = {
        SURVEY: Saying(_("问卷提前收了：{detail}"), desk=_("{who}提前收了问卷：{detail}")),
        ASKED: Saying(_("问卷发出去了：{detail}")),
        COLLECTED: Saying(_("问卷收完了：{detail}")),
        REMINDED: Saying(_("{who}提醒了还没答问卷的人，到时间就收了"), desk=_("{who}提醒了还没答问卷的 {people} 位")),
    }

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        """None to choose from: how many came back says which it is."""
        return ()

    def opened(self, scene: Scene, row: StepRow) -> None:
        step = scene.procedure.steps[row.key]
        params: SurveyParams = step.parsed(self.spec)
        survey = open_survey(scene, row, params, params.why)
        row.brief |= {SURVEY: str(survey.pk)}
        row.save(update_fields=["brief"])

    def do(self, scene: Scene, act: Act) -> Effect:
        """End it before its day: what came is enough, and who was told of the day loses nothing."""
        assert act.row is not None
        survey = Survey.objects.select_for_update(of=("self",)).get(step=act.row)
        answered = back(survey)
        if answered < survey.asked and not enough(survey, answered):
            raise Refused(
                "not-yet",
                f"问了 {survey.asked} {survey.get_asks_display()}，才回了 {answered} {survey.get_asks_display()}，"
                "还不够，不能提前收。请等到截止，或者再去问问。",
                line=scene.line(scene.step_of(act), "at_least"),
            )
        outcome = collect(survey, scene.now)
        return Effect(outcome, _said(survey))

    def wakes(self, scene: Scene, row: StepRow) -> Iterator[Wake]:
        yield Wake(row.opened_at, ASK)
        if row.due is not None:
            yield Wake(row.due, CLOSE)

    def woken(self, scene: Scene, row: StepRow, wake: Wake, late: bool) -> Effect | None:
        if wake.rung not in (ASK, CLOSE):
            return None
        survey = Survey.objects.select_for_update(of=("self",)).get(step=row)
        if wake.rung == CLOSE:
            outcome = collect(survey, scene.now)
            return Effect(outcome, {"verb": COLLECTED, **_said(survey)})
        return Effect(
            public={
                "verb": ASKED, "asks": survey.asks, "asked": survey.asked, "population": survey.population,
                "list": survey.list_hash, **({"seed": survey.seed} if survey.seed else {}),
            },
            parts=(Part(moving.TELL, keys_asked(survey, scene.now)),),
        )  # fmt: skip

    def called_off(self, scene: Scene, row: StepRow) -> None:
        survey = Survey.objects.select_for_update(of=("self",)).filter(step=row, closed_at__isnull=True).first()
        if survey is not None:
            forget(survey, scene.now)

    def detail(self, public: Mapping[str, Any]) -> str:
        return wording.asked_and_back(public)


def _said(survey: Survey) -> dict[str, Any]:
    """What the record keeps: how many were asked and came back, the shown counts, the hash of what is kept sealed."""
    result = survey.result or {}
    cells = {one["key"]: one["cells"] for one in result["questions"] if one["cells"] is not None}
    return {
        "asks": survey.asks, "asked": survey.asked, "back": result["back"], "population": survey.population,
        "channels": result["channels"], "cells": cells, "root": survey.root,
    }  # fmt: skip
