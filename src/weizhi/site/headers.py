"""What holds for every request: headers besides those of Django and django-csp, and a limit on what is sent."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from weizhi.record.photos import LARGEST_BYTES
from weizhi.site.errors import too_large

# A page of ours takes photos and offers the place where one stands; it needs nothing else of a device.
PERMISSIONS = (
    "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), serial=(), midi=(), "
    "display-capture=(), browsing-topics=()"
)

BODY_AT_MOST = 9 * LARGEST_BYTES + 2_000_000  # nine photos and the words around them


class PageHeaders:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers:
            # What a person saw must not stay in the cache of a shared computer; files say otherwise themselves.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Limits:
    """What is not taken at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse a body by its announced length, before a byte of it is read or written to disk."""
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) > BODY_AT_MOST:
            return too_large(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Refuse what no person types and PostgreSQL cannot keep or search for."""
        for sent in (request.GET, request.POST):
            if any("\x00" in text for name, values in sent.lists() for text in (name, *map(str, values))):
                raise SuspiciousOperation("a NUL character")
