"""Every error of the API has one form, {code, message, line, field}; the message is for people and says what to do."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from weizhi.matters.refused import Refused
from weizhi.portal.refusing import status_of


class Problem(Schema):
    code: str
    message: str
    line: str = ""
    field: str = ""


def add_to(api: NinjaAPI) -> None:
    """Let `api` answer every kind of refusal in the one form (ninja's types let a handler take classes as well)."""

    def refused(request: HttpRequest, error: Any) -> HttpResponse:
        problem = Problem(code=error.code, message=error.message, line=error.line, field=error.field)
        answer = api.create_response(request, problem.dict(), status=status_of(error))
        if error.code == "too-many":
            answer["Retry-After"] = str(60 - timezone.now().second)  # a new minute, a new count
        return answer

    def unreadable(request: HttpRequest, error: Any) -> HttpResponse:
        field = str(error.errors[0]["loc"][-1]) if error.errors else ""
        message = _("看不懂“%(field)s”。请检查后再发。") % {"field": field}
        return refused(request, Refused("bad-data", message, field=field))

    def absent(request: HttpRequest, _error: Any) -> HttpResponse:
        return refused(request, Refused("not-found", _("没有这件事，或者您看不到它。")))

    def stranger(request: HttpRequest, _error: Any) -> HttpResponse:
        problem = Problem(code="not-signed-in", message=_("请先登录，或带上令牌。"))
        return api.create_response(request, problem.dict(), status=401)

    def turned_away(request: HttpRequest, error: Any) -> HttpResponse:
        csrf = error.status_code == 403
        message = _("这一页打开太久了。请刷新再试。") if csrf else _("看不懂发来的内容。请检查后再发。")
        problem = Problem(code="csrf" if csrf else "bad-data", message=message)
        return api.create_response(request, problem.dict(), status=error.status_code)

    api.add_exception_handler(Refused, refused)
    api.add_exception_handler(ValidationError, unreadable)
    api.add_exception_handler(Http404, absent)
    api.add_exception_handler(AuthenticationError, stranger)
    api.add_exception_handler(HttpError, turned_away)
