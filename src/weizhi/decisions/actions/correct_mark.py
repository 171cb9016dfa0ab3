"""Correct the marks of a secret vote: by two people, with a reason, and never once a paper of the urn was read.

A mark on the wrong line is taken back; one that was forgotten is put on the roll after closing, by the sheet on which
the voter signed. Marks and papers are two lists held against one another (选举法 46: more papers than voters void the
vote): were the roll still written on while papers are read, whoever reads could make it fit them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from weizhi.decisions import urns
from weizhi.decisions.actions.close_early import EARLY
from weizhi.decisions.actions.hand_in import Handed, Mark, line_on_roll, of_the_line, put_marks, tell, uncovered
from weizhi.decisions.actions.record_ballot import voice_for
from weizhi.decisions.boxes import take
from weizhi.decisions.clerks import may_record
from weizhi.decisions.counters import AWAITED
from weizhi.decisions.models import Channel, Covered, Entitlement, Envelope, MarkChange, Receipt, TakenBack, Vote
from weizhi.matters.models import Matter
from weizhi.matters.published import masked
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing
from weizhi.people.models import Person
from weizhi.record.actions.append import HOUSEHOLD, Part, lock
from weizhi.record.origin import the_clock

BACK, LATE = MarkChange.What.BACK, MarkChange.What.LATE
WHY_AT_MOST: Final = 200


@dataclass(frozen=True)
class Corrected:
    """`done` by the second of two; until then it waits. `mark`: of one that was put on the roll."""

    line: Entitlement
    done: bool
    mark: Handed | None = None


@dataclass(frozen=True)
class Wanted:
    """What is to be corrected: on which line, whose of several owners, brought by a proxy or not, and why."""

    what: str
    entitlement: UUID
    why: str = ""
    of: Person | None = None
    proxy: bool = False


def correct_mark(
    vote_id: UUID, wanted: Wanted, *, by: Person, at: datetime | None = None, who: Standing | None = None
) -> Corrected:
    """Ask for a correction, or confirm what somebody else asked for: then it is done, and those of the line are told.

    Who asks again only says his reason anew: nobody is both. A mark that covered a word by phone gives it free again:
    it lies in the box as it did. Raises Refused; then nothing was written.
    """
    now = the_clock(at)
    with transaction.atomic():
        lock(list(Vote.objects.filter(pk=vote_id).values_list("matter__top_id", flat=True)))  # before the vote's own
        vote = take(vote_id)  # alone: two who ask in one instant must see one another
        may_record(vote, by, now, who)
        check_correcting(vote, wanted.what, now)
        line = line_on_roll(vote, wanted.entitlement)
        voice = voice_for(vote, line, wanted.of)
        asked = MarkChange.objects.select_related("by", "of").filter(vote=vote, entitlement=line, voice=voice).first()
        _check_mark(vote, line, voice, wanted.what)
        if asked is not None and asked.by_id != by.pk and asked.what == wanted.what:
            return _done(vote, line, asked, by, now)
        _ask(vote, line, voice, wanted, by, now)
        return Corrected(line, done=False)


def check_correcting(vote: Vote, what: str, at: datetime) -> None:
    """Whether marks may be corrected now. Raises Refused."""
    urns.check_secret(vote)
    if what not in MarkChange.What.values:
        raise Refused("bad-data", "请选是收回记错的，还是补记漏记的。", field="what")
    memory = vote.step.memory
    counts = EARLY in memory or (AWAITED in memory and urns.URN not in memory)
    if vote.counted_at is not None or vote.step.closed_at is not None or counts:
        raise Refused("closed", "已经计票，或者正等着开票封，名册上的记号不能再改。有异议请写进这件事的记录。")
    if vote.urn or urns.has_been_read(vote):
        raise Refused(
            "closed",
            "票箱里的纸票已经有人读过了：记号要和纸票对，读了再改就对不出真假。"
            "张数对不上，请在“票箱空了”那里写一句为什么，写进结果。",
        )
    if what == LATE and at < vote.closes_at:
        raise Refused("not-yet", "投票还没有截止，不用补记：交了纸票，直接在记票台记就行。")


def _check_mark(vote: Vote, line: Entitlement, voice: str, what: str) -> None:
    marked = urns.marks(vote).filter(entitlement=line, voice=voice).exists()
    if what == BACK and not marked:
        raise Refused("bad-data", "名册上这一号没有记过交纸票，没有什么可收回。请对着签名册再看一遍。", field="line")
    if what == LATE and marked:
        raise Refused("meanwhile", "这一号已经记过交纸票了，不用补记。", field="line")


def _ask(vote: Vote, line: Entitlement, voice: str, wanted: Wanted, by: Person, at: datetime) -> None:
    why = " ".join(wanted.why.split())[:WHY_AT_MOST]
    if not why:
        raise Refused("bad-data", "请写一句为什么，例如“签名在 12 号，记到了 21 号”。不要写名字。", field="why")
    said = {"what": wanted.what, "of": wanted.of, "proxy": wanted.proxy, "why": why, "by": by, "at": at}
    MarkChange.objects.update_or_create(vote=vote, entitlement=line, voice=voice, defaults=said)


def _done(vote: Vote, line: Entitlement, asked: MarkChange, by: Person, at: datetime) -> Corrected:
    """The second person's word: the correction takes place, and the record says who asked, who confirmed, and why."""
    digest = Matter.objects.values_list("charter_id", flat=True).get(pk=vote.matter_id)
    both = Part("people", [str(asked.by_id), str(by.pk)], HOUSEHOLD)
    parts = [Part("words", masked(asked.why, digest)), both]
    asked.delete()
    if asked.what == LATE:
        told = f"名册 {line.n} 号签名领票；{asked.by.name}、{by.name}截止后照签名册补记"
        mark = put_marks(vote, line, Mark(by, at, asked.of, asked.proxy, told, late=True), parts)
        return Corrected(line, done=True, mark=mark)
    _take_back(vote, line, asked, by, at, parts)
    return Corrected(line, done=True)


def _take_back(
    vote: Vote, line: Entitlement, asked: MarkChange, by: Person, at: datetime, parts: Sequence[Part]
) -> None:
    keys, many = {asked.voice}, 0
    for one in urns.lines_of_paper(vote, line):
        keys |= of_the_line(vote, one)
        for mark in urns.marks(vote).filter(entitlement=one, voice=voice_for(vote, one, asked.of)):
            _uncover(mark)
            many += 1
    tell(vote, urns.TAKEN_BACK, by, keys, at, parts, marks=many)


def _uncover(mark: Envelope) -> None:
    """What lay under the mark lies in the box again; else the voice has not spoken."""
    if mark.key:
        TakenBack.objects.create(
            receipt=mark.receipt, vote_id=mark.vote_id, entitlement_id=mark.entitlement_id, voice=mark.voice,
            by_id=mark.cast_by_id, key=mark.key,
        )  # fmt: skip
    Receipt.objects.filter(pk=mark.receipt).update(state=Receipt.State.BACK)
    before = Covered.objects.filter(envelope=mark).values_list("before", flat=True).first()
    if before is None:
        mark.delete()
        return
    was = uncovered(before)
    Covered.objects.filter(envelope=mark).delete()
    Receipt.objects.filter(pk=was["receipt"]).update(state=Receipt.State.ISSUED)
    Envelope.objects.filter(pk=mark.pk, channel=Channel.PAPER).update(**was)
