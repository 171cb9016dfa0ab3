"""The charter by which something new would be raised here."""

from datetime import datetime
from uuid import UUID

from weizhi.charters.models import Charter
from weizhi.matters.pinned import charter_by_hash, hash_in_force
from weizhi.matters.refused import Refused
from weizhi.people.access import Standing
from weizhi.portal.queries.places import community_of


def charter_of_staff(standing: Standing, now: datetime) -> Charter | None:
    """The charter by which somebody who holds a post works; None for residents. One query."""
    community = community_of(standing)
    return charter_in_force(community.pk, now) if community and standing.posts else None


def charter_in_force(community: UUID, now: datetime) -> Charter | None:
    """One query; None in a community that has adopted no charter yet."""
    try:
        return charter_by_hash(hash_in_force(community, now))
    except Refused:
        return None
