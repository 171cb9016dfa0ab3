"""What a person may cast for: the lines, as whose voice, and what already lies in the box. Three queries for all."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from weizhi.decisions.actions.cast import voice_of
from weizhi.decisions.models import Entitlement, Envelope, Speaker, Vote
from weizhi.people.models import Person


@dataclass(frozen=True)
class Mine:
    """One line of one vote that this person may speak for; receipt: of what the voice has said so far."""

    vote: UUID
    line: Entitlement
    voice: str
    proxy: bool
    receipt: str


def lines_of(votes: Collection[Vote], person: Person) -> list[Mine]:
    """In the order of the rolls."""
    rolls = {vote.roll_id for vote in votes}
    lines = list(Entitlement.objects.filter(roll__in=rolls).of(person).order_by("roll", "n"))
    spoken = {
        (row.entitlement_id, row.as_what): row
        for row in Speaker.objects.filter(entitlement__in=lines, person=person, until__isnull=True)
    }
    said = {
        (row.vote_id, row.entitlement_id, row.voice): row.receipt
        for row in Envelope.objects.filter(vote__in=votes, entitlement__in=lines).defer("sealed")
    }
    found: list[Mine] = []
    for line in lines:
        proxy = line.person_id != person.pk and (line.pk, Speaker.As.OWNER) not in spoken
        whose = spoken[line.pk, Speaker.As.PROXY].of_person_id if proxy else person.pk
        voice = voice_of(line, whose)
        found += [
            Mine(vote.pk, line, voice, proxy, said.get((vote.pk, line.pk, voice), ""))
            for vote in votes
            if vote.roll_id == line.roll_id
        ]
    return found
