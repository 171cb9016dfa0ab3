"""A declared interest in a body's vote (SYSTEMS F10): whoever declared one has no voice in it while he is a deputy.

Only seats are set aside: what an owner or a resident decides is his own affair by law, interest or not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from weizhi.decisions.lean import OnRoll
from weizhi.decisions.models import Entitlement, Vote
from weizhi.decisions.results import Opened, Tallied, rule_of
from weizhi.decisions.urns import marks
from weizhi.matters.models import Party, PartyQuerySet
from weizhi.matters.pinned import charter_by_hash
from weizhi.matters.refused import Refused
from weizhi.people.access import person_key

SEATED: Final = "deputies"  # the electorate whose lines are seats
WHY: Final = "申报了利害关系，回避"


def interest_of(matter: UUID | OuterRef, person: UUID | None) -> Exists:
    """Whether this person declared an interest in the matter, as part of another query."""
    return Exists(_declared(matter).filter(who=person_key(person) if person else ""))


def _declared(matter: UUID | OuterRef) -> PartyQuerySet:
    return Party.objects.filter(matter=matter, relation=Party.DECLARED, step__isnull=True)


def sits_out(vote: Vote, line: Entitlement) -> bool:
    """Whether the line is that of a deputy with an interest. One query where it is a seat, else none."""
    if line.kind != Entitlement.Kind.SEAT or line.person_id is None:
        return False
    return _declared(vote.matter_id).filter(who=person_key(line.person_id)).exists()


def refusal(vote: Vote) -> Refused:
    """Why he casts nothing, with the rule's line."""
    return Refused("not-yours", "申报了利害关系的人不参加这次表决，这一票不收。", line=charter_line(vote))


def charter_line(vote: Vote) -> str:
    """What the charter's rule says of the base."""
    rule = rule_of(vote)
    return f"rules.{rule.key}.declared" if rule else ""


def sitting_out(vote: Vote) -> dict[int, str]:
    """Who sits out, by the number and the name on the roll, before the count. No query where the roll has no seats;
    else one, two where there is anybody."""
    if charter_by_hash(vote.matter.charter_id).electorates[vote.roll.electorate].of != SEATED:
        return {}
    keys = list(_declared(vote.matter_id).values_list("who", flat=True))
    if not keys:
        return {}
    seats = Entitlement.objects.filter(roll=vote.roll_id, kind=Entitlement.Kind.SEAT, head__in=keys).standing()
    return dict(seats.order_by("n").values_list("n", "label"))


@dataclass(frozen=True)
class Recused:
    """The lines of those who declared an interest, and whether they leave the base."""

    lines: tuple[OnRoll, ...] = ()
    leaves: bool = False

    def asked(self, lines: Sequence[OnRoll]) -> Sequence[OnRoll]:
        """The lines on which the shares are counted."""
        gone = self._ids if self.leaves else frozenset[UUID]()
        return [line for line in lines if line.pk not in gone] if gone else lines

    def heard(self, opened: Opened) -> Opened:
        """What counts of what was opened."""
        gone = self._ids
        return [one for one in opened if one[0].entitlement_id not in gone] if gone else opened

    def told(self, found: Tallied, opened: Opened) -> dict[str, Any]:
        """The result with who sat out: on the page, on the notice, in the record of the count."""
        if not self.lines:
            return found.result
        cast = {envelope.entitlement_id for envelope, _choice in opened}
        aside = [[line.label, WHY] for line in self.lines if line.pk in cast]
        words = f"{len(self.lines)} 人申报了利害关系，回避了表决，{'不算' if self.leaves else '仍算'}在全体之内。"
        return {
            **found.result, "aside": [*found.result["aside"], *aside], "declared": [line.n for line in self.lines],
            "recused": [line.label for line in self.lines],
            "notice": found.result["notice"] + words, "minutes": found.result["minutes"] + words,
        }  # fmt: skip

    @property
    def _ids(self) -> Collection[UUID]:
        return frozenset(line.pk for line in self.lines)


def recused(vote: Vote, lines: Sequence[OnRoll]) -> Recused:
    """Who of the roll sits out. One query where the roll is one of seats, else none."""
    if not lines or lines[0].kind != Entitlement.Kind.SEAT:
        return Recused()
    keys = set(_declared(vote.matter_id).values_list("who", flat=True))
    rule = rule_of(vote)
    found = tuple(line for line in lines if line.person_id and person_key(line.person_id) in keys)
    if found and vote.secret:  # whose paper lay in the urn before: it is nobody's now, and cannot be taken out
        papers = set(marks(vote).values_list("entitlement", flat=True))
        found = tuple(line for line in found if line.pk not in papers)
    return Recused(found, leaves=rule is not None and rule.declared == "leaves")
