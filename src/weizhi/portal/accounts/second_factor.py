"""Whoever holds a post passes a second factor before anything else opens, save in a demo."""

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from weizhi.portal.visitor import person_of, standing_of
from weizhi.record.origin import is_play

# What must stay open to whoever has yet to pass: signing in and out, the second factor itself, the look of the page.
OPEN_NAMES = frozenset(
    {"portal:look", "portal:gallery", "healthz", "api-1:description", "api-1:docs", "api-1:api-root"}
)
OPEN_PREFIXES = ("account_", "mfa_", "open311:")  # there no session counts
API = "api-1:"


class StaffSecondFactor:
    """The one gate: pages and API lie behind it alike."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or _is_open(match) or passed(request):
            return None
        if match.view_name.startswith(API):
            message = _("您担任职务，要先通过两步验证。请先在网页上登录并设好。")
            return JsonResponse({"code": "second-factor", "message": message, "line": "", "field": ""}, status=403)
        # An address to come back to makes sense only where a page was opened, not where a form was sent.
        here = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
        return HttpResponseRedirect(f"{_way(request)}?{urlencode({REDIRECT_FIELD_NAME: here})}")


def passed(request: HttpRequest) -> bool:
    """Whether this session may act in a post. Asks the database only for staff who have not passed yet."""
    if person_of(request) is None or not standing_of(request).posts:
        return True
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user)) or is_play()


def _is_open(match: ResolverMatch) -> bool:
    return match.view_name in OPEN_NAMES or match.view_name.startswith(OPEN_PREFIXES)


def _way(request: HttpRequest) -> str:
    """To asking for the code where a second factor stands already (set up on another device), else to setting it up."""
    has_one = Authenticator.objects.filter(user=request.user.pk, type=Authenticator.Type.TOTP).exists()
    return reverse("mfa_reauthenticate" if has_one else "mfa_activate_totp")
