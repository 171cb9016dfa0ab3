"""What `weizhi manage check` says about the port for text messages."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def port_for_messages(app_configs: Any, **options: Any) -> list[CheckMessage]:
    if settings.SMS not in {"console", "webhook"}:
        return [Error("WEIZHI_SMS 只能是 console 或 webhook。", id="weizhi.sms")]
    if settings.SMS == "webhook" and not settings.SMS_WEBHOOK.startswith("https://"):
        return [
            Error(
                "WEIZHI_SMS=webhook 时要设 WEIZHI_SMS_WEBHOOK，并以 https:// 开头：验证码不能明文传。", id="weizhi.sms"
            )
        ]
    return []
