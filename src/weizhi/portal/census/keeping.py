"""Who looks after the community: the door of the pages of its census, its people, its letters."""

from django.http import Http404, HttpRequest

from weizhi.places.models import Community
from weizhi.portal.census.pages import keeper_of
from weizhi.portal.queries.charter import charter_of_staff
from weizhi.portal.visitor import standing_of
from weizhi.record import clock


def kept_by(request: HttpRequest) -> Community:
    """The community that this visitor looks after. Others do not learn that there is such a page."""
    who = standing_of(request)
    community = keeper_of(who, charter_of_staff(who, clock.now()))
    if community is None:
        raise Http404
    return community
