"""The registry of step kinds and documents: rooms register upward, `act()` calls down through it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from uuid import UUID

from weizhi.charters.flow import SENT
from weizhi.charters.spec import StepKindSpec
from weizhi.charters.steps import Procedure, Step
from weizhi.matters.fields import ActData, name_of
from weizhi.matters.refused import Refused
from weizhi.matters.sentences import Saying, Words
from weizhi.record.actions.append import Part

if TYPE_CHECKING:
    from weizhi.matters.models import Matter
    from weizhi.matters.models import Step as StepRow
    from weizhi.matters.scene import Act, Scene
    from weizhi.people.models import Person


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


@dataclass(frozen=True)
class Left:
    """The text that a step left behind, as it was frozen: what a notice, a review or a vote is about."""

    words: str
    version: int


class StepKind:
    """One step kind. A room subclasses it, gives its spec, data and sentences, and registers one instance."""

    spec: ClassVar[StepKindSpec]
    Data: ClassVar[type[ActData]] = ActData
    says: ClassVar[Mapping[str, Saying]] = {}
    extra_verbs: ClassVar[tuple[str, ...]] = ()
    stays: ClassVar[bool] = False  # as a first step it stays open when the matter is raised: signatures are collected
    beside: ClassVar[tuple[str, ...]] = ()  # verbs beside the steps that everybody has while such a step stands open
    asks: ClassVar[Mapping[str, Words]] = {}  # what such an act asks of those whom its part `tell` names
    page: ClassVar[str] = ""  # the page on which they answer, where the step has one of its own
    keeps_its_day: ClassVar[str] = ""  # why nobody may let its clock stand still, and what to do instead

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

    def detail(self, public: Mapping[str, Any]) -> str:
        """What the sentence of one of this kind's own entries adds ({detail}), from what the entry says in public."""
        return ""

    def told_beside(self, scene: "Scene", row: "StepRow", act: "Act", effect: Effect) -> Effect:
        """A verb beside the steps was done while this step stands open: what it means here. May refuse."""
        return effect

    def left(self, scene: "Scene", step: Step) -> Left | None:
        """The frozen text that this step left, where it makes one; None: what was said there is the text."""
        return None

    def people(self, scene: "Scene", step: Step) -> Sequence[UUID]:
        """Whom this step chose, best first: those an `appoint` step takes `from` here."""
        return ()

    def reserve(self, scene: "Scene", step: Step) -> Sequence[UUID]:
        """Who comes next, best first, should one of them not be able to."""
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


Tie = Callable[["Person"], None]
_ties: list[Tie] = []


def register_tie(check: Tie) -> None:
    """What holds a register entry as it stands: `check(double)` raises Refused where it may not go over to another."""
    _ties.append(check)


def check_ties(double: "Person") -> None:
    for check in _ties:
        check(double)


Forgetting = Callable[[UUID, "Person"], None]
_forgetting: list[Forgetting] = []


def register_forgetting(forget: Forgetting) -> None:
    """What a room keeps of a person beside the record: `forget(community, person)`, when the person is erased there."""
    _forgetting.append(forget)


def forget(community: UUID, person: "Person") -> None:
    for one in _forgetting:
        one(community, person)


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


Citing = Callable[["Scene", str, str], str]
_citing: list[Citing] = []


def register_citing(cite: Citing) -> None:
    """`cite(scene, convention, article)` says what the article reads now; raises Refused where there is none."""
    if _citing:
        raise ValueError("articles are kept by one room")
    _citing.append(cite)


def cite(scene: "Scene", step: Step, data: ActData) -> None:
    """Write out the articles that were named, as they stand today: tomorrow's edition changes no old matter."""
    for asked in step.fields:
        if asked.convention is None:
            continue
        if named := getattr(data, name_of(asked.key), None):
            if not _citing:
                raise Refused("not-provided", "公约的功能还没有装上。请联系系统管理员。")
            setattr(data, name_of(asked.key), _citing[0](scene, asked.convention, named))


def left_by(scene: "Scene", key: str | None) -> Left | None:
    """The frozen text of the step with this key, for those that are about it."""
    step = scene.procedure.steps.get(key or "")
    return kind_named(step.kind).left(scene, step) if step else None


def confidential(procedure: Procedure) -> bool:
    """Whether what is said in such a matter is sealed, for its parties and those who handle it alone."""
    kinds = (_kinds.get(step.kind) for step in procedure.steps.values())
    return any(kind is not None and kind.spec.confidential for kind in kinds)


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
