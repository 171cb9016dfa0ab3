"""Photos: sent before an act and named in it; read by whoever may see the matter."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from weizhi.matters.refused import Refused
from weizhi.portal.api import tokens
from weizhi.portal.api.bodies import PHOTOS
from weizhi.portal.api.errors import Problem
from weizhi.portal.uploads import FIELD, KEPT_FOR, photos_from, word_for
from weizhi.portal.views.photos import photo_for
from weizhi.portal.visitor import standing_of

REFUSALS: Final[dict[Any, Any]] = {frozenset({400, 401, 403, 404, 422, 429}): Problem}
SENT: Final = {
    "x-scopes": [tokens.REPORT, tokens.ACT],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": {"type": "object", "properties": {FIELD: PHOTOS}, "required": [FIELD]}}
        },
    },
}
JPEG: Final = {
    "x-scopes": [tokens.READ],
    "responses": {
        200: {"description": "JPEG", "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
    },
}

router = Router()


class Kept(Schema):
    """Words to put into `evidence` of an act, until they lapse. Only the sender may use them."""

    evidence: list[str]
    until: datetime


@router.post(
    "/evidence",
    response={201: Kept, **REFUSALS},
    auth=tokens.doors(tokens.REPORT, tokens.ACT),
    summary="Send photos before the act that needs them",
    openapi_extra=SENT,
)
def send_evidence(request: HttpRequest) -> Status[Kept]:
    """Each photo is taken out of what it travelled in, turned upright and written anew; up to nine at once."""
    photos = photos_from(request)
    if not photos:
        raise Refused("bad-data", _("还没有照片。请放进 photos 再发。"), field=FIELD)
    words = [word_for(photo, str(request.user.pk)) for photo in photos]
    return Status(201, Kept(evidence=words, until=timezone.now() + timedelta(seconds=KEPT_FOR)))


@router.get(
    "/photos/{uuid:part_id}",
    response={200: None, **REFUSALS},
    auth=tokens.doors(tokens.READ),
    summary="A photo of a matter that I may see",
    openapi_extra=JPEG,
)
def read_photo(request: HttpRequest, part_id: UUID) -> HttpResponse:
    return photo_for(standing_of(request), part_id)
