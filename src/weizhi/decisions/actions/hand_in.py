"""Hand in: somebody puts a paper of a secret vote into the urn; the roll says so, and nobody writes down more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from weizhi.decisions import urns
from weizhi.decisions.actions.cast import FOR_ANOTHER, OWN, REPLACED, Cast, Sending, check_open, put_in, sending_key
from weizhi.decisions.actions.record_ballot import EVIDENCE_AT_MOST, voice_for
from weizhi.decisions.boxes import hold
from weizhi.decisions.clerks import may_record
from weizhi.decisions.models import Channel, Covered, Entitlement, Envelope, Speaker, TakenBack, Vote
from weizhi.decisions.putting import lying
from weizhi.matters.actions.tell import ask_all
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing, person_key
from weizhi.people.models import Person
from weizhi.record.actions.append import Deed, Part, append, lock
from weizhi.record.origin import the_clock

SIGNED: Final = "名册 {n} 号签名领票"
REPLACES: Final = "paper-replaces"  # the verb: a paper was marked for somebody who had voted before
MARKED: Final = "paper-marked"  # for somebody who had not
LATE: Final = "paper-late"  # for somebody whom the desk had forgotten, after closing, by two
OF_IDS: Final = ("cast_by_id", "recorded_by_id")


@dataclass(frozen=True)
class Handed(Cast):
    """The mark of the line that was named; `others`: the numbers of the lines for which the same paper speaks.
    `back`: this sending is an echo of a mark that two have taken back since, and stays so."""

    others: tuple[int, ...] = ()
    back: bool = False


@dataclass(frozen=True)
class Mark:
    """What is put on the roll: for whom, by whom it was brought, where the voter signed; late, by a second person."""

    by: Person
    at: datetime
    of: Person | None = None
    proxy: bool = False
    evidence: str = ""
    key: str = ""
    late: bool = False


def hand_in(
    vote_id: UUID,
    *,
    by: Person,
    entitlement: UUID,
    of: Person | None = None,
    proxy: bool = False,
    evidence: str = "",
    key: str = "",
    at: datetime | None = None,
    who: Standing | None = None,
) -> Handed:
    """Mark on the roll that this voice handed in a paper: it takes the place of what the voice said by phone, and
    from then on the voice changes nothing. `proxy`: brought by whoever holds a written authority, which must be on
    file. `evidence`: where the voter signed for the paper. Answers with a receipt of its own.
    Those of the line are told, whether they had voted before or not, since one clerk alone may mark it. Raises
    Refused."""
    now = the_clock(at)
    with transaction.atomic():
        lock(list(Vote.objects.filter(pk=vote_id).values_list("matter__top_id", flat=True)))  # before the vote's own
        vote = hold(vote_id)
        may_record(vote, by, now, who)
        check_open(vote, now)
        urns.check_secret(vote)
        line = line_on_roll(vote, entitlement)
        return put_marks(vote, line, Mark(by, now, of, proxy, evidence, key))


def line_on_roll(vote: Vote, entitlement: UUID) -> Entitlement:
    """Raises Refused."""
    line = Entitlement.objects.standing().filter(roll=vote.roll_id, pk=entitlement).first()
    if line is None:
        raise Refused("bad-data", "名册上没有这一户。请对着名册再看一遍。", field="line")
    return line


def put_marks(vote: Vote, line: Entitlement, mark: Mark, parts: Sequence[Part] = ()) -> Handed:
    """The marks of one paper, in the transaction in which matter and vote are held. Raises Refused."""
    lines = urns.lines_of_paper(vote, line)
    if (echo := _echo(vote, line, mark)) is not None:
        return Handed(echo, vote.pk, line.pk, changed=False, again=True, others=_numbers(lines), back=True)
    done, keys = [], set[str]()
    for one in lines:
        voice = voice_for(vote, one, mark.of)
        if mark.proxy:
            urns.check_proxy(vote, one, voice)
        urns.check_alone(vote, one, voice, paper=True)
        held = lying.first(vote.pk, one.pk, voice)  # by phone, else what follows is refused or an echo
        keys |= {voice, *([person_key(held.cast_by_id)] if held else []), *of_the_line(vote, one)}
        done.append(put_in(vote, one, voice, None, _sending(one, mark)))
        if held is not None and not done[-1].again:
            Covered.objects.create(envelope_id=held.pk, before=covered(held))
    first, changed = done[0], any(one.changed for one in done)
    if not first.again:
        verb = LATE if mark.late else REPLACES if changed else MARKED
        tell(vote, verb, mark.by, keys, mark.at, parts)
    return Handed(first.receipt, first.vote, first.entitlement, changed, first.again, _numbers(lines))


def _numbers(lines: Sequence[Entitlement]) -> tuple[int, ...]:
    return tuple(one.n for one in lines[1:])


def _echo(vote: Vote, line: Entitlement, mark: Mark) -> str | None:
    """The receipt of this very sending, where it marked the line once and two took that back. Whoever sends it: the
    telephone with which the desk stood in a cellar may be in a colleague's hands by now. One query."""
    if not mark.key:
        return None
    voice, how = voice_for(vote, line, mark.of), _sending(line, mark)
    rows = TakenBack.objects.select_related("by").filter(vote=vote, entitlement=line, voice=voice)
    same = (one.receipt for one in rows if one.key == sending_key(replace(how, by=one.by), None))
    return next(same, None)


def _sending(line: Entitlement, mark: Mark) -> Sending:
    told = (mark.evidence.strip() or SIGNED.format(n=line.n))[:EVIDENCE_AT_MOST]
    rank = FOR_ANOTHER if mark.proxy else OWN
    return Sending(mark.by, Channel.PAPER, mark.at, rank, mark.by, told, key=mark.key, late=mark.late)


def covered(held: Envelope) -> dict[str, Any]:
    """An envelope's own columns, to be put back where the mark was a mistake."""
    kept = {name: getattr(held, name) for name in REPLACED}
    return {
        **kept,
        **{name: str(kept[name]) for name in OF_IDS if kept[name]},
        "sealed": bytes(held.sealed or b"").hex(),
        "cast_at": held.cast_at.isoformat(),
    }


def uncovered(before: dict[str, Any]) -> dict[str, Any]:
    """What `covered` kept, as columns."""
    ids = {name: UUID(before[name]) for name in OF_IDS if before[name]}
    cast_at = datetime.fromisoformat(before["cast_at"])
    return {**before, **ids, "sealed": bytes.fromhex(before["sealed"]), "cast_at": cast_at}


def of_the_line(vote: Vote, line: Entitlement) -> set[str]:
    """Everybody for whom the paper speaks: who stands on the roll, and who owns or lives there with him. One query."""
    owners = Speaker.objects.speaking(vote.pk).filter(entitlement=line, as_what=Speaker.As.OWNER)
    people = {line.person_id, *owners.values_list("person", flat=True)}
    return {person_key(one) for one in people if one is not None}


def tell(
    vote: Vote, verb: str, by: Person, keys: Collection[str], now: datetime, parts: Sequence[Part], marks: int = 0
) -> None:
    """The record says that it was done, and not of whom; those concerned are told that it was of them."""
    matter = Matter.objects.preloaded().get(pk=vote.matter_id)
    public = {"vote": str(vote.pk), "marks": marks} if marks else {}
    deed = Deed(at=now, actor=by, charter_hash=matter.charter_id, step=vote.step.key, public=public)
    told = sorted(key for key in keys if key.startswith("person:"))
    ask_all(append(matter.stream, verb, deed, parts), told, now)
