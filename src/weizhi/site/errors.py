"""Pages and answers for what went wrong outside any view: plain words, never a trace."""

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

API: Final = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return _json(HTTPStatus.BAD_REQUEST, "bad-data", _("看不懂发来的内容。请检查后再发。"))
    return HttpResponse(render_to_string("400.html"), status=HTTPStatus.BAD_REQUEST)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return _json(HTTPStatus.NOT_FOUND, "not-found", _("没有这个地址。"))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return _json(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", _("我们这边出了问题，没有存进去。请过一会儿再发。"))
    return defaults.server_error(request)


def too_large(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return _json(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "bad-data", _("发来的东西太大。照片一次最多 9 张，每张小于 20 MB。")
        )
    return HttpResponse(render_to_string("413.html"), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _json(status: HTTPStatus, code: str, message: str) -> JsonResponse:
    problem: dict[str, Any] = {"code": code, "message": message, "line": "", "field": ""}
    return JsonResponse(problem, status=status, json_dumps_params={"ensure_ascii": False})
