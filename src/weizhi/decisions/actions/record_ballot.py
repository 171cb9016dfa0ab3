"""Record a ballot for somebody: on paper, by telephone, at the door, at the meeting. Who wrote it down is kept."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from weizhi.decisions.actions.cast import FOR_ANOTHER, OWN, Cast, Sending, put_in, voice_of
from weizhi.decisions.actions.close_early import CONSENT, close_if_all_spoke
from weizhi.decisions.boxes import hold
from weizhi.decisions.clerks import may_record
from weizhi.decisions.models import Channel, Entitlement, Speaker, Vote
from weizhi.decisions.urns import check_no_record
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.record.origin import the_clock

EVIDENCE_AT_MOST = 200


def record_ballot(
    vote_id: UUID,
    chosen: Sequence[str],
    *,
    by: Person,
    entitlement: UUID,
    channel: str,
    evidence: str,
    of: Person | None = None,
    is_signed: bool = True,
    key: str = "",
    at: datetime | None = None,
    who: Standing | None = None,
    closes: bool = True,
) -> Cast:
    """Write down what somebody said for `entitlement`. `of` says whose word it is where several might speak.

    `evidence` names the paper, the recording or the slip, and is asked for always: a ballot that nobody can go back
    to is worth nothing in court. Of a secret vote nothing is written down. `who`: the standing that counts, where it
    is less than the person's (a token). `closes`: a consent that all have answered ends here; a caller who holds the
    vote in a transaction of his own ends it afterwards, since the matter's lock comes before the vote's. Raises
    Refused.
    """
    now = the_clock(at)
    if channel not in Channel.values or channel == Channel.PHONE:
        raise Refused("bad-data", "请选这一票是怎么来的：纸票、电话、上门、会上或委托。", field="channel")
    if not evidence.strip():
        raise Refused("bad-data", "请写凭据：纸票编号、录音编号或者见证人。", field="evidence")
    with transaction.atomic():
        vote = hold(vote_id)
        may_record(vote, by, now, who)
        check_no_record(vote, paper=channel == Channel.PAPER)
        line = Entitlement.objects.standing().filter(roll=vote.roll_id, pk=entitlement).first()
        if line is None:
            raise Refused("bad-data", "名册上没有这一户。请对着名册再看一遍。", field="entitlement")
        rank = FOR_ANOTHER if channel == Channel.PROXY else OWN
        how = Sending(by, channel, now, rank, by, evidence.strip()[:EVIDENCE_AT_MOST], is_signed, key)
        done = put_in(vote, line, voice_for(vote, line, of), chosen, how)
    if closes and vote.kind == CONSENT:
        close_if_all_spoke(vote_id, now)
    return done


def voice_for(vote: Vote, line: Entitlement, of: Person | None) -> str:
    owners = Speaker.objects.filter(entitlement=line, as_what=Speaker.As.OWNER, until__isnull=True)
    if of is not None and of.pk != line.person_id:
        if not owners.filter(person=of).exists():
            raise Refused("bad-data", "这个人不是这一户登记的业主。请先核对名册。", field="of")
        return voice_of(line, of.pk)
    if of is None and line.person_id is None and line.kind != Entitlement.Kind.HOUSEHOLD and owners.exists():
        raise Refused("bad-data", "这一户有几位共有人，请选这张票是谁签的。", field="of")
    return voice_of(line)
