from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordConfig(AppConfig):
    name = "weizhi.record"
    verbose_name = _("记录")

    def ready(self) -> None:
        from weizhi.record.triggers import install_after_migrate

        post_migrate.connect(install_after_migrate, sender=self)
