"""check: people look at what was done, by criteria or by score."""

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.generic import GENERIC, CheckParams
from weizhi.matters.fields import ActData
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.voices import VOICES, heard


class CheckData(ActData):
    met: list[str] = Field(default_factory=list)  # criteria that are met
    score: dict[str, int] = Field(default_factory=dict)


class Check(StepKind):
    spec = GENERIC["check"]
    Data = CheckData
    says = {
        "check": Saying(
            _("{who}查看了结果：{outcome}"),
            desk=_("{who}查验：{outcome}{detail}"),
            print=_("{who}查验，{outcome}{detail}"),
        )
    }

    def do(self, scene: Scene, act: Act) -> Effect:
        assert isinstance(act.data, CheckData)
        params = scene.step_of(act).parsed(self.spec)
        outcome = chosen(scene, act)
        extra: dict[str, Any] = {}
        if params.criteria:
            extra["met"] = self._criteria(params, act.data, outcome, next(iter(scene.step_of(act).outcomes)))
        if params.score:
            extra["score"] = self._score(params, act.data)
        effect = heard(scene, act, outcome, extra)
        if effect.outcome and params.score:
            assert act.row is not None
            scores = [voice["score"] for voice in act.row.memory.get(VOICES, [])] or [extra["score"]]
            total = combined([sum(score.values()) for score in scores], params.combine or "mean")
            return Effect(effect.outcome, {**effect.public, "total": str(total)})
        return effect

    def _criteria(self, params: CheckParams, data: CheckData, outcome: str, best: str) -> list[str]:
        """To pass, every criterion must be ticked; the charter lists the passing outcome first."""
        if unknown := set(data.met) - set(params.criteria):
            raise Refused("bad-data", f"没有“{'、'.join(sorted(unknown))}”这一条。", field="met")
        missing = [criterion for criterion in params.criteria if criterion not in data.met]
        if outcome == best and missing:
            raise Refused("bad-data", f"还没有确认：{'、'.join(missing)}。都达到了才能通过。", field="met")
        return [criterion for criterion in params.criteria if criterion in data.met]

    def _score(self, params: CheckParams, data: CheckData) -> dict[str, int]:
        parts = {part.key: part for part in params.score}
        if set(data.score) != set(parts):
            titles = "、".join(part.title or part.key for part in params.score)
            raise Refused("bad-data", f"请给每一项打分：{titles}。", field="score")
        for key, given in data.score.items():
            if not 0 <= given <= parts[key].max:
                raise Refused("bad-data", f"“{parts[key].title or key}”在 0 到 {parts[key].max} 之间。", field="score")
        return data.score


def combined(totals: list[int], how: str) -> Fraction:
    """One number from several people's totals; exact, since money may hang on it."""
    ordered = sorted(totals)
    if how == "median":
        middle = len(ordered) // 2
        return Fraction(ordered[middle] if len(ordered) % 2 else Fraction(ordered[middle - 1] + ordered[middle], 2))
    if how == "drop-extremes" and len(ordered) > 2:
        ordered = ordered[1:-1]
    return Fraction(sum(ordered), len(ordered))
