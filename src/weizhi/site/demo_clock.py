"""In a demo the clock of its own database counts for pages and API (record/clock.py); elsewhere this is not there."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from weizhi.record import clock

Answer = Callable[[HttpRequest], HttpResponseBase]


class DemoClock:
    def __init__(self, get_response: Answer) -> None:
        if not settings.DEMO:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with clock.counting():
            return self.get_response(request)
