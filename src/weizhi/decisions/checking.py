"""Does the box still hold what was put in? Before the count by receipts, seals and the roll; afterwards by the root.

Whoever has the database alone cannot change, add, take out or swap anything of an open vote without its showing here,
if the newest receipts that people hold are asked as well (docs/votes.md says what this proves and what it does not).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from weizhi.decisions.models import Entitlement, Envelope, Receipt, Speaker, UrnPaper, Vote
from weizhi.decisions.paper_numbers import is_printed
from weizhi.decisions.receipts import bound, is_ours, receipt_hash
from weizhi.decisions.rolls import line_of, root_hex
from weizhi.decisions.urns import TAKEN_BACK, bound_paper
from weizhi.people.access import person_key
from weizhi.people.vault import keyring
from weizhi.record.canonical import canonical
from weizhi.record.models import Entry
from weizhi.secrets.keyring import Keyring

GONE = (Receipt.State.REPLACED, Receipt.State.BACK)


@dataclass(frozen=True)
class Fault:
    """Something that does not fit: where (a receipt, a line, the vote), and what is wrong."""

    where: str
    what: str


def faults(vote: Vote, given_out: Collection[str] = ()) -> Iterator[Fault]:
    """Compare the vote, its roll, envelopes and receipts, and the newest receipts that people hold. Yields nothing
    where all is well. Before the count every envelope must make its own receipt; afterwards the root takes over."""
    if not is_sealed(vote):
        yield Fault("", "题目、规则、名册或期限在投票开始以后被改动过")
    yield from _of_the_roll(vote)
    listed = {row.hash: row for row in Receipt.objects.filter(vote=vote)}
    for row in listed.values():
        if not is_ours(row.hash, bytes(row.signature)):
            yield Fault(row.hash, "这张回执不是系统发出的")
    for hash_ in given_out:
        if hash_ not in listed:
            yield Fault(hash_, "发出去的回执不在名单里")
        elif listed[hash_].state in GONE:
            yield Fault(hash_, "最后一张回执被标成了已代替")
    yield from _of_the_envelopes(vote, listed)
    yield from _of_the_urn(vote, listed)


def _of_the_envelopes(vote: Vote, listed: dict[str, Receipt]) -> Iterator[Fault]:
    held = {paper.receipt for paper in UrnPaper.objects.filter(vote=vote).only("receipt")}
    for envelope in Envelope.objects.filter(vote=vote).iterator(chunk_size=2000):
        held.add(envelope.receipt)
        if envelope.receipt not in listed:
            yield Fault(envelope.receipt, "票封没有回执")
        elif envelope.sealed is not None and envelope.receipt != receipt_hash(bytes(envelope.sealed), bound(envelope)):
            yield Fault(envelope.receipt, "票封和它的回执对不上")
        elif envelope.sealed is None and vote.counted_at is None:
            yield Fault(envelope.receipt, "票封是空的")
        elif listed[envelope.receipt].state in GONE:
            yield Fault(envelope.receipt, "票封被换回了旧的一张")
    for row in listed.values():
        if row.state not in GONE and row.hash not in held:
            yield Fault(row.hash, "有回执，没有票封")
    backs = sum(row.state == Receipt.State.BACK for row in listed.values())
    entries = Entry.objects.filter(stream=vote.matter.stream_id, verb=TAKEN_BACK).values_list("public", flat=True)
    if backs != sum(told.get("marks", 0) for told in entries if told and told.get("vote") == str(vote.pk)):
        yield Fault("", "收回的纸票记号，和记录里的对不上")


def _of_the_urn(vote: Vote, listed: dict[str, Receipt]) -> Iterator[Fault]:
    """Each paper makes its own receipt, bears a number that this vote can have printed, and was read by two."""
    for paper in UrnPaper.objects.filter(vote=vote):
        if paper.receipt not in listed:
            yield Fault(paper.number, "票箱里的纸票没有回执")
        elif paper.sealed is not None and paper.receipt != receipt_hash(bytes(paper.sealed), bound_paper(paper)):
            yield Fault(paper.number, "票箱里的纸票和它的回执对不上")
        elif paper.sealed is None and vote.counted_at is None:
            yield Fault(paper.number, "票箱里的纸票是空的")
        if not is_printed(vote.pk, paper.number) or paper.first_id == paper.second_id:
            yield Fault(paper.number, "纸票的号码不是这次印的，或者不是两个人读的")


def _of_the_roll(vote: Vote) -> Iterator[Fault]:
    """The lines still make the roll's root, and nobody speaks for a line who has no right to."""
    lines = list(Entitlement.objects.filter(roll=vote.roll_id).standing().order_by("n"))
    if root_hex(line_of(line) for line in lines) != vote.roll.root:
        yield Fault("", "名册在定下来以后被改动过")
    speakers = list(Speaker.objects.filter(entitlement__roll=vote.roll_id))
    entries = Entry.objects.filter(pk__in=[one.by_entry for one in speakers if one.by_entry])
    told = {pk: (public or {}).get("lasts", True) for pk, public in entries.values_list("pk", "public")}
    owners: dict[Any, set[Any]] = {}
    by_pk = {line.pk: line for line in lines}
    for one in speakers:
        line = by_pk.get(one.entitlement_id)
        if one.as_what == Speaker.As.PROXY and (one.by_entry is None or one.by_entry not in told):
            yield Fault(f"{line.n if line else ''}", "受托人没有书面委托的记录")
        elif one.as_what == Speaker.As.PROXY and one.by_entry and told[one.by_entry] != (one.vote_id is None):
            yield Fault(f"{line.n if line else ''}", "委托管哪几次投票，和记录里的不一样")
        elif one.as_what == Speaker.As.OWNER:
            owners.setdefault(one.entitlement_id, set()).add(one.person_id)
            if line is not None and not _owns(line, one.person_id):
                yield Fault(f"{line.n}", "表决人不是这一户的业主")
    for line in lines:
        if line.person_id and not _owns(line, line.person_id) and line.person_id not in owners.get(line.pk, ()):
            yield Fault(f"{line.n}", "这一票换了人")


def _owns(line: Entitlement, person: Any) -> bool:
    """Whether the line's head, which the root covers, names this person (a household's head is its home)."""
    if line.kind in (Entitlement.Kind.PERSON, Entitlement.Kind.SEAT):
        return line.head == person_key(person)
    if line.kind in (Entitlement.Kind.HOME, Entitlement.Kind.PARKING) and not line.head.startswith("many:"):
        return str(person) in line.head.split("+")
    return True


def head_of_vote(vote: Vote) -> bytes:
    """Everything that stands from opening on, as it is sealed."""
    return canonical(
        [
            vote.pk, vote.matter_id, vote.step_id, vote.roll_id, vote.roll.root, vote.kind, vote.secret, vote.phone,
            vote.revote, vote.brief, vote.rule, vote.opens_at, vote.closes_at, bytes(vote.public_key).hex(),
            vote.envelope_size,
        ]
    )  # fmt: skip


def seal_of(vote: Vote, keys: Keyring | None = None) -> str:
    """`keys`: those of another house, when a community moves."""
    return (keys or keyring()).blind(head_of_vote(vote).decode(), "decisions.Vote")


def is_sealed(vote: Vote) -> bool:
    """Whether the vote is as it was opened."""
    return bool(vote.seal) and vote.seal == seal_of(vote)
