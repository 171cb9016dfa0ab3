"""The switch on every page: large type, light or dark, language. Kept in cookies, for people without a script too."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

KNOWN = {"size": ("plain", "large"), "theme": ("auto", "light", "dark")}
YEAR = 31_536_000


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    for name, known in KNOWN.items():
        if request.POST.get(name) in known:
            response.set_cookie(
                name, request.POST[name], max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
    if request.POST.get("lang") in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, request.POST["lang"], max_age=YEAR, samesite="Lax")
    return response
