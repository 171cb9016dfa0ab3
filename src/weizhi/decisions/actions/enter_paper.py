"""Enter a paper: two people read it off, one after the other; what both read alike goes into the box."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.decisions.actions.cast import check_open
from weizhi.decisions.actions.close_early import close_if_all_spoke
from weizhi.decisions.actions.record_ballot import EVIDENCE_AT_MOST, record_ballot, voice_for
from weizhi.decisions.boxes import hold
from weizhi.decisions.choices import BadChoice, Paper
from weizhi.decisions.clerks import may_record
from weizhi.decisions.models import Channel, Entitlement, PaperEntry, Vote
from weizhi.decisions.urns import check_no_record
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.people.vault import keyring
from weizhi.record.origin import the_clock

ROOM = 192  # for what stands about the choice: signed or not, whose paper it is


@dataclass(frozen=True)
class Reading:
    """What somebody read off a paper. `of`: whose paper it is, where several own the home."""

    choice: tuple[str, ...]
    signed: bool = True
    of: str = ""


@dataclass(frozen=True)
class Entered:
    """`receipt` once it is in the box; until then the other readings of this paper that differ, with who read them."""

    line: Entitlement
    receipt: str = ""
    others: tuple[tuple[str, Reading], ...] = ()
    mine: Reading | None = None

    @property
    def in_box(self) -> bool:
        return bool(self.receipt)


def enter_paper(
    vote_id: UUID, reading: Reading, *, by: Person, entitlement: UUID, number: str = "", at: datetime | None = None
) -> Entered:
    """Keep this person's reading, or put the paper into the box where somebody else read the same.

    Whoever enters a paper again corrects only his own reading: nobody is both. `number` is what stands on the
    paper, the line's where nothing does. Raises Refused; then nothing was written.
    """
    now = the_clock(at)
    with transaction.atomic():
        entered = _enter(hold(vote_id), reading, by, entitlement, number, now)
    if entered.in_box:
        close_if_all_spoke(vote_id, now)
    return entered


def _enter(vote: Vote, reading: Reading, by: Person, entitlement: UUID, number: str, now: datetime) -> Entered:
    may_record(vote, by, now)
    check_open(vote, now)
    check_no_record(vote, paper=True)
    # Alone with this line: two people who enter the same paper in one instant must see one another.
    line = (
        Entitlement.objects.standing().select_for_update(no_key=True).filter(roll=vote.roll_id, pk=entitlement).first()
    )
    if line is None:
        raise Refused("bad-data", "名册上没有这一户。请对着名册再看一遍。", field="line")
    mine = Reading(_checked(vote, reading.choice), reading.signed, reading.of)
    voice = voice_for(vote, line, _of(mine))  # refused at the first reading, not at the second
    rows = PaperEntry.objects.filter(vote=vote, entitlement=line, voice=voice)
    others = [(row.by, read(row)) for row in rows.exclude(by=by).select_related("by").order_by("at")]
    same = next((person for person, said in others if said == mine), None)
    if same is None:
        said = json.dumps(asdict(mine)).ljust(vote.envelope_size + ROOM)  # one length: it would tell the choice
        sealed = keyring().encrypt(said, _identity(vote.pk, line.pk))
        rows.update_or_create(vote=vote, entitlement=line, voice=voice, by=by, defaults={"at": now, "sealed": sealed})
        return Entered(line, others=tuple((person.name, said) for person, said in others), mine=mine)
    rows.delete()
    done = record_ballot(
        vote.pk, mine.choice, by=by, entitlement=line.pk, channel=Channel.PAPER,
        evidence=evidence_of(number or f"{line.n:04d}", same, by), of=_of(mine), is_signed=mine.signed, at=now,
            closes=False,
    )  # fmt: skip
    return Entered(line, receipt=done.receipt, mine=mine)


def read(row: PaperEntry) -> Reading:
    """What somebody read off, in clear."""
    said = json.loads(keyring().decrypt(bytes(row.sealed), _identity(row.vote_id, row.entitlement_id)))
    return Reading(tuple(said["choice"]), said["signed"], said["of"])


def evidence_of(number: str, first: Person, second: Person) -> str:
    """Where the paper lies, and that two people read it."""
    return f"纸票 {number}；{first.name}、{second.name}各录一遍，一致"[:EVIDENCE_AT_MOST]


def _identity(vote: UUID, line: UUID) -> str:
    return f"decisions.PaperEntry:{vote}:{line}"


def _of(reading: Reading) -> Person | None:
    return Person.objects.filter(pk=reading.of).first() if reading.of else None


def _checked(vote: Vote, choice: Sequence[str]) -> tuple[str, ...]:
    try:
        return Paper.from_brief(vote.brief).checked(choice)
    except BadChoice as bad:
        raise Refused("bad-data", str(bad), field="choice") from None
