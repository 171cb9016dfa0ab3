"""Who is looking, asked of the database once a request."""

from functools import lru_cache
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from weizhi.people.access import NOBODY, Standing, standing
from weizhi.people.models import Person
from weizhi.places.models import Community
from weizhi.record.models import Delivery


def person_of(request: HttpRequest) -> Person | None:
    return cast(Person, request.user) if request.user.is_authenticated else None


def standing_of(request: HttpRequest) -> Standing:
    """What the visitor is now; kept on the request, since page, dock and act all ask."""
    kept = getattr(request, "_weizhi_standing", None)
    if isinstance(kept, Standing):
        return kept
    person = person_of(request)
    found = standing(person, timezone.now()) if person else NOBODY
    request._weizhi_standing = found  # type: ignore[attr-defined]  # ours alone, read two lines above
    return found


@lru_cache(maxsize=4096)
def _named(community: UUID) -> str:
    """A community's name hardly ever changes: read once in a process."""
    return Community.objects.values_list("name", flat=True).get(pk=community)


def place_of(request: HttpRequest) -> str:
    """The name of the community where the visitor belongs: by post first, then by home."""
    standing = standing_of(request)
    ids = [post.community_id for post in standing.posts] or sorted(standing.communities)
    return _named(ids[0]) if ids else ""


def unseen_of(request: HttpRequest) -> int:
    """How many notices the visitor has not opened yet."""
    kept = getattr(request, "_weizhi_unseen", None)
    if isinstance(kept, int):
        return kept
    count = Delivery.objects.filter(to_id=standing_of(request).person_id, channel="page", seen_at__isnull=True).count()
    request._weizhi_unseen = count  # type: ignore[attr-defined]  # ours alone, read above
    return count
