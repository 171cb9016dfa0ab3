"""One question a page, with nothing kept on the server: each page carries what was answered on the others."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from weizhi.portal.guiding import page as pages
from weizhi.portal.queries.report import ground_for
from weizhi.portal.visitor import standing_of
from weizhi.record import clock

# The one page on which the browser may listen: who asked for it by a press speaks instead of typing.
LISTENS: Final = "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), display-capture=()"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def guided(request: HttpRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    ground = ground_for(standing_of(request), sent.get("at", ""), clock.now())
    kind = ground.kind(sent.get("kind", "")) if ground else None
    if ground is None or kind is None or not pages.is_guided(ground.charter, kind):
        return HttpResponseRedirect(reverse("portal:report"))
    said = {name: str(sent.get(name, "")) for name in sent}
    n, error, status = int(said["n"]) if said.get("n", "").isdecimal() else 0, "", 200
    if request.method == "POST":
        asked = pages.questions(ground.charter, kind)
        n = min(n, len(asked) - 1)
        if said.get("go") == "back":
            n -= 1
        elif asked[n].required and not said.get(asked[n].key, "").strip():
            error, status = _("这一问要答一句，几个字也行。"), 422
        else:
            n += 1
    context = {"here": "report", "page": pages.guided_page(ground.charter, kind, said, n, error)}
    answer = render(request, "portal/guiding/question.html", context, status=status)
    answer.headers["Permissions-Policy"] = LISTENS
    return answer
