"""One matter with everything an act needs, read once under the lock: rules, tokens, parties, place, clock."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from weizhi.charters.flow import Token, Walk
from weizhi.charters.models import Charter, MatterKind, Procedure
from weizhi.charters.steps import Step
from weizhi.charters.words import SENT_TO, SUPERIOR
from weizhi.matters import reads, rules, sending
from weizhi.matters.fields import ActData
from weizhi.matters.models import Matter, Party
from weizhi.matters.models import Step as StepRow
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.recorded import Recorded
from weizhi.matters.registry import confidential
from weizhi.matters.sentences import OUTCOMES, name_title
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.record.photos import Photo

if TYPE_CHECKING:
    from weizhi.matters.world import MatterWorld

RATE: Final = "rate"


@dataclass
class Act:
    """A verb as somebody asks for it, already read but not yet judged."""

    verb: str
    at: datetime
    by: Person | None
    who: Standing
    outcome: str | None = None
    data: ActData = field(default_factory=ActData)
    raw: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[Photo, ...] = ()
    on_behalf_of: Person | None = None
    recorded: Recorded | None = None  # how it reached the officer who writes it down
    present: Standing | None = None  # the standing of whoever is acted for
    holding_id: UUID | None = None
    told_at: datetime | None = None
    key: str | None = None
    request_hash: str = ""
    row: StepRow | None = None

    @property
    def stands(self) -> Standing:
        """Whose right counts: that of the person acted for, else the actor's own."""
        return self.present or self.who

    @property
    def whose(self) -> Person | None:
        """Whose word it is: the person acted for, else the actor."""
        return self.on_behalf_of or self.by


@dataclass
class Scene:
    """A locked matter. `walk` holds its tokens; `rows` the step of each token."""

    matter: Matter
    charter: Charter
    now: datetime
    rows: dict[Token, StepRow]
    parties: list[Party]
    walk: Walk = field(init=False)
    world: "MatterWorld" = field(init=False)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)  # fields just given, by step
    sending: list[str] | None = None  # keys of those to whom this act sends the matter
    let_go: bool = False  # the matter that holds it moves it, and knows

    def __post_init__(self) -> None:
        from weizhi.matters.world import MatterWorld  # the world reads the scene it is part of

        past = {token: (row.outcome if row.closed_at else None) for token, row in self.rows.items()}
        self.world = MatterWorld(self)
        self.walk = Walk(self.procedure, self.world, past)

    @cached_property
    def kind(self) -> MatterKind:
        return self.charter.kinds[self.matter.kind]

    @cached_property
    def procedure(self) -> Procedure:
        return self.charter.procedure_of(self.matter.kind)

    @cached_property
    def confidential(self) -> bool:
        return confidential(self.procedure)

    @cached_property
    def here(self) -> rules.Here:
        place = self.matter.place
        return rules.here_at(place.levels, place.path, self.kind.raised_in)

    def here_for(self, token: Token) -> rules.Here:
        """Where a token stands: a branch of `for_each = "grids-concerned"` stands in its own grid."""
        if token.fork and "/" in token.branch and sending.KEY not in token.branch:
            return rules.Here({**self.here.levels, "grid": token.branch}, self.here.scope)
        return self.here

    @property
    def open_rows(self) -> list[StepRow]:
        return [row for row in self.rows.values() if row.closed_at is None]

    @property
    def relations(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for party in self.parties:
            if party.step_id is None:
                found.setdefault(party.relation, []).append(party.who)
        return found

    def keys(self, names: tuple[str, ...], step: Step, token: Token) -> list[str]:
        relations = self.relations
        if step.kind == RATE and Party.JOINT in relations:  # whoever reported the same is asked as the first one is
            relations[Party.RAISER] = [*relations.get(Party.RAISER, ()), *relations[Party.JOINT]]
        if SENT_TO in names or SUPERIOR in names:
            relations[SENT_TO] = sending.waits_for(self, token)
            relations[SUPERIOR] = sending.superiors(self, sending.sent_to(self, token)) if SUPERIOR in names else []
        return rules.keys_for(names, charter=self.charter, here=self.here_for(token), relations=relations, at=step.at)

    def step_of(self, act: Act) -> Step:
        assert act.row is not None, "the act stands at no step"
        return self.procedure.steps[act.row.key]

    def line(self, step: Step, word: str) -> str:
        """Where the charter says so."""
        return f"{self.charter.name}: procedures.{self.kind.procedure}.steps.{step.key}.{word}"

    def outcome_title(self, step: Step, outcome: str) -> str:
        return outcome_title(step, outcome)

    def name_title(self, name: str) -> str:
        return name_title(self.charter, self.matter.kind, name)

    def target_title(self, target: str) -> str:
        return title_in(self.procedure, target)


def title_in(procedure: Procedure, key: str) -> str:
    """What a step or an end is called in front of people."""
    found = procedure.steps.get(key) or procedure.ends.get(key)
    return found.title if found and found.title else str(OUTCOMES.get(key, key))


def outcome_title(step: Step, outcome: str) -> str:
    return step.outcome_titles.get(outcome) or str(OUTCOMES.get(outcome, outcome))


def token_of(row: StepRow) -> Token:
    return Token(row.key, row.round, row.fork, row.branch)


def load(matter: Matter, now: datetime) -> Scene:
    """The scene of a matter whose top stream is locked. Two queries (three when the charter is new to the process)."""
    charter = charter_by_hash(matter.charter_id)
    rows, parties = reads.rows_of(matter)
    return Scene(matter, charter, now, {token_of(row): row for row in rows}, parties)
