"""An officer's word: who lives where, a new number, a lost telephone, moved away, died, stood twice."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid_utils.compat import uuid7

from weizhi.matters.actions.merge_people import merge_people
from weizhi.matters.refused import Refused
from weizhi.people.models import Holding, Person, Residence
from weizhi.places.models import Community
from weizhi.portal.accounts import helping
from weizhi.portal.accounts.numbers import as_number, holders_of
from weizhi.portal.census.keeping import kept_by
from weizhi.portal.queries.register import (
    STATUSES,
    household_called,
    people_found,
    person_of_ours,
    person_page,
)
from weizhi.portal.sent import id_or_none
from weizhi.portal.visitor import signed_in
from weizhi.record import clock
from weizhi.record.actions.enrol import enrol
from weizhi.record.actions.move_out import move_out
from weizhi.record.actions.record_death import record_death

NAME_AT_MOST: Final = 40


def _keeper(request: HttpRequest) -> tuple[Community, Person]:
    """Those of the body that the charter names as owner; to others there is no register."""
    person = signed_in(request)
    return kept_by(request), person


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Find somebody. By POST: a name or a number in an address would stand in logs and histories."""
    community, _me = _keeper(request)
    return _people(request, community)


def _people(request: HttpRequest, community: Community, refused: Refused | None = None) -> HttpResponse:
    typed = request.POST.get("q", "")
    found = people_found(community, typed, clock.now())
    statuses = [(status.value, status.label) for status in STATUSES]
    context = {
        "here": "census", "typed": typed, "found": found, "statuses": statuses, "sent": request.POST,
        "chosen": request.POST.getlist("status"), "refused": refused,
    }  # fmt: skip
    return render(request, "portal/people.html", context, status=422 if refused else 200)


@require_safe
@login_required
def one(request: HttpRequest, person_id: UUID) -> HttpResponse:
    community, _me = _keeper(request)
    found = person_of_ours(community, person_id, clock.now())
    if found is None:
        raise Http404
    return _person(request, community, found)


def _person(request: HttpRequest, community: Community, found: Person, refused: Refused | None = None) -> HttpResponse:
    page = person_page(community, found, clock.now())
    context = {"here": "census", "page": page, "refused": refused, "sent": request.POST}
    return render(request, "portal/person.html", context, status=422 if refused else 200)


@require_POST
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Somebody new, seen by an officer with papers in hand."""
    community, me = _keeper(request)
    try:
        person = _new(request, community, me)
    except Refused as refused:
        return _people(request, community, refused)
    messages.success(request, _("%(name)s登记好了。") % {"name": person.name})
    return HttpResponseRedirect(reverse("portal:person", args=[person.pk]))


def _new(request: HttpRequest, community: Community, me: Person) -> Person:
    name = " ".join(request.POST.get("name", "").split())
    if not name or len(name) > NAME_AT_MOST:
        raise Refused("bad-data", _("请写上名字（最多 40 个字）。"), field="name")
    number = _free_number(request.POST.get("phone", ""), None)
    with transaction.atomic():
        person = Person(login=f"p{uuid7().hex[-12:]}", name=name)
        person.set_unusable_password()
        person.save()
        _enrol(request, community, me, person)
        if number:
            helping.set_number(person, number, by=me)
    return person


@require_POST
@login_required
def say(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One thing that has changed. Whoever holds a post is helped by those who run the server, not by colleagues."""
    community, me = _keeper(request)
    found = person_of_ours(community, person_id, clock.now())
    do = VERBS.get(request.POST.get("do", ""))
    if found is None or do is None:
        raise Http404
    holds = Holding.objects.open_at(clock.now()).filter(person=found)
    try:
        if request.POST["do"] in TOUCHES_ACCOUNT and holds.exists():
            raise Refused("not-yours", _("这个人担任职务，他的号码和登录由系统管理员来改。"))
        messages.success(request, do(request, community, me, found))
    except Refused as refused:
        return _person(request, community, found, refused)
    gone = person_of_ours(community, person_id, clock.now()) is None
    return HttpResponseRedirect(reverse("portal:people") if gone else reverse("portal:person", args=[person_id]))


def _enrol(request: HttpRequest, community: Community, me: Person, person: Person) -> str:
    household = household_called(community, request.POST.get("home", ""))
    if household is None:
        raise Refused("bad-data", _("没有这个门牌号。请按名册上的写，例如 3-2-301。"), field="home")
    statuses = [status for status in request.POST.getlist("status") if status in STATUSES]
    if not statuses:
        raise Refused("bad-data", _("请选他和这一户是什么关系。"), field="status")
    here = Residence.objects.open_at(clock.now()).filter(person=person, household=household, status__in=statuses)
    if here.exists():
        raise Refused("too-often", _("他已经这样登记在这一户了。"), field="home")
    proof = request.POST.get("proof", "").strip()[:80] or _("工作人员当面登记")
    enrol(community, person, household, statuses, proof=proof, by=me)
    return _("登记好了。")


def _moved(request: HttpRequest, community: Community, me: Person, person: Person) -> str:
    rows = Residence.objects.open_at(clock.now()).filter(community=community, person=person)
    pk = id_or_none(request.POST.get("residence", ""))
    home = rows.select_related("community", "household").filter(pk=pk).first() if pk else None
    if home is None:
        raise Refused("closed", _("这一户已经不登记他了。"))
    move_out(home, by=me, proof=_("工作人员登记"))
    return _("记下了，他搬走了。")


def _number(request: HttpRequest, community: Community, me: Person, person: Person) -> str:
    number = _free_number(request.POST.get("phone", ""), person)
    if not number:
        raise Refused("bad-data", _("请填新的手机号。"), field="phone")
    helping.set_number(person, number, by=me)
    return _("新号码记好了，验证码以后发到这里。")


def _lost(request: HttpRequest, community: Community, me: Person, person: Person) -> str:
    helping.lost_telephone(person, by=me)
    return _("原来的号码不再收验证码，开着的登录都退出了。有了新号码再登记。")


def _died(request: HttpRequest, community: Community, me: Person, person: Person) -> str:
    record_death(person, by=me)
    helping.end_sessions(person)
    return _("记下了。他的登录停了，以前的事还在。")


def _twice(request: HttpRequest, community: Community, me: Person, person: Person) -> str:
    pk = id_or_none(request.POST.get("double", ""))
    double = person_of_ours(community, pk, clock.now()) if pk else None
    if double is None:
        raise Refused("bad-data", _("请选和他重复的那一条。"), field="double")
    if Holding.objects.open_at(clock.now()).filter(person=double).exists():
        raise Refused("not-yours", _("那一条担任着职务，请系统管理员来合并。"))
    merge_people(person, double, by=me)
    helping.end_sessions(double)
    return _("两条合成了一条。")


def _free_number(typed: str, owner: Person | None) -> str:
    """The number in one form; "" where none was typed. One that somebody else holds would sign in neither."""
    if not typed.strip():
        return ""
    number = as_number(typed)
    if number is None:
        raise Refused("bad-data", _("这不像一个手机号。请填 11 位的手机号。"), field="phone")
    if any(owner is None or other.pk != owner.pk for other in holders_of(number)):
        raise Refused("closed", _("这个号码已经登记给别人了。两个人用一个号码，验证码就分不清是谁。"), field="phone")
    return number


Do = Callable[[HttpRequest, Community, Person, Person], str]
VERBS: Final[Mapping[str, Do]] = {
    "enrol": _enrol, "moved": _moved, "number": _number, "lost": _lost, "died": _died, "twice": _twice,
}  # fmt: skip
TOUCHES_ACCOUNT: Final = frozenset({"number", "lost", "died", "twice"})
