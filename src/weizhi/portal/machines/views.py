"""Tokens for programs: give, show once, take back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from weizhi.matters.refused import Refused
from weizhi.people.models import MachineToken
from weizhi.portal.machines.pages import Director, director_of, give, machines_page
from weizhi.portal.queries.charter import charter_of_staff
from weizhi.portal.visitor import person_of, signed_in, standing_of
from weizhi.record import clock
from weizhi.record.actions.issue_token import revoke_token


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def machines(request: HttpRequest) -> HttpResponse:
    """The list and the form. A new token is on the answer to the form and nowhere else: not even on a reload."""
    head = _director(request)
    if request.method != "POST":
        return _show(request, head)
    person = signed_in(request)
    try:
        issued = give(head, request.POST, person)
    except Refused as refused:
        return _show(request, head, refused)
    return render(request, "portal/machine_token.html", {"here": "mine", "issued": issued})


@require_POST
@login_required
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    head = _director(request)
    row = get_object_or_404(
        MachineToken.objects.select_related("community", "holding__person", "holding__community", "holding__body"),
        pk=token_id,
        community=head.community,
    )
    if revoke_token(row, by=person_of(request)):
        messages.success(request, _("收回了“%(name)s”的令牌。从现在起它进不来了。") % {"name": row.name})
    return HttpResponseRedirect(reverse("portal:machines"))


def _director(request: HttpRequest) -> Director:
    head = director_of(standing_of(request), charter_of_staff(standing_of(request), clock.now()))
    if head is None:
        raise Http404
    return head


def _show(request: HttpRequest, head: Director, refused: Refused | None = None) -> HttpResponse:
    page = machines_page(head, request.POST if refused else {}, refused, clock.now())
    return render(request, "portal/machines.html", {"here": "mine", "page": page}, status=422 if refused else 200)
