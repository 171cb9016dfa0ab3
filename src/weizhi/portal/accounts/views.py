"""Views of allauth where this house asks for more: nothing is written by looking, and numbers lock like names."""

from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from weizhi.portal.accounts import lockout
from weizhi.portal.accounts.second_factor import passed
from weizhi.portal.pieces import Nav


class RequestCode(account.RequestLoginCodeView):
    def form_valid(self, form: Any) -> HttpResponse:
        if lockout.code_is_locked(self.request, form.cleaned_data["phone"]):
            return lockout.locked(self.request)
        answer: HttpResponse = super().form_valid(form)
        return answer


class ConfirmCode(account.ConfirmLoginCodeView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if lockout.code_is_locked(request, self._process.state["phone"]):
            return self._locked()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        number = self._process.state["phone"]
        lockout.wrong_code(self.request, number)
        if lockout.code_is_locked(self.request, number):
            return self._locked()
        answer: HttpResponse = super().form_invalid(form)
        return answer

    def _locked(self) -> HttpResponse:
        self._process.abort()  # else the other ways in would lead back to here
        return lockout.locked(self.request)


@method_decorator(never_cache, name="dispatch")
class Activate(totp.ActivateTOTPView):
    """Set up the second factor: first a button, which makes the secret; then the drawing and the first code."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if SECRET_SESSION_KEY not in request.session:
            return render(request, "mfa/totp/begin.html", self._frame())
        answer: HttpResponseBase = super().get(request, *args, **kwargs)
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "begin" in request.POST or SECRET_SESSION_KEY not in request.session:
            request.session[SECRET_SESSION_KEY] = generate_totp_secret()
            return HttpResponseRedirect(request.path)
        answer: HttpResponseBase = super().post(request, *args, **kwargs)
        return answer

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), **self._frame()}

    def _frame(self) -> dict[str, Any]:
        """No dock for whom it would only lead back to here."""
        return {} if passed(self.request) else {"nav": Nav()}

    def form_valid(self, form: Any) -> HttpResponse:
        """Whoever has just typed the first code has passed."""
        answer: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", type=Authenticator.Type.TOTP)
        return answer


@method_decorator([login_required, never_cache, reauthentication_required(app="allauth.mfa")], name="dispatch")
class BackUpCodes(View):
    """Codes for the day when the telephone is lost. Shown on request, by POST: an open page shows none."""

    http_method_names = ["get", "post", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "mfa/recovery_codes/index.html", {"left": len(_codes(request).get_unused_codes())})

    def post(self, request: HttpRequest) -> HttpResponse:
        codes = _codes(request).get_unused_codes()
        return render(request, "mfa/recovery_codes/index.html", {"left": len(codes), "codes": codes})


def _codes(request: HttpRequest) -> RecoveryCodes:
    found = Authenticator.objects.filter(user=request.user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    if found is None:
        raise Http404
    return RecoveryCodes(found)
