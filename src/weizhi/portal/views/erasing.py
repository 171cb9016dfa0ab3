"""Ask to be erased, in two steps; for those who keep the register: two who agree, or one who says why not."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from weizhi.matters.actions.ask_erasure import ask_erasure, take_back_erasure
from weizhi.matters.actions.settle_erasure import agree_to_erasure, decline_erasure
from weizhi.matters.refused import Refused
from weizhi.people.models import Erasure, Person
from weizhi.places.models import Community
from weizhi.portal.accounts.helping import end_sessions
from weizhi.portal.census.keeping import kept_by
from weizhi.portal.queries.erasing import communities_of, erasing_page, erasures, my_erasing, once_here, somebody_here
from weizhi.portal.visitor import signed_in
from weizhi.record import clock


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and by which law; then once more, with the own name; then it is asked for."""
    person, sent = signed_in(request), request.POST
    try:
        if sent.get("do") == "take-back":
            for erasure in Erasure.objects.filter(person=person, settled_at=None).select_related("community", "person"):
                take_back_erasure(erasure, by=person)
            return _again(request, _("撤回了，什么都没有删。"))
        if sent.get("do") == "ask":
            _ask(person, sent.get("name", ""))
            return _again(request, _("提出来了。社区里两位工作人员核对以后删除，在那以前可以撤回。"))
    except Refused as refused:
        return _mine(request, person, refused)
    return _mine(request, person)


def _ask(person: Person, typed: str) -> None:
    if "".join(typed.split()) != "".join(person.name.split()):
        raise Refused("bad-data", _("名字和登记的不一样。请照登记的名字写。"), field="name")
    places = list(communities_of(person))
    if not places:
        raise Refused("closed", _("没有哪个社区登记着您。账号的事，请找系统管理员。"))
    waiting = set(Erasure.objects.filter(person=person, settled_at=None).values_list("community", flat=True))
    for community in places:
        if community.pk not in waiting:
            ask_erasure(community, person, by=person)


def _mine(request: HttpRequest, person: Person, refused: Refused | None = None) -> HttpResponse:
    sure = request.POST.get("do") in ("sure", "ask")
    context = {
        "here": "mine", "page": my_erasing(person, clock.now()), "sure": sure, "refused": refused,
        "typed": request.POST.get("name", ""),
    }  # fmt: skip
    return render(request, "portal/erase_me.html", context, status=422 if refused else 200)


def _again(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("portal:erase-me"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """Who asked, and, by name, whoever lives or lived here. By POST: a name in an address would stand in logs."""
    community, typed = kept_by(request), request.POST.get("q", "")
    context = {
        "here": "census", "lines": erasures(community, clock.now()), "typed": typed,
        "found": once_here(community, typed),
    }  # fmt: skip
    return render(request, "portal/erasures.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def one(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask for somebody who moved away or died; agree, as the first or the second; or say why not."""
    community, me = kept_by(request), signed_in(request)
    person = somebody_here(community, person_id)
    if person is None:
        raise Http404
    refused = None
    if request.method == "POST":
        try:
            messages.success(request, _do(request, community, person, me))
        except Refused as error:
            refused = error
        else:
            return HttpResponseRedirect(reverse("portal:erasures"))
    page = erasing_page(community, person, me, clock.now())
    context = {"here": "census", "page": page, "refused": refused, "why": request.POST.get("why", "")}
    return render(request, "portal/erase_person.html", context, status=422 if refused else 200)


def _do(request: HttpRequest, community: Community, person: Person, me: Person) -> str:
    sent = request.POST
    if sent.get("do") == "ask":
        ask_erasure(community, person, by=me, ground=sent.get("ground", ""))
        return _("提出来了，算您同意。请另一位在任的同事来确认。")
    open_here = Erasure.objects.filter(community=community, person=person, settled_at=None)
    asked = open_here.select_related("community", "person").first()
    if asked is None:
        raise Refused("closed", _("这个申请已经处理过了。请刷新看看。"))
    if sent.get("do") == "decline":
        decline_erasure(asked, by=me, why=sent.get("why", ""))
        return _("没有删除，理由会告诉本人。")
    if sent.get("do") != "agree" or not sent.get("sure"):
        raise Refused("bad-data", _("请先勾上“核对过了”。删了就找不回来了。"), field="sure")
    if agree_to_erasure(asked, by=me) is None:
        return _("记下了。请另一位在任的同事来确认，然后才删除。")
    end_sessions(person)
    return _("删除了。办过的事和它们的凭据还在，里面不再有这个人的话。")
