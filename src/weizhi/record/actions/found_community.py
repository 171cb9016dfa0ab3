"""Found a community: the tenant, its root place and its registers."""

from datetime import datetime

from django.db import transaction

from weizhi.people.models import Person
from weizhi.places.models import Community, Place
from weizhi.places.naming import check_slug
from weizhi.record.actions.append import Deed, append
from weizhi.record.actions.registers import lock_register, open_registers
from weizhi.record.origin import the_clock


def found_community(
    slug: str,
    name: str,
    *,
    level: str = "community",
    parent: Community | None = None,
    by: Person | None = None,
    at: datetime | None = None,
) -> Community:
    """Create the community and say so in its registry. Its path begins with its slug, for ever."""
    now = the_clock(at)
    check_slug(slug)
    with transaction.atomic():
        community = Community.objects.create(slug=slug, name=name, level=level, parent=parent)
        above = Place.objects.get(path=parent.slug).levels if parent else {}
        Place.objects.create(
            community=community, kind=level, code=slug, name=name, path=slug, levels={**above, level: slug}
        )
        open_registers(community)
        append(lock_register(community, "registry"), "found", Deed(at=now, actor=by, public={"name": name}))
    return community
