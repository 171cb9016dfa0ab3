"""Count: at closing, all at once: open the envelopes, count, let the names fall, write the ballots, erase the rest.

One transaction: a job that dies leaves the box as it was, and no ballot ever lies open in between.
"""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from weizhi.decisions.boxes import take
from weizhi.decisions.choices import Paper, unpacked
from weizhi.decisions.models import Ballot, Entitlement, Envelope, Receipt, Vote
from weizhi.decisions.opening import key_identity
from weizhi.decisions.publishing import root_of_vote
from weizhi.decisions.receipts import bound
from weizhi.decisions.results import Tallied, tallied
from weizhi.people.vault import keyring
from weizhi.secrets.ballots import Opener, Unreadable

BATCH = 400


def count(vote_id: uuid.UUID, at: datetime) -> Vote:
    """Count a vote whose time is over. Inside a transaction; counted twice, it answers with the first result."""
    vote = take(vote_id)
    if vote.counted_at is not None:
        return vote
    lines = list(Entitlement.objects.filter(roll=vote.roll_id).standing().order_by("n"))
    envelopes = list(Envelope.objects.filter(vote=vote))
    opened = _opened(vote, envelopes)
    found = tallied(vote, lines, [(envelope, opened[envelope.pk]) for envelope in envelopes if envelope.pk in opened])
    unread = [envelope for envelope in envelopes if envelope.pk not in opened]
    _write_ballots(vote, envelopes, opened, found, {line.pk: line for line in lines})
    _settle(vote, envelopes, found)
    vote.counted_at, vote.outcome = at, found.outcome
    vote.result = {**found.result, **_turnout(lines, envelopes, found), "unreadable": len(unread)}
    vote.private_key = None
    vote.root = root_of_vote(vote)
    vote.save(update_fields=["counted_at", "outcome", "result", "private_key", "root"])
    return vote


def _opened(vote: Vote, envelopes: Sequence[Envelope]) -> dict[uuid.UUID, tuple[str, ...]]:
    assert vote.private_key is not None, "an uncounted vote has its key"
    opener = Opener(bytes.fromhex(keyring().decrypt(bytes(vote.private_key), key_identity(vote))))
    paper = Paper.from_brief(vote.brief)
    opened: dict[uuid.UUID, tuple[str, ...]] = {}
    for envelope in envelopes:
        assert envelope.sealed is not None
        try:
            plain = opener.open(bytes(envelope.sealed), bound(vote.pk, envelope.entitlement_id, envelope.voice))
            opened[envelope.pk] = paper.checked(unpacked(plain))
        except (Unreadable, ValueError):
            continue  # altered in the database: it is told in the result as unreadable, and found by its receipt
    return opened


def _write_ballots(
    vote: Vote,
    envelopes: Sequence[Envelope],
    opened: dict[uuid.UUID, tuple[str, ...]],
    found: Tallied,
    lines: dict[uuid.UUID, Entitlement],
) -> None:
    """Each counted envelope as a ballot, in an order that has nothing to do with that of the envelopes."""
    ballots = []
    for envelope in envelopes:
        if envelope.pk in found.counted:
            named: dict[str, Any] = {}
            if not vote.secret:
                named = {"entitlement": lines[envelope.entitlement_id], "voice": envelope.voice}
            key = uuid.UUID(int=secrets.randbits(128), version=4)
            ballots.append(Ballot(id=key, vote=vote, choice=list(opened[envelope.pk]), **named))
    ballots.sort(key=lambda ballot: ballot.pk)
    Ballot.objects.bulk_create(ballots, batch_size=BATCH)


def _settle(vote: Vote, envelopes: Sequence[Envelope], found: Tallied) -> None:
    """What was in the envelopes is erased; which of them counted stays, and what each receipt came to."""
    for start in range(0, len(envelopes), BATCH):
        part = envelopes[start : start + BATCH]
        counted = [envelope for envelope in part if envelope.pk in found.counted]
        aside = [envelope for envelope in part if envelope.pk not in found.counted]
        _mark(counted, Receipt.State.COUNTED, counted=True)
        _mark(aside, Receipt.State.ASIDE, counted=False)


def _mark(envelopes: Sequence[Envelope], state: str, *, counted: bool) -> None:
    if envelopes:
        Envelope.objects.filter(pk__in=[one.pk for one in envelopes]).update(sealed=None, counted=counted, key="")
        Receipt.objects.filter(pk__in=[one.receipt for one in envelopes]).update(state=state)


def _turnout(lines: Sequence[Entitlement], envelopes: Sequence[Envelope], found: Tallied) -> dict[str, Any]:
    """How many took part, by grid and by channel: numbers only."""
    grids: dict[str, list[int]] = {}
    by_line = {line.pk: line.grid for line in lines}
    for line in lines:
        grids.setdefault(line.grid, [0, 0])[1] += 1
    channels: dict[str, int] = {}
    for envelope in envelopes:
        if envelope.pk in found.counted:
            grids[by_line[envelope.entitlement_id]][0] += 1
            channels[envelope.channel] = channels.get(envelope.channel, 0) + 1
    return {
        "grids": [{"path": path, "cast": cast, "roll": roll} for path, (cast, roll) in sorted(grids.items())],
        "channels": dict(sorted(channels.items())),
        "receipts": Receipt.objects.filter(vote__in=[envelope.vote_id for envelope in envelopes[:1]]).count(),
    }
