"""Cast: one voice says what it wants for one entitlement, over any channel. The box's own door, beside the matter's.

Saved at once, confirmed with a receipt; said again, it replaces what was said. Many may cast at the same instant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from weizhi.decisions.actions.close_early import close_if_all_spoke
from weizhi.decisions.boxes import hold
from weizhi.decisions.choices import BadChoice, Paper, packed
from weizhi.decisions.models import Channel, Entitlement, Envelope, Receipt, Speaker, Vote
from weizhi.decisions.receipts import bound, receipt_hash, signed
from weizhi.matters.refused import Refused
from weizhi.people.access import person_key
from weizhi.people.models import Person
from weizhi.record.origin import the_clock
from weizhi.secrets.ballots import seal

OWN, FOR_ANOTHER = 1, 0
SELF = (Channel.PHONE, Channel.MEETING)
KEY_AT_MOST = 80


@dataclass(frozen=True)
class Cast:
    """What the voter keeps."""

    receipt: str
    vote: UUID
    entitlement: UUID
    changed: bool


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
    receipt. Raises Refused; then nothing was written.
    """
    now = the_clock(at)
    if channel == Channel.PHONE and not Vote.objects.filter(pk=vote_id, phone=True).exists():
        raise Refused("not-yours", "这次投票不能用手机投。请到投票的地方去，或者请人上门。")
    with transaction.atomic():
        vote = hold(vote_id)
        line, voice, rank = _mine(vote, by, entitlement)
        shown_channel = Channel.PROXY if rank == FOR_ANOTHER else channel
        done = put_in(vote, line, voice, chosen, Sending(by, shown_channel, now, rank=rank, key=key))
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
    """Seal a choice into the box, in the transaction in which the box is held. Three queries, four on a change."""
    check_open(vote, how.at)
    choice = _checked(vote, chosen)
    held = Envelope.objects.select_for_update().filter(vote=vote, entitlement=line, voice=voice).first()
    if held is not None:
        if how.key and held.key == how.key[:KEY_AT_MOST]:
            return Cast(held.receipt, vote.pk, line.pk, changed=False)
        _may_replace(vote, held, how)
    sealed = seal(packed(choice), vote.envelope_size, bytes(vote.public_key), bound(vote.pk, line.pk, voice))
    receipt = receipt_hash(sealed, vote.pk, line.pk, voice)
    Receipt.objects.create(hash=receipt, vote=vote, signature=signed(receipt))
    columns = {
        "sealed": sealed, "receipt": receipt, "channel": how.channel, "cast_at": how.at, "cast_by": how.by,
        "recorded_by": how.recorded_by, "evidence": how.evidence, "signed": how.signed, "rank": how.rank,
        "key": how.key[:KEY_AT_MOST],
    }  # fmt: skip
    if held is None:
        try:
            with transaction.atomic():
                Envelope.objects.create(vote=vote, entitlement=line, voice=voice, **columns)
        except IntegrityError:  # the same voice from another phone, in this very instant
            raise Refused("meanwhile", "您刚刚在别处也投了一次，那一次已经收到。要改，请刷新后再投。") from None
    else:
        Receipt.objects.filter(pk=held.receipt).update(state=Receipt.State.REPLACED)
        Envelope.objects.filter(pk=held.pk).update(**columns)
    return Cast(receipt, vote.pk, line.pk, changed=held is not None)


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


def _may_replace(vote: Vote, held: Envelope, how: Sending) -> None:
    if how.rank < held.rank:
        raise Refused("meanwhile", "本人已经投过了，受托的票不能代替本人的票。")
    if not vote.revote and held.signed:
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
        return line, person_key(by.pk), OWN
    speakers = {row.as_what: row for row in Speaker.objects.filter(entitlement=line, person=by, until__isnull=True)}
    if Speaker.As.OWNER in speakers:
        return line, person_key(by.pk), OWN
    proxy = speakers[Speaker.As.PROXY]
    return line, person_key(proxy.of_person_id) if proxy.of_person_id else voice_of(line), FOR_ANOTHER


def voice_of(line: Entitlement) -> str:
    """Whose word a paper of this line is where nobody more exact is named."""
    return person_key(line.person_id) if line.person_id else f"line:{line.n}"
