"""Count: at closing, all at once: open the envelopes, count, let the names fall, write the ballots, erase the rest.

One transaction: a job that dies leaves the box as it was, and no ballot ever lies open in between.
"""

import json
import secrets
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from weizhi.decisions import counters, lean
from weizhi.decisions.actions.cast import IN_URN
from weizhi.decisions.boxes import take
from weizhi.decisions.checking import is_sealed
from weizhi.decisions.choices import Paper, packed, unpacked
from weizhi.decisions.interests import recused
from weizhi.decisions.lean import OnRoll, Voiced, lines_of_roll
from weizhi.decisions.models import Ballot, Channel, Envelope, PaperEntry, Receipt, Vote
from weizhi.decisions.opening import private_half
from weizhi.decisions.pouring import Poured, pour
from weizhi.decisions.publishing import root_of_vote
from weizhi.decisions.receipts import bound, is_ours, receipt_hash
from weizhi.decisions.results import Choice, Opened, Tallied, tallied
from weizhi.decisions.settling import settle
from weizhi.people.vault import keyring
from weizhi.places import bulk
from weizhi.secrets.ballots import Opener, Unreadable

BALLOT = ("id", "vote_id", "choice", "entitlement_id", "voice")


def count(vote_id: uuid.UUID, at: datetime) -> Vote:
    """Count a vote whose time is over. Inside a transaction; counted twice, it answers with the first result."""
    vote = take(vote_id)
    if vote.counted_at is None:
        with lean.unsearched():
            _count(vote, at)
    return vote


def _count(vote: Vote, at: datetime) -> None:
    lines, issued = lines_of_roll(vote.roll_id), _issued(vote)
    all_opened, doubts = _opened(vote, issued)
    sitting_out = recused(vote, lines)
    opened, urn = pour(vote, lines, sitting_out.heard(all_opened), private_half(vote))
    found = urn.judged(vote, tallied(vote, sitting_out.asked(lines), opened))
    _write_ballots(vote, opened, found)
    urn.settle(vote)
    spoke = [one for one, _choice in all_opened if one.pk in found.counted or one.pk in urn.marked]
    settle(vote, ((one.pk, one.entitlement_id) for one in spoke), issued.keys() - {one.receipt for one in spoke})
    vote.counted_at, vote.outcome = at, found.outcome
    turnout = _turnout(vote, lines, opened, found, urn)
    told = {**doubts, **urn.result, "merged": _merged(opened, found), "half_read": _half_read(vote)}
    vote.result = {**sitting_out.told(found, all_opened), **turnout, **told}
    vote.private_key = None
    counters.erase(vote)
    vote.urn |= {"over": True} if urn.urn.over else {}
    vote.root = root_of_vote(vote)
    vote.save(update_fields=["counted_at", "outcome", "result", "private_key", "urn", "root"])


def _opened(vote: Vote, issued: Mapping[str, bool]) -> tuple[list[tuple[lean.Opened, Choice]], dict[str, Any]]:
    """What stands in the envelopes, and how many were left out: altered (unreadable), or put in by nobody whom the
    system answered (unreceipted). They are told in the result, and found one by one by their receipts."""
    opener, paper = Opener(private_half(vote)), Paper.from_brief(vote.brief)
    in_urn = packed([IN_URN]) if vote.secret else None

    @cache  # most say one of a few things
    def read(plain: bytes) -> Choice:
        return (IN_URN,) if plain == in_urn else paper.checked(unpacked(plain))

    opened: list[tuple[lean.Opened, Choice]] = []
    doubts: dict[str, Any] = {"unreadable": 0, "unreceipted": 0, "changed": not is_sealed(vote)}
    for envelope, sealed in _envelopes(vote):
        meant = bound(envelope)
        if not issued.get(envelope.receipt):
            doubts["unreceipted"] += 1
            continue
        try:
            if envelope.receipt != receipt_hash(sealed, meant):
                raise Unreadable
            choice = read(opener.open(sealed, meant))
            if choice == (IN_URN,) and envelope.channel != Channel.PAPER:
                raise Unreadable
            opened.append((envelope.opened, choice))
        except (Unreadable, ValueError):
            doubts["unreadable"] += 1
    return opened, doubts


def _envelopes(vote: Vote) -> Iterator[tuple[lean.Outside, bytes]]:
    """Each with what is sealed in it, which is kept no longer than it takes to open it."""
    rows = Envelope.objects.filter(vote=vote).values_list(*lean.Outside._fields, "sealed")
    for *outside, sealed in rows.iterator(chunk_size=lean.CHUNK):
        yield lean.Outside._make(outside), bytes(sealed or b"")


def _issued(vote: Vote) -> dict[str, bool]:
    """The receipts that stand, and whether the system itself gave each of them out."""
    keys = keyring()
    rows = Receipt.objects.filter(vote=vote, state=Receipt.State.ISSUED).values_list("hash", "signature")
    return {hash_: is_ours(hash_, bytes(mark), keys) for hash_, mark in rows.iterator(chunk_size=lean.CHUNK)}


def _write_ballots(vote: Vote, opened: Opened, found: Tallied) -> None:
    """Each counted envelope as a ballot, in an order that has nothing to do with that of the envelopes."""
    counted = [(secrets.randbits(128), envelope, choice) for envelope, choice in opened if envelope.pk in found.counted]
    counted.sort(key=itemgetter(0))
    bulk.insert(Ballot, BALLOT, _ballots(vote, counted))


def _ballots(vote: Vote, counted: Iterable[tuple[int, Voiced, Choice]]) -> Iterator[Sequence[Any]]:
    written, pk = cache(lambda choice: bulk.JsonText(json.dumps(choice, ensure_ascii=False))), vote.pk.hex
    for key, envelope, choice in counted:
        named = (None, "") if vote.secret else (envelope.entitlement_id, envelope.voice)
        yield f"{key:032x}", pk, written(choice), *named


def _merged(opened: Opened, found: Tallied) -> int:
    """Signed ballots of a line for which another spoke: owners who agree are one, and whom they named is the one."""
    left = [envelope for envelope, _choice in opened if envelope.signed and envelope.pk not in found.counted]
    lines = {envelope.entitlement_id for envelope in left}
    spoke = {one.entitlement_id for one, _ in opened if one.pk in found.counted} & lines if lines else lines
    return sum(envelope.entitlement_id in spoke for envelope in left)


def _half_read(vote: Vote) -> int:
    """Papers that nobody read a second time: not in the box, so not counted; told in the result, and erased."""
    papers = PaperEntry.objects.filter(vote=vote)
    many = papers.values("entitlement", "voice").distinct().count()
    papers.delete()
    return many


def _turnout(vote: Vote, lines: Sequence[OnRoll], opened: Opened, found: Tallied, urn: Poured) -> dict[str, Any]:
    """How many took part, by grid and by channel: numbers only. Where somebody handed in a paper is by the roll; how
    many papers came is by the urn."""
    grids: dict[str, list[int]] = {}
    by_line = {line.pk: line.grid for line in lines}
    for line in lines:
        grids.setdefault(line.grid, [0, 0])[1] += 1
    channels: dict[str, int] = {}
    for envelope, _choice in opened:
        if envelope.pk in found.counted:
            if not urn.marked or envelope.pk not in urn.marked:
                grids[by_line[envelope.entitlement_id]][0] += 1
            channels[envelope.channel] = channels.get(envelope.channel, 0) + 1
    for handed_in in urn.lines:
        grids[by_line[handed_in]][0] += 1
    return {
        "grids": [{"path": path, "cast": cast, "roll": roll} for path, (cast, roll) in sorted(grids.items())],
        "channels": dict(sorted(channels.items())),
        "receipts": Receipt.objects.filter(vote=vote).count(),
    }
