"""Whose word it is that an officer writes down: named in the form, judged by the act."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from weizhi.matters.refused import Refused
from weizhi.people.models import Person


def behalf_of(request: HttpRequest) -> Person | None:
    """The person for whom the officer acts, or None. Whether the officer may is for the act to judge."""
    asked = request.POST.get("behalf", "")
    if not asked:
        return None
    try:
        found = Person.objects.filter(pk=UUID(asked), erased_at__isnull=True).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused("bad-data", _("找不到这位居民。请重新选一次。"), field="behalf")
    return found
