from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "weizhi.portal"
    verbose_name = _("门户")

    def ready(self) -> None:
        from weizhi.portal.accounts import checks  # noqa: F401  # registers what `manage check` looks at
