"""The urn of a secret vote: who handed in a paper stands on the roll, what the papers say is nobody's.

Marks on the roll and papers in the urn are two lists that share nothing but their length. The urn is opened after
closing, as a wooden one is: before, two who read a paper just handed in would know whose it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from weizhi.decisions.actions.close_early import EARLY
from weizhi.decisions.models import (
    Channel,
    Covered,
    Entitlement,
    Envelope,
    MarkChange,
    Receipt,
    Speaker,
    TakenBack,
    UrnPaper,
    UrnReading,
    Vote,
)
from weizhi.matters.refused import Refused
from weizhi.record.canonical import canonical

URN: Final = "urn-opened"  # the verb of the record; in the step's memory: until when the urn is to be read
TAKEN_BACK: Final = "mark-taken-back"  # the verb: two took back a mark as a mistake
READ_WITHIN: Final = timedelta(days=3)  # then the count goes on with what was read, and says what was not
BLANK, SPOILT = "!blank", "!spoilt"  # no option's key begins so
BY_LINE: Final = (Entitlement.Kind.HOME, Entitlement.Kind.PARKING)  # lines of which several may speak
NO_MORE: Final = "纸票已经投进票箱，混在一起拿不出来了，所以不能再改。"
OWN_HAND: Final = "这次是无记名投票，不能由别人代记：记的人就知道选了什么。请本人用手机投，或者领一张纸票自己投进票箱。"
HAND_ON_PAPER: Final = (
    "这次是无记名投票，不能由别人代记：记的人就知道选了什么。请领一张纸票自己投进票箱；走不动的，请带票箱上门。"
)


ONE_A_HEAD: Final = ("vote", "consent")  # counted by heads; elections and shared sums count one paper a line


@dataclass(frozen=True)
class Urn:
    """How many handed in a paper, how many papers two people have read alike, and how many only one has. `lines`:
    the lines so marked, more than papers where somebody has several homes and is one head."""

    marked: int
    found: int
    once: int
    lines: int = 0

    @property
    def over(self) -> bool:
        """More papers than voters: nobody can tell which is too much."""
        return self.found > self.marked

    @property
    def agrees(self) -> bool:
        return self.found == self.marked and not self.once


def marks(vote: Vote) -> QuerySet[Envelope]:
    """Who handed in a paper."""
    return Envelope.objects.filter(vote=vote, channel=Channel.PAPER) if vote.secret else Envelope.objects.none()


def urn_of(vote: Vote) -> Urn:
    """Three queries."""
    once = UrnReading.objects.filter(vote=vote).values("number").distinct().count()
    return Urn(waits_to_be_read(vote), UrnPaper.objects.filter(vote=vote).count(), once)


def waits_to_be_read(vote: Vote) -> int:
    """How many papers lie in the urn when the time is over. One query; none for a named vote."""
    if not vote.secret:
        return 0
    several = Count("entitlement__head", distinct=True) if vote.kind in ONE_A_HEAD else Count("pk")
    found: int = marks(vote).aggregate(n=several)["n"]
    return found


def has_been_read(vote: Vote) -> bool:
    """Whether somebody has read a paper of the urn: from then on the marks stand. Two queries."""
    read = (UrnReading.objects.filter(vote=vote), UrnPaper.objects.filter(vote=vote))
    return any(rows.exists() for rows in read)


def lines_of_paper(vote: Vote, line: Entitlement) -> list[Entitlement]:
    """The lines for which one paper speaks, the one that was named first: papers are nobody's, so those of several
    homes of one head could not be put together again; where heads are counted it is one paper for all of them."""
    if line.kind not in BY_LINE or vote.kind not in ONE_A_HEAD:
        return [line]
    rows = Entitlement.objects.filter(roll=line.roll_id, head=line.head, kind__in=BY_LINE).standing()
    return [line, *rows.exclude(pk=line.pk).order_by("n")]


def check_secret(vote: Vote) -> None:
    """Raises Refused where papers are read with their line."""
    if not vote.secret:
        raise Refused("bad-data", "这次是记名表决，纸票要两个人各录一遍选了什么。")


def check_reading(vote: Vote, at: datetime) -> None:
    """The urn is read between closing and the count. Raises Refused."""
    if not vote.secret:
        raise Refused("bad-data", "这次是记名表决，没有票箱。纸票请在记票台录。")
    if vote.counted_at is not None or vote.step.closed_at is not None:
        raise Refused("closed", "已经计过票了，不能再读。")
    if EARLY in vote.step.memory:
        raise Refused("closed", "两个人都说过票箱空了，不能再读。")
    if at < vote.closes_at:
        raise Refused("not-yet", "投票截止以后才能开票箱。早开了，刚交的那一张就认得出是谁的。")


def check_no_record(vote: Vote, *, paper: bool = False) -> None:
    """Nobody writes down another's choice in a secret vote. Raises Refused."""
    if vote.secret and paper:
        raise Refused("not-yours", "无记名的纸票不对着名册录：请记“交了纸票”，截止以后开票箱，再按票上的号码读。")
    if vote.secret:
        raise Refused("not-yours", OWN_HAND if vote.phone else HAND_ON_PAPER)


def check_alone(vote: Vote, line: Entitlement, voice: str, *, paper: bool) -> None:
    """A line of several owners hands in one paper, and then it has spoken: what an anonymous paper says cannot be
    compared with what the other owner said. Locks the line. Raises Refused."""
    if line.kind not in BY_LINE:
        return
    Entitlement.objects.select_for_update(no_key=True).get(pk=line.pk)
    others = Envelope.objects.filter(vote=vote, entitlement=line).exclude(voice=voice)
    if others.filter(channel=Channel.PAPER).exists():
        raise Refused("meanwhile", "这一户已经交了一张纸票，一户一张。" + NO_MORE)
    if paper and voice != f"person:{line.person_id}" and others.exists():
        raise Refused(
            "meanwhile",
            "这一户的另一位业主已经用手机投了。纸票看不出是谁的，没法比两位是不是说得一样：请也用手机投，或者先登记共有人推选的代表。",
        )


def check_proxy(vote: Vote, line: Entitlement, voice: str) -> None:
    """A paper handed in for another needs his authority on file. Raises Refused."""
    given = Speaker.objects.speaking(vote.pk).filter(entitlement=line, as_what=Speaker.As.PROXY)
    whose = Q(of_person=voice.removeprefix("person:")) if voice.startswith("person:") else Q()
    if not given.filter(whose).exists():
        raise Refused("bad-data", "这一户没有登记委托书。请先在“登记委托”里登记，再记。", field="proxy")


def bound_paper(paper: UrnPaper) -> bytes:
    """What a paper of the urn is: sealed with it and part of its receipt, so that neither is edited."""
    return canonical(["urn", paper.vote_id, paper.number, paper.first_id, paper.second_id])


def summed(urn: Urn, states: dict[str, int], counted: int, why: str) -> dict[str, Any]:
    """What the result says of the urn."""
    told = {
        "marked": urn.marked, "found": urn.found, "counted": counted, "blank": states.get(BLANK, 0),
        "spoilt": states.get(SPOILT, 0), "once": urn.once, "why": why,
    }  # fmt: skip
    return told | ({"lines": urn.lines} if urn.lines != urn.marked else {})


def erase(vote: Vote) -> None:
    """What was read goes with the count; numbers, readers and receipts stay."""
    UrnPaper.objects.filter(vote=vote).update(sealed=None)
    UrnReading.objects.filter(vote=vote).delete()
    Covered.objects.filter(envelope__vote=vote).delete()
    MarkChange.objects.filter(vote=vote).delete()
    TakenBack.objects.filter(vote=vote).delete()


def settle_receipts(vote: Vote, counted: list[str], marked: list[UUID]) -> None:
    """Before the others are settled: papers that spoke, papers that did not, and those who handed one in."""
    issued = Receipt.objects.filter(vote=vote, state=Receipt.State.ISSUED)
    papers = UrnPaper.objects.filter(vote=vote).values("receipt")
    for n in range(0, len(marked), 500):  # not every paper envelope: one that was altered is not among the marks
        of_marks = Envelope.objects.filter(vote=vote, pk__in=marked[n : n + 500])
        issued.filter(pk__in=of_marks.values("receipt")).update(state=Receipt.State.URN)
    for n in range(0, len(counted), 500):
        issued.filter(pk__in=counted[n : n + 500]).update(state=Receipt.State.COUNTED)
    issued.filter(pk__in=papers).update(state=Receipt.State.ASIDE)
