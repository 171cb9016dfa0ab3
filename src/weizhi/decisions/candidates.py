"""Who stands for election: the ways a rule lets people be nominated, the seats there are, the order on the paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from weizhi.charters.deciding import DECIDING, ElectParams, NominateParams
from weizhi.charters.nominating import BY_ONESELF, Way, way_of
from weizhi.charters.steps import Gate, Step
from weizhi.decisions.models import Candidate
from weizhi.matters.refused import Refused
from weizhi.matters.scene import Scene
from weizhi.matters.world import JUDGES, MatterWorld
from weizhi.methods.elections.sortition import list_hash, ticket
from weizhi.record.leaves import commitment
from weizhi.record.models import Payload

UNFILLED: Final = "unfilled:"
DECLARED: Final = "declaration"  # the part of the candidate's own entry: name, words, criteria


@dataclass(frozen=True)
class Declared:
    """What a candidate said of himself when he accepted. `commitment` says nothing to whoever has not the part."""

    name: str
    words: str = ""
    criteria: Mapping[str, str] = field(default_factory=dict)
    commitment: str = ""


def declarations(matter: UUID, step: str) -> dict[UUID, Declared]:
    """The newest of each person, as far as they are still kept: erasing somebody takes them away. One query."""
    parts = Payload.objects.filter(entry__stream=matter, entry__step=step, part=DECLARED).select_related("entry")
    found: dict[UUID, Declared] = {}
    for part in parts.order_by("entry__n"):
        body, whose = part.read(), part.entry.on_behalf_of_id or part.entry.actor_id
        assert whose is not None, "somebody declared it"
        found[whose] = Declared(**body, commitment=commitment(bytes(part.salt), body).hex())
    return found


def ways_of(scene: Scene, rule: str) -> list[Way]:
    """The ways of nomination that a rule of the charter names."""
    named = scene.charter.rules[rule].nominations
    return [way for kind in (named.kinds if named else (BY_ONESELF,)) if (way := way_of(kind)) is not None]


def nominate_params(step: Step) -> NominateParams:
    found: NominateParams = step.parsed(DECIDING["nominate"])
    return found


def elect_params(step: Step) -> ElectParams:
    found: ElectParams = step.parsed(DECIDING["elect"])
    return found


def seats_in(scene: Scene, post: str) -> int:
    """How many seats the bodies of the charter have for a post; one where none says."""
    found = [seat.count for body in scene.charter.bodies.values() for seat in body.seats if seat.post == post]
    return sum(found) or 1


def ballot_for(scene: Scene, nominate: str) -> Step | None:
    """The first ballot whose candidates this step nominates."""
    for step in scene.procedure.steps.values():
        if step.kind == "elect" and nominations_of(scene, step) == nominate and elect_params(step).round == "first":
            return step
    return None


def nominations_of(scene: Scene, step: Step) -> str:
    """The nomination step of a ballot: the one it names, else the last that stands before it in the charter."""
    params = elect_params(step)
    if params.candidates:
        return params.candidates
    before = ""
    for other in scene.procedure.steps.values():
        if other.key == step.key:
            break
        if other.kind == "nominate":
            before = other.key
    return before


def seats_for(scene: Scene, nominate: str) -> int:
    """How many are to be elected from those nominated at this step."""
    params = nominate_params(scene.procedure.steps[nominate])
    ballot = ballot_for(scene, nominate)
    count = elect_params(ballot).count if ballot else None
    post = params.seats or (elect_params(ballot).seats if ballot else None)
    if post is None:
        raise Refused("not-yet", "章程没有写要选几个人。请联系提出章程的人。")
    return count or seats_in(scene, post)


def standing(scene: Scene, nominate: str) -> list[Candidate]:
    """Those who stand: nominated and willing, in the order in which they came."""
    found = Candidate.objects.filter(matter=scene.matter, step=nominate, state=Candidate.State.STANDING)
    return list(found.select_related("person").order_by("number", "since", "id"))


def drawn(candidates: Sequence[Candidate], seed: str) -> list[Candidate]:
    """The order on the paper: a lot that anybody repeats from the roll's published root and the candidates' ids."""
    hashed = list_hash({str(one.pk): () for one in candidates})
    return sorted(candidates, key=lambda one: ticket(seed, hashed, str(one.pk)))


def _judge(world: MatterWorld, gate: Gate, token: object) -> bool:
    """`candidates`: enough who stand, at the nomination step that was open last."""
    keys = [past.key for past in world.scene.walk.past if world.scene.procedure.steps[past.key].kind == "nominate"]
    if not keys:
        return False
    count = len(standing(world.scene, keys[-1]))
    if gate.over_seats is not None and count < seats_for(world.scene, keys[-1]) + gate.over_seats:
        return False
    return gate.at_least is None or count >= (gate.bound("at_least") or 0)


def register_gate() -> None:
    JUDGES["candidates"] = _judge
