"""Telephone numbers as people type them, in the one form under which they are indexed."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from weizhi.people.models import Person
from weizhi.people.vault import PHONE, blind

MAINLAND = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
ABROAD = re.compile(r"\+[1-9]\d{6,14}")


def as_number(typed: str) -> str | None:
    """The number in one form, or None where this is none: 138 0000 0000, +86-13800000000 and 138… are the same."""
    plain = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", typed))
    if mainland := MAINLAND.fullmatch(plain):
        return mainland.group(1)
    return plain if ABROAD.fullmatch(plain) else None


def holders_of(number: str) -> list[Person]:
    """Who may sign in with this number. A family may share one."""
    return list(Person.objects.filter(phone_blind=blind(PHONE, number), is_active=True, erased_at__isnull=True)[:2])


class NumberField(forms.CharField):
    """A telephone number, as a form asks for it."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("手机号"), "max_length": 24, **options})

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        number = as_number(typed)
        if number is None:
            raise ValidationError(_("这不像一个手机号。请填 11 位的手机号。"), code="number")
        return number
