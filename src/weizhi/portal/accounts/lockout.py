"""After repeated failures a login is closed for a while, for the address from which they came. Kept by django-axes."""

from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from weizhi.people.vault import PHONE, blind
from weizhi.portal.accounts.numbers import as_number

BY_CODE = "code"
BY_SLIP, BY_LETTER, BY_INVITATION = "slip", "letter", "invitation"  # codes on paper
BY_NAME = "name"  # names and doors, of whoever is nominated


def who_tries(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name under which failures are counted. A telephone number is never written down."""
    typed = str((credentials or {}).get("username") or request.POST.get("login") or "").strip().lower()
    number = as_number(typed)
    return _unnamed(number) if number else typed[:255]


def address_of(request: HttpRequest) -> str | None:
    """The address that counts, behind as many proxies as the settings say."""
    address: str | None = get_client_ip(request)
    return address


def nobody(*_what: Any) -> str:
    """How axes names a client in its log: not at all."""
    return "a client"


def locked(request: HttpRequest, _response: HttpResponse | None = None, _credentials: Any = None) -> HttpResponse:
    return render(request, "account/locked.html", status=429)


def code_is_locked(request: HttpRequest, number: str) -> bool:
    """Whether too many wrong codes were typed for this number from here, known or not."""
    return not AxesProxyHandler.is_allowed(request, _for_code(number))


def wrong_code(request: HttpRequest, number: str) -> None:
    """Count a wrong code. Counted by number, not by person: an unknown number must lock in the same way."""
    user_login_failed.send("weizhi", credentials=_for_code(number), request=request)


def guessing_is_locked(request: HttpRequest, what: str) -> bool:
    """Whether too many codes of this sort were guessed from here."""
    return not AxesProxyHandler.is_allowed(request, {"username": what})


def wrong_guess(request: HttpRequest, what: str) -> None:
    """Count a code that is none."""
    user_login_failed.send("weizhi", credentials={"username": what}, request=request)


def _for_code(number: str) -> dict[str, Any]:
    return {"username": f"{BY_CODE}:{_unnamed(number)}"}


def _unnamed(number: str) -> str:
    return f"number:{blind(PHONE, number)[:32]}"
