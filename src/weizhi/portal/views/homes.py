"""My homes: those I have to do with, one more by a letter, one I moved out of; letters to homes; all my data."""

import json
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from weizhi.matters.refused import Refused
from weizhi.people.models import Residence
from weizhi.places.models import Place
from weizhi.portal.accounts import lockout
from weizhi.portal.accounts.home_codes import household_with
from weizhi.portal.accounts.joining import join as join_home
from weizhi.portal.accounts.joining import newcomer
from weizhi.portal.census.keeping import kept_by
from weizhi.portal.hall.telling import own_data
from weizhi.portal.pieces import Flash
from weizhi.portal.queries.homes import join_form, letters_of, my_homes
from weizhi.portal.queries.person import everything_about
from weizhi.portal.visitor import signed_in
from weizhi.record import clock
from weizhi.record.actions.move_out import move_out

TOLD = "told"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def homes(request: HttpRequest) -> HttpResponse:
    """What I have to do with, and the code of a letter that adds one."""
    person, refused = signed_in(request), None
    if request.method == "POST":
        if lockout.guessing_is_locked(request, lockout.BY_LETTER):
            return lockout.locked(request)
        try:
            join_home(person, _household(request), request.POST.get("status", ""))
            return HttpResponseRedirect(f"{reverse('portal:homes')}?{TOLD}=joined")
        except Refused as wrong:
            refused = wrong
    words = {"joined": _("登记好了。"), "left": _("记下了，您不再登记在那一户。")}.get(request.GET.get(TOLD, ""))
    context = {
        "here": "mine", "homes": my_homes(person, clock.now()), "form": join_form(request.POST, refused),
        "flash": Flash(words) if words else None,
    }  # fmt: skip
    return render(request, "portal/homes.html", context, status=422 if refused else 200)


@require_POST
@login_required
def leave(request: HttpRequest, residence_id: UUID) -> HttpResponse:
    """I moved away. Another person's home does not exist for me."""
    person = signed_in(request)
    mine = Residence.objects.open_at(clock.now()).filter(person=person).select_related("community", "household")
    move_out(get_object_or_404(mine, pk=residence_id), by=person, proof="self")
    return HttpResponseRedirect(f"{reverse('portal:homes')}?{TOLD}=left")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """For whoever has a letter and no account: name, telephone, and the first sign-in by a code to it."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("portal:homes"))
    refused = None
    if request.method == "POST":
        if lockout.guessing_is_locked(request, lockout.BY_LETTER):
            return lockout.locked(request)
        try:
            sent = request.POST
            newcomer(sent.get("name", ""), sent.get("phone", ""), _household(request), sent.get("status", ""))
            return render(request, "portal/joined.html", {"here": ""})
        except Refused as wrong:
            refused = wrong
    context = {"here": "", "form": join_form(request.POST, refused, new=True)}
    return render(request, "portal/join.html", context, status=422 if refused else 200)


def _household(request: HttpRequest) -> Place:
    found = household_with(request.POST.get("home", ""), request.POST.get("code", ""), timezone.localdate(clock.now()))
    if found is None:
        lockout.wrong_guess(request, lockout.BY_LETTER)
        raise Refused(
            "bad-data", _("门牌号和信上的码对不上。请对着信再看一遍；信过了期，请到居委会换一封。"), field="code"
        )
    return found


@never_cache
@require_safe
@login_required
def letters(request: HttpRequest) -> HttpResponse:
    """Letters to the homes of one building, to print and put into the boxes. For those who keep the census."""
    page = letters_of(kept_by(request), request.GET.get("under", ""), timezone.localdate(clock.now()))
    return render(request, "portal/letters.html", {"here": "census", "page": page})


@never_cache
@require_safe
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    """All that is held about me, as a file (个人信息保护法 45: 查阅、复制)."""
    me = signed_in(request)
    held = everything_about(me, clock.now()) | {"halls": own_data(me.pk)}
    body = json.dumps(held, ensure_ascii=False, indent=1)
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename*=UTF-8''%E6%88%91%E7%9A%84%E8%B5%84%E6%96%99.json"
    return answer
