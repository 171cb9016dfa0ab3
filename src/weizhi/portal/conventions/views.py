"""A convention, for everybody who belongs here."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from weizhi.portal.conventions.page import convention_page
from weizhi.portal.sent import version_or_zero
from weizhi.portal.visitor import standing_of
from weizhi.record import clock


@require_safe
@login_required
def convention(request: HttpRequest, key: str) -> HttpResponse:
    n, other = (version_or_zero(request.GET.get(name, "")) for name in ("v", "with"))
    page = convention_page(standing_of(request), key, clock.now(), n=n, other=other)
    if page is None:
        raise Http404(_("这里没有这份公约。"))
    return render(request, "portal/conventions/convention.html", {"here": "charter", "page": page})
