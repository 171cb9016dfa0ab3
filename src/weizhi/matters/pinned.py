"""Charters as matters use them: the one in force for a new matter, the pinned one for a running matter."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection

from weizhi.charters.loading import thaw
from weizhi.charters.models import Charter
from weizhi.matters.refused import Refused
from weizhi.people.models import CharterAdoption, CharterText
from weizhi.places.models import Community, Place, uuid_parameter
from weizhi.places.prepared import Prepared


@lru_cache(maxsize=128)
def charter_by_hash(digest: str) -> Charter:
    """The charter kept under a hash. Costs a query the first time in a process; a hash never changes its text."""
    return thaw(CharterText.objects.get(pk=digest).text)


_in_force: Prepared[str] = Prepared(
    lambda community, at: (
        CharterAdoption.objects.filter(community=community, since__lte=at)
        .order_by("-since")
        .values_list("text_id", flat=True)[:1]
    ),
    by_key=True,
)


def hash_in_force(community: UUID, at: datetime) -> str:
    found = _in_force.first(community, at)
    if found is None:
        raise Refused("no-charter", "这个社区还没有章程。请先由居委会采用一份。")
    return str(found)


# Asked at every report; as one text for the same reason as people.access.standing. `within`: the names of the two
# places that enclose it, one a line, for search.
_PLACE_AND_CHARTER = """
SELECT p.*, (
    SELECT a.text_id FROM people_charteradoption a
    WHERE a.community_id = p.community_id AND a.since <= %s ORDER BY a.since DESC LIMIT 1
) AS charter, (
    SELECT u.name || CASE WHEN v.name IS NULL THEN '' ELSE '
' || v.name END
    FROM places_place u LEFT JOIN places_place v ON v.id = u.parent_id WHERE u.id = p.parent_id
) AS within
FROM places_place p
WHERE p.community_id = %s AND """


def places_with_charter(community: Community, kinds: Sequence[str], paths: Sequence[str], at: datetime) -> list[Place]:
    """Places of these kinds and at these paths, each fit to be handed to `raise_matter`: it asks no more of them."""
    holes = [", ".join(["%s"] * len(values)) for values in (kinds, paths)]
    where = f"(p.kind IN ({holes[0]}) OR p.path IN ({holes[1]})) ORDER BY p.path"
    return list(Place.objects.raw(_PLACE_AND_CHARTER + where, [*_here(community, at), *kinds, *paths]))


def _here(community: Community, at: datetime) -> list[object]:
    return [connection.ops.adapt_datetimefield_value(at), uuid_parameter(community.pk)]


def place_with_charter(community: Community, place: Place | UUID | None, at: datetime) -> tuple[Place, str]:
    """The place a matter is about (the community itself without one) and the charter in force, in one query.

    No query for a place of `places_with_charter`.
    """
    if isinstance(place, Place):
        found = place if place.community_id == community.pk else None
    else:
        where, named = ("p.id = %s", uuid_parameter(place)) if place else ("p.path = %s", community.slug)
        found = next(iter(Place.objects.raw(_PLACE_AND_CHARTER + where, [*_here(community, at), named])), None)
    if found is None:
        raise Refused("bad-data", "找不到这个地方。请重新选一次。", field="place")
    digest = getattr(found, "charter", None)  # the column that the query adds
    if not digest:
        raise Refused("no-charter", "这个社区还没有章程。请先由居委会采用一份。")
    return found, digest
