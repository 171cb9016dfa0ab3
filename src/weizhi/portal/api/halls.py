"""The online hall: what is asked next, an answer, a sentence of one's own, the map as data. An own word needs the
person's own session: no token speaks for whoever gave it, a token of who runs the hall types in paper and mouth."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from weizhi.deliberation import hall_words as words
from weizhi.deliberation.actions.add_statement import add_statement
from weizhi.deliberation.actions.moderate import moderate
from weizhi.deliberation.actions.speak import speak
from weizhi.deliberation.models import Statement, Voice
from weizhi.deliberation.opinions import AGREE
from weizhi.deliberation.taking_part import check_open, voice_of
from weizhi.deliberation.turns import turn
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.api import bodies, tokens
from weizhi.portal.api.matters import REFUSALS
from weizhi.portal.hall.reading import Room, room_of
from weizhi.portal.visitor import signed_in

AT_MOST: Final = 500

router = Router()


class Counted(Schema):
    """What was said of a statement by five people or more; of fewer nothing is told."""

    n: int
    agreed: int
    disagreed: int
    passed: int


class Telling(Schema):
    """What a group says more than the others: of `seen` people of it so many agreed and disagreed."""

    n: int
    side: Literal["agree", "disagree"]
    agreed: int
    disagreed: int
    seen: int


class OpinionGroup(Schema):
    """A group: its name (甲, 乙 …), how many, what sets it apart, its soft shape within 0 … 1."""

    name: str
    people: int
    says: list[Telling]
    x: float
    y: float
    rx: float
    ry: float


class OwnPlace(Schema):
    """Where I stand, for my own eyes."""

    name: str
    x: float
    y: float


class OpinionMap(Schema):
    """As it was last drawn. `why`: where there are no groups, why, for people to read. `mine`: null for a token."""

    at: datetime
    people: int
    stances: int
    statements: int
    standing: int
    needed: int
    united: list[int]
    counts: list[Counted]
    groups: list[OpinionGroup]
    why: str
    mine: OwnPlace | None


class OnlineHall(Schema):
    """`final`: the last map stands, and nothing leads from a word to a person any more."""

    id: UUID
    matter: UUID
    step: str
    question: str
    opens_at: datetime
    closes_at: datetime
    open: bool
    final: bool
    takes_part: bool
    adds: bool
    longest: int
    map: OpinionMap | None


class StatementAsked(Schema):
    n: int
    words: str


class NextStatement(Schema):
    """The statement that I am asked now, null where I answered all; it stays the same until I answer."""

    statement: StatementAsked | None
    answered: int
    left: int


class HallStatement(Schema):
    """`state`: open, waiting, hidden; `reason`: why it was put away. The last two only for whoever moderates."""

    n: int
    words: str
    state: str
    reason: str


class AnswersWritten(Schema):
    """`kept`: so many the person had answered before with the own hand, and these stand."""

    written: int
    kept: int


class StatementAdded(Schema):
    """Its number; `waiting` until somebody has looked at it."""

    n: int
    state: str


class Moderated(Schema):
    """False where all stood so already."""

    changed: bool


@router.get(
    "/{uuid:matter_id}/hall",
    response={200: OnlineHall, **REFUSALS},
    auth=tokens.doors(tokens.READ),
    summary="An online hall and its map",
    openapi_extra={"x-scopes": [tokens.READ]},
)
def read_hall(request: HttpRequest, matter_id: UUID) -> OnlineHall:
    """What is asked, until when, whether I take part, and the map as everybody sees it, beside my own place on it."""
    room = room_of(request, matter_id)
    hall, own = room.hall, not tokens.by_token(request)
    return OnlineHall(
        id=hall.pk, matter=hall.matter_id, step=hall.step.key, question=room.question, opens_at=hall.opens_at,
        closes_at=hall.closes_at, open=room.open, final=hall.final_at is not None,
        takes_part=own and room.takes_part, adds=own and room.adds, longest=room.longest,
        map=_map(room, own) if hall.drawn_at else None,
    )  # fmt: skip


@router.get(
    "/{uuid:matter_id}/hall/next",
    response={200: NextStatement, **REFUSALS},
    auth=tokens.doors(tokens.READ),
    summary="The statement that I am asked now",
    openapi_extra={"x-scopes": [tokens.READ]},
)
def next_statement(request: HttpRequest, matter_id: UUID) -> NextStatement:
    """A session's alone: a token is a post, and a post is asked nothing."""
    room = room_of(request, matter_id)
    person = _myself(request)
    check_open(room.hall, room.now)
    if not room.takes_part:
        raise Refused("not-yours", _("这次议事厅不收您的话。能参加的人写在这件事的规则里。"))
    found = turn(room.hall, person.pk)
    asked = StatementAsked(n=found.ask.n, words=found.ask.words) if found.ask else None
    return NextStatement(statement=asked, answered=found.answered, left=found.left)


@router.get(
    "/{uuid:matter_id}/hall/statements",
    response={200: list[HallStatement], **REFUSALS},
    auth=tokens.doors(tokens.READ),
    summary="The statements of a hall",
    openapi_extra={"x-scopes": [tokens.READ]},
)
def list_statements(
    request: HttpRequest,
    matter_id: UUID,
    state: Literal["open", "waiting", "hidden"] = "open",
    after: Annotated[int, Query(ge=0, le=10**6)] = 0,
    limit: Annotated[int, Query(ge=1, le=AT_MOST)] = 100,
) -> list[HallStatement]:
    """In the order of their numbers, those after `after`. What waits or was put away only for whoever moderates."""
    room = room_of(request, matter_id)
    if state != Statement.State.OPEN and not room.moderates:
        raise Refused("not-yours", _("看意见、收意见，要由这件事的主持人来做。"), field="state")
    rows = Statement.objects.filter(hall=room.hall, state=state, n__gt=after).order_by("n")[:limit]
    return [HallStatement(n=one.n, words=one.words, state=one.state, reason=one.reason) for one in rows]


@router.post(
    "/{uuid:matter_id}/hall/answers",
    response={200: AnswersWritten, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Say agree, disagree or pass, or type in what somebody said",
    openapi_extra=bodies.described(bodies.Stances, tokens.ACT),
)
def answer_statements(request: HttpRequest, matter_id: UUID) -> AnswersWritten:
    """With `on_behalf_of` and `channel` it is somebody's that you type in: who runs the hall may. Without, it is your
    own. Said again, it is changed; sent again under the same `key`, nothing changes."""
    room = room_of(request, matter_id)
    sent, _photos = bodies.read(request, bodies.Stances)
    by, of = _speaker(request, sent)
    done = speak(room.hall.pk, sent.by_number, by=by, of=of, channel=sent.channel, key=sent.key, who=room.who)
    return AnswersWritten(written=len(done.answered), kept=len(done.own))


@router.post(
    "/{uuid:matter_id}/hall/statements",
    response={200: StatementAdded, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Add a statement, or type in somebody's",
    openapi_extra=bodies.described(bodies.OwnWords, tokens.ACT),
)
def add_one(request: HttpRequest, matter_id: UUID) -> StatementAdded:
    """Its author agrees with it. With `on_behalf_of` and `channel` it is somebody's that you type in."""
    room = room_of(request, matter_id)
    sent, _photos = bodies.read(request, bodies.OwnWords)
    by, of = _speaker(request, sent)
    one = add_statement(room.hall.pk, sent.words, by=by, of=of, channel=sent.channel, key=sent.key, who=room.who)
    return StatementAdded(n=one.n, state=one.state)


@router.post(
    "/{uuid:matter_id}/hall/moderation",
    response={200: Moderated, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Let statements out, or put them away with a reason",
    openapi_extra=bodies.described(bodies.Moderation, tokens.ACT),
)
def moderate_statements(request: HttpRequest, matter_id: UUID) -> Moderated:
    """An act on the record; the author reads the reason, and nobody learns who that is."""
    room = room_of(request, matter_id)
    sent, _photos = bodies.read(request, bodies.Moderation)
    done = moderate(
        room.hall.pk, sent.statements, sent.state, by=signed_in(request), reason=sent.reason, who=room.who
    )  # fmt: skip
    return Moderated(changed=done is not None)


def _myself(request: HttpRequest) -> Person:
    if tokens.by_token(request):
        raise Refused("not-yours", _("令牌不能替人在议事厅里说话。自己的话请自己登录了说。"))
    return signed_in(request)


def _speaker(request: HttpRequest, sent: bodies.Spoken) -> tuple[Person, Person | None]:
    """Who types it in, and whose word it is, where it is somebody else's."""
    by, of = signed_in(request), bodies.person_named(sent.on_behalf_of)
    return (_myself(request), None) if of is None or of.pk == by.pk else (by, of)


def _map(room: Room, own: bool) -> OpinionMap:
    """Two queries: what is open now, and where I stand. What was put away meanwhile is not told."""
    drawn, at = room.drawn, room.hall.drawn_at
    assert at is not None
    rows = Statement.objects.filter(hall=room.hall, state=Statement.State.OPEN)
    still = set(rows.values_list("n", flat=True))
    counted = ((n, found) for n, found in sorted(drawn.counts.items()) if n in still)
    return OpinionMap(
        at=at, people=drawn.people, stances=drawn.stances, statements=drawn.statements, standing=drawn.standing,
        needed=drawn.needed, united=[n for n in drawn.united if n in still],
        counts=[Counted(n=n, agreed=a, disagreed=d, passed=p) for n, (a, d, p) in counted],
        groups=_groups(room, still), why="" if drawn.groups else words.why_none(drawn),
        mine=_mine(room) if own and drawn.groups and room.hall.final_at is None else None,
    )  # fmt: skip


def _groups(room: Room, still: set[int]) -> list[OpinionGroup]:
    return [
        OpinionGroup(
            name=words.name_of(room.drawn, one), people=one.people, x=one.x, y=one.y, rx=one.rx, ry=one.ry,
            says=[
                Telling(
                    n=said.n, side="agree" if said.side == AGREE else "disagree", agreed=said.agreed,
                    disagreed=said.disagreed, seen=said.seen,
                )
                for said in one.says
                if said.n in still
            ],
        )
        for one in room.drawn.groups
    ]  # fmt: skip


def _mine(room: Room) -> OwnPlace | None:
    person = room.who.person_id
    if person is None:
        return None
    voice = Voice.objects.filter(hall=room.hall, who=voice_of(room.hall.pk, person)).first()
    group = next((one for one in room.drawn.groups if voice is not None and one.key == voice.group), None)
    if voice is None or group is None or voice.x is None or voice.y is None:
        return None
    return OwnPlace(name=words.name_of(room.drawn, group), x=voice.x, y=voice.y)
