"""Cast: one voice says what it wants for one entitlement, over any channel. The box's own door, beside the matter's.

Saved at once, confirmed with a receipt; said again, it replaces what was said. Many may cast at the same instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from weizhi.decisions.actions.close_early import CONSENT, close_if_all_spoke
from weizhi.decisions.boxes import hold
from weizhi.decisions.choices import BadChoice, Paper, packed
from weizhi.decisions.models import Channel, Entitlement, Envelope, Receipt, Speaker, Vote
from weizhi.decisions.receipts import bound, receipt_hash, signed
from weizhi.matters.refused import Refused
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.people.vault import keyring
from weizhi.record.origin import the_clock
from weizhi.secrets.ballots import seal

OWN, FOR_ANOTHER = 1, 0
SELF = (Channel.PHONE, Channel.MEETING)
KEY_AT_MOST = 80
KEYS_KEPT = 32
REPLACED = (
    "sealed", "receipt", "channel", "cast_at", "cast_by", "recorded_by", "evidence", "signed", "rank", "key",
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
    receipt, also after closing; sent again under a key that a later change has passed by, it is refused, so that a
    message that lay about on the way never undoes a change of mind. Raises Refused; then nothing was written.
    """
    now = the_clock(at)
    if channel not in SELF:
        raise Refused("bad-data", "自己投票，只能用手机投或者在会上投。", field="channel")
    with transaction.atomic():
        vote = hold(vote_id)
        if channel == Channel.PHONE and not vote.phone:
            raise Refused("not-yours", "这次投票不能用手机投。请到投票的地方去，或者请人上门。")
        line, voice, rank = _mine(vote, by, entitlement)
        shown_channel = Channel.PROXY if rank == FOR_ANOTHER else channel
        done = put_in(vote, line, voice, chosen, Sending(by, shown_channel, now, rank=rank, key=key))
    if vote.kind == CONSENT:
        close_if_all_spoke(vote_id, now)
    return done


@dataclass(frozen=True)
class Sending:
    """How a ballot came in."""

    by: Person
    channel: str
    at: datetime
    rank: int = OWN
    recorded_by: Person | None = None
    evidence: str = ""
    signed: bool = True
    key: str = ""


def put_in(vote: Vote, line: Entitlement, voice: str, chosen: Sequence[str], how: Sending) -> Cast:
    """Seal a choice into the box, in the transaction in which the box is held. Four queries, five on a change."""
    key = sending_key(how, chosen)
    held = _held(vote, line, voice)
    if held is not None and key and (known := _again(held, key)):
        return known
    check_open(vote, how.at)
    choice = _checked(vote, chosen)
    if held is not None:
        _may_replace(vote, line, held, how)
    envelope = Envelope(
        vote=vote, entitlement=line, voice=voice, channel=how.channel, cast_at=how.at, cast_by=how.by,
        recorded_by=how.recorded_by, evidence=how.evidence, signed=how.signed, rank=how.rank, key=key,
    )  # fmt: skip
    meant = bound(envelope)
    envelope.sealed = seal(packed(choice), vote.envelope_size, bytes(vote.public_key), meant)
    envelope.receipt = receipt_hash(envelope.sealed, meant)
    if held is None and not _put_first(envelope):
        return put_in(vote, line, voice, chosen, how)  # the same voice in this very instant: now it is a change
    if held is not None:
        _replace(held, envelope)
    Receipt.objects.create(hash=envelope.receipt, vote=vote, signature=signed(envelope.receipt))
    return Cast(envelope.receipt, vote.pk, line.pk, changed=held is not None)


def sending_key(how: Sending, chosen: Sequence[str]) -> str:
    """What tells that this very ballot was sent before: who, under which key, with which choice. The same key with
    another choice is a change of mind, not an echo; keyed, because it lies beside the line."""
    return keyring().blind(f"{how.by.pk}:{how.key}:{list(chosen)}", "ballot-sending") if how.key else ""


def _held(vote: Vote, line: Entitlement, voice: str) -> Envelope | None:
    return Envelope.objects.select_for_update().filter(vote=vote, entitlement=line, voice=voice).first()


def _again(held: Envelope, key: str) -> Cast | None:
    """The answer where this sending arrived before. Raises Refused where a later change has passed it by."""
    if held.key == key:
        return Cast(held.receipt, held.vote_id, held.entitlement_id, changed=False, again=True)
    if key in held.past_keys:
        raise Refused("key-reused", "这一次早已收到，后来又改投过。现在以后来的为准，要再改请重新投。")
    return None


def _put_first(envelope: Envelope) -> bool:
    """Whether it is the voice's first; the database's own constraint decides between two at once."""
    try:
        with transaction.atomic():
            envelope.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _replace(held: Envelope, new: Envelope) -> None:
    past = [*held.past_keys, held.key] if held.key else held.past_keys
    new.past_keys = past[-KEYS_KEPT:]
    Receipt.objects.filter(pk=held.receipt).update(state=Receipt.State.REPLACED)
    Envelope.objects.filter(pk=held.pk).update(**{name: getattr(new, name) for name in REPLACED})


def check_open(vote: Vote, at: datetime) -> None:
    """Nothing goes in before opening or after closing, however late the count comes. Raises Refused."""
    if vote.counted_at is not None or vote.step.closed_at is not None or at >= vote.closes_at:
        raise Refused("closed", "投票已经结束，不能再投了。结果请看公告。")
    if at < vote.opens_at:
        raise Refused("not-yet", "投票还没有开始。")


def _checked(vote: Vote, chosen: Sequence[str]) -> tuple[str, ...]:
    try:
        return Paper.from_brief(vote.brief).checked(chosen)
    except BadChoice as bad:
        raise Refused("bad-data", str(bad), field="choice") from None


def _may_replace(vote: Vote, line: Entitlement, held: Envelope, how: Sending) -> None:
    """An own word stands over a proxy's, a signed one over an unsigned; a household speaks once. Raises Refused."""
    if how.rank < held.rank:
        raise Refused("meanwhile", "本人已经投过了，受托的票不能代替本人的票。")
    if held.signed and not how.signed:
        raise Refused("meanwhile", "已经有一张有效的票了，没有签名的纸票不能代替它。")
    family = line.kind == Entitlement.Kind.HOUSEHOLD and how.recorded_by is None and held.rank >= how.rank
    if family and held.cast_by_id != how.by.pk:
        raise Refused("meanwhile", "您家已经投过了，一户一票。要改，请由投票的那位家人来改，或者找居委会。")
    if not vote.revote and held.signed and how.rank == held.rank:
        raise Refused("too-often", "这次表决投出后不能改。您的票已经收到。")


def _mine(vote: Vote, by: Person, wanted: UUID | None) -> tuple[Entitlement, str, int]:
    """The line this person casts for, as whose voice, and how it ranks. Two queries."""
    lines = Entitlement.objects.filter(roll=vote.roll_id).of(by)
    found = list(lines.filter(pk=wanted) if wanted else lines[:2])
    if not found:
        raise Refused("not-yours", "您不在这次的名册上。如果应当在，请在异议期内向居委会提出。")
    if len(found) > 1:
        raise Refused("bad-data", "您有不止一票，请选一下这一票投给哪一处。", field="entitlement")
    line = found[0]
    if line.person_id == by.pk:
        return line, voice_of(line), OWN
    speakers = {row.as_what: row for row in Speaker.objects.filter(entitlement=line, person=by, until__isnull=True)}
    if Speaker.As.OWNER in speakers:
        return line, voice_of(line, by.pk), OWN
    return line, voice_of(line, speakers[Speaker.As.PROXY].of_person_id), FOR_ANOTHER


def voice_of(line: Entitlement, person: UUID | None = None) -> str:
    """Whose word it is: the person's, else that of who stands on the roll, else the line's own.

    A household has one voice, whoever of it speaks: so the database itself refuses it a second."""
    whose = person or line.person_id
    household = line.kind == Entitlement.Kind.HOUSEHOLD
    return f"line:{line.n}" if household or whose is None else person_key(whose)
