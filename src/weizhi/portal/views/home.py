"""The resident's phone: home, what everybody may read, my own matters and notices."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from weizhi.deliberation.actions.read_reasons import read_reasons
from weizhi.portal.accounts import chooser
from weizhi.portal.census.pages import keeper_of
from weizhi.portal.hall.telling import with_halls, with_put_away
from weizhi.portal.machines.pages import director_of
from weizhi.portal.queries import lists, notices
from weizhi.portal.queries.charter import charter_of_staff
from weizhi.portal.queries.person import my_data
from weizhi.portal.saying import greeting, today
from weizhi.portal.surveying.panels import with_surveys
from weizhi.portal.visitor import keep_unseen, person_of, signed_in, standing_of
from weizhi.portal.voting.listing import with_votes
from weizhi.record import clock


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The first page: a demo asks who you would like to be, everybody else signs in or is at home."""
    if not request.user.is_authenticated and chooser.is_open():
        return HttpResponseRedirect(reverse("portal:enter"))
    return home(request)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Three lists at most: waiting for me, what changed in my matters, what is on near by."""
    now, standing = clock.now(), standing_of(request)
    if standing.posts:  # whoever holds a post begins at the desk; what is his own stands under 我的
        return HttpResponseRedirect(reverse("portal:desk"))
    page = with_halls(lists.home(standing, now), standing, now)
    page = with_surveys(with_votes(page, standing, now), standing, now)
    if page.unseen is not None:
        keep_unseen(request, page.unseen)
    said = {"greeting": greeting(str(request.user), now), "today": today(now)}
    return render(request, "portal/home.html", {"here": "home", "page": page, **said})


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    now, standing = clock.now(), standing_of(request)
    cards, pager = lists.all_mine(standing, page_number(request), now)
    data = my_data(person_of(request), now)
    charter = charter_of_staff(standing, now)
    shown = {
        "cards": cards,
        "pager": pager,
        "data": data,
        "keeps_census": keeper_of(standing, charter) is not None,
        "gives_tokens": director_of(standing, charter) is not None,
    }
    return render(request, "portal/mine.html", {"here": "mine", **shown})


@require_safe
@login_required
def notice_list(request: HttpRequest) -> HttpResponse:
    now, standing = clock.now(), standing_of(request)
    rows = with_put_away(notices.newest(standing, now), standing, now)
    shown = {"notices": rows, "unread": any(one.unread for one in rows)}
    return render(request, "portal/notices.html", {"here": "notices", **shown})


@require_POST
@login_required
def seen(request: HttpRequest) -> HttpResponse:
    """Everything read. A POST: looking writes nothing."""
    notices.mark_seen(standing_of(request), clock.now())
    person = signed_in(request)
    read_reasons(by=person)
    return HttpResponseRedirect(reverse("portal:notices"))


def page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 5 else 1
