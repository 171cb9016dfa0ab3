"""Charters as matters use them: the one in force for a new matter, the pinned one for a running matter."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import OuterRef, Subquery

from weizhi.charters.loading import thaw
from weizhi.charters.models import Charter
from weizhi.matters.refused import Refused
from weizhi.people.models import CharterAdoption, CharterText
from weizhi.places.models import Community, Place


@lru_cache(maxsize=128)
def charter_by_hash(digest: str) -> Charter:
    """The charter kept under a hash. Costs a query the first time in a process; a hash never changes its text."""
    return thaw(CharterText.objects.get(pk=digest).text)


def hash_in_force(community: UUID, at: datetime) -> str:
    newest = CharterAdoption.objects.filter(community=community, since__lte=at).order_by("-since")
    found = newest.values_list("text_id", flat=True).first()
    if found is None:
        raise Refused("no-charter", "这个社区还没有章程。请先由居委会采用一份。")
    return str(found)


def place_with_charter(community: Community, place: UUID | None, at: datetime) -> tuple[Place, str]:
    """The place a matter is about (the community itself without one) and the charter in force, in one query."""
    newest = CharterAdoption.objects.filter(community=OuterRef("community"), since__lte=at).order_by("-since")
    places = Place.objects.filter(community=community).annotate(charter=Subquery(newest.values("text_id")[:1]))
    found = places.filter(pk=place).first() if place else places.filter(path=community.slug).first()
    if found is None:
        raise Refused("bad-data", "找不到这个地方。请重新选一次。", field="place")
    if not found.charter:
        raise Refused("no-charter", "这个社区还没有章程。请先由居委会采用一份。")
    return found, found.charter
