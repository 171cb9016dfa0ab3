"""Views of the table at which rules are changed. Looking and trying write nothing; two people make a change."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from weizhi.matters.actions.confirm_charter import confirm_charter
from weizhi.matters.actions.decline_charter import decline_charter
from weizhi.matters.actions.propose_charter import propose_charter
from weizhi.matters.deciding import BadCharter, check_for, permit
from weizhi.matters.refused import Refused
from weizhi.people.models import Person
from weizhi.places.models import Community
from weizhi.portal.charter import changing
from weizhi.portal.queries.places import community_of
from weizhi.portal.visitor import person_of, standing_of
from weizhi.record import clock
from weizhi.record.binding import Adopted

PROPOSE = "propose"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def table(request: HttpRequest) -> HttpResponse:
    """The whole page: the text, what is said of it, and the changes that wait. A POST tries or proposes."""
    community, here = _here(request)
    asked = _asked(request, here)
    if request.method == "POST" and request.POST.get("do") == PROPOSE:
        try:
            propose_charter(community, asked.source, by=_person(request), why=asked.why)
        except BadCharter:
            return _table(request, community, here, asked, 422)
        messages.success(request, _("提出来了，等第二个人确认。\n在确认之前，一切照旧。"))
        return HttpResponseRedirect(reverse("portal:charter-try"))
    if request.method == "POST":
        asked = changing.edited(asked, request.POST.dict(), check_for(community, asked.source, clock.now()).charter)
    return _table(request, community, here, asked, 422 if asked.trouble else 200)


@require_POST
@login_required
def look(request: HttpRequest) -> HttpResponse:
    """Only what stands beside the text: asked while somebody types."""
    community, here = _here(request)
    bench = changing.bench(community, here, _asked(request, here), clock.now())
    return render(request, "portal/charter/bench.html", {"bench": bench})


@require_POST
@login_required
def confirm(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The second person's yes."""
    adoption = confirm_charter(draft, by=_person(request))
    messages.success(request, _("定下来了，从现在起按新的章程办。\n已经在办的事，还按它开始时的章程办完。"))
    return HttpResponseRedirect(f"{reverse('portal:charter')}?{adoption.text_id[:8]}")


@require_POST
@login_required
def decline(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Not like this: the change is put aside."""
    decline_charter(draft, by=_person(request))
    messages.info(request, _("这份修改放下了。"))
    return HttpResponseRedirect(reverse("portal:charter-try"))


def _table(
    request: HttpRequest, community: Community, here: Adopted | None, asked: changing.Asked, status: int
) -> HttpResponse:
    now = clock.now()
    shown = {
        "here": "charter",
        "community": community,
        "asked": asked,
        "bench": changing.bench(community, here, asked, now),
        "drafts": changing.drafts(community, here, standing_of(request).person_id, now),
    }
    return render(request, "portal/charter/try.html", shown, status=status)


def _here(request: HttpRequest) -> tuple[Community, Adopted | None]:
    """The community and its charter; a refusal for whoever may not change it."""
    standing = standing_of(request)
    community = community_of(standing)
    if community is None:
        raise Http404(_("您不属于任何社区。"))
    return community, permit(standing, community, clock.now())


def _asked(request: HttpRequest, here: Adopted | None) -> changing.Asked:
    return changing.Asked.of(request.POST.dict(), request.POST.getlist("path"), changing.text_in_force(here))


def _person(request: HttpRequest) -> Person:
    person = person_of(request)
    if person is None:
        raise Refused("not-yours", _("请先登录。"))
    return person
