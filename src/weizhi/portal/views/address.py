"""My e-mail address: a code goes to the new one, and comes back here."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.portal.accounts import addresses
from weizhi.portal.visitor import person_of
from weizhi.record import clock


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_email(request: HttpRequest) -> HttpResponse:
    person, refused = person_of(request), None
    assert person is not None, "login_required stands before"
    if request.method == "POST":
        try:
            done = _do(request, person)
        except Refused as error:
            refused = error
            person.refresh_from_db(fields=["email"])
        else:
            if done:
                messages.success(request, done)
            return HttpResponseRedirect(reverse("portal:my-email"))
    context = {
        "here": "mine", "email": person.email, "waits": addresses.waiting_for(request.session, clock.now()),
        "refused": refused, "typed": request.POST.get("email", ""),
    }  # fmt: skip
    return render(request, "portal/my_email.html", context, status=422 if refused else 200)


def _do(request: HttpRequest, person: Person) -> str:
    """What was pressed; the words of what was done."""
    sent, now = request.POST, clock.now()
    if sent.get("do") == "confirm":
        address = addresses.confirm(request.session, person, sent.get("code", ""), now)
        return _("换好了，以后发到 %(email)s。") % {"email": address}
    if sent.get("do") == "forget":
        addresses.forget(request.session, person)
        return _("去掉了，不再往邮箱发消息。")
    addresses.send_code(request.session, person, sent.get("email", ""), now)
    return ""
