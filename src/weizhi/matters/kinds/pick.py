"""pick: put what was taken in in order and choose under a sum or a number; each line says why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weizhi.charters.deciding import DECIDING, OrderKey, PickParams
from weizhi.charters.words import yuan
from weizhi.matters.holding import values_of, waiting_in
from weizhi.matters.models import Matter, Party
from weizhi.matters.refused import Refused
from weizhi.matters.registry import Effect, StepKind
from weizhi.matters.scene import Act, Scene
from weizhi.matters.sentences import Saying
from weizhi.matters.settling import choose as choose_held
from weizhi.record.models import Entry

Measures = Mapping[UUID, Any]
TITLES = {"votes": "支持人数", "applied": "提出先后", "amount": "金额", "grade": "等级", "review-score": "评分"}


@dataclass(frozen=True)
class Candidate:
    """One held matter as the choice reads it. keys: what it is ordered by; amount: what it takes, in fen."""

    id: str
    number: int
    keys: tuple[Any, ...] = ()
    said: str = ""
    amount: int = 0


@dataclass(frozen=True)
class Line:
    """One candidate in the order, and why it was chosen or not."""

    number: int
    chosen: bool
    why: str

    def row(self) -> dict[str, Any]:
        return {"n": self.number, "chosen": self.chosen, "why": self.why}


def choose(
    ordered: Sequence[Candidate], *, budget: int | None, number: int | None, overrun: str
) -> tuple[list[str], list[Line]]:
    """Go down the order and take what fits. Pure: who was taken, and a line for each."""
    left, taken, lines = budget, list[str](), list[Line]()
    stopped = False
    for place, one in enumerate(ordered, 1):
        told = f"第 {place} 位" + (f"（{one.said}）" if one.said else "")
        if stopped:
            lines.append(Line(one.number, False, f"{told}：前一个装不下，到此为止。"))
        elif number is not None and len(taken) >= number:
            lines.append(Line(one.number, False, f"{told}：{number} 个名额已经满了。"))
        elif left is not None and one.amount > left:
            stopped = overrun == "stop"
            then = "到此为止" if stopped else "跳过，看下一个"
            lines.append(Line(one.number, False, f"{told}：要 {yuan(one.amount)}，只剩 {yuan(left)}，{then}。"))
        else:
            taken.append(one.id)
            rest = ""
            if left is not None:
                left -= one.amount
                rest = f"，用 {yuan(one.amount)}，还剩 {yuan(left)}"
            lines.append(Line(one.number, True, f"{told}：选中{rest}。"))
    return taken, lines


class Pick(StepKind):
    spec = DECIDING["pick"]
    says = {"pick": Saying(_("{who}按次序选了 {n} 件"), desk=_("{who}在 {of} 件里选了 {n} 件"))}

    def outcomes_for(self, step: Any) -> tuple[str, ...]:
        return ()

    def do(self, scene: Scene, act: Act) -> Effect:
        assert act.row is not None
        params: PickParams = scene.step_of(act).parsed(self.spec)
        intake = scene.procedure.steps[params.from_]
        held = waiting_in(scene.matter, str(intake.params["of"]))
        budget = self._budget(scene, params)
        ordered = in_order(held, params)
        taken, lines = choose(ordered, budget=budget, number=params.number, overrun=params.overrun)
        choose_held(scene, act.row, taken)
        public = {"n": len(taken), "of": len(held), "lines": [line.row() for line in lines]}
        return Effect("done", public | ({"budget": budget} if budget is not None else {}))

    def _budget(self, scene: Scene, params: PickParams) -> int | None:
        if params.budget is None:
            return None
        value = scene.world.value(params.budget.field)
        if not isinstance(value, int):
            raise Refused("not-yet", "还没有写一共有多少钱，没法选。请先补上总额。")
        return value


def in_order(held: Sequence[Matter], params: PickParams) -> list[Candidate]:
    """The candidates as the charter orders them; who is equal in all of it comes by number, so by raising."""
    amounts = values_of(held, params.budget.uses) if params.budget else {}
    measured = [(key, MEASURES[key.measure](held, amounts)) for key in params.order]
    missing = [key.measure for key, found in measured if found is None]
    if missing:
        raise Refused("not-provided", f"还不会按“{TITLES[missing[0]]}”排。请联系系统管理员。")
    found = [
        Candidate(
            str(one.pk), one.number,
            tuple(_rank(key, (values or {}).get(one.pk)) for key, values in measured),
            "，".join(_told(key, (values or {}).get(one.pk)) for key, values in measured),
            _amount(one, amounts) if params.budget else 0,
        )
        for one in held
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.keys, one.number))


def _amount(one: Matter, amounts: Measures) -> int:
    if not isinstance(value := amounts.get(one.pk), int):
        raise Refused("not-yet", f"{one.number:04d} 没有写要多少钱，没法选。请先补上。")
    return value


def _rank(key: OrderKey, value: Any) -> Any:
    """A number that sorts this value first to last; what has none comes last."""
    if isinstance(key.sort, tuple):
        return key.sort.index(value) if value in key.sort else len(key.sort)
    if value is None:
        return (1, 0)
    number = value.timestamp() if isinstance(value, datetime) else value
    return (0, -number if key.sort in ("high", "late") else number)


def _told(key: OrderKey, value: Any) -> str:
    if value is None:
        return f"没有{TITLES[key.measure]}"
    if key.measure == "amount":
        return yuan(value)
    shown = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
    if isinstance(shown, Fraction):
        shown = int(shown) if shown.denominator == 1 else f"{float(shown):.2f}"
    return f"{TITLES[key.measure]} {shown}"


def _supporters(held: Iterable[Matter], amounts: Measures) -> Measures:
    ids = [one.pk for one in held]
    found: dict[UUID, int] = dict.fromkeys(ids, 0)
    for pk in Party.objects.filter(matter__in=ids, relation="supporter").values_list("matter", flat=True):
        found[pk] += 1
    return found


def _applied(held: Iterable[Matter], amounts: Measures) -> Measures:
    return {one.pk: one.raised_at for one in held}


def _reviewed(held: Iterable[Matter], amounts: Measures) -> Measures:
    """The total of the last review that scored it."""
    scored = Entry.objects.filter(stream__in=[one.pk for one in held], public__has_key="total").order_by("n")
    return {entry.stream_id: Fraction(str(entry.public["total"])) for entry in scored}


MEASURES: Mapping[str, Callable[[Sequence[Matter], Measures], Measures | None]] = {
    "votes": _supporters,
    "applied": _applied,
    "amount": lambda held, amounts: amounts,
    "review-score": _reviewed,
    "grade": lambda held, amounts: None,  # the room that rates organisations brings it
}
