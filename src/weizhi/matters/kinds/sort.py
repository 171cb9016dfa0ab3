"""sort: a person looks, says what sort of matter it is, and chooses one of the charter's ways."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.generic import GENERIC
from weizhi.matters.fields import ActData
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.voices import heard


class SortData(ActData):
    category: str = ""
    urgency: str = ""
    consensus: str = ""
    sorted_as: str = Field(default="", alias="class")


# What the charter's `asks` calls a column of the matter, and the words for it.
COLUMNS = {
    "category": ("category", "类别"),
    "urgency": ("urgency", "紧急程度"),
    "consensus": ("consensus", "共识强度"),
    "class": ("sorted_as", "大事、小事还是私事"),
}


class Sort(StepKind):
    spec = GENERIC["sort"]
    Data = SortData
    says = {
        "sort": Saying(
            _("{who}看过了:{outcome}"),
            desk=_("{who}分类:{outcome}{category}"),
            print=_("{who}分类为{outcome}{category}"),
        )
    }

    def do(self, scene: Scene, act: Act) -> Effect:
        outcome = chosen(scene, act)
        asks = scene.step_of(act).parsed(self.spec).asks
        changes: dict[str, Any] = {}
        for ask, (column, title) in COLUMNS.items():
            value = getattr(act.data, column)
            if value and ask not in asks:
                raise Refused("bad-data", f"这一步不填“{title}”。请去掉再发。", field=ask)
            if value:
                changes[column] = self._known(scene, ask, title, value)
        spoken = heard(scene, act, outcome)  # where several must agree, the last word carries what was sorted
        return Effect(
            spoken.outcome, public={**changes, **spoken.public}, changes=changes if spoken.outcome is not None else {}
        )

    def _known(self, scene: Scene, ask: str, title: str, value: str) -> str:
        known = {"category": set(scene.charter.categories), "urgency": {"low", "ordinary", "high"},
                 "consensus": {"weak", "middling", "strong"}}.get(ask)  # fmt: skip
        if known and value not in known:
            raise Refused("bad-data", f"“{title}”请从给出的选项里选。", field=ask)
        return value
