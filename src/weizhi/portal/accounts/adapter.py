"""How django-allauth meets this house: whom a number belongs to, how a code goes out, how long staff stay signed in."""

import base64
import secrets
import time
from typing import Any, cast

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weizhi.people.access import standing
from weizhi.people.models import Person
from weizhi.people.vault import keyring
from weizhi.portal.accounts import sms
from weizhi.portal.accounts.numbers import NumberField, holders_of
from weizhi.record import clock
from weizhi.record.origin import is_play

SECRETS = "mfa.Authenticator"


def holds_post(person: Person) -> bool:
    return bool(standing(person, clock.now()).posts)


class AccountAdapter(DefaultAccountAdapter):
    """Persons are enrolled by an officer; they sign in by name and password, or by a code to their telephone."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": gettext_lazy("验证码不对。请再看一眼短信，重新输入。"),
        "incorrect_password": gettext_lazy("密码不对。请再试一次。"),
        "enter_current_password": gettext_lazy("现在的密码不对。请再试一次。"),
        "username_password_mismatch": gettext_lazy("登录名或密码不对。请再试一次，或改用手机验证码登录。"),
        "phone_password_mismatch": gettext_lazy("登录名或密码不对。请再试一次，或改用手机验证码登录。"),
        "too_many_login_attempts": gettext_lazy("试得太多了。请过几分钟再试。"),
        "rate_limited": gettext_lazy("试得太多了。请过几分钟再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def phone_form_field(self, **options: Any) -> NumberField:
        return NumberField(**options)

    def get_user_by_phone(self, phone: str) -> Person | None:
        """The one who holds the number. Where a family shares one, a code would not say who it is: nobody."""
        holders = holders_of(phone)
        return holders[0] if len(holders) == 1 else None

    def get_phone(self, user: Any) -> None:
        """Signing in never reads a number in clear: the person types it, and it is found by its blind index."""

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        raise NotImplementedError("numbers are written where persons are enrolled")

    def set_phone_verified(self, user: Any, phone: str) -> None:
        """Nothing to note: an officer saw the person when the number was written down."""

    def generate_phone_verification_code(self, *, user: Any, phone: str) -> str:
        return f"{secrets.randbelow(1_000_000):06}"

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **options: Any) -> None:
        minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
        words = _("【微治】登录验证码 %(code)s，%(minutes)s 分钟内有效。谁来要都不要给。")
        sms.send(phone, words % {"code": code, "minutes": minutes})

    def send_unknown_account_sms(self, phone: str, **options: Any) -> None:
        """Unknown numbers get no message (it would let anybody send texts to anybody); a shared one learns why."""
        if holders_of(phone):
            sms.send(phone, _("【微治】这个号码登记了不止一个人，不能用验证码登录。请用登录名和密码，或到社区改号码。"))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("portal:desk" if holds_post(cast(Person, request.user)) else "portal:home")

    def login(self, request: HttpRequest, user: Any) -> None:
        """Staff stay signed in for a working day, residents for a month."""
        super().login(request, user)
        if holds_post(user):
            request.session.set_expiry(settings.STAFF_SESSION_AGE)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """By the login name alone, so that the person's number stays unread."""
        found = self.authenticate(context.request, username=user.login, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whoever has just signed in is not asked again at once."""
        records = get_authentication_records(context.request, context.request.user)
        newest = max((record["at"] for record in records), default=0.0)
        return bool(time.time() - newest > app_settings.REAUTHENTICATION_TIMEOUT)


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("验证码不对。请看手机上新的 6 位数，再输一次。"),
        "cannot_delete_authenticator": gettext_lazy("您担任职务，必须保留两步验证。换手机请找管理员。"),
        "cannot_generate_recovery_codes": gettext_lazy("请先打开两步验证，再生成备用码。"),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(keyring().encrypt(text, SECRETS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().decrypt(base64.b64decode(encrypted_text), SECRETS)

    def get_totp_label(self, user: Any) -> str:
        return str(user.login)

    def get_totp_issuer(self) -> str:
        return _("微治")

    def build_totp_svg(self, url: str) -> str:
        """Black on white in any light; no inline style, which the content policy would refuse."""
        drawn: str = segno.make(url, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff")
        return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return is_play() or not holds_post(authenticator.user)
