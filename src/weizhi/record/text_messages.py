"""Text messages leave through one port: printed on the console (demo), or handed to the community's own gateway."""

import json
import sys
import urllib.request
from typing import Final

from django.conf import settings

PATIENCE: Final = 10.0  # seconds for the gateway


def post(number: str, words: str) -> None:
    """Hand over one text message and wait until the gateway has taken it. Raises OSError."""
    if settings.SMS != "webhook":
        sys.stdout.write(f"[短信] {number}：{words}\n")
        sys.stdout.flush()
        return
    body = json.dumps({"to": number, "text": words}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    request = urllib.request.Request(settings.SMS_WEBHOOK, body, headers)  # noqa: S310  # https, held by a system check
    with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310  # the same address
        pass
