"""Cast: one voice says what it wants for one entitlement, over any channel. The box's own door, beside the matter's.

Saved at once, confirmed with a receipt; said again, it replaces what was said. Many may cast at the same instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.decisions import interests
from weizhi.decisions.actions.close_early import CONSENT, close_if_all_spoke
from weizhi.decisions.boxes import Mine, hold_for, paper_of
from weizhi.decisions.choices import BadChoice, packed
from weizhi.decisions.models import Channel, Entitlement, Envelope, Receipt, Speaker, Vote
from weizhi.decisions.putting import lying, put_first
from weizhi.decisions.receipts import bound, receipt_hash, signed
from weizhi.decisions.urns import NO_MORE, check_alone
from weizhi.matters.refused import Refused
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.people.vault import keyring
from weizhi.places.writing import insert_one
from weizhi.record.origin import the_clock
from weizhi.secrets.ballots import seal

OWN, FOR_ANOTHER = 1, 0
SELF = (Channel.PHONE, Channel.MEETING)
IN_URN = "!paper"  # in the envelope of whoever handed in a paper of a secret vote
KEYS_KEPT = 32
REPLACED = (
    "sealed", "receipt", "channel", "cast_at", "cast_by_id", "recorded_by_id", "evidence", "signed", "rank", "key",
    "past_keys",
)  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """What the voter keeps. again: this very sending had arrived before, and nothing was done now."""

    receipt: str
    vote: UUID
    entitlement: UUID
    changed: bool
    again: bool = False


def cast(
    vote_id: UUID,
    chosen: Sequence[str],
    *,
    by: Person,
    entitlement: UUID | None = None,
    channel: str = Channel.PHONE,
    key: str = "",
    at: datetime | None = None,
) -> Cast:
    """Cast with one's own hand: for oneself, for a home one owns a part of, or as somebody's proxy.

    `entitlement` may be left out by whoever has only one. Sent again under the same `key`, it answers with the first
    receipt, also after closing (of a secret vote until the count); sent again under a key that a later change has
    passed by, it is refused, so that a message that lay about on the way never undoes a change of mind. Raises
    Refused; then nothing was written.
    """
    now = the_clock(at)
    if channel not in SELF:
        raise Refused("bad-data", "自己投票，只能用手机投或者在会上投。", field="channel")
    with transaction.atomic():
        vote, mine = hold_for(vote_id, by.pk, entitlement)
        if channel == Channel.PHONE and not vote.phone:
            raise Refused("not-yours", "这次投票不能用手机投。请到投票的地方去，或者请人上门。")
        line, voice, rank = _spoken_for(mine, by)
        if vote.secret:
            check_alone(vote, line, voice, paper=False)
        shown_channel = Channel.PROXY if rank == FOR_ANOTHER else channel
        done = put_in(vote, line, voice, chosen, Sending(by, shown_channel, now, rank=rank, key=key))
    if vote.kind == CONSENT:
        close_if_all_spoke(vote_id, now)
    return done


@dataclass(frozen=True)
class Sending:
    """How a ballot came in. late: a paper that lay in the urn before closing, marked after it."""

    by: Person
    channel: str
    at: datetime
    rank: int = OWN
    recorded_by: Person | None = None
    evidence: str = ""
    signed: bool = True
    key: str = ""
    late: bool = False


def put_in(vote: Vote, line: Entitlement, voice: str, chosen: Sequence[str] | None, how: Sending) -> Cast:
    """Seal a choice into the box, in the transaction in which the box is held. A voice's first ballot is one query:
    that it is the first is what the database answers when it is put in. None is a paper of a secret vote: it lies in
    the urn, and its envelope says no more than that."""
    key = sending_key(how, chosen)
    sits_out = interests.sits_out(vote, line)
    goes_in = how.late or is_open(vote, how.at)
    if goes_in and not sits_out:
        choice = (IN_URN,) if chosen is None else _checked(vote, chosen)
        envelope = _sealed(vote, line, voice, choice, how, key)
        if put_first(envelope, _receipt_of(envelope)):
            return Cast(envelope.receipt, vote.pk, line.pk, changed=False)
    held = lying.first(vote.pk, line.pk, voice)
    if held is not None and key and (known := _again(held, key)):
        return known
    if not goes_in:
        check_open(vote, how.at)
    if sits_out:
        raise interests.refusal(vote)
    assert held is not None, "what could not be put in first lies there, until the count"
    _may_replace(vote, line, held, how)
    _replace(held, envelope)
    return Cast(envelope.receipt, vote.pk, line.pk, changed=True)


def _sealed(vote: Vote, line: Entitlement, voice: str, choice: Sequence[str], how: Sending, key: str) -> Envelope:
    envelope = Envelope(
        vote_id=vote.pk, entitlement_id=line.pk, voice=voice, channel=how.channel, cast_at=how.at,
        cast_by_id=how.by.pk, recorded_by_id=how.recorded_by.pk if how.recorded_by else None, evidence=how.evidence,
        signed=how.signed, rank=how.rank, key=key,
    )  # fmt: skip
    meant = bound(envelope)
    envelope.sealed = seal(packed(choice), vote.envelope_size, bytes(vote.public_key), meant)
    envelope.receipt = receipt_hash(envelope.sealed, meant)
    return envelope


def _receipt_of(envelope: Envelope) -> Receipt:
    return Receipt(hash=envelope.receipt, vote_id=envelope.vote_id, signature=signed(envelope.receipt))


def sending_key(how: Sending, chosen: Sequence[str] | None) -> str:
    """What tells that this very ballot was sent before: who, under which key, with which choice. The same key with
    another choice is a change of mind, not an echo; keyed, because it lies beside the line."""
    return keyring().blind(f"{how.by.pk}:{how.key}:{list(chosen or ())}", "ballot-sending") if how.key else ""


def _again(held: Envelope, key: str) -> Cast | None:
    """The answer where this sending arrived before. Raises Refused where a later change has passed it by."""
    if held.key == key:
        return Cast(held.receipt, held.vote_id, held.entitlement_id, changed=False, again=True)
    if key in held.past_keys:
        raise Refused("key-reused", "这一次早已收到，后来又改投过。现在以后来的为准，要再改请重新投。")
    return None


def _replace(held: Envelope, new: Envelope) -> None:
    past = [*held.past_keys, held.key] if held.key else held.past_keys
    new.past_keys = past[-KEYS_KEPT:]
    Receipt.objects.filter(pk=held.receipt).update(state=Receipt.State.REPLACED)
    Envelope.objects.filter(pk=held.pk).update(**{name: getattr(new, name) for name in REPLACED})
    insert_one(_receipt_of(new))


def is_open(vote: Vote, at: datetime) -> bool:
    return vote.counted_at is None and vote.step.closed_at is None and vote.opens_at <= at < vote.closes_at


def check_open(vote: Vote, at: datetime) -> None:
    """Nothing goes in before opening or after closing, however late the count comes. Raises Refused."""
    if is_open(vote, at):
        return
    if at < vote.opens_at:
        raise Refused("not-yet", "投票还没有开始。")
    raise Refused("closed", "投票已经结束，不能再投了。结果请看公告。")


def _checked(vote: Vote, chosen: Sequence[str]) -> tuple[str, ...]:
    try:
        return paper_of(vote.pk).checked(chosen)
    except BadChoice as bad:
        raise Refused("bad-data", str(bad), field="choice") from None


def _may_replace(vote: Vote, line: Entitlement, held: Envelope, how: Sending) -> None:
    """An own word stands over a proxy's, a signed one over an unsigned; a household speaks once. Raises Refused."""
    if vote.secret and held.channel == Channel.PAPER:
        raise Refused("meanwhile", NO_MORE)
    if how.rank < held.rank:
        raise Refused("meanwhile", "本人已经投过了，受托的票不能代替本人的票。")
    if held.signed and not how.signed:
        raise Refused("meanwhile", "已经有一张有效的票了，没有签名的纸票不能代替它。")
    family = line.kind == Entitlement.Kind.HOUSEHOLD and how.recorded_by is None and held.rank >= how.rank
    if family and held.cast_by_id != how.by.pk:
        raise Refused("meanwhile", "您家已经投过了，一户一票。要改，请由投票的那位家人来改，或者找居委会。")
    if not vote.revote and held.signed and how.rank == held.rank:
        raise Refused("too-often", "这次表决投出后不能改。您的票已经收到。")


def _spoken_for(mine: Sequence[Mine], by: Person) -> tuple[Entitlement, str, int]:
    """The line this person casts for, as whose voice, and how it ranks. Raises Refused."""
    if not mine:
        raise Refused("not-yours", "您不在这次的名册上。如果应当在，请在异议期内向居委会提出。")
    line = mine[0].line
    if any(one.line.pk != line.pk for one in mine):
        raise Refused("bad-data", "您有不止一票，请选一下这一票投给哪一处。", field="entitlement")
    if line.person_id == by.pk:
        return line, voice_of(line), OWN
    whose = {one.as_what: one.of_person for one in mine}
    if Speaker.As.OWNER in whose:
        return line, voice_of(line, by.pk), OWN
    return line, voice_of(line, whose[Speaker.As.PROXY]), FOR_ANOTHER


def voice_of(line: Entitlement, person: UUID | None = None) -> str:
    """Whose word it is: the person's, else that of who stands on the roll, else the line's own.

    A household has one voice, whoever of it speaks: so the database itself refuses it a second."""
    whose = person or line.person_id
    household = line.kind == Entitlement.Kind.HOUSEHOLD
    return f"line:{line.n}" if household or whose is None else person_key(whose)
