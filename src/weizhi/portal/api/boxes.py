"""What goes into a box by paper, and what opens it: the desk's and the counters' doors for programs.

A program may mark for its post that a paper was handed in. Whatever takes two people takes two persons, each by a
session of his own: two tokens are two programs, and a passphrase is nobody's but its owner's.
"""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from weizhi.decisions.actions.close_early import EARLY
from weizhi.decisions.actions.correct_mark import Wanted, correct_mark
from weizhi.decisions.actions.empty_urn import empty_urn
from weizhi.decisions.actions.hand_in import hand_in
from weizhi.decisions.actions.open_box import open_box
from weizhi.decisions.actions.read_urn import UrnSaid, read_urn
from weizhi.decisions.actions.set_counting_key import set_counting_key
from weizhi.decisions.models import Vote
from weizhi.decisions.receipts import shown
from weizhi.matters.models import Step
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.api import bodies, tokens
from weizhi.portal.api.matters import REFUSALS
from weizhi.portal.api.votes import one_vote
from weizhi.portal.visitor import signed_in, standing_of

router = Router()


class Marked(Schema):
    """`others`: the numbers of the lines for which the same paper speaks. `again`: this sending had arrived before."""

    vote: UUID
    entitlement: UUID
    receipt: str
    shown: str
    others: list[int]
    changed: bool
    again: bool


class Corrected(Schema):
    """`done` with the second of two; until then it waits."""

    vote: UUID
    entitlement: UUID
    done: bool
    receipt: str


class Said(Schema):
    """What somebody read on a paper."""

    who: str
    choice: list[str]
    blank: bool
    spoilt: bool


class Read(Schema):
    """`landed` once two people have read it alike; until then the readings of others that differ."""

    vote: UUID
    paper: str
    landed: bool
    others: list[Said]


class Box(Schema):
    """How the box stands. `said_empty`: two have said that the urn is read out."""

    vote: UUID
    said_empty: bool
    counted: bool
    outcome: str


class KeySet(Schema):
    """For boxes that open from now on."""

    set: bool


@router.post(
    "/counting-key",
    response={200: KeySet, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Set my counting passphrase",
    openapi_extra=bodies.described(bodies.Passphrase, tokens.ACT),
)
def set_key(request: HttpRequest) -> KeySet:
    """Of the boxes that open from now on whose half is mine; it is shown to nobody, not even to me."""
    by = _myself(request)
    sent, _photos = bodies.read(request, bodies.Passphrase)
    set_counting_key(sent.passphrase, by=by)
    return KeySet(set=True)


@router.post(
    "/{uuid:vote_id}/opening",
    response={200: Box, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Open my half of a box of two counters",
    openapi_extra=bodies.described(bodies.Passphrase, tokens.ACT),
)
def open_one(request: HttpRequest, vote_id: UUID) -> Box:
    """After closing; with the second of the two it is counted at once."""
    vote, by = one_vote(request, vote_id), _myself(request)
    sent, _photos = bodies.read(request, bodies.Passphrase)
    open_box(vote.pk, sent.passphrase, by=by)
    return _box(vote)


@router.post(
    "/{uuid:vote_id}/marks",
    response={200: Marked, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Mark that a paper of a secret vote was handed in",
    openapi_extra=bodies.described(bodies.Mark, tokens.ACT),
)
def mark_one(request: HttpRequest, vote_id: UUID) -> Marked:
    """Who runs the vote may, by a token of the post too. What the paper says is nobody's to know."""
    vote, by = one_vote(request, vote_id), signed_in(request)
    sent, _photos = bodies.read(request, bodies.Mark)
    done = hand_in(
        vote.pk, by=by, entitlement=sent.entitlement, of=bodies.person_named(sent.on_behalf_of), proxy=sent.proxy,
        evidence=sent.proof, key=sent.key, who=standing_of(request),
    )  # fmt: skip
    return Marked(
        vote=done.vote, entitlement=done.entitlement, receipt=done.receipt, shown=shown(done.receipt),
        others=list(done.others), changed=done.changed, again=done.again,
    )  # fmt: skip


@router.post(
    "/{uuid:vote_id}/marks/corrections",
    response={200: Corrected, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Ask for a mark to be corrected, or confirm it",
    openapi_extra=bodies.described(bodies.Correction, tokens.ACT),
)
def correct_one(request: HttpRequest, vote_id: UUID) -> Corrected:
    """Two people, each by himself; the first says why. Until the first paper of the urn is read."""
    vote, by = one_vote(request, vote_id), _myself(request)
    sent, _photos = bodies.read(request, bodies.Correction)
    of = bodies.person_named(sent.on_behalf_of)
    done = correct_mark(vote.pk, Wanted(sent.what, sent.entitlement, sent.why, of, sent.proxy), by=by)
    receipt = done.mark.receipt if done.mark else ""
    return Corrected(vote=vote.pk, entitlement=done.line.pk, done=done.done, receipt=receipt)


@router.post(
    "/{uuid:vote_id}/urn/papers",
    response={200: Read, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Read a paper of the urn",
    openapi_extra=bodies.described(bodies.UrnPaper, tokens.ACT),
)
def read_paper(request: HttpRequest, vote_id: UUID) -> Read:
    """After closing, by its number; it lands when somebody else has read the same."""
    vote, by = one_vote(request, vote_id), _myself(request)
    sent, _photos = bodies.read(request, bodies.UrnPaper)
    if (sent.blank, sent.spoilt, bool(sent.chosen)).count(True) > 1:
        raise Refused("bad-data", _("选项、“空白票”、“作废”只能选一样。请照票再选一遍。"), field="choice")
    said = UrnSaid(tuple(sent.chosen), blank=sent.blank, spoilt=sent.spoilt)
    done = read_urn(vote.pk, said, by=by, number=sent.paper)
    others = [Said(who=name, choice=list(one.choice), blank=one.blank, spoilt=one.spoilt) for name, one in done.others]
    return Read(vote=vote.pk, paper=done.number, landed=bool(done.receipt), others=[] if done.receipt else others)


@router.post(
    "/{uuid:vote_id}/urn/empty",
    response={200: Box, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Say that the urn is read out",
    openapi_extra=bodies.described(bodies.UrnEmpty, tokens.ACT),
)
def empty_one(request: HttpRequest, vote_id: UUID) -> Box:
    """By one, then by another: then the votes are counted, or the two counters are called."""
    vote, by = one_vote(request, vote_id), _myself(request)
    sent, _photos = bodies.read(request, bodies.UrnEmpty)
    empty_urn(vote.pk, by=by, why=sent.why)
    return _box(vote)


def _myself(request: HttpRequest) -> Person:
    """Raises Refused where a program asks for what is a person's own."""
    if tokens.by_token(request):
        raise Refused("not-yours", _("这一步要本人登录了做，令牌不能代替。"))
    return signed_in(request)


def _box(vote: Vote) -> Box:
    found = Vote.objects.only("counted_at", "outcome").get(pk=vote.pk)
    said = EARLY in Step.objects.values_list("memory", flat=True).get(pk=vote.step_id)
    return Box(vote=vote.pk, said_empty=said, counted=found.counted_at is not None, outcome=found.outcome)
