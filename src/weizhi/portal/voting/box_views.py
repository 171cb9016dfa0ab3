"""A box that takes two: the passphrase set beforehand, and the half that each counter opens after closing."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from weizhi.decisions.actions.open_box import open_box
from weizhi.decisions.actions.set_counting_key import set_counting_key
from weizhi.decisions.models import CountingKey
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.refusing import status_of
from weizhi.portal.visitor import signed_in
from weizhi.portal.voting import listing, voter
from weizhi.portal.voting.views import seen, show


@sensitive_post_parameters("passphrase", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def counting_key(request: HttpRequest) -> HttpResponse:
    """My counting passphrase: for the boxes that open from now on. It is shown to nobody, not even to me."""
    me, error, status = signed_in(request), "", 200
    if request.method == "POST":
        try:
            _set(request, me)
        except Refused as refused:
            error, status = refused.message, status_of(refused)
        else:
            messages.success(request, _("设好了。以后要两个人一起开的票箱，用这一句开您的一半。"))
            return HttpResponseRedirect(request.path)
    known = CountingKey.objects.filter(person=me).only("since").first()
    return render(request, "portal/voting/key.html", {"here": "home", "known": known, "error": error}, status=status)


def _set(request: HttpRequest, me: Person) -> None:
    first, again = request.POST.get("passphrase", ""), request.POST.get("again", "")
    if first != again:
        raise Refused("bad-data", _("两遍不一样。请再写一次。"), field="again")
    set_counting_key(first, by=me)


@sensitive_post_parameters("passphrase")
@require_POST
@login_required
def opened(request: HttpRequest, vote_id: UUID) -> HttpResponse:
    """My half of the box; with the second of the two it is counted at once."""
    found = seen(request, vote_id)
    try:
        vote = open_box(found.pk, request.POST.get("passphrase", ""), by=signed_in(request))
    except Refused as refused:
        return show(request, found, voter.Tried(error=refused.message), status=status_of(refused))
    if vote.counted_at is None:
        messages.success(request, _("您的一半开了。另一位开票人来了，马上计票。"))
    return HttpResponseRedirect(listing.vote_url(vote_id))
