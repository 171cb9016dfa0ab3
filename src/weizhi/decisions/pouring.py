"""The urn poured out at the count: its papers beside the envelopes, each spoken for some line that handed one in.

Which line a paper is counted under means nothing: it is drawn by chance and forgotten with the transaction. Where heads
are counted, one paper is given to one head, whose other homes are marked with it (`urns.lines_of_paper`): so the sums
are the same for all draws.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from weizhi.decisions import urns
from weizhi.decisions.actions.cast import IN_URN
from weizhi.decisions.choices import Paper, unpacked
from weizhi.decisions.lean import OnRoll, Voiced
from weizhi.decisions.models import Receipt, UrnPaper, Vote
from weizhi.decisions.receipts import is_ours, receipt_hash
from weizhi.decisions.results import Choice, Opened, Tallied
from weizhi.secrets.ballots import Opener, Unreadable

VOID: Final = {"consent": "failed"}  # what a count that cannot be is called, where it is not called no-quorum
OVER: Final = "票箱里的纸票有 {found} 张，名册上只记了 {marked} 位交纸票，多出 {more} 张。多于投票人数，这次投票无效。"


@dataclass(frozen=True)
class Poured:
    """The urn at the count. `marked`: the envelopes of who handed in a paper; `lines`: theirs; `counted`: receipts of
    the papers that spoke. `result`: what is told of it, nothing where there was no urn."""

    urn: urns.Urn = field(default_factory=lambda: urns.Urn(0, 0, 0))
    marked: frozenset[UUID] = frozenset()
    lines: tuple[UUID, ...] = ()
    counted: tuple[str, ...] = ()
    result: dict[str, Any] = field(default_factory=dict)

    def judged(self, vote: Vote, found: Tallied) -> Tallied:
        """More papers than voters: nothing counts, and the sentence says why."""
        if not self.urn.over:
            return found
        more = self.urn.found - self.urn.marked
        said = OVER.format(found=self.urn.found, marked=self.urn.marked, more=more)
        told = {**found.result, "page": said, "notice": said, "minutes": said}
        return replace(found, outcome=VOID.get(vote.kind, "no-quorum"), result=told)

    def settle(self, vote: Vote) -> None:
        """What became of each paper and of each who handed one in; then nothing of it can be read any more."""
        if vote.secret and not self.urn.over:
            urns.settle_receipts(vote, list(self.counted), list(self.marked))
        if vote.secret:
            urns.erase(vote)


def pour(vote: Vote, lines: Sequence[OnRoll], opened: Opened, private: bytes) -> tuple[Opened, Poured]:
    """The envelopes with the papers among them, and what is told of the urn. Three queries; none for a named vote."""
    if not vote.secret:
        return opened, Poured()
    urn = urns.urn_of(vote)
    marks = [envelope for envelope, said in opened if said == (IN_URN,)]
    handed_in = {envelope.entitlement_id for envelope in marks}
    # A line that handed in a paper has spoken by it, also where it draws none: nobody else of it is heard beside.
    said = [one for one in opened if one[0].entitlement_id not in handed_in] if handed_in else opened
    if not (urn.marked or urn.found or urn.once):
        return said, Poured()
    papers, states, broken = _read(vote, private)
    # A row that two did not read, or that was altered, is no paper: nobody makes a vote void by writing into a table.
    heads = _a_head_each(vote, lines, marks)
    urn = replace(urn, marked=len(heads), found=urn.found - broken, lines=len(marks))
    if urn.over:
        papers = []
    told = urns.summed(urn, states, len(papers), str(vote.urn.get("why", ""))) | {"broken": broken}
    if urn.over:
        return [], Poured(urn, result={"urn": told})
    poured = Poured(
        urn, frozenset(one.pk for one in marks), tuple(one.entitlement_id for one in marks),
        tuple(receipt for receipt, _choice in papers), {"urn": told},
    )  # fmt: skip
    return [*said, *_given_out(heads, [choice for _receipt, choice in papers])], poured


def _a_head_each(vote: Vote, lines: Sequence[OnRoll], marks: list[Voiced]) -> list[Voiced]:
    """One mark of each head that handed in a paper, where heads are counted; else every mark."""
    if vote.kind not in urns.ONE_A_HEAD or not marks:
        return list(marks)
    heads: dict[UUID, str | UUID] = {line.pk: line.head for line in lines}
    return list({heads.get(one.entitlement_id, one.pk): one for one in marks}.values())


def _read(vote: Vote, private: bytes) -> tuple[list[tuple[str, Choice]], dict[str, int], int]:
    """What speaks: each paper's receipt and choice; how many are blank or spoilt; how many were altered.

    On a paper with crosses a blank one took part all the same, for nobody, and so did a spoilt one (组织法 19:
    参加投票); of yes or no, one of several, a ranking it says nothing and is set aside."""
    opener, paper = Opener(private), Paper.from_brief(vote.brief)
    blank_speaks = paper.form == "approve"
    mine = UrnPaper.objects.filter(vote=vote).values("receipt")
    issued = Receipt.objects.filter(vote=vote, state=Receipt.State.ISSUED, pk__in=mine)
    ours = {hash_ for hash_, mark in issued.values_list("hash", "signature") if is_ours(hash_, bytes(mark))}
    spoke: list[tuple[str, Choice]] = []
    states = {urns.BLANK: 0, urns.SPOILT: 0}
    broken = 0
    for row in UrnPaper.objects.filter(vote=vote).order_by("number"):
        sealed, meant = bytes(row.sealed or b""), urns.bound_paper(row)
        try:
            if row.receipt not in ours or row.receipt != receipt_hash(sealed, meant):
                raise Unreadable
            said = unpacked(opener.open(sealed, meant))
            none = said[0] if len(said) == 1 and said[0] in states else ""
            choice = () if none else paper.checked(said)
        except (Unreadable, ValueError):
            broken += 1
            continue
        if none:
            states[none] += 1
        if not none or blank_speaks:
            spoke.append((row.receipt, choice))
    return spoke, states, broken


def _given_out(marks: list[Voiced], choices: list[Choice]) -> list[tuple[Voiced, Choice]]:
    """Papers and those who handed one in, put together by chance."""
    chance = secrets.SystemRandom()
    chance.shuffle(marks)
    chance.shuffle(choices)
    return list(zip(marks, choices, strict=False))
