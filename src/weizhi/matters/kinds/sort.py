"""sort: a person looks, says what sort of matter it is, and chooses one of the charter's ways."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from weizhi.charters.generic import GENERIC
from weizhi.charters.intervening import cell
from weizhi.matters.fields import ActData
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind, chosen
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sending import BY_RULE, chosen_names, keys_of, rule_for
from weizhi.matters.sentences import Saying
from weizhi.matters.voices import heard


class SortData(ActData):
    category: str = ""
    urgency: str = ""
    consensus: str = ""
    sorted_as: str = Field(default="", alias="class")
    to: list[str] = Field(default_factory=list)  # posts and bodies, by the charter's names


DEGREE = "degree"
DEGREES = {
    "residents": _("居民自己办"),
    "committee-helps": _("居委会帮着办"),
    "department-joins": _("部门一起办"),
    "department-decides": _("部门来定"),
}
SIZES = frozenset({"big", "small", "private"})
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
            _("{who}看过了：{outcome}{sent}{detail}"),
            desk=_("{who}分类：{outcome}{category}{sent}{detail}"),
            print=_("{who}分类为{outcome}{category}{sent}{detail}"),
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
        if "class" in asks and outcome in SIZES:  # the button itself says how big it is: nobody is asked twice
            changes.setdefault("sorted_as", outcome)
        spoken = heard(scene, act, outcome)  # where several must agree, the last word carries what was sorted
        if spoken.outcome is None:
            return Effect(public={**changes, **spoken.public})
        sent = self._send(scene, act, spoken.outcome, changes)
        degree = {} if outcome in scene.step_of(act).reasons else self._degree(scene, asks, changes)
        return Effect(spoken.outcome, public={**changes, **spoken.public, **sent, **degree}, changes=changes)

    def _degree(self, scene: Scene, asks: tuple[str, ...], changes: dict[str, Any]) -> dict[str, Any]:
        """How far the administration steps in, by the charter's table, and why: said with the act that settles it."""
        table = scene.charter.intervention
        if not table.rows or not {"urgency", "consensus"} <= set(asks):
            return {}
        urgency, consensus = (changes.get(name) or getattr(scene.matter, name) for name in ("urgency", "consensus"))
        if not urgency or not consensus:
            field = "consensus" if urgency else "urgency"
            raise Refused("bad-data", "请选急不急、大家想法一致吗：谁来办由这两样定。", field=field)
        row = cell(table, urgency, consensus)
        return {DEGREE: row.degree, "grounds": row.because} if row else {}

    def detail(self, public: Mapping[str, Any]) -> str:
        if DEGREE not in public:
            return ""
        told = _("，介入度：%(degree)s") % {"degree": DEGREES[str(public[DEGREE])]}
        return told + (_("（%(why)s）") % {"why": public["grounds"]} if public.get("grounds") else "")

    def _send(self, scene: Scene, act: Act, outcome: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Name those to whom it goes, and the rule of dispatch if it was the rule that named them."""
        assert isinstance(act.data, SortData)
        step, matter = scene.step_of(act), scene.matter
        category, sorted_as = (changes.get(column, getattr(matter, column)) for column in ("category", "sorted_as"))
        ruled = rule_for(scene, category, sorted_as or outcome)
        names = chosen_names(scene, step, scene.walk.target(step.key, outcome), act.data.to, ruled)
        if names is None:
            return {}
        scene.sending = keys_of(scene, names)
        by_rule = ruled is not None and act.data.to == [BY_RULE]
        return ({"sent": names} if names else {}) | ({"rule": ruled.n} if by_rule and ruled else {})

    def _known(self, scene: Scene, ask: str, title: str, value: str) -> str:
        known = {"category": set(scene.charter.categories), "urgency": {"low", "ordinary", "high"},
                 "consensus": {"weak", "middling", "strong"}}.get(ask)  # fmt: skip
        if known and value not in known:
            raise Refused("bad-data", f"“{title}”请从给出的选项里选。", field=ask)
        return value
