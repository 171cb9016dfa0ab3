"""A refusal that no view showed in its own place: said on a page of its own, never as a fault of ours."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from weizhi.matters.refused import Refused

STATUS: Final = {
    "not-found": 404, "not-yours": 403, "bad-data": 422, "bad-token": 401, "out-of-scope": 403, "too-many": 429,
}  # fmt: skip
MEANWHILE: Final = 409  # closed, ended, key-reused, too-often, not-yet: how things stand now, look again


def status_of(refused: Refused) -> int:
    return STATUS.get(refused.code, MEANWHILE)


class RefusedPages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        return render(request, "portal/refused.html", {"refused": error}, status=status_of(error))
