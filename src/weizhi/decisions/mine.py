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
    lines = list(Entitlement.objects.filter(roll__in=rolls).of(person, *(v.pk for v in votes)).order_by("roll", "n"))
    spoken = list(Speaker.objects.speaking(*(v.pk for v in votes)).filter(entitlement__in=lines, person=person))
    said = {
        (row.vote_id, row.entitlement_id, row.voice): row.receipt
        for row in Envelope.objects.filter(vote__in=votes, entitlement__in=lines).defer("sealed")
    }
    found: list[Mine] = []
    for line in lines:
        for vote in votes:
            if vote.roll_id != line.roll_id or (whose := _whose(vote, line, person, spoken)) is None:
                continue
            voice = voice_of(line, whose.person)
            found.append(Mine(vote.pk, line, voice, whose.proxy, said.get((vote.pk, line.pk, voice), "")))
    return found


@dataclass(frozen=True)
class _Whose:
    person: UUID | None
    proxy: bool


def _whose(vote: Vote, line: Entitlement, person: Person, spoken: list[Speaker]) -> _Whose | None:
    """As whom this person speaks for the line at this vote; None where his paper is for another ballot of the roll."""
    mine = {one.as_what: one for one in spoken if one.entitlement_id == line.pk and one.vote_id in (None, vote.pk)}
    if line.person_id == person.pk or Speaker.As.OWNER in mine:
        return _Whose(person.pk, proxy=False)
    given = mine.get(Speaker.As.PROXY)
    return _Whose(given.of_person_id, proxy=True) if given else None
