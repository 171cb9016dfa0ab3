"""A community's public calendar at an address that stays: to be subscribed to by any calendar program, unsigned."""

from datetime import datetime
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from weizhi.charters.periods import ZONE
from weizhi.charters.workdays import state_calendar
from weizhi.matters.pinned import charter_by_hash
from weizhi.people.models import CharterAdoption
from weizhi.portal.charter import dates
from weizhi.portal.charter.ics import calendar_text
from weizhi.record import clock

A_HOUR = 3600


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates of the charter in force; two queries, and the text is made once a day and process."""
    now = clock.now()
    adopted = CharterAdoption.objects.filter(community__slug=slug, since__lte=now).order_by("-since")
    found = adopted.values_list("text_id", "community__name", "since").first()
    if found is None:
        raise Http404(_("没有这份日历。"))
    digest, name, since = found
    url = request.build_absolute_uri(reverse("portal:calendar", args=[slug]))
    text = _text(digest, name, slug, since, now.astimezone(ZONE).date().isoformat(), url)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{slug}.ics"'
    response["Cache-Control"] = f"private, max-age={A_HOUR}"
    return response


@lru_cache(maxsize=32)
def _text(digest: str, name: str, slug: str, since: datetime, day: str, url: str) -> str:
    """In Chinese, whatever the program that asks says of itself: it is the community that speaks."""
    today = datetime.fromisoformat(day).date()
    with translation.override("zh-hans"):
        events = dates.events(charter_by_hash(digest), slug, today, state_calendar())
        return calendar_text(_("%(name)s的日子") % {"name": name}, str(ZONE), since, url, events)
