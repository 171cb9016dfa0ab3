"""Raise a matter, act on it, read it: the one uniform door."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from weizhi.matters import queries
from weizhi.matters.actions.act import act, raise_matter
from weizhi.matters.models import Matter
from weizhi.matters.refused import Refused
from weizhi.matters.story import Reader
from weizhi.portal.api import bodies, tokens
from weizhi.portal.api.answers import Page, Receipt, Whole, brief, receipt, whole
from weizhi.portal.api.errors import Problem
from weizhi.portal.instants import of_our_time
from weizhi.portal.queries.places import community_called
from weizhi.portal.visitor import signed_in, standing_of

REFUSALS: Final[dict[Any, Any]] = {frozenset({400, 401, 403, 404, 409, 422, 429}): Problem}
AT_MOST: Final = 100
Scope = Literal["visible", "mine", "waiting"]

router = Router()


@router.get(
    "",
    response={200: Page, **REFUSALS},
    auth=tokens.doors(tokens.READ),
    summary="Matters that I may see, newest change first",
    openapi_extra={"x-scopes": [tokens.READ]},
)
def list_matters(
    request: HttpRequest, scope: Scope = "visible", after: str = "", limit: Annotated[int, Query(ge=1, le=AT_MOST)] = 25
) -> Page:
    """`scope`: all that I may see, what I raised or follow, or what waits for me."""
    found = _in_scope(request, scope).select_related("community", "place").order_by("-changed_at", "-pk")
    if after:
        changed_at, pk = _place_in_list(after)
        found = found.filter(Q(changed_at__lt=changed_at) | Q(changed_at=changed_at, pk__lt=pk))
    rows = list(found[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(items=[brief(matter) for matter in rows[:limit]], next=_word_for(last) if last else None)


def _in_scope(request: HttpRequest, scope: Scope) -> QuerySet[Matter]:
    who = standing_of(request)
    visible = Matter.objects.visible_to(who)
    if scope == "mine":
        return visible.filter(pk__in=queries.mine(who).order_by().values("pk"))
    if scope == "waiting":
        return visible.filter(pk__in=queries.waits(who).order_by().values("matter_id"))
    return visible


def _word_for(matter: Matter) -> str:
    return base64.urlsafe_b64encode(f"{matter.changed_at.isoformat()}~{matter.pk}".encode()).decode()


def _place_in_list(word: str) -> tuple[datetime, UUID]:
    try:
        changed_at, _tilde, pk = base64.urlsafe_b64decode(word.encode()).decode().partition("~")
        at = datetime.fromisoformat(changed_at)
        if at.tzinfo is None:
            raise ValueError(word)
        return of_our_time(at), UUID(pk)
    except (ValueError, binascii.Error):
        raise Refused("bad-data", _("看不懂“%(field)s”。请检查后再发。") % {"field": "after"}, field="after") from None


@router.post(
    "",
    response={201: Receipt, **REFUSALS},
    auth=tokens.doors(tokens.REPORT),
    summary="Raise a matter",
    openapi_extra=bodies.described(bodies.Raise, tokens.REPORT),
)
def raise_one(request: HttpRequest) -> Status[Receipt]:
    sent, photos = bodies.read(request, bodies.Raise)
    community = community_called(sent.community, standing_of(request))
    if community is None:
        raise Refused("not-found", _("没有这个社区。"), field="community")
    done = raise_matter(
        community,
        sent.kind,
        by=signed_in(request),
        data=sent.data,
        place=sent.place,
        evidence=photos,
        key=sent.key,
        told_at=sent.told_at,
        as_post=sent.as_post,
        on_behalf_of=bodies.person_named(sent.on_behalf_of),
        recorded=sent.told.recorded() if sent.told else None,
        who=standing_of(request),
    )
    return Status(201, receipt(done))


@router.get(
    "/{uuid:matter_id}",
    response={200: Whole, **REFUSALS},
    auth=tokens.doors(tokens.READ),
    summary="One matter as a story",
    openapi_extra={"x-scopes": [tokens.READ]},
)
def read_one(request: HttpRequest, matter_id: UUID) -> Whole:
    """What happened, what comes next, and which acts are open to me."""
    who = standing_of(request)
    matter = Matter.objects.visible_to(who).preloaded().filter(pk=matter_id).first()
    if matter is None:
        raise Refused("not-found", _("没有这件事，或者您看不到它。"))
    return whole(Reader(matter, who))


@router.post(
    "/{uuid:matter_id}/acts",
    response={200: Receipt, **REFUSALS},
    auth=tokens.doors(tokens.ACT),
    summary="Act on a matter",
    openapi_extra=bodies.described(bodies.Act, tokens.ACT),
)
def act_on_one(request: HttpRequest, matter_id: UUID) -> Receipt:
    sent, photos = bodies.read(request, bodies.Act)
    done = act(
        matter_id,
        sent.verb,
        by=signed_in(request),
        step=sent.step,
        data=sent.data,
        outcome=sent.outcome,
        evidence=photos,
        key=sent.key,
        told_at=sent.told_at,
        as_post=sent.as_post,
        on_behalf_of=bodies.person_named(sent.on_behalf_of),
        who=standing_of(request),
    )
    return receipt(done)
