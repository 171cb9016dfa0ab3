"""Read the urn: after closing two people read each paper by its number, separately; what both read alike lands.

As `enter_paper` of a named vote, but no line is named: the number on the paper was drawn by chance for its printing.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from weizhi.decisions import paper_numbers, urns
from weizhi.decisions.boxes import take
from weizhi.decisions.choices import BadChoice, Paper, packed
from weizhi.decisions.clerks import may_record
from weizhi.decisions.models import Receipt, UrnPaper, UrnReading, Vote
from weizhi.decisions.receipts import receipt_hash, signed
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.people.vault import keyring
from weizhi.record.origin import the_clock
from weizhi.secrets.ballots import seal

ROOM: Final = 64
WRONG_NUMBER: Final = "这次投票没有印过 {number} 号的票。请再看一遍票上的 16 位数字；真没有印过的，放一边，不能算。"
READ_ALREADY: Final = "这一张两个人都读过了，已经在里面。手里如果是另一张同号的票，请放一边，交给监票的人。"


@dataclass(frozen=True)
class UrnSaid:
    """What somebody read: a choice, nothing (空白票), or what cannot count (作废)."""

    choice: tuple[str, ...] = ()
    blank: bool = False
    spoilt: bool = False


@dataclass(frozen=True)
class UrnRead:
    """`receipt` once two have read it alike; until then the other readings that differ, with who read them."""

    number: str
    receipt: str = ""
    others: tuple[tuple[str, UrnSaid], ...] = ()
    mine: UrnSaid | None = None


def read_urn(vote_id: UUID, said: UrnSaid, *, by: Person, number: str, at: datetime | None = None) -> UrnRead:
    """Keep this person's reading of a paper, or let the paper land where somebody else read the same.

    Who reads a paper again corrects only his own reading: nobody is both. A paper that lands after somebody said
    that the urn is read out takes that back. Raises Refused; then nothing was written.
    """
    now = the_clock(at)
    with transaction.atomic():
        vote = take(vote_id)  # alone: two who read one paper in one instant must see one another
        may_record(vote, by, now)
        urns.check_reading(vote, now)
        number = paper_numbers.plain(number)
        if not paper_numbers.is_printed(vote.pk, number):
            raise Refused("bad-data", WRONG_NUMBER.format(number=number or "空"), field="paper")
        if UrnPaper.objects.filter(vote=vote, number=number).exists():
            raise Refused("meanwhile", READ_ALREADY, field="paper")
        mine = _checked(vote, said)
        if vote.urn:
            vote.urn = {}
            vote.save(update_fields=["urn"])
        return _compared(vote, number, mine, by)


def _compared(vote: Vote, number: str, mine: UrnSaid, by: Person) -> UrnRead:
    rows = UrnReading.objects.filter(vote=vote, number=number)
    others = [(row.by, what_was_read(row)) for row in rows.exclude(by=by).select_related("by").order_by("pk")]
    same = next((person for person, said in others if said == mine), None)
    if same is None:
        text = json.dumps(asdict(mine)).ljust(vote.envelope_size + ROOM)  # one length: it would tell the choice
        sealed = keyring().encrypt(text, _identity(vote.pk, number))
        rows.update_or_create(vote=vote, number=number, by=by, defaults={"sealed": sealed})
        return UrnRead(number, others=tuple((person.name, said) for person, said in others), mine=mine)
    rows.delete()
    return UrnRead(number, _land(vote, number, mine, same, by), mine=mine)


def _land(vote: Vote, number: str, said: UrnSaid, first: Person, second: Person) -> str:
    paper = UrnPaper(vote=vote, number=number, first=first, second=second)
    meant = urns.bound_paper(paper)
    choice = [urns.SPOILT] if said.spoilt else [urns.BLANK] if said.blank else said.choice
    paper.sealed = seal(packed(choice), vote.envelope_size, bytes(vote.public_key), meant)
    paper.receipt = receipt_hash(paper.sealed, meant)
    paper.save(force_insert=True)
    Receipt.objects.create(hash=paper.receipt, vote=vote, signature=signed(paper.receipt))
    return paper.receipt


def what_was_read(row: UrnReading) -> UrnSaid:
    """What somebody read, in clear."""
    said = json.loads(keyring().decrypt(bytes(row.sealed), _identity(row.vote_id, row.number)))
    return UrnSaid(tuple(said["choice"]), said["blank"], said["spoilt"])


def _identity(vote: UUID, number: str) -> str:
    return f"decisions.UrnReading:{vote}:{number}"


def _checked(vote: Vote, said: UrnSaid) -> UrnSaid:
    if said.spoilt or said.blank:
        return UrnSaid(blank=said.blank and not said.spoilt, spoilt=said.spoilt)
    if not said.choice:
        raise Refused("bad-data", "请选票上选的；什么都没写的选“空白票”，看不清、多选的选“作废”。", field="choice")
    try:
        return UrnSaid(Paper.from_brief(vote.brief).checked(said.choice))
    except BadChoice as bad:
        raise Refused("bad-data", f"{bad}票上就是这样写的，选“作废”。", field="choice") from None
