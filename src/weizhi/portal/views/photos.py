"""Photos of the record, to those who may see the entry they belong to."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from weizhi.matters import reads
from weizhi.matters.models import Matter
from weizhi.matters.story import involved
from weizhi.people.access import Standing
from weizhi.portal.uploads import thumbnail
from weizhi.portal.visitor import standing_of
from weizhi.record.actions.append import HOUSEHOLD
from weizhi.record.files import path_of
from weizhi.record.models import Payload

WEEK = 7 * 24 * 3600


@require_safe
@login_required
@cache_control(private=True, max_age=WEEK, immutable=True)
def photo(request: HttpRequest, part_id: UUID, small: bool = False) -> HttpResponse:
    """A photo never changes under its id; whoever may not see its matter gets 404."""
    return photo_for(standing_of(request), part_id, small)


def photo_for(standing: Standing, part_id: UUID, small: bool = False) -> HttpResponse:
    part = Payload.objects.filter(pk=part_id, part__startswith="file:").select_related("entry").first()
    if part is None or not Matter.objects.visible_to(standing).filter(pk=part.entry.stream_id).exists():
        raise Http404
    if part.grade >= HOUSEHOLD and not involved(reads.parties(part.entry.stream_id), standing):
        raise Http404
    return jpeg(path_of(str((part.read() or {})["thumb" if small else "hash"])).read_bytes())


@require_safe
@login_required
@cache_control(private=True, max_age=3600)
def draft(request: HttpRequest, token: str) -> HttpResponse:
    """A photo that waits for its form to be sent again: its owner's alone."""
    found = thumbnail(token, str(request.user.pk))
    if found is None:
        raise Http404
    return jpeg(found)


def jpeg(data: bytes) -> HttpResponse:
    return HttpResponse(data, content_type="image/jpeg", headers={"Content-Disposition": "inline"})
