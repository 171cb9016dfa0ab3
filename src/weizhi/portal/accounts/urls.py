"""The addresses of signing in: those of allauth that this house uses, under allauth's own names, and no others.

No e-mail addresses, no password by e-mail, no third parties: what is not listed here does not exist.
"""

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.urls import URLPattern
from django.urls import path as address
from django.views.decorators.http import require_http_methods

from weizhi.portal.accounts import views

FORM = require_http_methods(["GET", "HEAD", "POST"])  # Django's form views would take PUT for POST


def path(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    return address(route, FORM(view), name=name)


urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/code/", views.RequestCode.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", login_required(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", login_required(views.Activate.as_view()), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", views.BackUpCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        login_required(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
