"""Votes: which are open to me, what is asked, and one ballot. A person's own ballot needs the person's own session:
no token casts for whoever gave it, a token of who runs the vote writes down papers and calls and nothing else."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from weizhi.decisions.actions.cast import Cast, cast
from weizhi.decisions.actions.record_ballot import record_ballot
from weizhi.decisions.mine import Mine, lines_of
from weizhi.decisions.models import Channel, Vote, VoteQuerySet
from weizhi.decisions.naming import named
from weizhi.decisions.receipts import shown
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.api import bodies, tokens
from weizhi.portal.api.matters import REFUSALS
from weizhi.portal.visitor import person_of, signed_in, standing_of
from weizhi.record import clock

AT_MOST: Final = 100

router = Router()


class Line(Schema):
    """A line of the roll that I may speak for; `receipt` of what was said so far, "" where nothing was."""

    entitlement: UUID
    label: str
    proxy: bool
    receipt: str


class Option(Schema):
    key: str
    title: str


class OpenVote(Schema):
    """What is asked, of whom, until when. Nothing of how it stands."""

    id: UUID
    matter: UUID
    kind: str
    question: str
    text: str
    form: str
    options: list[Option]
    at_most: int
    secret: bool
    by_phone: bool
    may_change: bool
    opens_at: datetime
    closes_at: datetime
    counted_at: datetime | None
    outcome: str
    lines: list[Line]


class BallotReceipt(Schema):
    """`again`: this sending had arrived before, and nothing was done now."""

    vote: UUID
    entitlement: UUID
    receipt: str
    shown: str
    changed: bool
    again: bool


@router.get(
    "",
    response={200: list[OpenVote], **REFUSALS},
    auth=tokens.doors(tokens.READ),
    summary="Votes that are open to me",
    openapi_extra={"x-scopes": [tokens.READ]},
)
def list_votes(request: HttpRequest) -> list[OpenVote]:
    """Those that close first come first; for a token the open votes of matters that it may see."""
    person = _person(request)
    asked = Vote.objects.asking(person) if person else _visible(request)
    votes = list(asked.shown().open(clock.now()).order_by("closes_at", "pk")[:AT_MOST])
    mine = _mine(request, votes)
    return [_told(vote, mine.get(vote.pk, [])) for vote in votes]


@router.get(
    "/{uuid:vote_id}",
    response={200: OpenVote, **REFUSALS},
    auth=tokens.doors(tokens.READ),
    summary="One vote: what is asked, and my lines",
    openapi_extra={"x-scopes": [tokens.READ]},
)
def read_vote(request: HttpRequest, vote_id: UUID) -> OpenVote:
    """Candidates by their names; in the list of votes, as in the published file, by their numbers."""
    vote = named(one_vote(request, vote_id))
    return _told(vote, _mine(request, [vote]).get(vote.pk, []))


@router.post(
    "/{uuid:vote_id}/ballots",
    response={200: BallotReceipt, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Cast a ballot, or write one down",
    openapi_extra=bodies.described(bodies.Ballot, tokens.ACT),
)
def cast_one(request: HttpRequest, vote_id: UUID) -> BallotReceipt:
    """With `proof` (a paper's number, a recording) it is somebody's ballot that you write down: who runs the vote may.
    Without, it is your own, or that of whose proxy you are. Saved at once; sent again, it replaces what was said."""
    by = signed_in(request)
    try:
        sent, _photos = bodies.read(request, bodies.Ballot)
        if not sent.proof and not tokens.by_token(request):
            return _receipt(cast(vote_id, sent.chosen, by=by, entitlement=sent.entitlement, key=sent.key))
    except Refused:
        one_vote(
            request, vote_id
        )  # whoever may not see it learns of no vote; asked only here, where a ballot is refused
        raise
    vote = one_vote(request, vote_id)
    if not sent.proof:
        raise Refused("not-yours", _("令牌不能替人投票。自己的票请自己登录了投。"))
    if sent.channel == Channel.PAPER:
        raise Refused("not-yours", _("纸票要两个人在记票台各录一遍，才进票箱。"), field="channel")
    if sent.entitlement is None:
        raise Refused("bad-data", _("请写是哪一户的票。"), field="entitlement")
    return _receipt(
        record_ballot(
            vote.pk, sent.chosen, by=by, entitlement=sent.entitlement, channel=sent.channel, evidence=sent.proof,
            of=bodies.person_named(sent.on_behalf_of), is_signed=sent.signed, key=sent.key, who=standing_of(request),
        )
    )  # fmt: skip


def _visible(request: HttpRequest) -> VoteQuerySet:
    """A token sees what its post sees, and nothing of the rolls that its giver stands on."""
    who = standing_of(request)
    if tokens.by_token(request):
        return Vote.objects.filter(matter__in=Matter.objects.visible_to(who).values("pk"))
    return Vote.objects.visible_to(who)


def one_vote(request: HttpRequest, vote_id: UUID) -> Vote:
    vote = _visible(request).shown().filter(pk=vote_id).first()
    if vote is None:
        raise Refused("not-found", _("没有这次投票，或者您看不到它。"))
    return vote


def _person(request: HttpRequest) -> Person | None:
    return None if tokens.by_token(request) else person_of(request)


def _mine(request: HttpRequest, votes: list[Vote]) -> dict[UUID, list[Mine]]:
    person = _person(request)
    found: dict[UUID, list[Mine]] = {}
    for one in lines_of(votes, person) if person and votes else ():
        found.setdefault(one.vote, []).append(one)
    return found


def _told(vote: Vote, mine: list[Mine]) -> OpenVote:
    brief: dict[str, Any] = vote.brief
    return OpenVote(
        id=vote.pk, matter=vote.matter_id, kind=vote.kind, question=brief.get("question", ""),
        text=brief.get("text", ""), form=brief["form"], options=brief["options"], at_most=brief["at_most"],
        secret=vote.secret, by_phone=vote.phone, may_change=vote.revote, opens_at=vote.opens_at,
        closes_at=vote.closes_at, counted_at=vote.counted_at, outcome=vote.outcome,
        lines=[Line(entitlement=m.line.pk, label=m.line.label, proxy=m.proxy, receipt=m.receipt) for m in mine],
    )  # fmt: skip


def _receipt(done: Cast) -> BallotReceipt:
    return BallotReceipt(
        vote=done.vote, entitlement=done.entitlement, receipt=done.receipt, shown=shown(done.receipt),
        changed=done.changed, again=done.again,
    )  # fmt: skip
