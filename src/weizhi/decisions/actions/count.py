"""Count: at closing, all at once: open the envelopes, count, let the names fall, write the ballots, erase the rest.

One transaction: a job that dies leaves the box as it was, and no ballot ever lies open in between.
"""

import secrets
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from weizhi.decisions.boxes import take
from weizhi.decisions.checking import is_sealed
from weizhi.decisions.choices import Paper, unpacked
from weizhi.decisions.models import Ballot, Entitlement, Envelope, PaperEntry, Receipt, Vote
from weizhi.decisions.opening import private_half
from weizhi.decisions.publishing import root_of_vote
from weizhi.decisions.receipts import bound, is_ours, receipt_hash
from weizhi.decisions.results import Opened, Tallied, tallied
from weizhi.decisions.settling import settle
from weizhi.secrets.ballots import Opener, Unreadable

BATCH = 400
CHUNK = 2000


def count(vote_id: uuid.UUID, at: datetime) -> Vote:
    """Count a vote whose time is over. Inside a transaction; counted twice, it answers with the first result."""
    vote = take(vote_id)
    if vote.counted_at is not None:
        return vote
    lines = list(Entitlement.objects.filter(roll=vote.roll_id).standing().order_by("n").iterator(chunk_size=CHUNK))
    opened, doubts = _opened(vote)
    found = tallied(vote, lines, opened)
    _write_ballots(vote, opened, found)
    settle(vote, found.counted)
    vote.counted_at, vote.outcome = at, found.outcome
    vote.result = {**found.result, **_turnout(vote, lines, opened, found), **doubts, "half_read": _half_read(vote)}
    vote.private_key = None
    vote.root = root_of_vote(vote)
    vote.save(update_fields=["counted_at", "outcome", "result", "private_key", "root"])
    return vote


def _opened(vote: Vote) -> tuple[Opened, dict[str, Any]]:
    """What stands in the envelopes, and how many were left out: altered (unreadable), or put in by nobody whom the
    system answered (unreceipted). They are told in the result, and found one by one by their receipts."""
    opener, paper = Opener(private_half(vote)), Paper.from_brief(vote.brief)
    ours = _ours(vote)
    opened: list[tuple[Envelope, tuple[str, ...]]] = []
    doubts: dict[str, Any] = {"unreadable": 0, "unreceipted": 0, "changed": not is_sealed(vote)}
    for envelope in Envelope.objects.filter(vote=vote).iterator(chunk_size=CHUNK):
        sealed, meant = bytes(envelope.sealed or b""), bound(envelope)
        envelope.sealed, envelope.past_keys = None, []
        if envelope.receipt not in ours:
            doubts["unreceipted"] += 1
            continue
        try:
            if envelope.receipt != receipt_hash(sealed, meant):
                raise Unreadable
            opened.append((envelope, paper.checked(unpacked(opener.open(sealed, meant)))))
        except (Unreadable, ValueError):
            doubts["unreadable"] += 1
    return opened, doubts


def _ours(vote: Vote) -> set[str]:
    rows = Receipt.objects.filter(vote=vote, state=Receipt.State.ISSUED).values_list("hash", "signature")
    return {hash_ for hash_, signature in rows.iterator(chunk_size=CHUNK) if is_ours(hash_, bytes(signature))}


def _write_ballots(vote: Vote, opened: Opened, found: Tallied) -> None:
    """Each counted envelope as a ballot, in an order that has nothing to do with that of the envelopes."""
    counted = [(secrets.randbits(128), envelope, choice) for envelope, choice in opened if envelope.pk in found.counted]
    counted.sort(key=lambda one: one[0])
    ballots = (_ballot(vote, *one) for one in counted)
    for part in _parts(ballots):
        Ballot.objects.bulk_create(part)


def _ballot(vote: Vote, key: int, envelope: Envelope, choice: Sequence[str]) -> Ballot:
    named: dict[str, Any] = {}
    if not vote.secret:
        named = {"entitlement_id": envelope.entitlement_id, "voice": envelope.voice}
    return Ballot(id=uuid.UUID(int=key), vote=vote, choice=list(choice), **named)


def _half_read(vote: Vote) -> int:
    """Papers that nobody read a second time: not in the box, so not counted; told in the result, and erased."""
    papers = PaperEntry.objects.filter(vote=vote)
    lines = papers.values("entitlement").distinct().count()
    papers.delete()
    return lines


def _parts(ballots: Iterator[Ballot]) -> Iterator[list[Ballot]]:
    part: list[Ballot] = []
    for ballot in ballots:
        part.append(ballot)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part


def _turnout(vote: Vote, lines: Sequence[Entitlement], opened: Opened, found: Tallied) -> dict[str, Any]:
    """How many took part, by grid and by channel: numbers only."""
    grids: dict[str, list[int]] = {}
    by_line = {line.pk: line.grid for line in lines}
    for line in lines:
        grids.setdefault(line.grid, [0, 0])[1] += 1
    channels: dict[str, int] = {}
    for envelope, _choice in opened:
        if envelope.pk in found.counted:
            grids[by_line[envelope.entitlement_id]][0] += 1
            channels[envelope.channel] = channels.get(envelope.channel, 0) + 1
    return {
        "grids": [{"path": path, "cast": cast, "roll": roll} for path, (cast, roll) in sorted(grids.items())],
        "channels": dict(sorted(channels.items())),
        "receipts": Receipt.objects.filter(vote=vote).count(),
    }
