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

from weizhi.people.models import Holding, Person, Residence
from weizhi.portal.pieces import PersonCard, Persons
from weizhi.record import clock
from weizhi.record.models import Origin

AT_MOST = 8
CAST = ("lin", "zhou", "wang", "chen", "zhao", "guo")  # the named cast stands first


def is_open() -> bool:
    return settings.DEMO and Origin.objects.filter(made_as=Origin.MadeAs.DEMO).exists()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Show the cast; sign in as the one that is chosen."""
    if not is_open():
        raise Http404
    cast = people()
    if request.method != "POST":
        return render(request, "account/enter.html", {"persons": Persons(tuple(_cards(cast)), reverse("portal:enter"))})
    chosen = next((person for person in cast if person.login == request.POST.get("login")), None)
    if chosen is None:
        raise Http404
    adapter = get_adapter(request)
    adapter.logout(request)  # a new person gets a new session, with nothing left of the last one
    adapter.login(request, chosen)
    return HttpResponseRedirect(adapter.get_login_redirect_url(request))


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
        yield PersonCard(person.login, person.name, _who(post, home), _try(post, home), staff=post is not None)


def _who(post: Holding | None, home: Residence | None) -> str:
    if post is not None:
        return f"{post.community.name} · {post.title}"
    return f"{home.community.name} · {home.get_status_display()}" if home else ""


def _try(post: Holding | None, home: Residence | None) -> str:
    """What to try as this person, by what the person is: a demo needs no list of its own for it."""
    if post is None:
        return _("报一件事,看它走到哪儿了") if home else _("看看登录的人看得到什么")
    tries = {
        "grid-officer": _("看看今天要办的,分派一件"),
        "committee-director": _("看看社区里有哪些事,哪件晚了"),
        "property-manager": _("办一件物业的事,拍张照片"),
    }
    return tries.get(post.post, _("看看有什么在等您办"))
