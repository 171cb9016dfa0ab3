"""The registry of step kinds and documents: rooms register upward, `act()` calls down through it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from uuid import UUID

from weizhi.charters.flow import SENT
from weizhi.charters.spec import StepKindSpec
from weizhi.charters.steps import Step
from weizhi.matters.fields import ActData
from weizhi.matters.refused import Refused
from weizhi.matters.sentences import Saying
from weizhi.record.actions.append import Part

if TYPE_CHECKING:
    from weizhi.matters.models import Matter
    from weizhi.matters.models import Step as StepRow
    from weizhi.matters.scene import Act, Scene


@dataclass(frozen=True)
class Effect:
    """What an act did: the outcome with which its step closes (None: it stays open) and what to write."""

    outcome: str | None = None
    public: dict[str, Any] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()  # (relation, key of access)
    changes: dict[str, Any] = field(default_factory=dict)  # columns of the matter
    mark: str = ""


@dataclass(frozen=True)
class Wake:
    """An instant at which time itself acts on a step: `rung` names which (due, escalate.0, greet.2026-11-21)."""

    at: datetime
    rung: str


class StepKind:
    """One step kind. A room subclasses it, gives its spec, data and sentences, and registers one instance."""

    spec: ClassVar[StepKindSpec]
    Data: ClassVar[type[ActData]] = ActData
    says: ClassVar[Mapping[str, Saying]] = {}
    extra_verbs: ClassVar[tuple[str, ...]] = ()
    stays: ClassVar[bool] = False  # as a first step it stays open when the matter is raised: signatures are collected
    beside: ClassVar[tuple[str, ...]] = ()  # verbs beside the steps that everybody has while such a step stands open

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def verbs(self) -> tuple[str, ...]:
        """The verbs that a person may do at such a step."""
        return () if self.spec.automatic else (self.name, *self.extra_verbs)

    def at_once(self, step: Step) -> str | None:
        """The outcome with which the step passes as soon as it opens, or None."""
        return None

    def outcomes_for(self, step: Step) -> tuple[str, ...]:
        """The outcomes a person may choose here, in the charter's order; empty where there is only `then`."""
        return tuple(step.outcomes)

    def opened(self, scene: "Scene", row: "StepRow") -> None:
        """After the step's row is written: open a called matter, fix a brief. Inside the lock."""

    def held_moved(self, scene: "Scene", row: "StepRow") -> str | None:
        """A matter that this one holds ended, or is ready to be chosen: the outcome with which the step goes on."""
        return None

    def do(self, scene: "Scene", act: "Act") -> Effect:
        """Check and apply a person's act at this step."""
        return Effect(outcome=chosen(scene, act))

    def called_off(self, scene: "Scene", row: "StepRow") -> None:
        """The step closed though nothing came of it: its branch was cancelled, or the matter ended. Inside the lock."""

    def told_beside(self, scene: "Scene", row: "StepRow", act: "Act", effect: Effect) -> Effect:
        """A verb beside the steps was done while this step stands open: what it means here. May refuse."""
        return effect

    def people(self, scene: "Scene", step: Step) -> Sequence[UUID]:
        """Whom this step chose, best first: those an `appoint` step takes `from` here."""
        return ()

    def wakes(self, scene: "Scene", row: "StepRow") -> Iterator[Wake]:
        """Instants of this kind's own at which time acts, besides due date and escalations."""
        return iter(())

    def lapsed(self, scene: "Scene", row: "StepRow", when_due: str) -> Effect:
        """The due date came, and the charter says where an overdue step goes."""
        return Effect(SENT + when_due)

    def woken(self, scene: "Scene", row: "StepRow", wake: Wake, late: bool) -> Effect | None:
        """Time came. `late`: it came while the server was down."""
        return None


def chosen(scene: "Scene", act: "Act") -> str:
    """The outcome a person chose, checked against the charter: known, and not taken more often than allowed."""
    step = scene.step_of(act)
    kind = kind_named(step.kind)
    offered = kind.outcomes_for(step)
    if not offered:
        return act.outcome or "done"
    if act.outcome not in offered:
        titles = "、".join(scene.outcome_title(step, key) for key in offered)
        raise Refused("bad-data", f"请从这几项里选一项：{titles}。", field="outcome")
    if not scene.walk.may_take(step.key, act.outcome):
        raise Refused(
            "too-often",
            f"“{scene.outcome_title(step, act.outcome)}”最多 {step.at_most[act.outcome]} 次，已经用完。请选别的。",
            line=scene.line(step, "at_most"),
        )
    if act.outcome in step.reasons and not act.data.words:
        title = scene.outcome_title(step, act.outcome)
        raise Refused("bad-data", f"选“{title}”，请写一句为什么。", field="words", line=scene.line(step, "reasons"))
    return act.outcome


Maker = Callable[["Matter", "Act"], None]
_kinds: dict[str, StepKind] = {}
_documents: dict[str, Maker] = {}


def register(kind: StepKind) -> None:
    if kind.name in _kinds:
        raise ValueError(f"the step kind {kind.name} is registered twice")
    _kinds[kind.name] = kind


def register_document(name: str, make: Maker) -> None:
    """A room's own columns for a matter kind: `make` runs once, when the matter is raised."""
    if name in _documents:
        raise ValueError(f"the document {name} is registered twice")
    _documents[name] = make


Door = Callable[..., object]
_doors: dict[str, Door] = {}


def register_door(verb: str, door: Door) -> None:
    """A narrow door beside the matter's lock (a ballot, a signature): `door(matter_id, by=…, data=…, at=…, key=…)`."""
    if verb in _doors:
        raise ValueError(f"the door {verb} is registered twice")
    _doors[verb] = door


def door_named(verb: str) -> Door | None:
    return _doors.get(verb)


def doors() -> frozenset[str]:
    """The verbs of all narrow doors."""
    return frozenset(_doors)


class Electors(Protocol):
    """Who belongs to an electorate of the charter: the room that keeps rolls answers."""

    def size(self, scene: "Scene", key: str) -> int:
        """How many heads it has now."""

    def has(self, scene: "Scene", key: str, person: UUID) -> bool:
        """Whether this person is one of them."""


_electors: list[Electors] = []


def register_electors(found: Electors) -> None:
    if _electors:
        raise ValueError("electorates are counted by one room")
    _electors.append(found)


def electors() -> Electors:
    if not _electors:
        raise Refused("not-provided", "名册的功能还没有装上。请联系系统管理员。")
    return _electors[0]


def kind_named(name: str) -> StepKind:
    try:
        return _kinds[name]
    except KeyError:
        raise Refused("not-provided", f"这一步（{name}）的功能还没有装上。请联系系统管理员。") from None


def document_maker(name: str) -> Maker | None:
    return _documents.get(name)


def specs() -> dict[str, StepKindSpec]:
    """What the checker of charters needs to know of every kind that stands."""
    return {name: kind.spec for name, kind in _kinds.items()}


def registered() -> Sequence[StepKind]:
    return tuple(_kinds.values())
