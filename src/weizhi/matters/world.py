"""The facts that routes, forks and `needs` ask for, read from the matter and nowhere else."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from weizhi.charters.flow import Token
from weizhi.charters.intervening import cell
from weizhi.charters.steps import Gate
from weizhi.charters.words import SENT_TO
from weizhi.matters import objecting
from weizhi.matters.again import times_raised_again
from weizhi.matters.refused import Refused
from weizhi.matters.registry import kind_named
from weizhi.matters.sending import named_now
from weizhi.places.models import Place
from weizhi.record.models import Payload

if TYPE_CHECKING:
    from weizhi.matters.models import Matter
    from weizhi.matters.scene import Scene

FIELDS = "fields"


class MatterWorld:
    """Answers for one walk (`charters.flow.World`)."""

    def __init__(self, scene: "Scene") -> None:
        self.scene = scene

    def at_once(self, step: Any) -> str | None:
        return kind_named(step.kind).at_once(step)

    def members(self, name: str) -> Sequence[str]:
        if name == "grids-concerned":
            return self.grids()
        if name == SENT_TO:
            return named_now(self.scene)
        raise Refused("not-provided", f"还不会按“{name}”分头办。请联系系统管理员。")

    def holds(self, gate: Any, token: Token) -> bool:
        gate = gate if isinstance(gate, Gate) else Gate.model_validate(gate)
        judge = JUDGES.get(gate.gate)
        if judge is None:
            raise Refused("not-provided", f"条件“{gate.gate}”的功能还没有装上。请联系系统管理员。")
        return judge(self, gate, token)

    def grids(self) -> list[str]:
        """The grids that the matter concerns: those of the places it names, else its own."""
        named = [UUID(str(pk)) for values in self._all_values() for value in values.values() for pk in _ids(value)]
        found: dict[str, None] = {}
        if named:
            for place in Place.objects.filter(community=self.scene.matter.community_id, pk__in=named).order_by("path"):
                if grid := place.at_level("grid"):
                    found[grid] = None
        own = self.scene.here.at("grid")
        return list(found) or ([own] if own else [])

    def value(self, reference: str) -> Any:
        """The newest value of `step.field`."""
        step, _, key = reference.partition(".")
        return self._values_of(step).get(key)

    def _values_of(self, step: str) -> dict[str, Any]:
        known = self.scene.values
        if step not in known:
            stored = Payload.objects.filter(
                entry__stream=self.scene.matter.stream_id, entry__step=step, part__startswith=FIELDS
            ).order_by("entry__n", "part")  # the parties' part, whole, comes after the masked one
            known[step] = {}
            for part in stored:
                known[step] |= part.read()
        return known[step]

    def _all_values(self) -> list[dict[str, Any]]:
        asked = [step for step in self.scene.procedure.steps.values() if any(f.type == "places" for f in step.fields)]
        wanted = {step.key: {f.key for f in step.fields if f.type == "places"} for step in asked}
        return [
            {key: value for key, value in self._values_of(step).items() if key in keys} for step, keys in wanted.items()
        ]

    def within(self, number: int, gate: Gate) -> bool:
        """Whether a number lies in the gate's bounds; 以上 includes the number, 超过 does not (民法典 1259)."""
        at_least, at_most = gate.bound("at_least"), gate.bound("at_most")
        over, under = gate.bound("over"), gate.bound("under")
        return (
            (at_least is None or number >= at_least)
            and (at_most is None or number <= at_most)
            and (over is None or number > over)
            and (under is None or number < under)
        )


def _ids(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _field(world: MatterWorld, gate: Gate, token: Token) -> bool:
    value = world.value(gate.of or "")
    if gate.is_ is not None:
        return bool(value == gate.is_)
    if gate.not_ is not None:
        return bool(value != gate.not_)
    if gate.one_of is not None:
        return value in gate.one_of
    return isinstance(value, int) and world.within(value, gate)


def _rounds(world: MatterWorld, gate: Gate, token: Token) -> bool:
    done = sum(past.key == gate.of and outcome is not None for past, outcome in world.scene.walk.past.items())
    return world.within(done, gate)


def _grids(world: MatterWorld, gate: Gate, token: Token) -> bool:
    number = len(world.grids())
    return number == gate.is_ if gate.is_ is not None else world.within(number, gate)


def _relation(relation: str) -> Callable[[MatterWorld, Gate, Token], bool]:
    return lambda world, gate, token: world.within(len(world.scene.relations.get(relation, ())), gate)


def _column(column: str) -> Callable[[MatterWorld, Gate, Token], bool]:
    def judge(world: MatterWorld, gate: Gate, token: Token) -> bool:
        value = getattr(world.scene.matter, column)
        return value in gate.one_of if gate.one_of is not None else bool(value == gate.is_)

    return judge


def _opinions(world: MatterWorld, gate: Gate, token: Token) -> bool:
    said = world.scene.matter.stream.entries.filter(verb="comment").values("actor").distinct().count()
    return world.within(said, gate)


def _objections(world: MatterWorld, gate: Gate, token: Token) -> bool:
    return len(objecting.open_objections(world.scene)) == (gate.open or 0)


def _sent_to(world: MatterWorld, gate: Gate, token: Token) -> bool:
    return world.within(len(named_now(world.scene)), gate)


def _notice_days(world: MatterWorld, gate: Gate, token: Token) -> bool:
    row = world.scene.rows.get(token)
    return row is not None and world.within((world.scene.now.date() - row.opened_at.date()).days, gate)


def have_ended(holder: "Matter", kind: str | None = None) -> bool:
    """Whether everything that a matter holds (of a kind) is over."""
    held = holder.held.filter(ended_at__isnull=True)
    return not (held.filter(kind=kind) if kind else held).exists()


def _all_ended(world: MatterWorld, gate: Gate, token: Token) -> bool:
    return have_ended(world.scene.matter, gate.of)


def _raised_again(world: MatterWorld, gate: Gate, token: Token) -> bool:
    return world.within(times_raised_again(world.scene.matter), gate)


def _intervention(world: MatterWorld, gate: Gate, token: Token) -> bool:
    matter = world.scene.matter
    row = cell(world.scene.charter.intervention, matter.urgency, matter.consensus)
    degree = row.degree if row else None
    return degree in gate.one_of if gate.one_of is not None else degree == gate.is_


JUDGES: dict[str, Callable[[MatterWorld, Gate, Token], bool]] = {
    "field": _field,
    "rounds": _rounds,
    "grids-concerned": _grids,
    "supporters": _relation("supporter"),
    "urgency": _column("urgency"),
    "consensus": _column("consensus"),
    "opinions": _opinions,
    "objections": _objections,
    "notice-days": _notice_days,
    SENT_TO: _sent_to,
    "all-ended": _all_ended,
    "raised-again": _raised_again,
    "intervention": _intervention,
}
