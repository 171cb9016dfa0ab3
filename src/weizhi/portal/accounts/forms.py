"""The forms of signing in, with the words of this house."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import get_totp_secret
from django import forms
from django.utils.translation import gettext_lazy as _

SIX_DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"}


def _words(form: forms.Form, **labels: Any) -> None:
    """Give fields our labels and look, and no placeholder that says the same again."""
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "input"


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, login=_("登录名或手机号"), password=_("密码"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""


class RequestCodeForm(account.RequestLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self)


class ConfirmCodeForm(account.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, code=_("短信里的 6 位数"))
        self.fields["code"].widget.attrs.update(SIX_DIGITS)


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, password=_("密码"))
        self.fields["password"].help_text = ""


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, oldpassword=_("现在的密码"), password1=_("新密码"), password2=_("新密码再输一次"))
        self.fields["password1"].help_text = _("至少 8 个字，别用大家都猜得到的。")


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, password1=_("新密码"), password2=_("新密码再输一次"))
        self.fields["password1"].help_text = _("至少 8 个字，别用大家都猜得到的。")


class SecondFactorForm(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, code=_("验证器里的 6 位数，或一个备用码"))
        self.fields["code"].widget.attrs.update(SIX_DIGITS)


class SecondFactorAgainForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, code=_("验证器里的 6 位数，或一个备用码"))
        self.fields["code"].widget.attrs.update(SIX_DIGITS)


class ActivateForm(totp.ActivateTOTPForm):
    """Asks for the first code of the secret that the session already holds: showing the page writes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = get_totp_secret()
        _words(self, code=_("验证器里的 6 位数"))
        self.fields["code"].widget.attrs.update(SIX_DIGITS)
