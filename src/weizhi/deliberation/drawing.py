"""Draw the map of one hall from its rows: heavy, so never in a request and never under a matter's lock."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from weizhi.deliberation import opinions as law
from weizhi.deliberation.models import Hall, Stance, Statement, Voice
from weizhi.deliberation.opinions import Drawn, Group, Said

if TYPE_CHECKING:
    from weizhi.methods.opinions.mapping import OpinionMap
    from weizhi.methods.opinions.votes import Floats

SPREAD = 1.5  # how far a group's soft shape reaches, in standard deviations
THINNEST = 0.05


@dataclass(frozen=True)
class Redrawn:
    """The map for everybody, what to ask next, and where each voice stands."""

    drawn: Drawn
    priorities: Mapping[UUID, float]
    stands: Mapping[UUID, tuple[int | None, float | None, float | None]]


@dataclass(frozen=True)
class Rows:
    """A hall as the method takes it. Voices and statements in the order of their keys, so that two drawings agree."""

    statements: Sequence[Statement]
    channels: Mapping[UUID, str]
    stances: Sequence[tuple[UUID, UUID, int]]

    @property
    def open(self) -> set[UUID]:
        return {one.pk for one in self.statements if one.state == Statement.State.OPEN}


def rows_of(hall: Hall) -> Rows:
    """Four queries."""
    said = Stance.objects.filter(voice__hall=hall).order_by("voice", "statement")
    return Rows(
        statements=list(Statement.objects.filter(hall=hall).order_by("n")),
        channels=dict(Voice.objects.filter(hall=hall).order_by("pk").values_list("pk", "channel")),
        stances=list(said.values_list("voice", "statement", "said")),
    )


def redrawn(rows: Rows) -> Redrawn:
    """The whole map, by `methods.opinions`."""
    spoke = dict.fromkeys(voice for voice, _statement, _said in rows.stances)
    plain = Drawn(
        people=len(spoke), stances=len(rows.stances), statements=len(rows.open),
        channels=dict(Counter(rows.channels[voice] for voice in spoke)), needed=_needed(),
    )  # fmt: skip
    if not rows.stances or not rows.open:
        return Redrawn(plain, {}, {})
    found = map_of(rows)
    return Redrawn(_seen(plain, found, rows), _priorities(found, rows), _stands(found, rows))


def map_of(rows: Rows) -> "OpinionMap":
    from weizhi.methods.opinions import Votes, draw

    votes = Votes.of(
        ((str(voice), str(statement), said) for voice, statement, said in rows.stances),
        participants=list(dict.fromkeys(str(voice) for voice, _statement, _said in rows.stances)),
        statements=[str(one.pk) for one in rows.statements],
        removed=[str(one.pk) for one in rows.statements if one.pk not in rows.open],
    )
    return draw(votes)


def _needed() -> int:
    from weizhi.methods.opinions.mapping import LEAST_PEOPLE

    return LEAST_PEOPLE


def _priorities(found: "OpinionMap", rows: Rows) -> dict[UUID, float]:
    from weizhi.methods.opinions.speaking import priorities

    value = priorities(found.votes, found.label, found.components, found.means)
    return {one.pk: float(value[n]) for n, one in enumerate(rows.statements) if one.pk in rows.open}


def _seen(plain: Drawn, found: "OpinionMap", rows: Rows) -> Drawn:
    groups = law.shown_groups(_groups(found, rows))
    why = "" if groups else law.SMALL if found.k else _why(found)
    counts = law.shown_counts(_counts(rows))
    return Drawn(
        plain.people, plain.stances, plain.statements, plain.channels, counts,
        united=_united(found, rows, counts), groups=groups, why=why, standing=len(found.active), needed=plain.needed,
    )  # fmt: skip


def _why(found: "OpinionMap") -> str:
    if len(found.active) < found.least_people:
        return law.FEW
    return law.ALIKE if found.grouping is None else law.BLURRED


def _counts(rows: Rows) -> dict[int, list[int]]:
    number = {one.pk: one.n for one in rows.statements if one.pk in rows.open}
    counts = {n: [0, 0, 0] for n in number.values()}
    column = {law.AGREE: 0, law.DISAGREE: 1, law.PASS: 2}
    for _voice, statement, said in rows.stances:
        if statement in number:
            counts[number[statement]][column[said]] += 1
    return counts


def _united(found: "OpinionMap", rows: Rows, counts: Mapping[int, law.Counts]) -> tuple[int, ...]:
    """What most of every group agree to, in the method's order."""
    groups = max(1, found.k)
    agreed, seen = found.votes.sums(law.AGREE, found.label, groups), found.votes.sums(None, found.label, groups)
    uniting = [
        rows.statements[n].n
        for n in found.consensus.tolist()
        if rows.statements[n].n in counts and law.unites(agreed[:, n].tolist(), seen[:, n].tolist())
    ]
    return tuple(uniting[: law.UNITED_AT_MOST])


def _groups(found: "OpinionMap", rows: Rows) -> list[Group]:
    number = {str(one.pk): one.n for one in rows.statements}
    placed = _placed(found)
    result = []
    for key, (people, telling) in enumerate(zip(found.sizes, found.spokesmen(), strict=True)):
        own = placed[found.label == key]
        middle, wide = own.mean(axis=0), own.std(axis=0) * SPREAD
        says = tuple(
            Said(number[one.statement], one.side, one.agreed, one.disagreed, one.seen)
            for one in telling
            if one.significant
        )
        rx, ry = (max(THINNEST, float(one)) for one in wide)
        result.append(Group(key, people, says, float(middle[0]), float(middle[1]), rx, ry))
    return result


def _placed(found: "OpinionMap") -> "Floats":
    """Everybody's place within the square that those on the map fill."""
    import numpy as np

    own = found.places[found.active]
    low, high = own.min(axis=0), own.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    result: Floats = np.clip((found.places - low) / span, 0.0, 1.0)
    return result


def _stands(found: "OpinionMap", rows: Rows) -> dict[UUID, tuple[int | None, float | None, float | None]]:
    if not found.k:
        return {}
    placed = _placed(found)
    return {
        UUID(voice): (int(group), float(x), float(y)) if group >= 0 else (None, None, None)
        for voice, group, (x, y) in zip(found.votes.participants, found.label.tolist(), placed.tolist(), strict=True)
    }
