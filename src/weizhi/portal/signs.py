"""The square on a slip or a letter that a telephone opens."""

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe


def drawn(address: str) -> SafeString:
    """Black on white in any light. What stands behind # in the address is kept by no log."""
    sign = segno.make(f"{settings.ADDRESS}{address}", error="m")
    return mark_safe(sign.svg_inline(scale=4, border=2, dark="#000", light="#fff"))  # noqa: S308  # our own drawing
