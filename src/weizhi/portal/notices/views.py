"""Choose how to be told; see what did not arrive."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from weizhi.matters.refused import Refused
from weizhi.portal.census.keeping import kept_by
from weizhi.portal.notices import undelivered
from weizhi.portal.notices.choosing import choices_page, chosen, keep, wishes_now
from weizhi.portal.visitor import signed_in
from weizhi.record import clock


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choices(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    wishes, refused = wishes_now(person), None
    if request.method == "POST":
        try:
            keep(person, chosen(request.POST, wishes))
        except Refused as error:
            refused = error
        else:
            messages.success(request, _("记下了，从现在起照这样告诉您。"))
            return HttpResponseRedirect(reverse("portal:notice-choices"))
    page = choices_page(person, wishes, refused)
    return render(request, "portal/notice_choices.html", {"here": "mine", "page": page}, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def not_delivered(request: HttpRequest) -> HttpResponse:
    """For the body that looks after the community. A POST tries all of it again."""
    community, now = kept_by(request), clock.now()
    if request.method == "POST":
        messages.success(request, _("再试 %(n)s 条。") % {"n": undelivered.try_again(community, now)})
        return HttpResponseRedirect(reverse("portal:undelivered"))
    return render(request, "portal/undelivered.html", {"here": "mine", "lines": undelivered.lines(community, now)})
