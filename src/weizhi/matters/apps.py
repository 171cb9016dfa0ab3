from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MattersConfig(AppConfig):
    name = "weizhi.matters"
    verbose_name = _("事项")

    def ready(self) -> None:
        from weizhi.matters.kinds import GENERIC_KINDS
        from weizhi.matters.registry import register

        for kind in GENERIC_KINDS:
            register(kind())
