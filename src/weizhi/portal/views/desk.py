"""The desk's work table, and the way from one matter of it to the next."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from weizhi.portal.pieces import Flash
from weizhi.portal.queries.asked import Asked
from weizhi.portal.queries.desk import desk
from weizhi.portal.queries.following import following, matter_url
from weizhi.portal.sent import id_or_none
from weizhi.portal.visitor import standing_of
from weizhi.record import clock


@require_safe
@login_required
def work_table(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request)
    if not standing.posts:  # the desk is where a post works
        return HttpResponseRedirect(reverse("portal:home"))
    asked = Asked.of(request.GET)
    table = desk(standing, asked, clock.now())
    here = asked.view if asked.view in ("open", "ended") else "desk"
    flash = _all_done(request.GET["done"]) if "done" in request.GET else None
    return render(request, "portal/desk.html", {"here": here, "table": table, "flash": flash})


@require_safe
@login_required
def next_one(request: HttpRequest) -> HttpResponse:
    """Open the next matter of a list: after the step just acted at (`after`), or the first. Writes nothing."""
    standing = standing_of(request)
    if not standing.posts:
        return HttpResponseRedirect(reverse("portal:home"))
    asked = Asked.of_queue(request.GET.get("queue", ""))
    found = following(standing, asked, id_or_none(request.GET.get("after", "")), clock.now())
    was = request.GET.get("was", "")
    if found is None:
        return HttpResponseRedirect(f"{reverse('portal:desk')}?{asked.words(done=was or 'all', page=1)}")
    told = "&" + urlencode({"told": "next", "was": was}) if is_number(was) else ""
    return HttpResponseRedirect(matter_url(found, asked) + told)


def is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 9


def _all_done(was: str) -> Flash:
    """The list is empty; `was` is the number of the matter that was done last."""
    more = _("这一批都办过了。")
    return Flash(_("%(number)s 记下了。") % {"number": f"{int(was):04d}"}, more=more) if is_number(was) else Flash(more)
