"""The demo's door: choose who you are. Only where the database was made as a demo and the server was told so."""

from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from weizhi.people.access import standing
from weizhi.people.models import Holding, Person, Residence
from weizhi.portal.demo.tour import TOUR, way_of
from weizhi.portal.pieces import Choice, PersonCard, Persons
from weizhi.portal.saying import today
from weizhi.record import clock
from weizhi.record.models import Origin

AT_MOST = 6
CAST = ("lin", "zhou", "wang", "chen", "zhao", "guo")  # the named cast stands first


def is_open() -> bool:
    return settings.DEMO and Origin.objects.filter(made_as=Origin.MadeAs.DEMO).exists()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The tour: show the cast and what to try; sign in as the one that is chosen, and go where it begins."""
    if not is_open():
        raise Http404
    cast = people()
    if request.method != "POST":
        persons = Persons(tuple(_cards(cast)), reverse("portal:enter"))
        return render(request, "account/enter.html", {"persons": persons, "now": today(clock.now())})
    chosen = next((person for person in cast if person.login == request.POST.get("login")), None)
    if chosen is None:
        raise Http404
    adapter = get_adapter(request)
    adapter.logout(request)  # a new person gets a new session, with nothing left of the last one
    adapter.login(request, chosen)
    way = way_of(chosen.login, request.POST.get("try", ""))
    where = way(standing(chosen, clock.now())) if way else adapter.get_login_redirect_url(request)
    return HttpResponseRedirect(where)


def people() -> list[Person]:
    """Whom a visitor may be: the named cast first, then others with a post, then residents; at most eight."""
    now = clock.now()
    held = Holding.objects.open_at(now).filter(person=OuterRef("pk"))
    lived = Residence.objects.open_at(now).filter(person=OuterRef("pk"))
    here = Person.objects.filter(is_active=True, is_machine=False, erased_at__isnull=True).annotate(posted=Exists(held))
    named = sorted(here.filter(login__in=CAST), key=lambda person: CAST.index(person.login))
    others = here.filter(Q(posted=True) | Exists(lived)).exclude(login__in=CAST).order_by("-posted", "login")
    return [*named, *others[: AT_MOST - len(named)]]


def _cards(cast: Iterable[Person]) -> Iterable[PersonCard]:
    now, ids = clock.now(), [person.pk for person in cast]
    posts = Holding.objects.open_at(now).filter(person__in=ids).order_by("-since").select_related("community")
    homes = Residence.objects.open_at(now).filter(person__in=ids).order_by("-since").select_related("community")
    post_of = {post.person_id: post for post in posts}
    home_of = {home.person_id: home for home in homes}
    for person in cast:
        post, home = post_of.get(person.pk), home_of.get(person.pk)
        tries = tuple(Choice(one.key, str(one.words)) for one in TOUR.get(person.login, ()))
        yield PersonCard(person.login, person.name, _who(post, home), _does(post, home), post is not None, tries)


def _who(post: Holding | None, home: Residence | None) -> str:
    if post is not None:
        return f"{post.community.name} · {post.title}"
    return f"{home.community.name} · {home.get_status_display()}" if home else ""


def _does(post: Holding | None, home: Residence | None) -> str:
    """Who this is in the place, by what the person is: a demo needs no list of its own for it."""
    if post is None:
        return _("住在这里，有事就说一声。") if home else _("随便看看。")
    does = {
        "grid-officer": _("走家串户，来的事先经网格员的手。"),
        "committee-director": _("管着一个社区，要知道哪件晚了。"),
        "property-manager": _("带着师傅们，把事办好。"),
        "public-lawyer": _("每周四来，帮两家把话说开。"),
    }
    return does.get(post.post, _("有些事等着办。"))
