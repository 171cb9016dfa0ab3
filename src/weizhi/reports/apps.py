from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "weizhi.reports"
    verbose_name = _("报事")

    def ready(self) -> None:
        from weizhi.matters.registry import register_document
        from weizhi.reports.documents import make_report

        register_document("report", make_report)
